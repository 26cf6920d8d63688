//! DeleteObject and DeleteObjects.

use s3s::dto::{DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error};
use s3s::{S3Error, S3ErrorCode, S3Response};

use super::details::{guard, unversioned};
use super::{Answer, blocking};
use crate::objects::{Guard, Objects};

/// The most keys in one request.
const MOST: usize = 1000;

pub(super) async fn delete(objects: &Objects, asked: DeleteObjectInput) -> Answer<DeleteObjectOutput> {
    unversioned(asked.version_id.as_deref())?;
    let guard = guard(asked.if_match, None)?;
    let objects = objects.clone();
    blocking(move || objects.remove(&asked.bucket, &asked.key, &guard)).await?;
    Ok(S3Response::new(DeleteObjectOutput::default()))
}

pub(super) async fn delete_many(objects: &Objects, asked: DeleteObjectsInput) -> Answer<DeleteObjectsOutput> {
    let (keys, quiet) = (asked.delete.objects, asked.delete.quiet.unwrap_or_default());
    if keys.is_empty() || keys.len() > MOST {
        let words = "The XML you provided was not well-formed or did not validate against our published schema";
        return Err(S3Error::with_message(S3ErrorCode::MalformedXML, words));
    }
    let (objects, bucket) = (objects.clone(), asked.bucket);
    let output = blocking(move || {
        objects.bucket(&bucket)?;
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in keys {
            let guard = object.e_tag.map_or(Guard::Always, |etag| Guard::Etag(etag.into_value()));
            match objects.remove(&bucket, &object.key, &guard) {
                Ok(()) => deleted.push(DeletedObject { key: Some(object.key), ..DeletedObject::default() }),
                Err(error) => errors.push(Error {
                    key: Some(object.key),
                    code: Some(error.code().into()),
                    message: Some(error.to_string()),
                    ..Error::default()
                }),
            }
        }
        let deleted = (!quiet).then_some(deleted);
        Ok(DeleteObjectsOutput { deleted, errors: Some(errors), ..DeleteObjectsOutput::default() })
    });
    Ok(S3Response::new(output.await?))
}
