//! S3: an object in, an object out.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use fanout_core::call::{CallError, DeleteObject, PutObject};

use crate::failure::failure;

pub(crate) async fn put(client: &Client, PutObject { bucket, key, body }: &PutObject) -> Result<(), CallError> {
    let body = ByteStream::from(body.as_bytes().to_vec());
    let call = client.put_object().bucket(bucket).key(key).content_type("application/json").body(body);
    call.send().await.map(drop).map_err(|error| failure("s3:PutObject", error))
}

pub(crate) async fn delete(client: &Client, DeleteObject { bucket, key }: &DeleteObject) -> Result<(), CallError> {
    let call = client.delete_object().bucket(bucket).key(key);
    call.send().await.map(drop).map_err(|error| failure("s3:DeleteObject", error))
}
