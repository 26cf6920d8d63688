//! Uploads in parts, but for the parts themselves.

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput,
    ListPartsOutput, MultipartUpload, Part, StorageClass,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use super::details::{Announced, attributes, etag, guard, time};
use super::{Answer, blocking};
use crate::objects::{Claimed, ObjectError, Objects};

/// The most uploads or parts in one answer.
const MOST: i32 = 1000;

pub(super) async fn begin(objects: &Objects, asked: CreateMultipartUploadInput) -> Answer<CreateMultipartUploadOutput> {
    let attributes = attributes!(asked)?;
    let (objects, bucket) = (objects.clone(), asked.bucket.clone());
    let upload = blocking(move || objects.begin_upload(&bucket, &asked.key, attributes)).await?;
    Ok(S3Response::new(CreateMultipartUploadOutput {
        bucket: Some(asked.bucket),
        key: Some(upload.key),
        upload_id: Some(upload.id),
        checksum_algorithm: asked.checksum_algorithm,
        checksum_type: asked.checksum_type,
        ..CreateMultipartUploadOutput::default()
    }))
}

pub(super) async fn complete(objects: &Objects, asked: S3Request<CompleteMultipartUploadInput>) -> Answer<CompleteMultipartUploadOutput> {
    let expected = Announced::of(&asked.headers).sums;
    let asked = asked.input;
    let guard = guard(asked.if_match, asked.if_none_match.as_ref())?;
    let parts = asked.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    let claimed = parts.into_iter().map(claimed).collect::<S3Result<Vec<_>>>()?;
    if claimed.is_empty() {
        let words = "The XML you provided was not well-formed or did not validate against our published schema";
        return Err(S3Error::with_message(S3ErrorCode::MalformedXML, words));
    }
    let (store, bucket, key) = (objects.clone(), asked.bucket.clone(), asked.key.clone());
    let entry = blocking(move || {
        let upload = store.upload(&bucket, &key, &asked.upload_id)?;
        store.complete_upload(&bucket, &upload, &claimed, &expected, &guard)
    });
    let entry = entry.await?;
    Ok(S3Response::new(CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", asked.bucket, asked.key)),
        bucket: Some(asked.bucket),
        key: Some(asked.key),
        e_tag: Some(etag(&entry.etag)),
        ..CompleteMultipartUploadOutput::default()
    }))
}

fn claimed(part: CompletedPart) -> S3Result<Claimed> {
    let number = part.part_number.and_then(|number| u32::try_from(number).ok());
    let (Some(number), Some(etag)) = (number, part.e_tag) else { return Err(ObjectError::InvalidPart.into()) };
    Ok(Claimed { number, etag: etag.into_value() })
}

pub(super) async fn abort(objects: &Objects, asked: AbortMultipartUploadInput) -> Answer<AbortMultipartUploadOutput> {
    let objects = objects.clone();
    blocking(move || objects.abort_upload(&asked.bucket, &asked.key, &asked.upload_id)).await?;
    Ok(S3Response::new(AbortMultipartUploadOutput::default()))
}

pub(super) async fn parts(objects: &Objects, asked: ListPartsInput) -> Answer<ListPartsOutput> {
    let max_parts = asked.max_parts.unwrap_or(MOST).clamp(0, MOST);
    let after = asked.part_number_marker.unwrap_or_default();
    let (store, bucket, key, id) = (objects.clone(), asked.bucket.clone(), asked.key.clone(), asked.upload_id.clone());
    let found = blocking(move || store.parts(&bucket, &key, &id, u32::try_from(after).unwrap_or_default(), max_parts as usize + 1));
    let mut found = found.await?;
    let more = found.len() > max_parts as usize;
    found.truncate(max_parts as usize);
    let last = found.last().map(|part| part.number as i32);
    let parts = found.into_iter().map(|part| Part {
        part_number: Some(part.number as i32),
        size: Some(part.size.cast_signed()),
        e_tag: Some(etag(&part.etag)),
        last_modified: Some(time(part.modified)),
        ..Part::default()
    });
    Ok(S3Response::new(ListPartsOutput {
        parts: Some(parts.collect()),
        is_truncated: Some(more),
        next_part_number_marker: last.filter(|_| more),
        part_number_marker: Some(after),
        max_parts: Some(max_parts),
        bucket: Some(asked.bucket),
        key: Some(asked.key),
        upload_id: Some(asked.upload_id),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        ..ListPartsOutput::default()
    }))
}

pub(super) async fn list(objects: &Objects, asked: ListMultipartUploadsInput) -> Answer<ListMultipartUploadsOutput> {
    if asked.delimiter.is_some() {
        return Err(S3Error::with_message(S3ErrorCode::NotImplemented, "fanout lists uploads without a delimiter only."));
    }
    let max_uploads = asked.max_uploads.unwrap_or(MOST).clamp(0, MOST);
    let prefix = asked.prefix.clone().unwrap_or_default();
    let (key, id) = (asked.key_marker.clone().unwrap_or_default(), asked.upload_id_marker.clone());
    let (store, bucket) = (objects.clone(), asked.bucket.clone());
    let found = blocking(move || {
        // Without an id, all uploads of the key have been seen.
        let id = id.unwrap_or_else(|| if key.is_empty() { String::new() } else { char::MAX.into() });
        let mut uploads = store.uploads(&bucket, (&key, &id), usize::MAX >> 1)?;
        uploads.retain(|upload| upload.key.starts_with(&prefix));
        Ok(uploads)
    });
    let mut found = found.await?;
    let more = found.len() > max_uploads as usize;
    found.truncate(max_uploads as usize);
    let last = found.last().filter(|_| more).map(|last| (last.key.clone(), last.id.clone()));
    let uploads = found.into_iter().map(|upload| MultipartUpload {
        key: Some(upload.key),
        upload_id: Some(upload.id),
        initiated: Some(time(upload.begun)),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        ..MultipartUpload::default()
    });
    Ok(S3Response::new(ListMultipartUploadsOutput {
        uploads: Some(uploads.collect()),
        is_truncated: Some(more),
        next_key_marker: last.as_ref().map(|(key, _)| key.clone()),
        next_upload_id_marker: last.map(|(_, id)| id),
        bucket: Some(asked.bucket),
        prefix: asked.prefix,
        key_marker: asked.key_marker,
        upload_id_marker: asked.upload_id_marker,
        max_uploads: Some(max_uploads),
        ..ListMultipartUploadsOutput::default()
    }))
}
