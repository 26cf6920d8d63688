//! What the runs of a record wrote: their logs, and in them their results.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use fanout_core::assignment::RESULT_MARK;
use fanout_core::event::RunEnd;
use fanout_local::LogStore;
use serde_json::Value;

use super::Record;
use crate::error::Error;

/// The logs of a record.
#[derive(Debug)]
pub(crate) struct Logs(LogStore);

/// One stream, read as it grows: whole lines only, until it is known to be over.
#[derive(Debug)]
pub(crate) struct Tail {
    path: PathBuf,
    at: u64,
    partial: Vec<u8>,
}

impl Logs {
    pub(crate) fn of(record: &Record) -> Self {
        Self(LogStore::new(record.logs()))
    }

    pub(crate) fn tail(&self, stream: &str) -> Tail {
        Tail { path: self.0.path(stream), at: 0, partial: Vec::new() }
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
    pub(crate) fn rest(&mut self) -> Result<Vec<String>, Error> {
        let mut lines = self.news()?;
        if !self.partial.is_empty() {
            lines.push(String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned());
        }
        Ok(lines)
    }
}
