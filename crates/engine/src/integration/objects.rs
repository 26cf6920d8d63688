//! `aws-sdk:s3:…`: calls on buckets and objects. They are made outside; here are the operations that a task can call, and
//! the parameters that are heeded. Any other one fails the task by name.

use fanout_asl::services::missing;
use fanout_asl::{FailureStage, Payload};
use serde_json::{Map, Value};

use super::sdk::{exception, members};
use super::{Integration, Waiting};
use crate::objects::{ObjectAnswer, ObjectCall, ObjectCallId};

/// A parameter that is heeded: its name, what it must be, whether it must be there.
struct Member(&'static str, Kind, bool);

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// ISO 8601.
    Time,
    /// An object of text.
    Texts,
    /// Anything: text is taken as it is, the rest as JSON (recorded: a number as a Body).
    Blob,
    Structure(&'static [Member]),
    List(&'static [Member]),
}

const fn must(name: &'static str, kind: Kind) -> Member {
    Member(name, kind, true)
}

const fn may(name: &'static str, kind: Kind) -> Member {
    Member(name, kind, false)
}

const BUCKET: Member = must("Bucket", Kind::Text);
const KEY: Member = must("Key", Kind::Text);
const VERSION: Member = may("VersionId", Kind::Text);

const READ: &[Member] = &[
    BUCKET,
    KEY,
    VERSION,
    may("Range", Kind::Text),
    may("PartNumber", Kind::Integer),
    may("IfMatch", Kind::Text),
    may("IfNoneMatch", Kind::Text),
    may("IfModifiedSince", Kind::Time),
    may("IfUnmodifiedSince", Kind::Time),
];

const PUT: &[Member] = &[
    BUCKET,
    KEY,
    may("Body", Kind::Blob),
    may("CacheControl", Kind::Text),
    may("ContentDisposition", Kind::Text),
    may("ContentEncoding", Kind::Text),
    may("ContentLanguage", Kind::Text),
    may("ContentMD5", Kind::Text),
    may("ContentType", Kind::Text),
    may("IfMatch", Kind::Text),
    may("IfNoneMatch", Kind::Text),
    may("Metadata", Kind::Texts),
    may("Tagging", Kind::Text),
    may("WebsiteRedirectLocation", Kind::Text),
];

const COPY: &[Member] = &[
    BUCKET,
    KEY,
    must("CopySource", Kind::Text),
    may("CacheControl", Kind::Text),
    may("ContentDisposition", Kind::Text),
    may("ContentEncoding", Kind::Text),
    may("ContentLanguage", Kind::Text),
    may("ContentType", Kind::Text),
    may("CopySourceIfMatch", Kind::Text),
    may("CopySourceIfModifiedSince", Kind::Time),
    may("CopySourceIfNoneMatch", Kind::Text),
    may("CopySourceIfUnmodifiedSince", Kind::Time),
    may("Metadata", Kind::Texts),
    may("MetadataDirective", Kind::Text),
    may("Tagging", Kind::Text),
    may("TaggingDirective", Kind::Text),
    may("WebsiteRedirectLocation", Kind::Text),
];

const DELETE_MANY: &[Member] = &[
    BUCKET,
    must("Delete", Kind::Structure(&[must("Objects", Kind::List(&[KEY, may("ETag", Kind::Text)])), may("Quiet", Kind::Boolean)])),
];

const LIST: &[Member] = &[
    BUCKET,
    may("Delimiter", Kind::Text),
    may("EncodingType", Kind::Text),
    may("MaxKeys", Kind::Integer),
    may("Prefix", Kind::Text),
    may("Marker", Kind::Text),
];

const LIST_V2: &[Member] = &[
    BUCKET,
    may("ContinuationToken", Kind::Text),
    may("Delimiter", Kind::Text),
    may("EncodingType", Kind::Text),
    may("MaxKeys", Kind::Integer),
    may("Prefix", Kind::Text),
    may("StartAfter", Kind::Text),
];

const LIST_BUCKETS: &[Member] =
    &[may("BucketRegion", Kind::Text), may("ContinuationToken", Kind::Text), may("MaxBuckets", Kind::Integer), may("Prefix", Kind::Text)];

const CREATE_BUCKET: &[Member] = &[BUCKET, may("CreateBucketConfiguration", Kind::Structure(&[may("LocationConstraint", Kind::Text)]))];

const TAG: &[Member] = &[
    BUCKET,
    KEY,
    VERSION,
    must("Tagging", Kind::Structure(&[must("TagSet", Kind::List(&[must("Key", Kind::Text), must("Value", Kind::Text)]))])),
];

/// The operations that a task can call.
const OPERATIONS: &[(&str, &[Member])] = &[
    ("copyObject", COPY),
    ("createBucket", CREATE_BUCKET),
    ("deleteBucket", &[BUCKET]),
    ("deleteObject", &[BUCKET, KEY, VERSION, may("IfMatch", Kind::Text)]),
    ("deleteObjectTagging", &[BUCKET, KEY, VERSION]),
    ("deleteObjects", DELETE_MANY),
    ("getBucketLocation", &[BUCKET]),
    ("getBucketVersioning", &[BUCKET]),
    ("getObject", READ),
    ("getObjectTagging", &[BUCKET, KEY, VERSION]),
    ("headBucket", &[BUCKET]),
    ("headObject", READ),
    ("listBuckets", LIST_BUCKETS),
    ("listObjects", LIST),
    ("listObjectsV2", LIST_V2),
    ("putObject", PUT),
    ("putObjectTagging", TAG),
];

/// S3's errors that the SDK has exceptions for (API model of S3); all others are `S3Exception`, as public state machines
/// catch them.
const EXCEPTIONS: [&str; 13] = [
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "EncryptionTypeMismatch",
    "IdempotencyParameterMismatch",
    "InvalidObjectState",
    "InvalidRequest",
    "InvalidWriteOffset",
    "NoSuchBucket",
    "NoSuchKey",
    "NoSuchUpload",
    "ObjectAlreadyInActiveTierError",
    "ObjectNotInActiveTierError",
    "TooManyParts",
];

impl Integration {
    /// A call on objects.
    pub(super) fn call_objects(&mut self, waiting: Waiting, operation: &str, parameters: &Payload) {
        let Some((_, heeded)) = OPERATIONS.iter().find(|(name, _)| *name == operation) else {
            return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:s3:{operation}"));
        };
        let taken = members("s3", operation, parameters.value());
        let members = match taken.and_then(|members| check(operation, heeded, &members).map(|()| members)) {
            Ok(members) => members,
            Err(problem) => return self.not_startable(waiting, parameters, &problem),
        };
        let id = ObjectCallId(self.next_object);
        self.next_object += 2;
        self.reading.insert(id, waiting);
        self.object_calls.push_back((id, ObjectCall::Operation { operation: operation.to_owned(), parameters: members }));
    }

    /// S3 has answered; whether the answer was for a Task.
    pub(crate) fn object_answered(&mut self, id: ObjectCallId, answer: &ObjectAnswer) -> bool {
        let Some(waiting) = self.reading.remove(&id) else {
            return false;
        };
        let (code, message) = match answer {
            ObjectAnswer::Answered(members) => {
                self.report_success(waiting, Payload::from_value(Value::Object(members.clone())));
                return true;
            }
            ObjectAnswer::Failed { code, message } => (code.as_str(), message.as_str()),
            // A Task never asks for these.
            ObjectAnswer::Read(_) | ObjectAnswer::Listed(_) | ObjectAnswer::Written => {
                ("InternalError", "This is no answer to a Task's call")
            }
        };
        let request = self.ids.uuid();
        let cause = format!("{message} (Service: S3, Status Code: {}, Request ID: {request})", status(code));
        let error = if EXCEPTIONS.contains(&code) { exception(code) } else { "S3Exception".into() };
        self.report_failure(waiting, FailureStage::Run, format!("S3.{error}"), cause);
        true
    }
}

/// Why an operation is not called with these parameters.
fn check(operation: &str, heeded: &[Member], members: &Map<String, Value>) -> Result<(), String> {
    if let Some(Member(name, ..)) = heeded.iter().find(|Member(name, _, required)| *required && !members.contains_key(*name)) {
        return Err(missing(name));
    }
    members.iter().try_for_each(|(name, value)| match heeded.iter().find(|Member(known, ..)| known == name) {
        Some(Member(_, kind, _)) => kind.check(operation, name, value),
        None => Err(format!("the field \"{name}\" of {operation} is not available in this engine")),
    })
}

impl Kind {
    fn check(self, operation: &str, name: &str, value: &Value) -> Result<(), String> {
        let what = match (self, value) {
            (Self::Blob, _) | (Self::Text, Value::String(_)) | (Self::Boolean, Value::Bool(_)) => return Ok(()),
            (Self::Integer, number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => return Ok(()),
            (Self::Time, Value::String(text)) if text.parse::<jiff::Timestamp>().is_ok() => return Ok(()),
            (Self::Texts, Value::Object(texts)) => {
                return texts.iter().try_for_each(|(name, text)| Self::Text.check(operation, name, text));
            }
            (Self::Structure(heeded), Value::Object(members)) => return check(operation, heeded, members),
            (Self::List(heeded), Value::Array(items)) => {
                return items.iter().try_for_each(|item| Self::Structure(heeded).check(operation, name, item));
            }
            (Self::Text, _) => "a STRING",
            (Self::Integer, _) => "an INTEGER",
            (Self::Boolean, _) => "a BOOLEAN",
            (Self::Time, _) => "a TIMESTAMP",
            (Self::Texts, _) => "a MAP",
            (Self::Structure(_), _) => "a STRUCTURE",
            (Self::List(_), _) => "a LIST",
        };
        Err(format!("The value for the field '{name}' must be {what}"))
    }
}

/// The HTTP status that S3 answers an error with (API Reference, Error responses).
fn status(code: &str) -> u16 {
    match code {
        "NotModified" => 304,
        "NoSuchBucket" | "NoSuchKey" | "NoSuchUpload" | "NoSuchVersion" => 404,
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" | "BucketNotEmpty" => 409,
        "PreconditionFailed" => 412,
        "InvalidRange" | "InvalidPartNumber" => 416,
        "InternalError" => 500,
        "NotImplemented" => 501,
        "ServiceUnavailable" => 503,
        _ => 400,
    }
}
