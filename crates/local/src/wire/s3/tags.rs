//! Objects' tags.

use s3s::S3Response;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput, PutObjectTaggingInput,
    PutObjectTaggingOutput, Tag,
};

use super::details::unversioned;
use super::{Answer, blocking};
use crate::objects::Objects;

pub(super) async fn get(objects: &Objects, asked: GetObjectTaggingInput) -> Answer<GetObjectTaggingOutput> {
    unversioned(asked.version_id.as_deref())?;
    let objects = objects.clone();
    let entry = blocking(move || objects.entry(&asked.bucket, &asked.key)).await?;
    let tag_set = entry.attributes.tags.into_iter().map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(S3Response::new(GetObjectTaggingOutput { tag_set, version_id: None }))
}

pub(super) async fn put(objects: &Objects, asked: PutObjectTaggingInput) -> Answer<PutObjectTaggingOutput> {
    unversioned(asked.version_id.as_deref())?;
    let tags = asked.tagging.tag_set.into_iter().map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())).collect();
    let objects = objects.clone();
    blocking(move || objects.tag(&asked.bucket, &asked.key, tags)).await?;
    Ok(S3Response::new(PutObjectTaggingOutput::default()))
}

pub(super) async fn delete(objects: &Objects, asked: DeleteObjectTaggingInput) -> Answer<DeleteObjectTaggingOutput> {
    unversioned(asked.version_id.as_deref())?;
    let objects = objects.clone();
    blocking(move || objects.tag(&asked.bucket, &asked.key, Vec::new())).await?;
    Ok(S3Response::new(DeleteObjectTaggingOutput::default()))
}
