//! Reads a stretch of a stream's file, line by line, from either end, without ever holding more than 1 MiB of it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{SystemTime, UNIX_EPOCH};

use super::times::LineTimes;

/// The most that one answer holds, as on AWS.
const WINDOW: u64 = 1 << 20;

/// The most events that one answer holds, as on AWS.
pub(crate) const MOST_EVENTS: usize = 10_000;

/// Which part of a stream to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Where.
    pub start: Start,
    /// How many lines at most.
    pub limit: usize,
}

/// Where a part of a stream begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The first lines.
    Head,
    /// The last lines.
    Tail,
    /// What comes after this byte.
    After(u64),
    /// What comes before this byte.
    Before(u64),
}

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Oldest first.
    pub events: Vec<Event>,
    /// Where the first line begins.
    pub from: u64,
    /// Where the last line ends.
    pub to: u64,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Milliseconds since the epoch: when it was seen that it was written.
    pub timestamp: i64,
    /// Where the line begins, in bytes.
    pub offset: u64,
    /// The line; what is not UTF-8 in it is replaced.
    pub message: String,
}

/// The lines of a stretch of bytes, and where the stretch ends.
struct Lines {
    spans: Vec<(u64, u64)>,
    bytes: Vec<u8>,
    offset: u64,
}

/// `size`: how much of the file counts; what is beyond it has no time yet.
pub(super) fn read(file: &File, size: u64, query: &Query, live: bool, times: &LineTimes) -> io::Result<Page> {
    let limit = query.limit.min(MOST_EVENTS);
    match query.start {
        Start::Head => forward(file, 0, size, limit, live, times),
        Start::After(byte) => forward(file, byte.min(size), size, limit, live, times),
        Start::Tail => backward(file, size, limit, live, times),
        Start::Before(byte) => backward(file, byte.min(size), limit, false, times),
    }
}

pub(crate) fn milliseconds(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn forward(file: &File, start: u64, size: u64, limit: usize, live: bool, times: &LineTimes) -> io::Result<Page> {
    let end = size.min(start + WINDOW);
    let mut lines = Lines::read(file, start, end)?;
    // Cut off by the window, or still being written. A line longer than the window is shown in pieces.
    if lines.is_open() && (end < size && lines.spans.len() > 1 || end == size && live) {
        lines.spans.pop();
    }
    lines.spans.truncate(limit);
    Ok(lines.page(start, times))
}

fn backward(file: &File, end: u64, limit: usize, live: bool, times: &LineTimes) -> io::Result<Page> {
    let start = end.saturating_sub(WINDOW);
    let mut lines = Lines::read(file, start, end)?;
    let mut end = end;
    if live && lines.is_open() {
        end = lines.spans.pop().map_or(end, |(from, _)| from);
    }
    if start > 0 && lines.spans.len() > 1 {
        lines.spans.remove(0);
    }
    lines.spans.drain(..lines.spans.len().saturating_sub(limit));
    Ok(lines.page(end, times))
}

impl Lines {
    fn read(file: &File, from: u64, to: u64) -> io::Result<Self> {
        let mut bytes = vec![0; (to - from) as usize];
        file.read_exact_at(&mut bytes, from)?;
        let mut spans = Vec::new();
        let mut begin = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let end = begin + line.len();
            spans.push((from + begin as u64, from + end as u64));
            begin = end;
        }
        Ok(Self { spans, bytes, offset: from })
    }

    fn is_open(&self) -> bool {
        self.bytes.last().is_some_and(|byte| *byte != b'\n')
    }

    /// `otherwise`: where the page is if it is empty. Empty lines are no events, as on AWS.
    fn page(&self, otherwise: u64, times: &LineTimes) -> Page {
        let event = |(from, to): &(u64, u64)| {
            let line = &self.bytes[(from - self.offset) as usize..(to - self.offset) as usize];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let event = || Event { timestamp: times.at(*to), offset: *from, message: String::from_utf8_lossy(line).into_owned() };
            (!line.is_empty()).then(event)
        };
        Page {
            events: self.spans.iter().filter_map(event).collect(),
            from: self.spans.first().map_or(otherwise, |(from, _)| *from),
            to: self.spans.last().map_or(otherwise, |(_, to)| *to),
        }
    }
}
