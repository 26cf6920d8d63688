//! `events.jsonl` while it is written: a line is there before anything follows from it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};

use fanout_core::event::{Event, EventKind};

use super::Record;

/// The events of a fan-out that is carried out.
#[derive(Debug)]
pub(crate) struct EventFile(File);

impl EventFile {
    /// Opens it for what comes next. What a killed writer left of its last line is cut off.
    pub(crate) fn open(record: &Record) -> io::Result<Self> {
        let path = record.directory.join("events.jsonl");
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let whole = end_of_last_line(&mut file)?;
        file.set_len(whole)?;
        Ok(Self(file))
    }

    /// Writes one event down. How far the runs are follows from the others.
    pub(crate) fn add(&mut self, event: &Event) -> io::Result<()> {
        if matches!(event.kind, EventKind::Progress(_)) {
            return Ok(());
        }
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.0.write_all(&line)
    }
}

fn end_of_last_line(file: &mut File) -> io::Result<u64> {
    const BLOCK: u64 = 1 << 16;
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        file.seek(SeekFrom::Start(start))?;
        block.clear();
        Read::by_ref(file).take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}
