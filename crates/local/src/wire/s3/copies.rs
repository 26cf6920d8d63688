//! CopyObject and UploadPartCopy.

use std::ops::Range;

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopyPartResult, CopySource, MetadataDirective, TaggingDirective,
    UploadPartCopyInput, UploadPartCopyOutput,
};
use s3s::{S3Error, S3ErrorCode, S3Response, S3Result};

use super::conditions::Conditions;
use super::details::{attributes, etag, time, unversioned};
use super::writing::part_number;
use super::{Answer, blocking};
use crate::objects::{Attributes, Found, Objects};

pub(super) async fn copy(objects: &Objects, asked: CopyObjectInput) -> Answer<CopyObjectOutput> {
    let own = attributes!(asked)?;
    let replace = asked.metadata_directive.as_ref().is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
    let retag = asked.tagging_directive.as_ref().is_some_and(|directive| directive.as_str() == TaggingDirective::REPLACE);
    let conditions = Conditions {
        matches: asked.copy_source_if_match,
        none_match: asked.copy_source_if_none_match,
        modified_since: asked.copy_source_if_modified_since,
        unmodified_since: asked.copy_source_if_unmodified_since,
    };
    let (source_bucket, source_key) = named(&asked.copy_source)?;
    if !replace && (source_bucket, source_key) == (asked.bucket.as_str(), asked.key.as_str()) {
        let words = "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
        return Err(S3Error::with_message(S3ErrorCode::InvalidRequest, words));
    }
    let source = find(objects, source_bucket, source_key, &conditions).await?;
    let theirs = source.entry.attributes.clone();
    let tags = if retag { own.tags.clone() } else { theirs.tags.clone() };
    let attributes = Attributes { tags, ..if replace { own } else { theirs } };
    let store = objects.clone();
    let entry = blocking(move || store.copy(&source, &asked.bucket, &asked.key, attributes)).await?;
    let copied =
        CopyObjectResult { e_tag: Some(etag(&entry.etag)), last_modified: Some(time(entry.modified)), ..CopyObjectResult::default() };
    Ok(S3Response::new(CopyObjectOutput { copy_object_result: Some(copied), ..CopyObjectOutput::default() }))
}

pub(super) async fn copy_part(objects: &Objects, asked: UploadPartCopyInput) -> Answer<UploadPartCopyOutput> {
    let number = part_number(asked.part_number)?;
    let conditions = Conditions {
        matches: asked.copy_source_if_match,
        none_match: asked.copy_source_if_none_match,
        modified_since: asked.copy_source_if_modified_since,
        unmodified_since: asked.copy_source_if_unmodified_since,
    };
    let (source_bucket, source_key) = named(&asked.copy_source)?;
    let source = find(objects, source_bucket, source_key, &conditions).await?;
    let range = match asked.copy_source_range.as_deref() {
        None => 0..source.entry.size,
        Some(text) => range(text, source.entry.size)?,
    };
    let store = objects.clone();
    let part = blocking(move || {
        store.upload(&asked.bucket, &asked.key, &asked.upload_id)?;
        let received = store.receive_copy(&source, range)?;
        store.put_part(&asked.bucket, &asked.key, &asked.upload_id, number, received)
    });
    let part = part.await?;
    let copied = CopyPartResult { e_tag: Some(etag(&part.etag)), last_modified: Some(time(part.modified)), ..CopyPartResult::default() };
    Ok(S3Response::new(UploadPartCopyOutput { copy_part_result: Some(copied), ..UploadPartCopyOutput::default() }))
}

fn named(source: &CopySource) -> S3Result<(&str, &str)> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        return Err(S3Error::with_message(S3ErrorCode::NotImplemented, "fanout has no access points."));
    };
    unversioned(version_id.as_deref())?;
    Ok((bucket, key))
}

async fn find(objects: &Objects, bucket: &str, key: &str, conditions: &Conditions) -> S3Result<Found> {
    let (store, bucket, key) = (objects.clone(), bucket.to_owned(), key.to_owned());
    let found = blocking(move || store.find(&bucket, &key)).await?;
    conditions.check_source(&found.entry.etag, found.entry.modified)?;
    Ok(found)
}

/// `bytes=first-last`, both of which must be there.
fn range(text: &str, size: u64) -> S3Result<Range<u64>> {
    let bounds = text.strip_prefix("bytes=").and_then(|bounds| bounds.split_once('-'));
    let bounds = bounds.and_then(|(first, last)| Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?)));
    match bounds {
        Some((first, last)) if first <= last && last < size => Ok(first..last + 1),
        Some((first, last)) if first <= last => {
            let words = format!("Range specified is not valid for source object of size: {size}");
            Err(S3Error::with_message(S3ErrorCode::InvalidArgument, words))
        }
        _ => {
            let words = "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy";
            Err(S3Error::with_message(S3ErrorCode::InvalidArgument, words))
        }
    }
}
