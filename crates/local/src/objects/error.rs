//! Why a request for objects is refused: AWS's name for it, and AWS's words.

use std::error::Error;
use std::io;

/// What went wrong with a bucket or an object. As text, it is AWS's words.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// There is no bucket of this name.
    #[error("The specified bucket does not exist")]
    NoSuchBucket,
    /// There is no object of this key.
    #[error("The specified key does not exist.")]
    NoSuchKey,
    /// The upload was completed, aborted, or never begun.
    #[error("The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")]
    NoSuchUpload,
    /// A bucket that has objects cannot be deleted.
    #[error("The bucket you tried to delete is not empty")]
    BucketNotEmpty,
    /// Not the first bucket of this name.
    #[error("Your previous request to create the named bucket succeeded and you already own it.")]
    BucketAlreadyOwnedByYou,
    /// Not what AWS lets a bucket be called.
    #[error("The specified bucket is not valid.")]
    InvalidBucketName,
    /// More than 1,024 bytes.
    #[error("Your key is too long")]
    KeyTooLong,
    /// There is an object where there must be none, or none or another one where there must be one.
    #[error("At least one of the pre-conditions you specified did not hold")]
    PreconditionFailed,
    /// A part that was never uploaded, or is not what the client thinks.
    #[error(
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
    )]
    InvalidPart,
    /// Parts that do not ascend.
    #[error("The list of parts was not in ascending order. Parts must be ordered by part number.")]
    InvalidPartOrder,
    /// A part other than the last with less than 5 MiB.
    #[error("Your proposed upload is smaller than the minimum allowed size")]
    EntityTooSmall,
    /// What arrived is not what the client meant to send.
    #[error("The {what} you specified did not match the calculated checksum.")]
    BadDigest {
        /// Which checksum.
        what: &'static str,
    },
    /// The disk's fault, or fanout's.
    #[error("We encountered an internal error. Please try again.")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl ObjectError {
    /// AWS's name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchBucket => "NoSuchBucket",
            Self::NoSuchKey => "NoSuchKey",
            Self::NoSuchUpload => "NoSuchUpload",
            Self::BucketNotEmpty => "BucketNotEmpty",
            Self::BucketAlreadyOwnedByYou => "BucketAlreadyOwnedByYou",
            Self::InvalidBucketName => "InvalidBucketName",
            Self::KeyTooLong => "KeyTooLongError",
            Self::PreconditionFailed => "PreconditionFailed",
            Self::InvalidPart => "InvalidPart",
            Self::InvalidPartOrder => "InvalidPartOrder",
            Self::EntityTooSmall => "EntityTooSmall",
            Self::BadDigest { .. } => "BadDigest",
            Self::Internal(_) => "InternalError",
        }
    }
}

impl From<io::Error> for ObjectError {
    fn from(error: io::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<rusqlite::Error> for ObjectError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(error.into())
    }
}
