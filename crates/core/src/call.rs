//! What fanout asks of AWS, as data. The only users of the AWS SDK translate these and decide nothing.

use std::sync::Arc;

use fanout_asl::api as states;
use fanout_batch::api as batch;

/// One call to AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// To AWS Batch.
    Batch(batch::Request),
    /// To Step Functions.
    States(states::Request),
    /// To CloudWatch Logs: the last lines of a stream.
    LogTail(LogTail),
    /// To S3.
    PutObject(PutObject),
    /// To S3. That there is no such object is no error.
    DeleteObject(DeleteObject),
}

impl Call {
    /// The service and operation, as in `batch:SubmitJob`.
    pub fn name(&self) -> String {
        match self {
            Self::Batch(request) => format!("batch:{}", request.operation()),
            Self::States(request) => format!("states:{}", request.operation()),
            Self::LogTail(_) => "logs:GetLogEvents".into(),
            Self::PutObject(_) => "s3:PutObject".into(),
            Self::DeleteObject(_) => "s3:DeleteObject".into(),
        }
    }
}

/// `GetLogEvents`, newest lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogTail {
    /// The log group, `/aws/batch/job` unless the job definition says otherwise.
    pub group: String,
    /// The log stream.
    pub stream: String,
    /// How many lines at most.
    pub limit: u32,
}

/// `PutObject`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutObject {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// What is in it; shared, because it can be large.
    pub body: Arc<str>,
}

/// `DeleteObject`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteObject {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
}

/// AWS's answer to a call.
#[expect(clippy::large_enum_variant, reason = "answers are boxed where many are kept")]
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Of AWS Batch.
    Batch(batch::Reply),
    /// Of Step Functions.
    States(states::Reply),
    /// Lines, oldest first.
    LogTail(Vec<String>),
    /// S3 has done it.
    Object,
}

/// Why a call got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {code}: {message}")]
pub struct CallError {
    /// As in `batch:SubmitJob`.
    pub operation: String,
    /// AWS's name of the error, or `Transport` when no answer arrived.
    pub code: String,
    /// AWS's words.
    pub message: String,
    /// What to make of it.
    pub outlook: Outlook,
}

/// Errors by which AWS says that it does not know, or no longer knows, who asks.
const OF_CREDENTIALS: [&str; 9] = [
    "CredentialsError",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException",
];

impl CallError {
    /// Whether it is about who asks and not about what is asked.
    pub fn is_of_credentials(&self) -> bool {
        OF_CREDENTIALS.contains(&self.code.as_str())
    }
}

/// What a call without an answer means for the same call made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It would fail again.
    Final,
    /// Nothing was done, and later it may be: throttling.
    Busy,
    /// It may have been done: a server's fault, a lost connection.
    Unknown,
}
