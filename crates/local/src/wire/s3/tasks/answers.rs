//! The library's answers as a task has them: what is absent is left out, and so are empty lists, as they are in S3's XML.

use jiff::Timestamp;
use s3s::dto::{
    self, CopyObjectOutput, CreateBucketOutput, DeleteObjectsOutput, ETag, GetBucketLocationOutput, GetObjectOutput,
    GetObjectTaggingOutput, HeadBucketOutput, HeadObjectOutput, ListBucketsOutput, ListObjectsOutput, ListObjectsV2Output, PutObjectOutput,
    TimestampFormat,
};
use s3s::{S3Error, S3ErrorCode, S3Result};
use serde_json::{Map, Value, json};

/// Far more than a task may have, unless limits are switched off.
const LARGEST_BODY: usize = 64 << 20;

/// Members that are there.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn put(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    fn list<T>(self, name: &str, items: Option<Vec<T>>, member: impl Fn(T) -> Map<String, Value>) -> Self {
        let items = items.filter(|items| !items.is_empty());
        self.put(name, items.map(|items| items.into_iter().map(|item| Value::Object(member(item))).collect::<Vec<_>>()))
    }
}

/// In quotes, as S3 has them.
fn quoted(etag: Option<ETag>) -> Option<String> {
    etag.map(|etag| format!("\"{}\"", etag.value()))
}

fn time(time: Option<dto::Timestamp>) -> Option<String> {
    let mut text = Vec::new();
    time?.format(TimestampFormat::DateTime, &mut text).ok()?;
    let text = String::from_utf8(text).ok()?;
    // Whole seconds without a fraction.
    Some(text.parse::<Timestamp>().map_or(text, |time| time.to_string()))
}

/// GetObject and HeadObject describe an object in the same words.
macro_rules! description {
    ($output:expr) => {{
        let output = $output;
        let metadata: Map<String, Value> =
            output.metadata.into_iter().flatten().map(|(name, value)| (name, Value::String(value))).collect();
        Members::default()
            .put("AcceptRanges", output.accept_ranges)
            .put("CacheControl", output.cache_control)
            .put("ContentDisposition", output.content_disposition)
            .put("ContentEncoding", output.content_encoding)
            .put("ContentLanguage", output.content_language)
            .put("ContentLength", output.content_length)
            .put("ContentRange", output.content_range)
            .put("ContentType", output.content_type)
            .put("ETag", quoted(output.e_tag))
            .put("Expires", time(output.expires))
            .put("LastModified", time(output.last_modified))
            .put("Metadata", Some(metadata))
            .put("PartsCount", output.parts_count)
            .put("WebsiteRedirectLocation", output.website_redirect_location)
    }};
}

pub(super) fn described(output: HeadObjectOutput) -> Map<String, Value> {
    description!(output).0
}

pub(super) async fn read(mut output: GetObjectOutput) -> S3Result<Map<String, Value>> {
    let mut body: s3s::Body = output.body.take().map_or_else(s3s::Body::empty, Into::into);
    let bytes = body.store_all_limited(LARGEST_BODY).await.map_err(|_| {
        let words = format!("The object is larger than the {LARGEST_BODY} bytes that fanout reads for a task");
        S3Error::with_message(S3ErrorCode::EntityTooLarge, words)
    })?;
    let tags = output.tag_count;
    Ok(description!(output).put("TagCount", tags).put("Body", Some(String::from_utf8_lossy(&bytes).into_owned())).0)
}

pub(super) fn written(output: PutObjectOutput) -> Map<String, Value> {
    Members::default().put("ETag", quoted(output.e_tag)).0
}

pub(super) fn copied(output: CopyObjectOutput) -> Map<String, Value> {
    let result = output
        .copy_object_result
        .map(|result| Members::default().put("ETag", quoted(result.e_tag)).put("LastModified", time(result.last_modified)).0);
    Members::default().put("CopyObjectResult", result).0
}

pub(super) fn deleted(output: DeleteObjectsOutput) -> Map<String, Value> {
    Members::default()
        .list("Deleted", output.deleted, |deleted| Members::default().put("Key", deleted.key).0)
        .list("Errors", output.errors, |error| {
            Members::default().put("Code", error.code).put("Key", error.key).put("Message", error.message).0
        })
        .0
}

pub(super) fn created(output: CreateBucketOutput) -> Map<String, Value> {
    Members::default().put("Location", output.location).0
}

pub(super) fn located(output: GetBucketLocationOutput) -> Map<String, Value> {
    Members::default().put("LocationConstraint", output.location_constraint.map(|region| region.as_str().to_owned())).0
}

pub(super) fn looked_at(output: HeadBucketOutput) -> Map<String, Value> {
    Members::default().put("BucketRegion", output.bucket_region).0
}

pub(super) fn tagged(output: GetObjectTaggingOutput) -> Map<String, Value> {
    let tags: Vec<Value> = output.tag_set.into_iter().map(|tag| json!({"Key": tag.key, "Value": tag.value})).collect();
    Members::default().put("TagSet", Some(tags)).0
}

pub(super) fn buckets(output: ListBucketsOutput) -> Map<String, Value> {
    Members::default()
        .put("Buckets", output.buckets.map(|buckets| buckets.into_iter().map(bucket).collect::<Vec<_>>()))
        .put("ContinuationToken", output.continuation_token)
        .put("Owner", output.owner.map(|owner| Members::default().put("ID", owner.id).0))
        .put("Prefix", output.prefix)
        .0
}

fn bucket(bucket: dto::Bucket) -> Value {
    let members = Members::default()
        .put("BucketRegion", bucket.bucket_region)
        .put("CreationDate", time(bucket.creation_date))
        .put("Name", bucket.name);
    Value::Object(members.0)
}

/// Both lists of objects say the same of each.
macro_rules! listing {
    ($output:expr) => {{
        let output = $output;
        Members::default()
            .list("CommonPrefixes", output.common_prefixes, |prefix| Members::default().put("Prefix", prefix.prefix).0)
            .list("Contents", output.contents, object)
            .put("Delimiter", output.delimiter)
            .put("EncodingType", output.encoding_type.map(|code| code.as_str().to_owned()))
            .put("IsTruncated", output.is_truncated)
            .put("MaxKeys", output.max_keys)
            .put("Name", output.name)
            .put("Prefix", output.prefix)
    }};
}

pub(super) fn listed(mut output: ListObjectsOutput) -> Map<String, Value> {
    let (marker, next) = (output.marker.take(), output.next_marker.take());
    listing!(output).put("Marker", marker).put("NextMarker", next).0
}

pub(super) fn listed_v2(mut output: ListObjectsV2Output) -> Map<String, Value> {
    let (token, next) = (output.continuation_token.take(), output.next_continuation_token.take());
    let (count, after) = (output.key_count, output.start_after.take());
    listing!(output).put("ContinuationToken", token).put("KeyCount", count).put("NextContinuationToken", next).put("StartAfter", after).0
}

fn object(object: dto::Object) -> Map<String, Value> {
    Members::default()
        .put("ETag", quoted(object.e_tag))
        .put("Key", object.key)
        .put("LastModified", time(object.last_modified))
        .put("Size", object.size)
        .put("StorageClass", object.storage_class.map(|class| class.as_str().to_owned()))
        .0
}
