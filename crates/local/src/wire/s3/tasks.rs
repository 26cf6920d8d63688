//! Operations that tasks call: the same ones, without HTTP. Parameters and answers are JSON, named as S3 names them.

mod answers;
mod parameters;

use fanout_engine::ObjectAnswer;
use s3s::dto::{
    CopyObjectInput, CopySource, CreateBucketConfiguration, CreateBucketInput, DeleteBucketInput, DeleteObjectInput,
    DeleteObjectTaggingInput, DeleteObjectsInput, GetBucketLocationInput, GetBucketVersioningInput, GetObjectInput, GetObjectTaggingInput,
    HeadBucketInput, HeadObjectInput, ListBucketsInput, ListObjectsInput, ListObjectsV2Input, PutObjectInput, PutObjectTaggingInput, Range,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};
use serde_json::{Map, Value};

use super::{buckets, copies, deletions, listing, reading, tags, writing};
use crate::objects::Objects;
use parameters::Parameters;

/// Makes a call and waits for it: not to be used within a runtime.
pub(crate) fn call(objects: &Objects, operation: &str, parameters: Map<String, Value>) -> ObjectAnswer {
    let answer = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime.block_on(answer(objects, operation, Parameters(parameters))),
        Err(error) => Err(S3Error::internal_error(error)),
    };
    match answer {
        Ok(members) => ObjectAnswer::Answered(members),
        Err(error) => ObjectAnswer::Failed {
            code: error.code().as_str().to_owned(),
            message: error.message().unwrap_or("We encountered an internal error. Please try again.").to_owned(),
        },
    }
}

async fn answer(objects: &Objects, operation: &str, asked: Parameters) -> S3Result<Map<String, Value>> {
    Ok(match operation {
        "copyObject" => answers::copied(copies::copy(objects, copy(asked)?).await?.output),
        "createBucket" => answers::created(buckets::create(objects, create(asked)).await?.output),
        "deleteBucket" => {
            buckets::delete(objects, DeleteBucketInput { bucket: asked.name("Bucket"), ..Default::default() }).await?;
            Map::new()
        }
        "deleteObject" => {
            deletions::delete(objects, delete(asked)?).await?;
            Map::new()
        }
        "deleteObjects" => answers::deleted(deletions::delete_many(objects, delete_many(asked)?).await?.output),
        "deleteObjectTagging" => {
            let (bucket, key, version_id) = (asked.name("Bucket"), asked.name("Key"), asked.text("VersionId"));
            tags::delete(objects, DeleteObjectTaggingInput { bucket, key, version_id, ..Default::default() }).await?;
            Map::new()
        }
        "getBucketLocation" => {
            let bucket = asked.name("Bucket");
            answers::located(buckets::location(objects, GetBucketLocationInput { bucket, ..Default::default() }).await?.output)
        }
        "getBucketVersioning" => {
            buckets::versioning(objects, GetBucketVersioningInput { bucket: asked.name("Bucket"), ..Default::default() }).await?;
            Map::new()
        }
        "getObject" => answers::read(reading::get(objects, get(asked)?).await?.output).await?,
        "getObjectTagging" => {
            let (bucket, key, version_id) = (asked.name("Bucket"), asked.name("Key"), asked.text("VersionId"));
            answers::tagged(tags::get(objects, GetObjectTaggingInput { bucket, key, version_id, ..Default::default() }).await?.output)
        }
        "headBucket" => {
            let bucket = asked.name("Bucket");
            answers::looked_at(buckets::head(objects, HeadBucketInput { bucket, ..Default::default() }).await?.output)
        }
        "headObject" => answers::described(reading::head(objects, head(asked)?).await?.output),
        "listBuckets" => answers::buckets(buckets::list(objects, list_buckets(&asked)).await?.output),
        "listObjects" => answers::listed(listing::list(objects, list(&asked)).await?.output),
        "listObjectsV2" => answers::listed_v2(listing::list_v2(objects, list_v2(&asked)).await?.output),
        "putObject" => answers::written(writing::put(objects, request(put(asked)?)).await?.output),
        "putObjectTagging" => {
            tags::put(objects, tag(&asked)).await?;
            Map::new()
        }
        other => return Err(S3Error::with_message(S3ErrorCode::NotImplemented, format!("fanout's S3 has no {other} for tasks"))),
    })
}

/// A request without anything that HTTP would add.
fn request(input: PutObjectInput) -> S3Request<PutObjectInput> {
    S3Request {
        input,
        method: http::Method::PUT,
        uri: http::Uri::default(),
        headers: http::HeaderMap::new(),
        extensions: http::Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}

fn get(asked: Parameters) -> S3Result<GetObjectInput> {
    let HeadObjectInput {
        bucket,
        key,
        version_id,
        range,
        part_number,
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
        ..
    } = head(asked)?;
    Ok(GetObjectInput {
        bucket,
        key,
        version_id,
        range,
        part_number,
        if_match,
        if_none_match,
        if_modified_since,
        if_unmodified_since,
        ..Default::default()
    })
}

fn head(asked: Parameters) -> S3Result<HeadObjectInput> {
    Ok(HeadObjectInput {
        bucket: asked.name("Bucket"),
        key: asked.name("Key"),
        version_id: asked.text("VersionId"),
        // S3 passes over a range that it cannot read.
        range: asked.text("Range").and_then(|range| Range::parse(&range).ok()),
        part_number: asked.integer("PartNumber"),
        if_match: asked.condition("IfMatch")?,
        if_none_match: asked.condition("IfNoneMatch")?,
        if_modified_since: asked.time("IfModifiedSince"),
        if_unmodified_since: asked.time("IfUnmodifiedSince"),
        ..Default::default()
    })
}

fn put(asked: Parameters) -> S3Result<PutObjectInput> {
    Ok(PutObjectInput {
        bucket: asked.name("Bucket"),
        key: asked.name("Key"),
        body: asked.body("Body"),
        cache_control: asked.text("CacheControl"),
        content_disposition: asked.text("ContentDisposition"),
        content_encoding: asked.text("ContentEncoding"),
        content_language: asked.text("ContentLanguage"),
        content_md5: asked.text("ContentMD5"),
        content_type: asked.text("ContentType"),
        if_match: asked.condition("IfMatch")?,
        if_none_match: asked.condition("IfNoneMatch")?,
        metadata: asked.metadata(),
        tagging: asked.text("Tagging"),
        website_redirect_location: asked.text("WebsiteRedirectLocation"),
        ..Default::default()
    })
}

fn copy(asked: Parameters) -> S3Result<CopyObjectInput> {
    let source = CopySource::parse(&asked.name("CopySource")).map_err(|_| {
        let words = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
        S3Error::with_message(S3ErrorCode::InvalidArgument, words)
    })?;
    let mut input = CopyObjectInput::builder();
    input.set_bucket(asked.name("Bucket"));
    input.set_key(asked.name("Key"));
    input.set_copy_source(source);
    input.set_copy_source_if_match(asked.condition("CopySourceIfMatch")?);
    input.set_copy_source_if_none_match(asked.condition("CopySourceIfNoneMatch")?);
    input.set_copy_source_if_modified_since(asked.time("CopySourceIfModifiedSince"));
    input.set_copy_source_if_unmodified_since(asked.time("CopySourceIfUnmodifiedSince"));
    input.set_cache_control(asked.text("CacheControl"));
    input.set_content_disposition(asked.text("ContentDisposition"));
    input.set_content_encoding(asked.text("ContentEncoding"));
    input.set_content_language(asked.text("ContentLanguage"));
    input.set_content_type(asked.text("ContentType"));
    input.set_metadata(asked.metadata());
    input.set_metadata_directive(asked.text("MetadataDirective").map(Into::into));
    input.set_tagging(asked.text("Tagging"));
    input.set_tagging_directive(asked.text("TaggingDirective").map(Into::into));
    input.set_website_redirect_location(asked.text("WebsiteRedirectLocation"));
    input.build().map_err(S3Error::internal_error)
}

fn delete(asked: Parameters) -> S3Result<DeleteObjectInput> {
    let (bucket, key, version_id) = (asked.name("Bucket"), asked.name("Key"), asked.text("VersionId"));
    Ok(DeleteObjectInput { bucket, key, version_id, if_match: asked.condition("IfMatch")?, ..Default::default() })
}

fn delete_many(asked: Parameters) -> S3Result<DeleteObjectsInput> {
    let mut input = DeleteObjectsInput::builder();
    input.set_bucket(asked.name("Bucket"));
    input.set_delete(asked.deletions());
    input.build().map_err(S3Error::internal_error)
}

fn create(asked: Parameters) -> CreateBucketInput {
    let constraint = asked.within("CreateBucketConfiguration").and_then(|configuration| configuration.text("LocationConstraint"));
    let configuration = CreateBucketConfiguration { location_constraint: constraint.map(Into::into), ..Default::default() };
    CreateBucketInput { bucket: asked.name("Bucket"), create_bucket_configuration: Some(configuration), ..Default::default() }
}

fn list_buckets(asked: &Parameters) -> ListBucketsInput {
    ListBucketsInput {
        bucket_region: asked.text("BucketRegion"),
        continuation_token: asked.text("ContinuationToken"),
        max_buckets: asked.integer("MaxBuckets"),
        prefix: asked.text("Prefix"),
    }
}

fn list(asked: &Parameters) -> ListObjectsInput {
    ListObjectsInput {
        bucket: asked.name("Bucket"),
        delimiter: asked.text("Delimiter"),
        encoding_type: asked.text("EncodingType").map(Into::into),
        marker: asked.text("Marker"),
        max_keys: asked.integer("MaxKeys"),
        prefix: asked.text("Prefix"),
        ..Default::default()
    }
}

fn list_v2(asked: &Parameters) -> ListObjectsV2Input {
    ListObjectsV2Input {
        bucket: asked.name("Bucket"),
        continuation_token: asked.text("ContinuationToken"),
        delimiter: asked.text("Delimiter"),
        encoding_type: asked.text("EncodingType").map(Into::into),
        max_keys: asked.integer("MaxKeys"),
        prefix: asked.text("Prefix"),
        start_after: asked.text("StartAfter"),
        ..Default::default()
    }
}

fn tag(asked: &Parameters) -> PutObjectTaggingInput {
    PutObjectTaggingInput {
        bucket: asked.name("Bucket"),
        key: asked.name("Key"),
        version_id: asked.text("VersionId"),
        tagging: asked.tagging(),
        checksum_algorithm: None,
        content_md5: None,
        expected_bucket_owner: None,
        request_payer: None,
    }
}

#[cfg(test)]
mod tests;
