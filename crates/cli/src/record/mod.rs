//! The record of a fan-out: a directory that outlives the command, the machine's memory of it and AWS's.
//!
//! `manifest.json` (what was asked for), `items.jsonl` (the run list, unless it is a range), `plan.json` (the calls), `events.jsonl`
//! (what happened, one event on each line), `joblog.tsv` (GNU parallel's columns), `logs/` (of runs on this machine), and
//! `report.json` once it is over. Whoever carries the fan-out out holds a lock on the directory.

mod events;
mod follow;
mod joblog;
mod manifest;
mod output;

use std::fs::{self, DirBuilder, File};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use fanout_core::event::{Event, EventKind};
use fanout_core::fan_out::FanOut;
use fanout_core::item::Item;
use fanout_core::plan::Plan;
use fanout_core::report::Report;
use fanout_core::run_list::RunList;
use fanout_local::{StateDir, StateDirError};

use crate::error::Error;

pub(crate) use events::EventFile;
pub(crate) use follow::Follower;
pub(crate) use joblog::joblog;
pub(crate) use manifest::{Here, Manifest, Runs, Target};
pub(crate) use output::{Logs, Tail};

/// Changes when a reader of an older fanout could not read a record.
const SCHEMA: u32 = 1;
const ITEMS: &str = "items.jsonl";

/// A record that is there.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) directory: PathBuf,
    pub(crate) manifest: Manifest,
}

/// The right to write a record, for as long as this value lives.
#[derive(Debug)]
pub(crate) struct Hold(#[expect(dead_code, reason = "it is the lock")] StateDir);

impl Record {
    /// Makes the record of a fan-out that is about to begin: all of it or nothing.
    pub(crate) fn create(root: &Path, manifest: Manifest, runs: &RunList, plan: &Plan) -> Result<Self, Error> {
        let id = &manifest.fan_out.run_id;
        let (directory, making) = (root.join(id), root.join(format!(".{id}")));
        let kept = || -> std::io::Result<()> {
            DirBuilder::new().recursive(true).mode(0o700).create(root)?;
            DirBuilder::new().mode(0o700).create(&making)?;
            fs::write(making.join("manifest.json"), pretty(&manifest)? + "\n")?;
            fs::write(making.join("plan.json"), pretty(&plan.to_json())? + "\n")?;
            if let RunList::Items(items) = runs {
                let mut file = BufWriter::new(File::create(making.join(ITEMS))?);
                for item in items {
                    writeln!(file, "{}", item.json())?;
                }
                file.flush()?;
            }
            fs::rename(&making, &directory)
        };
        if let Err(source) = kept() {
            drop(fs::remove_dir_all(&making));
            return Err(Error::StateDir { path: directory, source });
        }
        Ok(Self { directory, manifest })
    }

    /// The record of that name: an id, the beginning or the end of one, `last`, or `-2` for the one before the last.
    pub(crate) fn find(root: &Path, name: &str) -> Result<Self, Error> {
        let ids = Self::ids(root)?;
        let back = match name {
            "last" => Some(1),
            _ => name.strip_prefix('-').and_then(|number| number.parse::<usize>().ok()),
        };
        let found: Vec<&String> = match back {
            Some(back) => back.checked_sub(1).and_then(|back| ids.iter().rev().nth(back)).into_iter().collect(),
            None if name.is_empty() => Vec::new(),
            None => ids.iter().filter(|id| *id == name || id.starts_with(name) || id.ends_with(&format!("-{name}"))).collect(),
        };
        match found[..] {
            [id] => Self::open(root.join(id)),
            [] => Err(Error::NoRecord { name: name.into(), root: root.into() }),
            _ => Err(Error::Ambiguous { name: name.into(), ids: found.into_iter().cloned().collect() }),
        }
    }

    /// Every id, the oldest first.
    pub(crate) fn ids(root: &Path) -> Result<Vec<String>, Error> {
        let entries = match fs::read_dir(root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::StateDir { path: root.into(), source }),
        };
        let is_record = |entry: &fs::DirEntry| entry.path().join("manifest.json").is_file();
        let names = entries.flatten().filter(is_record).filter_map(|entry| entry.file_name().into_string().ok());
        let mut ids: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// The record in this directory.
    pub(crate) fn open(directory: PathBuf) -> Result<Self, Error> {
        let path = directory.join("manifest.json");
        let text = fs::read_to_string(&path).map_err(|source| Error::StateDir { path: path.clone(), source })?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|source| Error::Manifest { path: path.clone(), source })?;
        if manifest.schema != SCHEMA {
            return Err(Error::NewerRecord { path, schema: manifest.schema, known: SCHEMA });
        }
        Ok(Self { directory, manifest })
    }

    pub(crate) fn id(&self) -> &str {
        &self.manifest.fan_out.run_id
    }

    /// The run list as it was read.
    pub(crate) fn runs(&self) -> Result<RunList, Error> {
        let count = match self.manifest.runs {
            Runs::Range(range) => return Ok(RunList::Range(range)),
            Runs::Items { count } => count,
        };
        let path = self.directory.join(ITEMS);
        let text = fs::read_to_string(&path).map_err(|source| Error::StateDir { path: path.clone(), source })?;
        let items: Result<Vec<Item>, _> = text.lines().map(|line| serde_json::from_str(line).map(Item::new)).collect();
        match items {
            Ok(items) if items.len() == count => Ok(RunList::Items(items)),
            Ok(items) => Err(Error::Refused(format!("{} holds {} items and not {count}", path.display(), items.len()))),
            Err(source) => Err(Error::Manifest { path, source }),
        }
    }

    /// What was asked for, run list included.
    pub(crate) fn fan_out(&self) -> Result<FanOut, Error> {
        Ok(FanOut { runs: self.runs()?, ..self.manifest.fan_out.clone() })
    }

    /// Refuses to go on with another plan than the one that was begun.
    pub(crate) fn check_plan(&self, plan: &Plan) -> Result<(), Error> {
        let path = self.directory.join("plan.json");
        let text = fs::read_to_string(&path).map_err(|source| Error::StateDir { path, source })?;
        if serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|begun| begun == plan.to_json()) {
            return Ok(());
        }
        Err(Error::OtherPlan { id: self.id().into(), version: self.manifest.version.clone() })
    }

    /// What has happened so far, without what is still being written.
    pub(crate) fn events(&self) -> Result<Vec<Event>, Error> {
        Follower::new(self).news()
    }

    /// What became of it so far; whether it is over.
    pub(crate) fn report(&self) -> Result<(Report, bool), Error> {
        let mut report = Report::default();
        let mut over = false;
        for event in self.events()? {
            over |= event.kind == EventKind::FanOutEnded;
            report.take_in(&event);
        }
        Ok((report, over))
    }

    /// Takes the right to carry the fan-out out; `Err` holds the process that has it, if it is known.
    pub(crate) fn hold(&self) -> Result<Result<Hold, Option<u32>>, Error> {
        match StateDir::open(&self.directory) {
            Ok(directory) => Ok(Ok(Hold(directory))),
            Err(StateDirError::InUse { by, .. }) => Ok(Err(by)),
            Err(error) => Err(Error::Refused(error.to_string())),
        }
    }

    /// Where runs on this machine write.
    pub(crate) fn logs(&self) -> PathBuf {
        self.directory.join("logs")
    }

    /// Where the engine remembers, until it is over.
    pub(crate) fn engine(&self) -> PathBuf {
        self.directory.join("engine")
    }
}

fn pretty(value: &impl serde::Serialize) -> std::io::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}
