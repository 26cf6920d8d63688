//! What the engine asks of S3, and what it is answered.

use fanout_asl::map_run::Listed;

/// Names a call on objects; comes back with its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectCallId(pub u64);

/// A call on the objects of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectCall {
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
