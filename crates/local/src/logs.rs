//! Where programs' output is kept: one file for each log stream, read as CloudWatch Logs reads it.
//!
//! Only lines are kept, so an event's `timestamp` and `ingestionTime` are those of the last write to its stream.

mod layout;
mod page;
mod streams;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use page::{Event, Page, Query, Start};
pub use streams::{StreamInfo, StreamList};

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
}

impl LogStore {
    /// The streams in `directory`, which is made when the first of them is written.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner { directory: directory.into(), live: Mutex::default() }))
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
        match File::open(self.path(stream)) {
            Ok(file) => page::read(&file, query, live).map(Some),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Up to `limit` streams whose names begin with `prefix` and come after `after`, in order of name.
    ///
    /// # Errors
    /// The system's.
    pub fn list(&self, prefix: &str, after: Option<&str>, limit: usize) -> io::Result<StreamList> {
        streams::list(&self.0.directory, prefix, after, limit)
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
        self.live().remove(stream);
    }

    fn live(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
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
