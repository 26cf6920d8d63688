//! GetObject and HeadObject.

use std::ops::Range;

use s3s::dto::{self, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput};
use s3s::{S3Error, S3ErrorCode, S3Response, S3Result};

use super::conditions::Conditions;
use super::details::{described, unversioned};
use super::{Answer, blocking, bodies};
use crate::objects::{Attributes, Objects};

pub(super) async fn get(objects: &Objects, asked: GetObjectInput) -> Answer<GetObjectOutput> {
    unversioned(asked.version_id.as_deref())?;
    let (store, bucket, key) = (objects.clone(), asked.bucket, asked.key);
    let found = blocking(move || store.find(&bucket, &key)).await?;
    let entry = found.entry;
    let conditions = Conditions {
        matches: asked.if_match,
        none_match: asked.if_none_match,
        modified_since: asked.if_modified_since,
        unmodified_since: asked.if_unmodified_since,
    };
    conditions.check(&entry.etag, entry.modified)?;
    let section = Section::of(asked.range, asked.part_number, entry.size, &entry.attributes)?;
    let range = section.range.clone();
    let body = blocking(move || Ok(bodies::give_out(found.body, range)?)).await?;
    let output = GetObjectOutput {
        body: Some(body),
        content_length: Some(section.length()),
        content_range: section.content_range(entry.size),
        parts_count: section.parts,
        tag_count: Some(entry.attributes.tags.len() as i32).filter(|count| *count > 0),
        ..described!(GetObjectOutput, entry, asked.checksum_mode.is_some() && section.is_all)
    };
    Ok(S3Response::new(output))
}

pub(super) async fn head(objects: &Objects, asked: HeadObjectInput) -> Answer<HeadObjectOutput> {
    unversioned(asked.version_id.as_deref())?;
    let (store, bucket, key) = (objects.clone(), asked.bucket, asked.key);
    let entry = blocking(move || store.entry(&bucket, &key)).await?;
    let conditions = Conditions {
        matches: asked.if_match,
        none_match: asked.if_none_match,
        modified_since: asked.if_modified_since,
        unmodified_since: asked.if_unmodified_since,
    };
    conditions.check(&entry.etag, entry.modified)?;
    let section = Section::of(asked.range, asked.part_number, entry.size, &entry.attributes)?;
    let output = HeadObjectOutput {
        content_length: Some(section.length()),
        content_range: section.content_range(entry.size),
        parts_count: section.parts,
        ..described!(HeadObjectOutput, entry, asked.checksum_mode.is_some() && section.is_all)
    };
    Ok(S3Response::new(output))
}

/// What of an object is asked for.
struct Section {
    range: Range<u64>,
    /// Nothing in particular was asked for.
    is_all: bool,
    parts: Option<i32>,
}

impl Section {
    fn of(range: Option<dto::Range>, part: Option<i32>, size: u64, attributes: &Attributes) -> S3Result<Self> {
        match (range, part) {
            (None, None) => Ok(Self { range: 0..size, is_all: true, parts: None }),
            (Some(range), None) => Ok(Self { range: range.check(size).map_err(|_| unsatisfiable())?, is_all: false, parts: None }),
            (None, Some(number)) => {
                let parts = if attributes.parts.is_empty() { vec![size] } else { attributes.parts.clone() };
                let before = usize::try_from(number - 1).ok().filter(|before| *before < parts.len()).ok_or_else(no_such_part)?;
                let start = parts[..before].iter().sum();
                Ok(Self { range: start..start + parts[before], is_all: false, parts: Some(parts.len() as i32) })
            }
            (Some(_), Some(_)) => {
                let words = "Cannot specify both Range header and partNumber query parameter";
                Err(S3Error::with_message(S3ErrorCode::InvalidRequest, words))
            }
        }
    }

    fn length(&self) -> i64 {
        (self.range.end - self.range.start).cast_signed()
    }

    fn content_range(&self, size: u64) -> Option<String> {
        let Range { start, end } = self.range;
        // An empty part has no last byte.
        (!self.is_all && end > start).then(|| format!("bytes {start}-{}/{size}", end - 1))
    }
}

fn unsatisfiable() -> S3Error {
    S3Error::with_message(S3ErrorCode::InvalidRange, "The requested range is not satisfiable")
}

fn no_such_part() -> S3Error {
    let mut error = S3Error::with_message(
        S3ErrorCode::from_bytes(b"InvalidPartNumber").unwrap_or(S3ErrorCode::InvalidRange),
        "The requested partnumber is not satisfiable",
    );
    error.set_status_code(http::StatusCode::RANGE_NOT_SATISFIABLE);
    error
}
