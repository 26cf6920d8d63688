//! Objects whose bytes are those of others.

use std::ops::Range;
use std::os::unix::fs::FileExt;

use super::index::Entry;
use super::{Attributes, Found, Guard, ObjectError, Objects, Received, now};

/// How much is copied at a time.
const PIECE: u64 = 256 << 10;

impl Objects {
    /// Stores an object with the bytes, ETag and checksums of another, and these attributes.
    pub(crate) fn copy(&self, source: &Found, bucket: &str, key: &str, attributes: Attributes) -> Result<Entry, ObjectError> {
        let body = self.0.bodies.duplicate(source.entry.body, &source.body)?;
        let Attributes { sums, parts, .. } = source.entry.attributes.clone();
        let attributes = Attributes { sums, parts, ..attributes };
        let entry = Entry { body: body.id(), modified: now(), attributes, ..source.entry.clone() };
        let replaced = self.index().store(bucket, key, &entry, &Guard::Always)?;
        body.keep();
        self.0.bodies.remove(replaced);
        Ok(entry)
    }

    /// Takes in a part of an object as if a client sent it.
    pub(crate) fn receive_copy(&self, source: &Found, mut range: Range<u64>) -> Result<Received, ObjectError> {
        let mut intake = self.receive(&[])?;
        while !range.is_empty() {
            let length = PIECE.min(range.end - range.start);
            let mut piece = vec![0; length as usize];
            source.body.read_exact_at(&mut piece, range.start)?;
            intake.write(&piece)?;
            range.start += length;
        }
        Ok(intake.finish())
    }
}
