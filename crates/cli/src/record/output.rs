//! What the runs of a record wrote: their logs, and in them their results. Runs on this machine write into the record, others into
//! CloudWatch Logs.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use fanout_core::assignment::RESULT_MARK;
use fanout_core::event::RunEnd;
use fanout_local::LogStore;
use serde_json::Value;

use super::cloud_logs::{CloudLogs, StreamTail};
use super::{Record, Target};
use crate::error::Error;

/// The logs of a record.
#[derive(Debug)]
pub(crate) enum Logs {
    Here(LogStore),
    There(Rc<CloudLogs>),
}

/// One stream, read as it grows.
#[derive(Debug)]
pub(crate) enum Tail {
    Here(FileTail),
    There(StreamTail),
}

/// How often streams on this machine are looked at while their programs run.
const LOOK: Duration = Duration::from_millis(50);

impl Logs {
    pub(crate) fn of(record: &Record) -> Result<Self, Error> {
        match &record.manifest.target {
            Target::Local(_) => Ok(Self::Here(LogStore::new(record.logs()))),
            Target::Aws(there) => CloudLogs::of(there).map(|logs| Self::There(Rc::new(logs))),
        }
    }

    pub(crate) fn tail(&self, stream: &str) -> Tail {
        match self {
            Self::Here(store) => Tail::Here(FileTail { path: store.path(stream), at: 0, partial: Vec::new() }),
            Self::There(logs) => Tail::There(logs.tail(stream)),
        }
    }

    /// How long to wait between two looks.
    pub(crate) fn pause(&self) -> Duration {
        match self {
            Self::Here(_) => LOOK,
            Self::There(logs) => logs.pause(),
        }
    }

    /// What a run wrote as its result: JSON if it is that, else text; nothing if it wrote none.
    pub(crate) fn result(&self, run: &RunEnd) -> Result<Option<Value>, Error> {
        let Some(stream) = &run.log_stream else { return Ok(None) };
        let lines = self.tail(stream).rest()?;
        let marked: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix(RESULT_MARK)).collect();
        if marked.is_empty() {
            return Ok(None);
        }
        let text = marked.join("\n");
        Ok(Some(serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

impl Tail {
    /// The lines that were written since the last look.
    pub(crate) fn news(&mut self) -> Result<Vec<String>, Error> {
        match self {
            Self::Here(tail) => tail.news(),
            Self::There(tail) => tail.news(),
        }
    }

    /// The lines that are left, once the stream is known to be over.
    pub(crate) fn rest(&mut self) -> Result<Vec<String>, Error> {
        match self {
            Self::Here(tail) => tail.rest(),
            Self::There(tail) => tail.news(),
        }
    }
}

/// A file: whole lines only, until it is known to be over.
#[derive(Debug)]
pub(crate) struct FileTail {
    path: PathBuf,
    at: u64,
    partial: Vec<u8>,
}

impl FileTail {
    fn news(&mut self) -> Result<Vec<String>, Error> {
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(self.at))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = match read() {
            Ok(bytes) => bytes,
            // Streams without a line are not kept.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::Export { path: self.path.clone(), source }),
        };
        self.at += bytes.len() as u64;
        self.partial.extend(bytes);
        let whole = self.partial.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines: Vec<u8> = self.partial.drain(..whole).collect();
        Ok(String::from_utf8_lossy(&lines).lines().map(str::to_owned).collect())
    }

    /// The lines that are left, the last one though nothing ends it.
    fn rest(&mut self) -> Result<Vec<String>, Error> {
        let mut lines = self.news()?;
        if !self.partial.is_empty() {
            lines.push(String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned());
        }
        Ok(lines)
    }
}
