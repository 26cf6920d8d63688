//! Where programs' output is kept: one file for each log stream, read as CloudWatch Logs reads it.
//!
//! Only lines are kept. An event's time is that of the look at its stream which found it there first; of streams that an earlier
//! process wrote, it is that of the last write.

mod layout;
mod page;
mod pattern;
mod search;
mod streams;
mod times;

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

pub use page::{Event, Page, Query, Start};
pub use pattern::{Pattern, PatternError};
pub use search::{Found, Place, Search};
pub use streams::{Listing, Order, StreamInfo, StreamList};

use page::milliseconds;
use times::{LineTimes, Times};

/// How often the streams of running programs are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The group that Batch writes to.
pub const GROUP: &str = fanout_batch::words::LOG_GROUP;

/// The log streams of one engine.
#[derive(Clone, Debug)]
pub struct LogStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    /// Streams whose programs still run: their last line may be half written.
    live: Mutex<BTreeSet<String>>,
    times: Mutex<Times>,
}

impl LogStore {
    /// The streams in `directory`, which is made when the first of them is written.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner { directory: directory.into(), live: Mutex::default(), times: Mutex::default() }))
    }

    /// Looks at the streams of running programs all the time, so that lines have times of their own also if nobody reads them.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn watch(&self) -> io::Result<()> {
        let inner = Arc::downgrade(&self.0);
        let look = move || {
            while let Some(inner) = inner.upgrade() {
                Self(inner).look();
                thread::sleep(LOOK);
            }
        };
        thread::Builder::new().name("log-times".into()).spawn(look).map(drop)
    }

    /// The file behind a stream, whether or not it exists.
    pub fn path(&self, stream: &str) -> PathBuf {
        layout::file(&self.0.directory, stream)
    }

    /// Reads a part of a stream; `None` if there is no such stream.
    ///
    /// # Errors
    /// The system's.
    pub fn read(&self, stream: &str, query: &Query) -> io::Result<Option<Page>> {
        // Asked before reading: a program that ends in between has written its last line by then.
        let live = self.live().contains(stream);
        let file = match File::open(self.path(stream)) {
            Err(error) if is_absent(&error) => return Ok(None),
            file => file?,
        };
        let metadata = file.metadata()?;
        let times = self.observed(stream, &metadata, live)?;
        page::read(&file, metadata.len(), query, live, &times).map(Some)
    }

    /// Looks for events in many streams, the earliest first; streams that are not there have none.
    ///
    /// # Errors
    /// The system's.
    pub fn search(&self, search: &Search) -> io::Result<Found> {
        self.look();
        let now = milliseconds(SystemTime::now());
        self.times_of_all().show(now);
        search::search(self, search, now)
    }

    /// Whether there is such a stream.
    pub fn has(&self, stream: &str) -> bool {
        self.path(stream).is_file()
    }

    /// The streams that are asked for.
    ///
    /// # Errors
    /// The system's.
    pub fn list(&self, listing: &Listing) -> io::Result<StreamList> {
        streams::list(&self.0.directory, listing)
    }

    /// The names of all streams that begin so.
    ///
    /// # Errors
    /// The system's.
    pub fn names(&self, prefix: &str) -> io::Result<Vec<String>> {
        streams::names(&self.0.directory, prefix)
    }

    /// When the lines of a stream were written; `None` if there is no such stream.
    fn times(&self, stream: &str) -> io::Result<Option<LineTimes>> {
        let live = self.live().contains(stream);
        match fs::metadata(self.path(stream)) {
            Ok(metadata) => self.observed(stream, &metadata, live).map(Some),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn observed(&self, stream: &str, metadata: &Metadata, live: bool) -> io::Result<LineTimes> {
        let written_at = milliseconds(metadata.modified()?);
        let mut times = self.times_of_all();
        if live {
            times.observe(stream, metadata.len(), written_at);
        }
        Ok(times.of(stream, written_at))
    }

    /// Looks at every stream that is being written. One that cannot be looked at is met by who reads it.
    fn look(&self) {
        let live = self.live().clone();
        for stream in live {
            drop(self.times(&stream));
        }
    }

    /// Opens a stream for a program to write to; writes are appended.
    pub(crate) fn begin(&self, stream: &str) -> io::Result<File> {
        let path = self.path(stream);
        let file = match append(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&self.0.directory))?;
                append(&path)?
            }
            file => file?,
        };
        self.live().insert(stream.to_owned());
        Ok(file)
    }

    /// The program that wrote to the stream is gone.
    pub(crate) fn end(&self, stream: &str) {
        // Before it is over: what it wrote at last has a time by then.
        if let Ok(metadata) = fs::metadata(self.path(stream))
            && self.observed(stream, &metadata, true).is_ok()
            && let Ok(modified) = metadata.modified()
        {
            self.times_of_all().settle(stream, milliseconds(modified));
        }
        self.live().remove(stream);
    }

    fn times_of_all(&self) -> MutexGuard<'_, Times> {
        self.0.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

/// A name too long for a file was never written to either.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename)
}

#[cfg(test)]
mod tests;
