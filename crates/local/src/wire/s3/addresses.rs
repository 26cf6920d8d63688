//! Which requests are for S3, and how a bucket is named in them: `/bucket/key`, or `/key` of host `bucket.localhost`.

use axum::extract::Request;
use http::header::HOST;
use http::{HeaderMap, Method};
use s3s::S3Result;
use s3s::host::{S3Host, VirtualHost};

/// S3 has every address but those of the other services: `POST /`, and `/v1/…`, which no bucket can be called.
pub(in crate::wire) fn is_for_objects(request: &Request) -> bool {
    if host(request.headers()).and_then(bucket_of).is_some() {
        return true;
    }
    match request.uri().path() {
        "/" => request.method() != Method::POST,
        path => !path.starts_with("/v1/"),
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

/// The bucket in a host's name. All names that end with `.localhost` lead to this machine.
fn bucket_of(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.strip_suffix(".localhost").filter(|bucket| s3s::path::check_bucket_name(bucket))
}

/// Whom the library asks for the bucket in a host's name.
pub(super) struct Localhost;

impl S3Host for Localhost {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let here = VirtualHost::new(host);
        Ok(match bucket_of(host) {
            Some(bucket) => here.with_bucket(bucket),
            None => here,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn each_request_has_one_service() {
        let is_for_objects = |method: &str, host: &str, uri: &str| {
            let request = Request::builder().method(method).header(HOST, host).uri(uri).body(Body::empty()).unwrap();
            is_for_objects(&request)
        };
        for (method, host, uri) in [
            ("GET", "127.0.0.1:4566", "/"),
            ("PUT", "127.0.0.1:4566", "/bucket"),
            ("POST", "localhost:4566", "/bucket?delete"),
            ("GET", "localhost", "/v1.bucket/v1/submitjob"),
            ("POST", "bucket.localhost:4566", "/?delete"),
            ("PUT", "my.bucket.localhost", "/v1/submitjob"),
        ] {
            assert!(is_for_objects(method, host, uri), "{method} {host}{uri}");
        }
        for (method, host, uri) in [
            ("POST", "127.0.0.1:4566", "/"),
            ("POST", "localhost", "/v1/submitjob"),
            ("GET", "[::1]:4566", "/v1/tags/x"),
            ("POST", ".localhost", "/"),
        ] {
            assert!(!is_for_objects(method, host, uri), "{method} {host}{uri}");
        }
    }
}
