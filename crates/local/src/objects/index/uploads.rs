//! Uploads in parts that are under way.

use rusqlite::{OptionalExtension, Row, params};

use super::super::bodies::BodyId;
use super::super::uploads::{Part, Upload};
use super::super::{Guard, ObjectError, checked};
use super::{Entry, Index, put, size, time};

const UPLOAD: &str = "SELECT id, key, begun, attributes FROM upload WHERE bucket = ?";

impl Index {
    pub(in super::super) fn begin_upload(&self, bucket: &str, upload: &Upload) -> Result<(), ObjectError> {
        checked(&upload.key)?;
        self.bucket(bucket)?;
        let Upload { id, key, begun, attributes } = upload;
        let insert = "INSERT INTO upload VALUES (?, ?, ?, ?, ?)";
        self.connection.prepare(insert)?.execute(params![id, bucket, key, begun.as_second(), attributes])?;
        Ok(())
    }

    pub(in super::super) fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<Upload, ObjectError> {
        let mut select = self.connection.prepare(&format!("{UPLOAD} AND key = ? AND id = ?"))?;
        let found = select.query_row([bucket, key, id], upload).optional()?;
        found.ok_or_else(|| self.bucket(bucket).err().unwrap_or(ObjectError::NoSuchUpload))
    }

    /// Up to `limit` uploads after this key and id, in order of key and id.
    pub(in super::super) fn uploads(&self, bucket: &str, after: (&str, &str), limit: usize) -> Result<Vec<Upload>, ObjectError> {
        self.bucket(bucket)?;
        let mut select = self.connection.prepare(&format!("{UPLOAD} AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?"))?;
        let rows = select.query_map(params![bucket, after.0, after.1, limit as i64], upload)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Answers the body of the part that was there before.
    pub(in super::super) fn put_part(&mut self, bucket: &str, key: &str, id: &str, part: &Part) -> Result<Option<BodyId>, ObjectError> {
        self.upload(bucket, key, id)?;
        let Part { number, body, size, etag, modified } = part;
        let transaction = self.transaction()?;
        let replaced = "SELECT body FROM part WHERE upload = ? AND number = ?";
        let replaced = transaction.prepare(replaced)?.query_row(params![id, number], |row| row.get(0)).optional()?;
        let insert = "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?)";
        transaction.prepare(insert)?.execute(params![id, number, body, size.cast_signed(), etag, modified.as_second()])?;
        transaction.commit()?;
        Ok(replaced)
    }

    /// Up to `limit` parts with greater numbers than `after`, in order.
    pub(in super::super) fn parts(&self, id: &str, after: u32, limit: usize) -> Result<Vec<Part>, ObjectError> {
        let select = "SELECT number, body, size, etag, modified FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?";
        let mut select = self.connection.prepare(select)?;
        let rows = select.query_map(params![id, after, limit as i64], part)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Makes an object of an upload. Answers the bodies that nothing refers to any more.
    pub(in super::super) fn complete(
        &mut self,
        bucket: &str,
        upload: &Upload,
        entry: &Entry,
        guard: &Guard,
    ) -> Result<Vec<BodyId>, ObjectError> {
        self.upload(bucket, &upload.key, &upload.id)?;
        let transaction = self.transaction()?;
        let replaced = put(&transaction, bucket, &upload.key, entry, guard)?;
        let mut unused = forget(&transaction, &upload.id)?;
        transaction.commit()?;
        unused.extend(replaced);
        Ok(unused)
    }

    /// Answers the bodies of the upload's parts.
    pub(in super::super) fn abort(&mut self, bucket: &str, key: &str, id: &str) -> Result<Vec<BodyId>, ObjectError> {
        self.upload(bucket, key, id)?;
        let transaction = self.transaction()?;
        let unused = forget(&transaction, id)?;
        transaction.commit()?;
        Ok(unused)
    }
}

fn forget(transaction: &rusqlite::Transaction<'_>, id: &str) -> rusqlite::Result<Vec<BodyId>> {
    let mut delete = transaction.prepare("DELETE FROM part WHERE upload = ? RETURNING body")?;
    let bodies = delete.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    transaction.prepare("DELETE FROM upload WHERE id = ?")?.execute([id])?;
    Ok(bodies)
}

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload { id: row.get(0)?, key: row.get(1)?, begun: time(row, 2)?, attributes: row.get(3)? })
}

fn part(row: &Row<'_>) -> rusqlite::Result<Part> {
    Ok(Part { number: row.get(0)?, body: row.get(1)?, size: size(row, 2)?, etag: row.get(3)?, modified: time(row, 4)? })
}
