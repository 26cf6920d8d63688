//! Where a job runs: always in one place, or in an empty directory of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fanout_engine::AttemptId;

/// Where jobs run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkDir {
    /// All in this directory.
    Cwd(PathBuf),
    /// Each in an empty directory below this one, removed after the job.
    Fresh(PathBuf),
}

/// Where one job runs.
#[derive(Debug)]
pub(super) enum Place<'a> {
    Shared(&'a Path),
    Own(PathBuf),
}

impl WorkDir {
    /// The one directory of all jobs, if there is one.
    pub(super) fn prepare(&self) -> io::Result<Option<PathBuf>> {
        match self {
            Self::Cwd(directory) => std::path::absolute(directory).map(Some),
            Self::Fresh(root) => fs::create_dir_all(root).map(|()| None),
        }
    }

    /// A new directory for one attempt. Left-overs of a process that was killed may be in the way.
    pub(super) fn fresh(&self, attempt: AttemptId) -> io::Result<PathBuf> {
        let (Self::Fresh(root) | Self::Cwd(root)) = self;
        let root = std::path::absolute(root)?;
        let mut copy = 0_u32;
        loop {
            let directory = root.join(format!("{}-{}-{copy}", std::process::id(), attempt.0));
            match fs::create_dir(&directory) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => copy += 1,
                made => return made.map(|()| directory),
            }
        }
    }
}

impl Place<'_> {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Shared(path) => path,
            Self::Own(path) => path,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Self::Own(path) = self
            && let Err(error) = fs::remove_dir_all(&*path)
        {
            tracing::warn!(path = %path.display(), %error, "a job's directory could not be removed");
        }
    }
}
