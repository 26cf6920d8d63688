//! `events.jsonl` while somebody else writes it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use fanout_core::event::Event;

use super::Record;
use crate::error::Error;

/// Reads events as they are written.
#[derive(Debug)]
pub(crate) struct Follower {
    path: PathBuf,
    at: u64,
    lines: u64,
}

impl Follower {
    /// From the first event on.
    pub(crate) fn new(record: &Record) -> Self {
        Self { path: record.directory.join("events.jsonl"), at: 0, lines: 0 }
    }

    /// The events since the last look. A line that has no end yet is left for the next one.
    pub(crate) fn news(&mut self) -> Result<Vec<Event>, Error> {
        let bytes = match self.read() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::StateDir { path: self.path.clone(), source }),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.at += whole as u64;
        let mut events = Vec::new();
        for line in bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.lines += 1;
            let event = serde_json::from_slice(line);
            events.push(event.map_err(|source| Error::Event { path: self.path.clone(), line: self.lines, source })?);
        }
        Ok(events)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.at))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
