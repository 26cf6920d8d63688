//! The wire: how a call is refused.

/// The two errors that the service model has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// `ClientException` (400), `ServerException` (500) or an unmodelled one such as
    /// `TooManyRequestsException` (429).
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// AWS's words.
    pub message: String,
}

impl ApiError {
    /// The caller's fault: `ClientException`, HTTP 400.
    pub fn client(message: impl Into<String>) -> Self {
        Self { code: "ClientException".into(), status: 400, message: message.into() }
    }

    /// Too many calls: `TooManyRequestsException`, HTTP 429 (words quoted in ASFHyP3/hyp3#1676).
    pub fn throttled() -> Self {
        Self { code: "TooManyRequestsException".into(), status: 429, message: "Too Many Requests".into() }
    }

    /// The service's fault: `ServerException`, HTTP 500.
    pub fn server(message: impl Into<String>) -> Self {
        Self { code: "ServerException".into(), status: 500, message: message.into() }
    }
}
