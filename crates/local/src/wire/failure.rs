//! How each protocol says that a call failed.

use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

/// What a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Step Functions.
    Json10,
    /// CloudWatch Logs.
    Json11,
    /// Batch.
    Rest,
}

/// A call that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) dialect: Dialect,
    pub(super) status: StatusCode,
    /// The namespace of `__type`, where the protocol has one.
    pub(super) namespace: &'static str,
    /// AWS's name of the error.
    pub(super) code: String,
    /// AWS's words.
    pub(super) message: String,
}

const SERVICE: &str = "com.amazon.coral.service";
const VALIDATION: &str = "com.amazon.coral.validate";

impl Failure {
    pub(super) fn unknown_path() -> Self {
        Self { status: StatusCode::NOT_FOUND, ..Self::unknown_operation(Dialect::Rest) }
    }

    pub(super) fn unknown_operation(dialect: Dialect) -> Self {
        let status = if dialect == Dialect::Rest { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
        let message = "fanout does not have this operation.".to_owned();
        Self { dialect, status, namespace: SERVICE, code: "UnknownOperationException".into(), message }
    }

    pub(super) fn from_web_page() -> Self {
        Self::unserved(StatusCode::FORBIDDEN, "AccessDeniedException", "Requests from web pages are not served.")
    }

    pub(super) fn for_another_host() -> Self {
        let message = "The Host header names another machine: use localhost or the address that fanout listens at.";
        Self::unserved(StatusCode::FORBIDDEN, "AccessDeniedException", message)
    }

    pub(super) fn too_slow() -> Self {
        Self::unserved(StatusCode::REQUEST_TIMEOUT, "RequestTimeoutException", "The request took too long.")
    }

    /// Decided before it is known which protocol the client speaks.
    fn unserved(status: StatusCode, code: &str, message: &str) -> Self {
        Self { dialect: Dialect::Rest, status, namespace: "", code: code.into(), message: message.into() }
    }

    /// A request that nobody with the keys has made.
    pub(super) fn not_signed(dialect: Dialect, code: &str, message: String) -> Self {
        Self { dialect, status: StatusCode::FORBIDDEN, namespace: "", code: code.into(), message }
    }

    pub(super) fn too_large(dialect: Dialect) -> Self {
        let message = "length limit exceeded".into();
        let code = "RequestEntityTooLargeException".into();
        Self { dialect, status: StatusCode::PAYLOAD_TOO_LARGE, namespace: SERVICE, code, message }
    }

    /// A body that is too large, or that broke off.
    pub(super) fn unreadable(dialect: Dialect, rejection: &BytesRejection) -> Self {
        let status = rejection.status();
        let code = if status == StatusCode::PAYLOAD_TOO_LARGE { "RequestEntityTooLargeException" } else { "SerializationException" };
        Self { dialect, status, namespace: SERVICE, code: code.into(), message: rejection.body_text() }
    }

    /// A body that is not JSON or has other types than the model; or that lacks a member.
    pub(super) fn undecodable(dialect: Dialect, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let (namespace, code, message) = match missing {
            Some(member) => (VALIDATION, "ValidationException", must_not_be_null(member)),
            None => (SERVICE, "SerializationException", text),
        };
        Self { dialect, status: StatusCode::BAD_REQUEST, namespace, code: code.into(), message }
    }
}

fn must_not_be_null(member: &str) -> String {
    format!("1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null")
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { dialect, status, namespace, code, message } = self;
        let (media_type, body) = match dialect {
            Dialect::Rest => ("application/json", json!({ "message": message })),
            Dialect::Json10 | Dialect::Json11 => {
                let qualified = if namespace.is_empty() { code.clone() } else { format!("{namespace}#{code}") };
                (dialect.media_type(), json!({ "__type": qualified, "message": message }))
            }
        };
        (status, [(CONTENT_TYPE, media_type)], [("x-amzn-errortype", code)], body.to_string()).into_response()
    }
}

impl Dialect {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json10 => "application/x-amz-json-1.0",
            Self::Json11 => "application/x-amz-json-1.1",
            Self::Rest => "application/json",
        }
    }
}
