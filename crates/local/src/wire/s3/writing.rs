//! PutObject and UploadPart: bodies that come in.

use s3s::dto::{PutObjectInput, PutObjectOutput, UploadPartInput, UploadPartOutput};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use super::details::{Announced, attributes, encryption, etag, guard};
use super::{Answer, blocking, bodies};
use crate::objects::{Algorithm, Objects};

pub(super) async fn put(objects: &Objects, mut asked: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
    let attributes = attributes!(asked.input)?;
    let guard = guard(asked.input.if_match.take(), asked.input.if_none_match.as_ref())?;
    let (store, bucket) = (objects.clone(), asked.input.bucket.clone());
    // Told before gigabytes are sent for nothing.
    blocking(move || store.bucket(&bucket)).await?;
    let announced = Announced::of(&asked.headers);
    let (body, length) = (asked.input.body.take(), asked.input.content_length);
    let received = bodies::take_in(objects, body, length, announced.algorithms.clone()).await?;
    announced.check(&received, &asked, asked.input.content_md5.as_deref())?;
    let (store, input) = (objects.clone(), asked.input);
    let entry = blocking(move || store.store(&input.bucket, &input.key, received, attributes, &guard)).await?;
    let sum = |algorithm| entry.attributes.sums.get(&algorithm).cloned();
    Ok(S3Response::new(PutObjectOutput {
        e_tag: Some(etag(&entry.etag)),
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        ..PutObjectOutput::default()
    }))
}

pub(super) async fn put_part(objects: &Objects, mut asked: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
    encryption(asked.input.sse_customer_algorithm.is_some())?;
    let number = part_number(asked.input.part_number)?;
    let (store, bucket, key, id) = (objects.clone(), asked.input.bucket.clone(), asked.input.key.clone(), asked.input.upload_id.clone());
    blocking(move || store.upload(&bucket, &key, &id)).await?;
    let announced = Announced::of(&asked.headers);
    let (body, length) = (asked.input.body.take(), asked.input.content_length);
    let received = bodies::take_in(objects, body, length, announced.algorithms.clone()).await?;
    announced.check(&received, &asked, asked.input.content_md5.as_deref())?;
    let sums = received.sums.clone();
    let (store, input) = (objects.clone(), asked.input);
    let part = blocking(move || store.put_part(&input.bucket, &input.key, &input.upload_id, number, received)).await?;
    let sum = |algorithm| sums.get(&algorithm).cloned();
    Ok(S3Response::new(UploadPartOutput {
        e_tag: Some(etag(&part.etag)),
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        ..UploadPartOutput::default()
    }))
}

pub(super) fn part_number(number: i32) -> S3Result<u32> {
    let words = "Part number must be an integer between 1 and 10000, inclusive";
    let number = u32::try_from(number).ok().filter(|number| (1..=10_000).contains(number));
    number.ok_or_else(|| S3Error::with_message(S3ErrorCode::InvalidArgument, words))
}
