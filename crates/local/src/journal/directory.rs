//! The state directory: one user's, and one process's at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A directory that nobody else uses for as long as this value lives.
#[derive(Debug)]
pub struct StateDir {
    path: PathBuf,
    _lock: File,
}

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateDirError {
    /// Whoever owns it could change what runs.
    #[error("{path} belongs to another user (uid {owner}): its owner could decide what runs here", path = path.display())]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// Another fanout has it.
    #[error("{path} is in use by another fanout{by}", path = path.display(), by = by.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    InUse {
        /// The directory.
        path: PathBuf,
        /// Its process, if it says so.
        by: Option<u32>,
    },
    /// The system's.
    #[error("{path} cannot be used: {source}", path = path.display())]
    Io {
        /// The directory or a file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl StateDir {
    /// Makes the directory if need be, only for this user, and locks it.
    ///
    /// # Errors
    /// It is another user's, in use, or cannot be made or written.
    pub fn open(path: &Path) -> Result<Self, StateDirError> {
        let io = |source| StateDirError::Io { path: path.into(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io)?;
        let path = fs::canonicalize(path).map_err(io)?;
        let owner = fs::metadata(&path).map_err(io)?.uid();
        if owner != rustix::process::geteuid().as_raw() {
            return Err(StateDirError::Foreign { path, owner });
        }
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The lock is the system's and ends with the process, however it ends; the file's content is for people.
fn lock(directory: &Path) -> Result<File, StateDirError> {
    let path = directory.join("lock");
    let io = |source| StateDirError::Io { path: path.clone(), source };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(StateDirError::InUse { path: directory.into(), by: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(source)) => return Err(io(source)),
    }
    let mut write = || {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())
    };
    write().map_err(io)?;
    Ok(file)
}
