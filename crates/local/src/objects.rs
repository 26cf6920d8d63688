//! Buckets and their objects, as S3 keeps them: an index of what there is, and a file for each body.
//!
//! Keys are rows of the index and never paths, so no key leads anywhere, and `a` and `a/b` are two objects. A body's file
//! is written first and never changed; an object is there, whole, once its row is.

mod attributes;
mod bodies;
mod copies;
mod error;
mod index;
mod intake;
mod listing;
mod uploads;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub(crate) use attributes::Attributes;
use bodies::Bodies;
pub use error::ObjectError;
use index::{Bucket, Entry, Index};
pub(crate) use intake::{Algorithm, Intake, Received, Sums};
pub use listing::Listed;
pub(crate) use listing::{Ask, Page};
pub(crate) use uploads::Claimed;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 1024;
/// Entries that are looked at while nobody else can use the index.
const PAGE: usize = 1000;

/// The buckets and objects below one directory, shared by everything that reads and writes them.
#[derive(Clone, Debug)]
pub struct Objects(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    index: Mutex<Index>,
    bodies: Bodies,
    /// Whoever opens the directory removes bodies that no object has, so there must be no second one.
    _lock: File,
}

/// When an object is stored, and when that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    Always,
    /// Only if there is no object of this key.
    Absent,
    /// Only if there is one.
    Present,
    /// Only if there is one with this ETag.
    Etag(String),
}

/// An object that was found, and its body.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) entry: Entry,
    pub(crate) body: File,
}

impl Objects {
    /// Opens the objects in a directory, which is made if need be. What a killed process left unfinished is removed.
    ///
    /// # Errors
    /// The system's or the database's; or somebody else has the directory open.
    pub fn open(directory: impl AsRef<Path>) -> io::Result<Self> {
        let directory = directory.as_ref();
        bodies::make_private(directory)?;
        let lock = lock(directory)?;
        let index = Index::open(&directory.join("index.sqlite")).map_err(io::Error::other)?;
        let used = index.bodies().map_err(io::Error::other)?;
        let bodies = Bodies::open(directory.join("bodies"), &used)?;
        Ok(Self(Arc::new(Inner { index: Mutex::new(index), bodies, _lock: lock })))
    }

    /// Makes a bucket in this region; the same one again is no error in `us-east-1`, as with AWS.
    ///
    /// # Errors
    /// [`ObjectError::InvalidBucketName`], [`ObjectError::BucketAlreadyOwnedByYou`].
    pub fn create_bucket(&self, bucket: &str, region: &str) -> Result<(), ObjectError> {
        if !s3s::path::check_bucket_name(bucket) {
            return Err(ObjectError::InvalidBucketName);
        }
        let made = self.index().create_bucket(&Bucket { name: bucket.into(), region: region.into(), created: now() })?;
        if made || region == "us-east-1" { Ok(()) } else { Err(ObjectError::BucketAlreadyOwnedByYou) }
    }

    /// The whole of an object.
    ///
    /// # Errors
    /// [`ObjectError::NoSuchBucket`], [`ObjectError::NoSuchKey`].
    pub fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, ObjectError> {
        let Found { entry, mut body } = self.find(bucket, key)?;
        let mut bytes = Vec::with_capacity(entry.size as usize);
        body.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// All objects whose keys begin with `prefix`, in the order of their keys' bytes.
    ///
    /// # Errors
    /// [`ObjectError::NoSuchBucket`].
    pub fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, ObjectError> {
        let (mut listed, mut from) = (Vec::new(), Some(String::new()));
        while let Some(start) = from {
            let page = self.page(bucket, &Ask { prefix, delimiter: None, from: Some(start), limit: PAGE })?;
            listed.extend(page.objects);
            from = page.next;
        }
        Ok(listed)
    }

    /// Stores an object in the place of any that has its key. Whoever reads sees all of either.
    ///
    /// # Errors
    /// [`ObjectError::NoSuchBucket`], [`ObjectError::KeyTooLong`].
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) -> Result<(), ObjectError> {
        let mut intake = self.receive(&[])?;
        intake.write(bytes)?;
        self.store(bucket, key, intake.finish(), Attributes::default(), &Guard::Always).map(drop)
    }

    pub(crate) fn buckets(&self) -> Result<Vec<Bucket>, ObjectError> {
        self.index().buckets()
    }

    pub(crate) fn bucket(&self, bucket: &str) -> Result<Bucket, ObjectError> {
        self.index().bucket(bucket)
    }

    /// Removes a bucket that has no objects, and the uploads that somebody began in it.
    pub(crate) fn delete_bucket(&self, bucket: &str) -> Result<(), ObjectError> {
        let parts = self.index().delete_bucket(bucket)?;
        self.0.bodies.remove(parts);
        Ok(())
    }

    pub(crate) fn page(&self, bucket: &str, ask: &Ask<'_>) -> Result<Page, ObjectError> {
        self.index().page(bucket, ask)
    }

    /// An object's entry, without its body.
    pub(crate) fn entry(&self, bucket: &str, key: &str) -> Result<Entry, ObjectError> {
        self.index().find(bucket, key)
    }

    pub(crate) fn find(&self, bucket: &str, key: &str) -> Result<Found, ObjectError> {
        // Opened before anybody else can remove it: an open file stays readable.
        let index = self.index();
        let entry = index.find(bucket, key)?;
        let body = self.0.bodies.open_body(entry.body)?;
        drop(index);
        if body.metadata()?.len() != entry.size {
            return Err(io::Error::other(format!("the body of {bucket}/{key} has not the length it was stored with")).into());
        }
        Ok(Found { entry, body })
    }

    /// Takes in a new body; these checksums of it will be known in the end.
    pub(crate) fn receive(&self, algorithms: &[Algorithm]) -> io::Result<Intake> {
        Ok(Intake::new(self.0.bodies.create()?, algorithms))
    }

    pub(crate) fn store(
        &self,
        bucket: &str,
        key: &str,
        received: Received,
        attributes: Attributes,
        guard: &Guard,
    ) -> Result<Entry, ObjectError> {
        let etag = received.etag();
        let Received { body, size, sums, .. } = received;
        let attributes = Attributes { sums, ..attributes };
        let entry = Entry { body: body.id(), size, etag, modified: now(), attributes };
        let replaced = self.index().store(bucket, key, &entry, guard)?;
        body.keep();
        self.0.bodies.remove(replaced);
        Ok(entry)
    }

    /// Removes an object. That there is none is no error.
    pub(crate) fn remove(&self, bucket: &str, key: &str, guard: &Guard) -> Result<(), ObjectError> {
        let removed = self.index().remove(bucket, key, guard)?;
        self.0.bodies.remove(removed);
        Ok(())
    }

    /// Gives an object other tags; nothing else of it changes.
    pub(crate) fn tag(&self, bucket: &str, key: &str, tags: Vec<(String, String)>) -> Result<(), ObjectError> {
        self.index().tag(bucket, key, tags)
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.0.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// S3's times have whole seconds.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn checked(key: &str) -> Result<(), ObjectError> {
    if key.len() <= LONGEST_KEY { Ok(()) } else { Err(ObjectError::KeyTooLong) }
}

/// The lock is the system's and ends with the process, however it ends.
fn lock(directory: &Path) -> io::Result<File> {
    let path = directory.join("lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.into());
            let words = format!("the objects in {} are in use by another fanout", directory.display());
            Err(io::Error::new(io::ErrorKind::ResourceBusy, words))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests;
