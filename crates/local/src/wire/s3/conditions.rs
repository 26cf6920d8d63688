//! Requests that are answered only if the object is, or is not, what the client knows.

use http::header::{ETAG, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use s3s::dto::{self, ETagCondition, TimestampFormat};
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::details::{self, time};
use crate::objects::ObjectError;

/// The four conditions of a request: `If-Match` and its like.
#[derive(Default)]
pub(super) struct Conditions {
    pub(super) matches: Option<ETagCondition>,
    pub(super) none_match: Option<ETagCondition>,
    pub(super) modified_since: Option<dto::Timestamp>,
    pub(super) unmodified_since: Option<dto::Timestamp>,
}

impl Conditions {
    /// Refuses with 412, or with 304 what the client has already.
    pub(super) fn check(&self, etag: &str, modified: Timestamp) -> S3Result<()> {
        if self.fails(etag, modified) {
            return Err(ObjectError::PreconditionFailed.into());
        }
        if self.is_known(etag, modified) {
            return Err(not_modified(etag, modified));
        }
        Ok(())
    }

    /// For the source of a copy: refuses with 412.
    pub(super) fn check_source(&self, etag: &str, modified: Timestamp) -> S3Result<()> {
        if self.fails(etag, modified) || self.is_known(etag, modified) {
            return Err(ObjectError::PreconditionFailed.into());
        }
        Ok(())
    }

    fn fails(&self, etag: &str, modified: Timestamp) -> bool {
        match (&self.matches, &self.unmodified_since) {
            (Some(wanted), _) => !matches(wanted, etag),
            (None, Some(since)) => time(modified) > *since,
            (None, None) => false,
        }
    }

    fn is_known(&self, etag: &str, modified: Timestamp) -> bool {
        match (&self.none_match, &self.modified_since) {
            (Some(known), _) => matches(known, etag),
            (None, Some(since)) => time(modified) <= *since,
            (None, None) => false,
        }
    }
}

fn matches(condition: &ETagCondition, etag: &str) -> bool {
    condition.is_any() || condition.as_etag().is_some_and(|wanted| wanted.value() == etag)
}

fn not_modified(etag: &str, modified: Timestamp) -> S3Error {
    let mut headers = HeaderMap::new();
    if let Ok(value) = details::etag(etag).to_http_header() {
        headers.insert(ETAG, value);
    }
    let mut text = Vec::new();
    if time(modified).format(TimestampFormat::HttpDate, &mut text).is_ok()
        && let Ok(value) = text.try_into()
    {
        headers.insert(LAST_MODIFIED, value);
    }
    let mut answer = S3Error::with_message(S3ErrorCode::NotModified, "Not Modified");
    answer.set_status_code(StatusCode::NOT_MODIFIED);
    answer.set_headers(headers);
    answer
}
