//! What there is, in one SQLite file: buckets, objects, and uploads that are under way.

mod uploads;

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::bodies::BodyId;
use super::{Attributes, Guard, ObjectError, checked};

/// `fans`: tells this index from other databases.
const APPLICATION: i32 = 0x6661_6e73;
/// Counted up when the meaning of a row changes.
const VERSION: i32 = 1;

const SCHEMA: &str = "\
CREATE TABLE bucket (
    name TEXT PRIMARY KEY,
    region TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE object (
    bucket TEXT NOT NULL REFERENCES bucket,
    key TEXT NOT NULL,
    body INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL REFERENCES bucket,
    key TEXT NOT NULL,
    begun INTEGER NOT NULL,
    attributes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_by_key ON upload (bucket, key, id);
CREATE TABLE part (
    upload TEXT NOT NULL REFERENCES upload,
    number INTEGER NOT NULL,
    body INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;";

#[derive(Debug)]
pub(super) struct Index {
    pub(super) connection: Connection,
}

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) created: Timestamp,
}

/// An object, but for its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(super) body: BodyId,
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) modified: Timestamp,
    pub(crate) attributes: Attributes,
}

impl Index {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let refused = |error: &dyn std::fmt::Display| format!("{} cannot be used: {error}", path.display());
        OpenOptions::new().create(true).append(true).mode(0o600).open(path).map_err(|error| refused(&error))?;
        let begin = || {
            let connection = Connection::open(path)?;
            // What was stored outlives this process. It does not outlive a power cut, and neither do the bodies.
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
            let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            Ok::<_, rusqlite::Error>((connection, application, version, tables))
        };
        let (mut connection, application, version, tables) = begin().map_err(|error| refused(&error))?;
        match (application, version) {
            (0, 0) if tables == 0 => make_tables(&mut connection).map_err(|error| refused(&error))?,
            (APPLICATION, VERSION) => {}
            (APPLICATION, found) => return Err(refused(&format!("it was written by another fanout (format {found}, not {VERSION})"))),
            _ => return Err(refused(&"it is not an index of objects")),
        }
        Ok(Self { connection })
    }

    /// All bodies that something refers to.
    pub(super) fn bodies(&self) -> rusqlite::Result<BTreeSet<BodyId>> {
        self.connection.prepare("SELECT body FROM object UNION SELECT body FROM part")?.query_map([], |row| row.get(0))?.collect()
    }

    /// Whether it was made now.
    pub(super) fn create_bucket(&self, Bucket { name, region, created }: &Bucket) -> Result<bool, ObjectError> {
        let insert = "INSERT INTO bucket VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        Ok(self.connection.execute(insert, params![name, region, created.as_second()])? > 0)
    }

    pub(super) fn buckets(&self) -> Result<Vec<Bucket>, ObjectError> {
        let mut select = self.connection.prepare("SELECT name, region, created FROM bucket ORDER BY name")?;
        Ok(select.query_map([], bucket)?.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn bucket(&self, name: &str) -> Result<Bucket, ObjectError> {
        let mut select = self.connection.prepare("SELECT name, region, created FROM bucket WHERE name = ?")?;
        select.query_row([name], bucket).optional()?.ok_or(ObjectError::NoSuchBucket)
    }

    /// Answers the bodies that nothing refers to any more.
    pub(super) fn delete_bucket(&mut self, name: &str) -> Result<Vec<BodyId>, ObjectError> {
        self.bucket(name)?;
        let transaction = self.transaction()?;
        if transaction.query_row("SELECT EXISTS (SELECT 1 FROM object WHERE bucket = ?)", [name], |row| row.get(0))? {
            return Err(ObjectError::BucketNotEmpty);
        }
        let parts = "DELETE FROM part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?) RETURNING body";
        let parts = transaction.prepare(parts)?.query_map([name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        transaction.execute("DELETE FROM upload WHERE bucket = ?", [name])?;
        transaction.execute("DELETE FROM bucket WHERE name = ?", [name])?;
        transaction.commit()?;
        Ok(parts)
    }

    pub(super) fn find(&self, bucket: &str, key: &str) -> Result<Entry, ObjectError> {
        let select = "SELECT body, size, etag, modified, attributes FROM object WHERE bucket = ? AND key = ?";
        if let Some(entry) = self.connection.prepare(select)?.query_row([bucket, key], entry).optional()? {
            return Ok(entry);
        }
        Err(self.bucket(bucket).err().unwrap_or(ObjectError::NoSuchKey))
    }

    /// Answers the body of the object that was there before.
    pub(super) fn store(&mut self, bucket: &str, key: &str, entry: &Entry, guard: &Guard) -> Result<Option<BodyId>, ObjectError> {
        checked(key)?;
        self.bucket(bucket)?;
        let transaction = self.transaction()?;
        let replaced = put(&transaction, bucket, key, entry, guard)?;
        transaction.commit()?;
        Ok(replaced)
    }

    /// Answers the body of the object that was there.
    pub(super) fn remove(&mut self, bucket: &str, key: &str, guard: &Guard) -> Result<Option<BodyId>, ObjectError> {
        self.bucket(bucket)?;
        let transaction = self.transaction()?;
        let there = present(&transaction, bucket, key)?;
        if there.is_some() {
            guard.check(there.as_ref().map(|(_, etag)| etag.as_str()))?;
        }
        transaction.prepare("DELETE FROM object WHERE bucket = ? AND key = ?")?.execute([bucket, key])?;
        transaction.commit()?;
        Ok(there.map(|(body, _)| body))
    }

    pub(super) fn tag(&mut self, bucket: &str, key: &str, tags: Vec<(String, String)>) -> Result<(), ObjectError> {
        let attributes = Attributes { tags, ..self.find(bucket, key)?.attributes };
        let update = "UPDATE object SET attributes = ? WHERE bucket = ? AND key = ?";
        self.connection.prepare(update)?.execute(params![attributes, bucket, key])?;
        Ok(())
    }

    fn transaction(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate)
    }
}

impl Guard {
    fn check(&self, there: Option<&str>) -> Result<(), ObjectError> {
        match (self, there) {
            (Self::Always, _) | (Self::Absent, None) | (Self::Present, Some(_)) => Ok(()),
            (Self::Etag(asked), Some(there)) if asked == there => Ok(()),
            (Self::Etag(_) | Self::Present, None) => Err(ObjectError::NoSuchKey),
            (Self::Etag(_) | Self::Absent, Some(_)) => Err(ObjectError::PreconditionFailed),
        }
    }
}

/// Answers the body of the object that was there before.
fn put(transaction: &Transaction<'_>, bucket: &str, key: &str, entry: &Entry, guard: &Guard) -> Result<Option<BodyId>, ObjectError> {
    let there = present(transaction, bucket, key)?;
    guard.check(there.as_ref().map(|(_, etag)| etag.as_str()))?;
    let Entry { body, size, etag, modified, attributes } = entry;
    let mut insert = transaction.prepare("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    insert.execute(params![bucket, key, body, size.cast_signed(), etag, modified.as_second(), attributes])?;
    Ok(there.map(|(body, _)| body))
}

fn present(transaction: &Transaction<'_>, bucket: &str, key: &str) -> rusqlite::Result<Option<(BodyId, String)>> {
    let mut select = transaction.prepare("SELECT body, etag FROM object WHERE bucket = ? AND key = ?")?;
    select.query_row([bucket, key], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn make_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

fn bucket(row: &Row<'_>) -> rusqlite::Result<Bucket> {
    Ok(Bucket { name: row.get(0)?, region: row.get(1)?, created: time(row, 2)? })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { body: row.get(0)?, size: size(row, 1)?, etag: row.get(2)?, modified: time(row, 3)?, attributes: row.get(4)? })
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_second(row.get(column)?).map_err(|error| damaged(column, error))
}

pub(super) fn size(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|error| damaged(column, error))
}

fn damaged(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Integer, error.into())
}
