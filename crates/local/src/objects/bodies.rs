//! The files that hold objects' bytes, each named by a number. A file that is complete is never changed again.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

/// A file's number; the index keeps it.
pub(super) type BodyId = i64;

#[derive(Debug)]
pub(super) struct Bodies {
    directory: PathBuf,
    next: AtomicI64,
}

/// A body that is being written. Without [`NewBody::keep`] it goes with this value.
#[derive(Debug)]
pub(super) struct NewBody {
    id: BodyId,
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Bodies {
    /// Removes the bodies that are not used: whoever wrote them did not live to say what they are for.
    pub(super) fn open(directory: PathBuf, used: &BTreeSet<BodyId>) -> io::Result<Self> {
        make_private(&directory)?;
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(|name| BodyId::from_str_radix(name, 16).ok());
            if id.is_none_or(|id| !used.contains(&id)) {
                fs::remove_file(entry.path())?;
            }
        }
        let next = used.last().map_or(0, |last| last + 1);
        Ok(Self { directory, next: AtomicI64::new(next) })
    }

    pub(super) fn create(&self) -> io::Result<NewBody> {
        let (id, path) = self.unused();
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(NewBody { id, path, file, kept: false })
    }

    /// A body with the bytes of another one, which may be gone meanwhile. They are shared if the file system lets them be.
    pub(super) fn duplicate(&self, body: BodyId, mut opened: &File) -> io::Result<NewBody> {
        let (id, path) = self.unused();
        if fs::hard_link(self.path(body), &path).is_ok() {
            return Ok(NewBody { id, file: File::open(&path)?, path, kept: false });
        }
        let mut copy = self.create()?;
        opened.rewind()?;
        io::copy(&mut opened, copy.file())?;
        Ok(copy)
    }

    pub(super) fn open_body(&self, body: BodyId) -> io::Result<File> {
        File::open(self.path(body))
    }

    /// Removes bodies that the index no longer knows. One that stays costs nothing but room, until the next opening.
    pub(super) fn remove(&self, bodies: impl IntoIterator<Item = BodyId>) {
        for body in bodies {
            if let Err(error) = fs::remove_file(self.path(body)) {
                tracing::warn!(%error, body, "a body that is no longer used cannot be removed");
            }
        }
    }

    fn unused(&self) -> (BodyId, PathBuf) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        (id, self.path(id))
    }

    fn path(&self, body: BodyId) -> PathBuf {
        self.directory.join(format!("{body:x}"))
    }
}

impl NewBody {
    pub(super) fn id(&self) -> BodyId {
        self.id
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// The index knows it now.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for NewBody {
    fn drop(&mut self) {
        if !self.kept {
            drop(fs::remove_file(&self.path));
        }
    }
}

/// What jobs read and write is nobody else's business.
pub(super) fn make_private(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}
