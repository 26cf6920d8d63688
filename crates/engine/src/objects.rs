//! What the engine asks of S3, and what it is answered.

use fanout_asl::map_run::Listed;
use serde_json::{Map, Value};

/// Names a call on objects; comes back with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectCallId(pub u64);

/// A call on buckets and objects. Map Runs read, list and write whole objects; tasks call operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectCall {
    /// An operation of S3 that a task calls.
    Operation {
        /// In camel case, such as `getObject`.
        operation: String,
        /// Named as S3 names them, in Pascal case. Names and types were checked.
        parameters: Map<String, Value>,
    },
    /// GetObject.
    Get {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// ListObjectsV2, all pages of it.
    List {
        /// The bucket.
        bucket: String,
        /// What keys begin with.
        prefix: String,
    },
    /// PutObject.
    Put {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
        /// What is in it.
        body: String,
    },
}

/// The answer to an [`ObjectCall`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectAnswer {
    /// What an operation answered: members in Pascal case, times in ISO 8601, a body as text.
    Answered(Map<String, Value>),
    /// What is in the object.
    Read(Vec<u8>),
    /// The objects, by key.
    Listed(Vec<Listed>),
    /// It is written.
    Written,
    /// S3 refused.
    Failed {
        /// Such as `NoSuchKey`.
        code: String,
        /// S3's words.
        message: String,
    },
}

impl ObjectCall {
    /// The answer where there are no buckets and none can be made.
    pub fn without_buckets(&self) -> ObjectAnswer {
        let names_bucket = match self {
            Self::Operation { operation, .. } => !matches!(operation.as_str(), "createBucket" | "listBuckets"),
            Self::Get { .. } | Self::List { .. } | Self::Put { .. } => true,
        };
        let (code, message) = if names_bucket {
            ("NoSuchBucket", "The specified bucket does not exist")
        } else {
            ("NotImplemented", "There are no buckets here, and none can be made: `fanout local` has S3")
        };
        ObjectAnswer::Failed { code: code.into(), message: message.into() }
    }
}
