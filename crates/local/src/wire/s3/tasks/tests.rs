use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::testing::Dir;

/// A bucket `b`, and what tasks make of it.
struct Store {
    objects: Objects,
    _directory: Dir,
}

impl Store {
    fn new() -> Self {
        let directory = Dir::new();
        let objects = Objects::open(directory.path().join("objects")).unwrap();
        let store = Self { objects, _directory: directory };
        assert_eq!(store.ok("createBucket", json!({"Bucket": "bbb"})), json!({"Location": "/bbb"}));
        store
    }

    fn ok(&self, operation: &str, parameters: Value) -> Value {
        match call(&self.objects, operation, parameters.as_object().cloned().unwrap()) {
            ObjectAnswer::Answered(members) => Value::Object(members),
            other => panic!("{operation} {parameters}: {other:?}"),
        }
    }

    fn refused(&self, operation: &str, parameters: Value) -> String {
        match call(&self.objects, operation, parameters.as_object().cloned().unwrap()) {
            ObjectAnswer::Failed { code, .. } => code,
            other => panic!("{operation} {parameters}: {other:?}"),
        }
    }
}

/// The ETag of `text`, as `md5sum` has it.
const ETAG: &str = "\"1cb251ec0d568de6a929b520c4aed8d1\"";

/// API Reference of S3, PutObject, GetObject, HeadObject: members; their form is that of the AWS SDK integrations.
#[test]
fn a_task_writes_an_object_and_reads_it_with_all_that_is_known_of_it() {
    let store = Store::new();
    let put = json!({"Bucket": "bbb", "Key": "a/b", "Body": "text", "ContentType": "text/plain", "Metadata": {"Made-By": "me"}, "Tagging": "k=v"});
    assert_eq!(store.ok("putObject", put), json!({"ETag": ETAG}));
    let mut read = store.ok("getObject", json!({"Bucket": "bbb", "Key": "a/b"}));
    let stored: Timestamp = read["LastModified"].take().as_str().unwrap().parse().unwrap();
    assert_eq!(stored.subsec_nanosecond(), 0);
    let expected = json!({
        "AcceptRanges": "bytes", "Body": "text", "ContentLength": 4, "ContentType": "text/plain", "ETag": ETAG, "LastModified": null,
        "Metadata": {"made-by": "me"}, "TagCount": 1,
    });
    assert_eq!(read, expected);
    let head = store.ok("headObject", json!({"Bucket": "bbb", "Key": "a/b"}));
    assert_eq!((&head["ContentLength"], &head["ETag"], head.get("Body")), (&json!(4), &json!(ETAG), None));
    let part = store.ok("getObject", json!({"Bucket": "bbb", "Key": "a/b", "Range": "bytes=1-2"}));
    assert_eq!((&part["Body"], &part["ContentRange"], &part["ContentLength"]), (&json!("ex"), &json!("bytes 1-2/4"), &json!(2)));
    let tags = store.ok("getObjectTagging", json!({"Bucket": "bbb", "Key": "a/b"}));
    assert_eq!(tags, json!({"TagSet": [{"Key": "k", "Value": "v"}]}));
    store.ok("putObjectTagging", json!({"Bucket": "bbb", "Key": "a/b", "Tagging": {"TagSet": [{"Key": "x", "Value": "y"}]}}));
    let tags = store.ok("getObjectTagging", json!({"Bucket": "bbb", "Key": "a/b"}));
    assert_eq!(tags, json!({"TagSet": [{"Key": "x", "Value": "y"}]}));
    assert_eq!(store.ok("deleteObjectTagging", json!({"Bucket": "bbb", "Key": "a/b"})), json!({}));
    assert_eq!(store.ok("getObjectTagging", json!({"Bucket": "bbb", "Key": "a/b"})), json!({"TagSet": []}));
    store.ok("putObject", json!({"Bucket": "bbb", "Key": "json", "Body": {"a": [1]}}));
    assert_eq!(store.ok("getObject", json!({"Bucket": "bbb", "Key": "json"}))["Body"], "{\"a\":[1]}");
}

#[test]
fn a_task_lists_page_by_page_and_by_folder() {
    let store = Store::new();
    for key in ["a/1", "a/2", "b/1", "c"] {
        store.ok("putObject", json!({"Bucket": "bbb", "Key": key, "Body": "text"}));
    }
    let first = store.ok("listObjectsV2", json!({"Bucket": "bbb", "MaxKeys": 3}));
    assert_eq!((&first["KeyCount"], &first["IsTruncated"], &first["Name"]), (&json!(3), &json!(true), &json!("bbb")));
    let object = &first["Contents"][0];
    assert_eq!(
        (&object["Key"], &object["ETag"], &object["Size"], &object["StorageClass"]),
        (&json!("a/1"), &json!(ETAG), &json!(4), &json!("STANDARD"))
    );
    let rest = store.ok("listObjectsV2", json!({"Bucket": "bbb", "ContinuationToken": first["NextContinuationToken"]}));
    assert_eq!((&rest["Contents"][0]["Key"], &rest["IsTruncated"], rest.get("NextContinuationToken")), (&json!("c"), &json!(false), None));
    let folders = store.ok("listObjectsV2", json!({"Bucket": "bbb", "Delimiter": "/", "StartAfter": "a/2"}));
    assert_eq!((&folders["CommonPrefixes"], &folders["Contents"][0]["Key"]), (&json!([{"Prefix": "b/"}]), &json!("c")));
    let none = store.ok("listObjectsV2", json!({"Bucket": "bbb", "Prefix": "z"}));
    assert_eq!(none, json!({"IsTruncated": false, "KeyCount": 0, "MaxKeys": 1000, "Name": "bbb", "Prefix": "z"}));
    let old = store.ok("listObjects", json!({"Bucket": "bbb", "Marker": "b/1"}));
    assert_eq!((&old["Contents"][0]["Key"], &old["Marker"]), (&json!("c"), &json!("b/1")));
}

#[test]
fn a_task_copies_and_deletes() {
    let store = Store::new();
    store.ok("putObject", json!({"Bucket": "bbb", "Key": "a", "Body": "text", "ContentType": "text/plain"}));
    let copied = store.ok("copyObject", json!({"Bucket": "bbb", "Key": "b", "CopySource": "bbb/a"}));
    assert_eq!(copied["CopyObjectResult"]["ETag"], ETAG);
    let replaced = json!({
        "Bucket": "bbb", "Key": "c", "CopySource": "/bbb/a", "MetadataDirective": "REPLACE", "ContentType": "text/css",
        "CopySourceIfMatch": ETAG.trim_matches('"'),
    });
    store.ok("copyObject", replaced);
    assert_eq!(store.ok("headObject", json!({"Bucket": "bbb", "Key": "b"}))["ContentType"], "text/plain");
    assert_eq!(store.ok("headObject", json!({"Bucket": "bbb", "Key": "c"}))["ContentType"], "text/css");
    assert_eq!(store.ok("deleteObject", json!({"Bucket": "bbb", "Key": "a"})), json!({}));
    assert_eq!(store.refused("getObject", json!({"Bucket": "bbb", "Key": "a"})), "NoSuchKey");
    assert_eq!(store.refused("deleteBucket", json!({"Bucket": "bbb"})), "BucketNotEmpty");
    let many = json!({"Bucket": "bbb", "Delete": {"Objects": [{"Key": "b"}, {"Key": "c", "ETag": "other"}]}});
    let deleted = store.ok("deleteObjects", many);
    assert_eq!((&deleted["Deleted"], &deleted["Errors"][0]["Code"]), (&json!([{"Key": "b"}]), &json!("PreconditionFailed")));
    assert_eq!(store.ok("deleteObjects", json!({"Bucket": "bbb", "Delete": {"Objects": [{"Key": "c"}], "Quiet": true}})), json!({}));
    assert_eq!(store.ok("deleteBucket", json!({"Bucket": "bbb"})), json!({}));
}

#[test]
fn a_task_makes_buckets_and_looks_at_them() {
    let store = Store::new();
    store.ok("createBucket", json!({"Bucket": "there", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}));
    let listed = store.ok("listBuckets", json!({"Prefix": "th"}));
    assert_eq!((&listed["Buckets"][0]["Name"], &listed["Buckets"][0]["BucketRegion"]), (&json!("there"), &json!("eu-west-1")));
    assert!(listed["Buckets"][0]["CreationDate"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{listed}");
    assert_eq!(store.ok("headBucket", json!({"Bucket": "there"})), json!({"BucketRegion": "eu-west-1"}));
    assert_eq!(store.ok("getBucketLocation", json!({"Bucket": "there"})), json!({"LocationConstraint": "eu-west-1"}));
    assert_eq!(store.ok("getBucketVersioning", json!({"Bucket": "there"})), json!({}));
}

#[test]
fn what_s3_refuses_a_task_is_refused() {
    let store = Store::new();
    store.ok("putObject", json!({"Bucket": "bbb", "Key": "a", "Body": "text"}));
    for (operation, parameters, code) in [
        ("getObject", json!({"Bucket": "none", "Key": "a"}), "NoSuchBucket"),
        ("headObject", json!({"Bucket": "bbb", "Key": "none"}), "NoSuchKey"),
        ("headBucket", json!({"Bucket": "none"}), "NoSuchBucket"),
        ("getObject", json!({"Bucket": "bbb", "Key": "a", "Range": "bytes=9-"}), "InvalidRange"),
        ("getObject", json!({"Bucket": "bbb", "Key": "a", "IfNoneMatch": ETAG}), "NotModified"),
        ("getObject", json!({"Bucket": "bbb", "Key": "a", "IfModifiedSince": "2200-01-01T00:00:00Z"}), "NotModified"),
        ("getObject", json!({"Bucket": "bbb", "Key": "a", "VersionId": "v"}), "NoSuchVersion"),
        ("putObject", json!({"Bucket": "bbb", "Key": "a", "Body": "", "IfNoneMatch": "*"}), "PreconditionFailed"),
        ("putObject", json!({"Bucket": "bbb", "Key": "a", "Body": "text", "ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}), "BadDigest"),
        ("copyObject", json!({"Bucket": "bbb", "Key": "a", "CopySource": "nothing"}), "InvalidArgument"),
        ("createBucket", json!({"Bucket": "B"}), "InvalidBucketName"),
        ("listObjectsV2", json!({"Bucket": "bbb", "ContinuationToken": "!"}), "InvalidArgument"),
    ] {
        assert_eq!(store.refused(operation, parameters.clone()), code, "{operation} {parameters}");
    }
}
