//! STS: a form at `POST /`, answered in XML. Only who the caller is, which many clients ask before anything else.

use axum::response::{IntoResponse, Response};
use form_urlencoded::parse;
use http::StatusCode;
use http::header::CONTENT_TYPE;

const ACCOUNT: &str = "123456789012";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const FORM: &str = "application/x-www-form-urlencoded";

/// Whether a media type is that of AWS's Query protocol.
pub(super) fn is_form(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
}

pub(super) fn call(form: &[u8], request_id: &str) -> Response {
    let value = |name: &str| parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default();
    let (status, body) = match value("Action").as_str() {
        "GetCallerIdentity" => (StatusCode::OK, identity(request_id)),
        _ => (StatusCode::BAD_REQUEST, unknown(request_id)),
    };
    (status, [(CONTENT_TYPE, "text/xml")], [("x-amzn-requestid", request_id.to_owned())], body).into_response()
}

fn identity(request_id: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\"><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:root</Arn>\
        <UserId>{ACCOUNT}</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>\
        <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )
}

/// The action is not repeated: it may be anything.
fn unknown(request_id: &str) -> String {
    error("InvalidAction", "fanout does not have this operation.", request_id)
}

/// A request that nobody with the keys has made. Its name is that of the Query protocol, which has no `Exception` in it.
pub(super) fn refused(code: &str, message: &str) -> Response {
    let code = match code {
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        other => other.trim_end_matches("Exception"),
    };
    (StatusCode::FORBIDDEN, [(CONTENT_TYPE, "text/xml")], error(code, message, "00000000-0000-0000-0000-000000000000")).into_response()
}

fn error(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
        <RequestId>{request_id}</RequestId></ErrorResponse>"
    )
}
