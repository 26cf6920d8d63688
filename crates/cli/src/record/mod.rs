//! The record of a fan-out: a directory that outlives the command, the machine's memory of it and AWS's.
//!
//! `manifest.json` (what was asked for), `items.jsonl` (the run list, unless it is a range), `plan.json` (the calls), `events.jsonl`
//! (what happened, one event on each line), `joblog.tsv` (GNU parallel's columns), `logs/` (of runs on this machine), and
//! `report.json` once it is over. A retry has a `manifest.json` and a `plan.json` of its own, in `retry-1/` and so on; the rest goes on.
//! Whoever carries the fan-out out holds a lock on the directory.

mod cloud_logs;
mod events;
mod follow;
mod joblog;
mod manifest;
mod output;

use std::fs::{self, DirBuilder, File};
use std::io::{BufWriter, ErrorKind, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use fanout_core::event::Event;
use fanout_core::fan_out::FanOut;
use fanout_core::item::Item;
use fanout_core::plan::Plan;
use fanout_core::report::Report;
use fanout_core::rounds::members;
use fanout_core::run_list::RunList;
use fanout_local::{StateDir, StateDirError};

use crate::error::Error;

pub(crate) use events::EventFile;
pub(crate) use follow::Follower;
pub(crate) use joblog::joblog;
pub(crate) use manifest::{Here, Manifest, Runs, Target, There};
pub(crate) use output::{Logs, Tail};

/// Changes when a reader of an older fanout could not read a record.
const SCHEMA: u32 = 1;
const ITEMS: &str = "items.jsonl";
/// Written when a fan-out is over.
pub(crate) const REPORT: &str = "report.json";

/// A record that is there.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) directory: PathBuf,
    /// What was asked for at first.
    pub(crate) manifest: Manifest,
    /// What the last retry asked for.
    retry: Option<Manifest>,
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
            write_plan(&making, &manifest, plan)?;
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
        Ok(Self { directory, manifest, retry: None })
    }

    /// Writes down that some runs are to be run once more.
    pub(crate) fn add_retry(&mut self, manifest: Manifest, plan: &Plan) -> Result<(), Error> {
        let directory = self.directory_of(manifest.fan_out.round);
        let making = self.directory.join(".retry");
        let kept = || -> std::io::Result<()> {
            if making.exists() {
                fs::remove_dir_all(&making)?;
            }
            DirBuilder::new().mode(0o700).create(&making)?;
            write_plan(&making, &manifest, plan)?;
            fs::rename(&making, &directory)?;
            // It is there when a fan-out is over, and this one goes on.
            fs::remove_file(self.directory.join(REPORT))
                .or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
        };
        kept().map_err(|source| Error::StateDir { path: directory.clone(), source })?;
        self.retry = Some(manifest);
        Ok(())
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
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
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
        let mut record = Self { manifest: read_manifest(&directory)?, directory, retry: None };
        let rounds = (1..).map(|round| record.directory_of(round)).take_while(|directory| directory.is_dir());
        record.retry = rounds.last().map(|directory| read_manifest(&directory)).transpose()?;
        Ok(record)
    }

    /// What is asked for now.
    pub(crate) fn current(&self) -> &Manifest {
        self.retry.as_ref().unwrap_or(&self.manifest)
    }

    /// Which retry that is; 0: none.
    pub(crate) fn round(&self) -> u32 {
        self.current().fan_out.round
    }

    fn directory_of(&self, round: u32) -> PathBuf {
        if round == 0 { self.directory.clone() } else { self.directory.join(format!("retry-{round}")) }
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

    /// What is asked for now; `runs` is the whole run list.
    pub(crate) fn fan_out(&self, runs: &RunList) -> FanOut {
        let runs = match &self.retry {
            Some(retry) => runs.pick(&members(&retry.retried)),
            None => runs.clone(),
        };
        FanOut { runs, ..self.current().fan_out.clone() }
    }

    /// Refuses to go on with another plan than the one that was begun.
    pub(crate) fn check_plan(&self, plan: &Plan) -> Result<(), Error> {
        let path = self.directory_of(self.round()).join("plan.json");
        let text = fs::read_to_string(&path).map_err(|source| Error::StateDir { path, source })?;
        if serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|begun| begun == plan.to_json()) {
            return Ok(());
        }
        Err(Error::OtherPlan { id: self.id().into(), version: self.current().version.clone() })
    }

    /// What has happened so far, without what is still being written.
    pub(crate) fn events(&self) -> Result<Vec<Event>, Error> {
        Follower::new(self).news()
    }

    /// What became of it so far; whether it is over.
    pub(crate) fn report(&self) -> Result<(Report, bool), Error> {
        let mut report = Report::default();
        for event in self.events()? {
            report.take_in(&event);
        }
        let over = self.is_over(&report);
        Ok((report, over))
    }

    /// Whether that is all that will become of it.
    pub(crate) fn is_over(&self, report: &Report) -> bool {
        report.is_over() && report.round() == self.round()
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

fn write_plan(directory: &Path, manifest: &Manifest, plan: &Plan) -> std::io::Result<()> {
    fs::write(directory.join("manifest.json"), pretty(manifest)? + "\n")?;
    fs::write(directory.join("plan.json"), pretty(&plan.to_json())? + "\n")
}

fn read_manifest(directory: &Path) -> Result<Manifest, Error> {
    let path = directory.join("manifest.json");
    let text = fs::read_to_string(&path).map_err(|source| Error::StateDir { path: path.clone(), source })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|source| Error::Manifest { path: path.clone(), source })?;
    if manifest.schema != SCHEMA {
        return Err(Error::NewerRecord { path, schema: manifest.schema, known: SCHEMA });
    }
    Ok(manifest)
}

fn pretty(value: &impl serde::Serialize) -> std::io::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}
