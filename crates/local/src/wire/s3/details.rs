//! An object's details between the library's types and ours.

use std::collections::BTreeMap;
use std::time::SystemTime;

use form_urlencoded::parse;
use http::HeaderMap;
use jiff::Timestamp;
use s3s::dto::{self, ETag, ETagCondition};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result};

use crate::objects::{Algorithm, Guard, ObjectError, Received, Sums};

/// What PutObject, CreateMultipartUpload and CopyObject say about an object, in the same words.
macro_rules! attributes {
    ($input:expr) => {{
        let input = &$input;
        $crate::wire::s3::details::encryption(input.sse_customer_algorithm.is_some() || input.ssekms_key_id.is_some())?;
        Ok::<_, s3s::S3Error>($crate::objects::Attributes {
            content_type: input.content_type.clone(),
            content_encoding: input.content_encoding.clone(),
            content_language: input.content_language.clone(),
            content_disposition: input.content_disposition.clone(),
            cache_control: input.cache_control.clone(),
            expires: input.expires.clone(),
            website_redirect_location: input.website_redirect_location.clone(),
            metadata: $crate::wire::s3::details::metadata(input.metadata.as_ref()),
            tags: $crate::wire::s3::details::tags(input.tagging.as_deref()),
            ..Default::default()
        })
    }};
}

/// What GetObject and HeadObject say about an object.
macro_rules! described {
    ($output:ident, $entry:expr, $with_sums:expr) => {{
        let entry = &$entry;
        let attributes = &entry.attributes;
        let sum = |algorithm| attributes.sums.get(&algorithm).filter(|_| $with_sums).cloned();
        s3s::dto::$output {
            accept_ranges: Some("bytes".into()),
            cache_control: attributes.cache_control.clone(),
            checksum_crc32: sum($crate::objects::Algorithm::Crc32),
            checksum_crc32c: sum($crate::objects::Algorithm::Crc32c),
            checksum_crc64nvme: sum($crate::objects::Algorithm::Crc64Nvme),
            checksum_sha1: sum($crate::objects::Algorithm::Sha1),
            checksum_sha256: sum($crate::objects::Algorithm::Sha256),
            checksum_type: (!attributes.sums.is_empty() && $with_sums)
                .then(|| s3s::dto::ChecksumType::from_static(s3s::dto::ChecksumType::FULL_OBJECT)),
            content_disposition: attributes.content_disposition.clone(),
            content_encoding: attributes.content_encoding.clone(),
            content_language: attributes.content_language.clone(),
            content_type: Some(attributes.content_type.clone().unwrap_or_else(|| "binary/octet-stream".into())),
            e_tag: Some($crate::wire::s3::details::etag(&entry.etag)),
            expires: attributes.expires.clone(),
            last_modified: Some($crate::wire::s3::details::time(entry.modified)),
            metadata: Some(attributes.metadata.clone().into_iter().collect()),
            website_redirect_location: attributes.website_redirect_location.clone(),
            ..Default::default()
        }
    }};
}

pub(super) use {attributes, described};

/// Keys of the client's would have to be kept, and used; that would be pretended here.
pub(super) fn encryption(asked: bool) -> S3Result<()> {
    if !asked {
        return Ok(());
    }
    let words = "fanout does not encrypt objects with keys of a client or of KMS.";
    Err(S3Error::with_message(S3ErrorCode::NotImplemented, words))
}

pub(super) fn metadata(metadata: Option<&dto::Metadata>) -> BTreeMap<String, String> {
    metadata.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Tags in a header: `name=value&…`
pub(super) fn tags(header: Option<&str>) -> Vec<(String, String)> {
    parse(header.unwrap_or_default().as_bytes()).into_owned().collect()
}

pub(super) fn time(time: Timestamp) -> dto::Timestamp {
    SystemTime::from(time).into()
}

pub(super) fn etag(etag: &str) -> ETag {
    ETag::Strong(etag.to_owned())
}

/// There are no versions here but the one that AWS calls `null`.
pub(super) fn unversioned(version: Option<&str>) -> S3Result<()> {
    match version {
        None | Some("null") => Ok(()),
        Some(_) => Err(S3Error::with_message(S3ErrorCode::NoSuchVersion, "The specified version does not exist.")),
    }
}

/// When a write is to be refused.
pub(super) fn guard(if_match: Option<ETagCondition>, if_none_match: Option<&ETagCondition>) -> S3Result<Guard> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Guard::Always),
        (None, Some(ETagCondition::Any)) => Ok(Guard::Absent),
        (Some(ETagCondition::Any), None) => Ok(Guard::Present),
        (Some(ETagCondition::ETag(etag)), None) => Ok(Guard::Etag(etag.into_value())),
        _ => {
            let words = "A header you provided implies functionality that is not implemented";
            Err(S3Error::with_message(S3ErrorCode::NotImplemented, words))
        }
    }
}

/// The checksums that a request announces, in its headers or for the end of its body.
pub(super) struct Announced {
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) sums: Sums,
}

impl Announced {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = |name: &str| headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(str::to_owned).collect();
        let trailers: Vec<String> = values("x-amz-trailer");
        let asked: Vec<String> = values("x-amz-sdk-checksum-algorithm");
        let sums = sums(headers);
        let named = |algorithm: &Algorithm| {
            let header = algorithm.header();
            sums.contains_key(algorithm)
                || trailers.iter().flat_map(|names| names.split(',')).any(|name| name.trim().eq_ignore_ascii_case(&header))
                || asked.iter().any(|name| name.eq_ignore_ascii_case(algorithm.name()))
        };
        Self { algorithms: Algorithm::ALL.into_iter().filter(named).collect(), sums }
    }

    /// Whether the body is what was announced, also in what came after it.
    pub(super) fn check<T>(self, received: &Received, asked: &S3Request<T>, md5: Option<&str>) -> Result<(), ObjectError> {
        let trailing = asked.trailing_headers.as_ref().and_then(|trailers| trailers.read(sums)).unwrap_or_default();
        received.check(&self.sums)?;
        received.check(&trailing)?;
        match md5 {
            Some(md5) if md5 != received.md5_base64() => Err(ObjectError::BadDigest { what: "Content-MD5" }),
            _ => Ok(()),
        }
    }
}

/// The checksums of a whole body: those of a body's parts have a number behind them.
fn sums(headers: &HeaderMap) -> Sums {
    let value = |algorithm: Algorithm| headers.get(algorithm.header()).and_then(|value| value.to_str().ok());
    let whole = |algorithm| Some((algorithm, value(algorithm).filter(|sum| !sum.contains('-'))?.to_owned()));
    Algorithm::ALL.into_iter().filter_map(whole).collect()
}
