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
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>Sender</Type><Code>InvalidAction</Code>\
        <Message>fanout does not have this operation.</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
}
