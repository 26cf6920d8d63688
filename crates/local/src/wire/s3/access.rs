//! Who may ask for objects: whoever signs with the right keys.

use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Error, S3ErrorCode, S3Result};

/// The keys that requests for objects are signed with, and what becomes of requests without a signature.
#[derive(Clone)]
pub struct Access {
    /// The access key.
    pub access_key_id: String,
    /// What signatures are made with.
    pub secret_access_key: String,
    /// Whether requests without a signature are answered too. A wrong signature is refused in any case.
    pub anonymous: bool,
}

#[async_trait::async_trait]
impl S3Auth for Access {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access_key_id {
            return Ok(self.secret_access_key.clone().into());
        }
        let words = "The AWS Access Key Id you provided does not exist in our records.";
        Err(S3Error::with_message(S3ErrorCode::InvalidAccessKeyId, words))
    }
}

#[async_trait::async_trait]
impl S3Access for Access {
    async fn check(&self, asked: &mut S3AccessContext<'_>) -> S3Result<()> {
        if self.anonymous || asked.credentials().is_some() {
            return Ok(());
        }
        Err(S3Error::with_message(S3ErrorCode::AccessDenied, "Access Denied"))
    }
}
