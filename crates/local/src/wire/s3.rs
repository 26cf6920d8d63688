//! S3: the protocol is the library's, what there is in the buckets is [`Objects`]'s.
//!
//! Each operation is a function in the file of its kind; here they are only named.

mod access;
mod addresses;
mod bodies;
mod buckets;
mod conditions;
mod copies;
mod deletions;
mod details;
mod listing;
mod reading;
mod tags;
mod tasks;
mod uploads;
mod writing;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::dto;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use std::sync::Arc;

pub use access::Access;
pub(super) use addresses::is_for_objects;
pub(crate) use tasks::call;

use super::guard::refuse_web_pages;
use super::request_id::RequestIds;
use crate::objects::{ObjectError, Objects};

/// The largest XML: ten thousand parts with their checksums.
const LARGEST_XML: usize = 4 << 20;
/// The library keeps what a form uploads in memory.
const LARGEST_FORM: u64 = 2 << 20;

/// Serves `objects` as S3 beside what `router` serves.
pub fn with_objects(router: Router, objects: Objects, access: Access) -> Router {
    let door = Door { s3: service(objects, access), ids: RequestIds::new() };
    router.layer(middleware::from_fn_with_state(door, objects_or_on)).layer(middleware::from_fn(refuse_web_pages))
}

#[derive(Clone)]
struct Door {
    s3: S3Service,
    ids: RequestIds,
}

fn service(objects: Objects, access: Access) -> S3Service {
    let mut config = S3Config::default();
    config.xml_max_body_size = LARGEST_XML;
    config.post_object_max_file_size = LARGEST_FORM;
    let mut builder = S3ServiceBuilder::new(Face { objects });
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    builder.set_host(addresses::Localhost);
    builder.set_access(access.clone());
    builder.set_auth(access);
    builder.build()
}

async fn objects_or_on(State(door): State<Door>, request: Request, next: Next) -> Response {
    if !is_for_objects(&request) {
        return next.run(request).await;
    }
    let mut response = match door.s3.call(request.map(s3s::Body::http_body_unsync)).await {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(?error, "a request for objects was not answered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    if let Ok(id) = HeaderValue::from_str(&door.ids.next()) {
        response.headers_mut().insert("x-amz-request-id", id);
    }
    response
}

/// What answers once the library has understood a request.
struct Face {
    objects: Objects,
}

/// The index and the disk are waited for elsewhere: the runtime has one thread.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, ObjectError> + Send + 'static) -> S3Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(S3Error::internal_error(error)),
    }
}

impl From<ObjectError> for S3Error {
    fn from(error: ObjectError) -> Self {
        if let ObjectError::Internal(cause) = &error {
            tracing::error!(%cause, "objects cannot be read or written");
        }
        let code = S3ErrorCode::from_bytes(error.code().as_bytes()).unwrap_or(S3ErrorCode::InternalError);
        Self::with_message(code, error.to_string())
    }
}

type Answer<T> = S3Result<S3Response<T>>;

#[async_trait::async_trait]
impl S3 for Face {
    async fn list_buckets(&self, asked: S3Request<dto::ListBucketsInput>) -> Answer<dto::ListBucketsOutput> {
        buckets::list(&self.objects, asked.input).await
    }

    async fn create_bucket(&self, asked: S3Request<dto::CreateBucketInput>) -> Answer<dto::CreateBucketOutput> {
        buckets::create(&self.objects, asked.input).await
    }

    async fn delete_bucket(&self, asked: S3Request<dto::DeleteBucketInput>) -> Answer<dto::DeleteBucketOutput> {
        buckets::delete(&self.objects, asked.input).await
    }

    async fn head_bucket(&self, asked: S3Request<dto::HeadBucketInput>) -> Answer<dto::HeadBucketOutput> {
        buckets::head(&self.objects, asked.input).await
    }

    async fn get_bucket_location(&self, asked: S3Request<dto::GetBucketLocationInput>) -> Answer<dto::GetBucketLocationOutput> {
        buckets::location(&self.objects, asked.input).await
    }

    async fn get_bucket_versioning(&self, asked: S3Request<dto::GetBucketVersioningInput>) -> Answer<dto::GetBucketVersioningOutput> {
        buckets::versioning(&self.objects, asked.input).await
    }

    async fn list_objects(&self, asked: S3Request<dto::ListObjectsInput>) -> Answer<dto::ListObjectsOutput> {
        listing::list(&self.objects, asked.input).await
    }

    async fn list_objects_v2(&self, asked: S3Request<dto::ListObjectsV2Input>) -> Answer<dto::ListObjectsV2Output> {
        listing::list_v2(&self.objects, asked.input).await
    }

    async fn get_object(&self, asked: S3Request<dto::GetObjectInput>) -> Answer<dto::GetObjectOutput> {
        reading::get(&self.objects, asked.input).await
    }

    async fn head_object(&self, asked: S3Request<dto::HeadObjectInput>) -> Answer<dto::HeadObjectOutput> {
        reading::head(&self.objects, asked.input).await
    }

    async fn put_object(&self, asked: S3Request<dto::PutObjectInput>) -> Answer<dto::PutObjectOutput> {
        writing::put(&self.objects, asked).await
    }

    async fn copy_object(&self, asked: S3Request<dto::CopyObjectInput>) -> Answer<dto::CopyObjectOutput> {
        copies::copy(&self.objects, asked.input).await
    }

    async fn delete_object(&self, asked: S3Request<dto::DeleteObjectInput>) -> Answer<dto::DeleteObjectOutput> {
        deletions::delete(&self.objects, asked.input).await
    }

    async fn delete_objects(&self, asked: S3Request<dto::DeleteObjectsInput>) -> Answer<dto::DeleteObjectsOutput> {
        deletions::delete_many(&self.objects, asked.input).await
    }

    async fn get_object_tagging(&self, asked: S3Request<dto::GetObjectTaggingInput>) -> Answer<dto::GetObjectTaggingOutput> {
        tags::get(&self.objects, asked.input).await
    }

    async fn put_object_tagging(&self, asked: S3Request<dto::PutObjectTaggingInput>) -> Answer<dto::PutObjectTaggingOutput> {
        tags::put(&self.objects, asked.input).await
    }

    async fn delete_object_tagging(&self, asked: S3Request<dto::DeleteObjectTaggingInput>) -> Answer<dto::DeleteObjectTaggingOutput> {
        tags::delete(&self.objects, asked.input).await
    }

    async fn create_multipart_upload(&self, asked: S3Request<dto::CreateMultipartUploadInput>) -> Answer<dto::CreateMultipartUploadOutput> {
        uploads::begin(&self.objects, asked.input).await
    }

    async fn upload_part(&self, asked: S3Request<dto::UploadPartInput>) -> Answer<dto::UploadPartOutput> {
        writing::put_part(&self.objects, asked).await
    }

    async fn upload_part_copy(&self, asked: S3Request<dto::UploadPartCopyInput>) -> Answer<dto::UploadPartCopyOutput> {
        copies::copy_part(&self.objects, asked.input).await
    }

    async fn list_parts(&self, asked: S3Request<dto::ListPartsInput>) -> Answer<dto::ListPartsOutput> {
        uploads::parts(&self.objects, asked.input).await
    }

    async fn list_multipart_uploads(&self, asked: S3Request<dto::ListMultipartUploadsInput>) -> Answer<dto::ListMultipartUploadsOutput> {
        uploads::list(&self.objects, asked.input).await
    }

    async fn complete_multipart_upload(
        &self,
        asked: S3Request<dto::CompleteMultipartUploadInput>,
    ) -> Answer<dto::CompleteMultipartUploadOutput> {
        uploads::complete(&self.objects, asked).await
    }

    async fn abort_multipart_upload(&self, asked: S3Request<dto::AbortMultipartUploadInput>) -> Answer<dto::AbortMultipartUploadOutput> {
        uploads::abort(&self.objects, asked.input).await
    }
}

#[cfg(test)]
mod tests;
