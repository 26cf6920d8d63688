//! Simple Storage Service.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TEXT_MAP, TIME, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "getObject" => Some(&OBJECT),
        "headObject" => Some(&HEAD),
        "putObject" => Some(&PUT),
        "copyObject" => Some(&COPIED),
        "deleteObject" => Some(&DELETED),
        "listObjectsV2" => Some(&OBJECTS),
        "listBuckets" => Some(&BUCKETS),
        _ => None,
    }
}

const CLASS: Shape = Shape::OneOf(&[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
    "FSX_ONTAP",
]);
const ENCRYPTION: Shape = Shape::OneOf(&["AES256", "aws:fsx", "aws:backup", "aws:kms", "aws:kms:dsse"]);
const CHARGED: Shape = Shape::OneOf(&["requester"]);
const REPLICATION: Shape = Shape::OneOf(&["COMPLETE", "PENDING", "FAILED", "REPLICA", "COMPLETED"]);
const OWNER: Shape = Shape::Object(&[may("DisplayName", TEXT), may("ID", TEXT)]);

const OBJECT: Shape = Shape::Object(&[
    may("Body", TEXT),
    may("DeleteMarker", BOOLEAN),
    may("AcceptRanges", TEXT),
    may("Expiration", TEXT),
    may("Restore", TEXT),
    may("LastModified", TIME),
    may("ContentLength", NUMBER),
    may("ETag", TEXT),
    may("MissingMeta", NUMBER),
    may("VersionId", TEXT),
    may("CacheControl", TEXT),
    may("ContentDisposition", TEXT),
    may("ContentEncoding", TEXT),
    may("ContentLanguage", TEXT),
    may("ContentRange", TEXT),
    may("ContentType", TEXT),
    may("WebsiteRedirectLocation", TEXT),
    may("ServerSideEncryption", ENCRYPTION),
    may("Metadata", TEXT_MAP),
    may("BucketKeyEnabled", BOOLEAN),
    may("StorageClass", CLASS),
    may("RequestCharged", CHARGED),
    may("ReplicationStatus", REPLICATION),
    may("PartsCount", NUMBER),
    may("TagCount", NUMBER),
    may("ObjectLockMode", Shape::OneOf(&["GOVERNANCE", "COMPLIANCE"])),
    may("ObjectLockRetainUntilDate", TIME),
    may("ObjectLockLegalHoldStatus", Shape::OneOf(&["ON", "OFF"])),
]);

const HEAD: Shape = Shape::Object(&[
    may("DeleteMarker", BOOLEAN),
    may("AcceptRanges", TEXT),
    may("Expiration", TEXT),
    may("Restore", TEXT),
    may("ArchiveStatus", Shape::OneOf(&["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])),
    may("LastModified", TIME),
    may("ContentLength", NUMBER),
    may("ETag", TEXT),
    may("MissingMeta", NUMBER),
    may("VersionId", TEXT),
    may("CacheControl", TEXT),
    may("ContentEncoding", TEXT),
    may("ContentType", TEXT),
    may("ServerSideEncryption", ENCRYPTION),
    may("Metadata", TEXT_MAP),
    may("BucketKeyEnabled", BOOLEAN),
    may("StorageClass", CLASS),
    may("RequestCharged", CHARGED),
    may("ReplicationStatus", REPLICATION),
    may("PartsCount", NUMBER),
]);

const PUT: Shape = Shape::Object(&[
    may("Expiration", TEXT),
    may("ETag", TEXT),
    may("ServerSideEncryption", ENCRYPTION),
    may("VersionId", TEXT),
    may("BucketKeyEnabled", BOOLEAN),
    may("Size", NUMBER),
    may("RequestCharged", CHARGED),
]);

const COPIED: Shape = Shape::Object(&[
    may("CopyObjectResult", Shape::Object(&[may("ETag", TEXT), may("LastModified", TIME)])),
    may("Expiration", TEXT),
    may("CopySourceVersionId", TEXT),
    may("VersionId", TEXT),
    may("ServerSideEncryption", ENCRYPTION),
    may("BucketKeyEnabled", BOOLEAN),
    may("RequestCharged", CHARGED),
]);

const DELETED: Shape = Shape::Object(&[may("DeleteMarker", BOOLEAN), may("VersionId", TEXT), may("RequestCharged", CHARGED)]);

const OBJECTS: Shape = Shape::Object(&[
    may("IsTruncated", BOOLEAN),
    may("Contents", list(&Shape::Object(LISTED))),
    may("Name", TEXT),
    may("Prefix", TEXT),
    may("Delimiter", TEXT),
    may("MaxKeys", NUMBER),
    may("CommonPrefixes", list(&Shape::Object(&[may("Prefix", TEXT)]))),
    may("EncodingType", Shape::OneOf(&["url"])),
    may("KeyCount", NUMBER),
    may("ContinuationToken", TEXT),
    may("NextContinuationToken", TEXT),
    may("StartAfter", TEXT),
    may("RequestCharged", CHARGED),
]);

const LISTED: &[Member] = &[
    may("Key", text(1, usize::MAX)),
    may("LastModified", TIME),
    may("ETag", TEXT),
    may("Size", NUMBER),
    may("StorageClass", CLASS),
    may("Owner", OWNER),
];

const BUCKETS: Shape = Shape::Object(&[
    may("Buckets", list(&Shape::Object(&[may("Name", TEXT), may("CreationDate", TIME), may("BucketRegion", TEXT)]))),
    may("Owner", OWNER),
    may("ContinuationToken", TEXT),
    may("Prefix", TEXT),
]);
