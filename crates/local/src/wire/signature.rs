//! Who may ask: whoever signs with the right keys. A request's signature is made once more, by the library that makes it
//! for clients, and compared.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use jiff::{SignedDuration, Timestamp};

use super::failure::{Dialect, Failure};
use super::s3::Access;
use super::{LARGEST_BODY, sts};

/// How far a client's clock may be off (IAM User Guide, troubleshooting signed requests).
const SKEW: SignedDuration = SignedDuration::from_mins(5);
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Answers only requests that are signed with these keys.
pub fn signed(router: Router, access: Access) -> Router {
    router.layer(middleware::from_fn_with_state(access, verified))
}

async fn verified(State(access): State<Access>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_form = parts.headers.get("content-type").and_then(|value| value.to_str().ok()).is_some_and(sts::is_form);
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Failure::too_large(dialect(&parts)).into_response();
    };
    match verify(&parts, &body, &access, Timestamp::now()) {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(refusal) if is_form => sts::refused(refusal.code, &refusal.message),
        Err(Refusal { code, message }) => Failure::not_signed(dialect(&parts), code, message).into_response(),
    }
}

fn dialect(parts: &Parts) -> Dialect {
    match parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some(target) if target.starts_with("Logs_") => Dialect::Json11,
        Some(_) => Dialect::Json10,
        None => Dialect::Rest,
    }
}

/// Why a request is not answered, in AWS's words (Common Errors of each service's reference).
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    code: &'static str,
    message: String,
}

fn refusal(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into() }
}

fn mismatch() -> Refusal {
    let words = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and \
                 signing method. Consult the service documentation for details.";
    refusal("InvalidSignatureException", words)
}

/// What the Authorization header says.
struct Claim<'r> {
    access_key_id: &'r str,
    region: &'r str,
    service: &'r str,
    signed_headers: &'r str,
    signature: &'r str,
}

impl<'r> Claim<'r> {
    fn of(parts: &'r Parts) -> Result<Self, Refusal> {
        let missing = || refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
        let header = parts.headers.get(AUTHORIZATION).ok_or_else(missing)?;
        let incomplete = |what: &str| refusal("IncompleteSignatureException", format!("Authorization header requires '{what}' parameter."));
        let fields = header.to_str().ok().and_then(|text| text.trim().strip_prefix(ALGORITHM)).ok_or_else(|| incomplete("Credential"))?;
        let field = |name: &str| {
            let mut fields = fields.split(',').filter_map(|field| field.trim().split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value).ok_or_else(|| incomplete(name))
        };
        let (credential, signed_headers, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
        let scope: Vec<&str> = credential.rsplitn(5, '/').collect();
        let ["aws4_request", service, region, _date, access_key_id] = scope[..] else { return Err(incomplete("Credential")) };
        Ok(Self { access_key_id, region, service, signed_headers, signature })
    }
}

fn verify(parts: &Parts, body: &[u8], access: &Access, now: Timestamp) -> Result<(), Refusal> {
    let claim = Claim::of(parts)?;
    if claim.access_key_id != access.access_key_id {
        return Err(refusal("UnrecognizedClientException", "The security token included in the request is invalid."));
    }
    let at = signed_at(parts)?;
    if at.duration_since(now).abs() > SKEW {
        let (at, now) = (at.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%dT%H%M%SZ"));
        return Err(refusal("InvalidSignatureException", format!("Signature expired: {at} is not within 5 minutes of {now}")));
    }
    let signature = signature_of(parts, body, &claim, at, access).ok_or_else(mismatch)?;
    if is_same(signature.as_bytes(), claim.signature.as_bytes()) { Ok(()) } else { Err(mismatch()) }
}

fn signed_at(parts: &Parts) -> Result<Timestamp, Refusal> {
    let date = parts.headers.get("x-amz-date").and_then(|date| date.to_str().ok());
    let at = date.and_then(|date| jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok());
    let at = at.and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC).ok()).map(|at| at.timestamp());
    at.ok_or_else(|| {
        let words = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        refusal("IncompleteSignatureException", words)
    })
}

/// The signature that the request has to have; `None` if it cannot be signed at all.
fn signature_of(parts: &Parts, body: &[u8], claim: &Claim<'_>, at: Timestamp, access: &Access) -> Option<String> {
    let identity = Credentials::new(&access.access_key_id, &access.secret_access_key, None, None, "fanout").into();
    let mut settings = SigningSettings::default();
    // The client has chosen which headers count.
    settings.excluded_headers = None;
    let params = v4::SigningParams::builder().identity(&identity).region(claim.region).name(claim.service);
    let params = params.time(SystemTime::from(at)).settings(settings).build().ok()?.into();
    let mut headers = Vec::new();
    for name in claim.signed_headers.split(';') {
        let values = parts.headers.get_all(name).iter().map(|value| value.to_str().ok()).collect::<Option<Vec<_>>>()?;
        headers.extend(values.into_iter().map(|value| (name, value)));
    }
    let host = parts.headers.get(HOST)?.to_str().ok()?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let uri = format!("http://{host}{path}");
    let request = SignableRequest::new(parts.method.as_str(), uri, headers.into_iter(), SignableBody::Bytes(body)).ok()?;
    Some(sign(request, &params).ok()?.into_parts().1)
}

/// Takes as long for a good guess as for a bad one.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

#[cfg(test)]
mod tests;
