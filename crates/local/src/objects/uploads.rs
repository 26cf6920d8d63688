//! Objects that are uploaded in parts.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};

use jiff::Timestamp;
use s3s::crypto::{Checksum as _, Md5};

use super::bodies::{BodyId, NewBody};
use super::index::Entry;
use super::intake::{hex, unhex};
use super::{Algorithm, Attributes, Guard, ObjectError, Objects, Received, Sums, now};

/// All parts but the last have at least this many bytes.
const SMALLEST_PART: u64 = 5 << 20;
/// How much is copied at a time where checksums are taken.
const PIECE: usize = 256 << 10;

/// An upload that was begun and not yet ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) begun: Timestamp,
    pub(crate) attributes: Attributes,
}

/// A part that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(super) body: BodyId,
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) modified: Timestamp,
}

/// A part that the client wants in its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) number: u32,
    /// Without quotes.
    pub(crate) etag: String,
}

impl Objects {
    pub(crate) fn begin_upload(&self, bucket: &str, key: &str, attributes: Attributes) -> Result<Upload, ObjectError> {
        let random = || RandomState::new().hash_one(key);
        let id = format!("{:016x}{:016x}", random(), random());
        let upload = Upload { id, key: key.to_owned(), begun: now(), attributes };
        self.index().begin_upload(bucket, &upload)?;
        Ok(upload)
    }

    pub(crate) fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<Upload, ObjectError> {
        self.index().upload(bucket, key, id)
    }

    pub(crate) fn uploads(&self, bucket: &str, after: (&str, &str), limit: usize) -> Result<Vec<Upload>, ObjectError> {
        self.index().uploads(bucket, after, limit)
    }

    pub(crate) fn put_part(&self, bucket: &str, key: &str, id: &str, number: u32, received: Received) -> Result<Part, ObjectError> {
        let etag = received.etag();
        let Received { body, size, .. } = received;
        let part = Part { number, body: body.id(), size, etag, modified: now() };
        let replaced = self.index().put_part(bucket, key, id, &part)?;
        body.keep();
        self.0.bodies.remove(replaced);
        Ok(part)
    }

    pub(crate) fn parts(&self, bucket: &str, key: &str, id: &str, after: u32, limit: usize) -> Result<Vec<Part>, ObjectError> {
        let index = self.index();
        index.upload(bucket, key, id)?;
        index.parts(id, after, limit)
    }

    pub(crate) fn abort_upload(&self, bucket: &str, key: &str, id: &str) -> Result<(), ObjectError> {
        let parts = self.index().abort(bucket, key, id)?;
        self.0.bodies.remove(parts);
        Ok(())
    }

    /// Makes an object of the parts that the client names. `expected` are checksums of the whole.
    pub(crate) fn complete_upload(
        &self,
        bucket: &str,
        upload: &Upload,
        claimed: &[Claimed],
        expected: &Sums,
        guard: &Guard,
    ) -> Result<Entry, ObjectError> {
        let parts = select(self.parts(bucket, &upload.key, &upload.id, 0, usize::MAX >> 1)?, claimed)?;
        let (body, sums) = self.join(&parts, expected)?;
        let attributes = Attributes { sums, parts: parts.iter().map(|part| part.size).collect(), ..upload.attributes.clone() };
        let size = attributes.parts.iter().sum();
        let entry = Entry { body: body.id(), size, etag: etag(&parts), modified: now(), attributes };
        let unused = self.index().complete(bucket, upload, &entry, guard)?;
        body.keep();
        self.0.bodies.remove(unused);
        Ok(entry)
    }

    fn join(&self, parts: &[Part], expected: &Sums) -> Result<(NewBody, Sums), ObjectError> {
        if expected.is_empty() {
            let mut body = self.0.bodies.create()?;
            for part in parts {
                // The kernel copies, or shares the blocks.
                io::copy(&mut self.part_body(part)?, body.file())?;
            }
            return Ok((body, Sums::new()));
        }
        let algorithms: Vec<Algorithm> = expected.keys().copied().collect();
        let (mut intake, mut piece) = (self.receive(&algorithms)?, vec![0; PIECE]);
        for part in parts {
            let mut body = self.part_body(part)?;
            loop {
                match body.read(&mut piece)? {
                    0 => break,
                    length => intake.write(&piece[..length])?,
                }
            }
        }
        let received = intake.finish();
        received.check(expected)?;
        Ok((received.body, received.sums))
    }

    fn part_body(&self, part: &Part) -> Result<std::fs::File, ObjectError> {
        self.0.bodies.open_body(part.body).map_err(|error| match error.kind() {
            // Aborted or completed meanwhile, or the part was uploaded again.
            io::ErrorKind::NotFound => ObjectError::NoSuchUpload,
            _ => error.into(),
        })
    }
}

/// The parts that were claimed, if they are what the client says.
fn select(parts: Vec<Part>, claimed: &[Claimed]) -> Result<Vec<Part>, ObjectError> {
    if !claimed.is_sorted_by(|one, next| one.number < next.number) {
        return Err(ObjectError::InvalidPartOrder);
    }
    let mut parts = parts.into_iter();
    let mut find = |claimed: &Claimed| parts.find(|part| part.number == claimed.number).filter(|part| part.etag == claimed.etag);
    let selected: Option<Vec<Part>> = claimed.iter().map(&mut find).collect();
    let selected = selected.ok_or(ObjectError::InvalidPart)?;
    let Some((_, all_but_last)) = selected.split_last() else { return Err(ObjectError::InvalidPart) };
    if all_but_last.iter().any(|part| part.size < SMALLEST_PART) {
        return Err(ObjectError::EntityTooSmall);
    }
    Ok(selected)
}

/// The MD5 of the parts' MD5s, and how many they are.
fn etag(parts: &[Part]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(&unhex(&part.etag));
    }
    format!("{}-{}", hex(&md5.finalize()), parts.len())
}
