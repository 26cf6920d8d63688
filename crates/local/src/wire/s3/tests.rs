use axum::body::to_bytes;
use http::header::{CONTENT_TYPE, ETAG, HOST, ORIGIN};
use tower::ServiceExt;

use super::*;
use crate::driver::EngineHandle;
use crate::logs::LogStore;
use crate::testing::Dir;

struct Heard {
    status: u16,
    etag: Option<String>,
    body: String,
}

fn face(directory: &Dir, anonymous: bool) -> Router {
    let objects = Objects::open(directory.path().join("objects")).unwrap();
    let router = crate::router(EngineHandle::canned(|_| panic!("the engine was asked")), LogStore::new(directory.path()));
    with_objects(router, objects, Access { access_key_id: "k".into(), secret_access_key: "s".into(), anonymous })
}

fn request(method: &str, uri: &str, body: impl Into<Body>) -> Request {
    Request::builder().method(method).uri(uri).header(HOST, "127.0.0.1:4566").body(body.into()).unwrap()
}

async fn send(router: &Router, request: Request) -> Heard {
    let response = router.clone().oneshot(request).await.unwrap();
    let etag = response.headers().get(ETAG).map(|etag| etag.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Heard { status, etag, body: String::from_utf8(body.to_vec()).unwrap() }
}

#[tokio::test]
async fn objects_go_in_and_out() {
    let directory = Dir::new();
    let router = face(&directory, true);
    assert_eq!(send(&router, request("PUT", "/bucket", "")).await.status, 200);
    let put = send(&router, request("PUT", "/bucket/a/%2E%2E/b", "bytes")).await;
    assert_eq!((put.status, put.etag.unwrap().len()), (200, 34));
    let got = send(&router, request("GET", "/bucket/a/%2E%2E/b", "")).await;
    assert_eq!((got.status, got.body.as_str()), (200, "bytes"));
    let mut by_host = request("GET", "/a/../b", "");
    by_host.headers_mut().insert(HOST, HeaderValue::from_static("bucket.localhost:4566"));
    assert_eq!(send(&router, by_host).await.body, "bytes");
    let listed = send(&router, request("GET", "/bucket?list-type=2", "")).await.body;
    assert!(listed.contains("<Key>a/../b</Key>") && listed.contains("<StorageClass>STANDARD</StorageClass>"), "{listed}");
    let mut range = request("GET", "/bucket/a/../b", "");
    range.headers_mut().insert("range", HeaderValue::from_static("bytes=-2"));
    let part = send(&router, range).await;
    assert_eq!((part.status, part.body.as_str()), (206, "es"));
}

#[tokio::test]
async fn what_is_refused_says_so_in_xml() {
    let directory = Dir::new();
    let router = face(&directory, true);
    send(&router, request("PUT", "/bucket", "")).await;
    for (method, uri, status, code) in [
        ("GET", "/bucket/none", 404, "NoSuchKey"),
        ("GET", "/nowhere/k", 404, "NoSuchBucket"),
        ("PUT", "/nowhere/k", 404, "NoSuchBucket"),
        ("GET", "/bucket?list-type=2&continuation-token=!", 400, "InvalidArgument"),
        ("GET", "/bucket?uploads&delimiter=x", 501, "NotImplemented"),
        ("GET", "/bucket?acl", 501, "NotImplemented"),
        ("GET", "/b", 400, "InvalidBucketName"),
        ("DELETE", "/bucket/k?versionId=1", 404, "NoSuchVersion"),
    ] {
        let heard = send(&router, request(method, uri, "")).await;
        assert_eq!(heard.status, status, "{method} {uri}: {}", heard.body);
        assert!(heard.body.contains(&format!("<Code>{code}</Code>")), "{method} {uri}: {}", heard.body);
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_was_announced_changes_nothing() {
    let directory = Dir::new();
    let router = face(&directory, true);
    send(&router, request("PUT", "/bucket", "")).await;
    send(&router, request("PUT", "/bucket/k", "good")).await;
    for (name, value) in [("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="), ("x-amz-checksum-crc32", "AAAAAA=="), ("content-length", "5")] {
        let mut bad = request("PUT", "/bucket/k", "evil");
        bad.headers_mut().insert(name, HeaderValue::from_static(value));
        assert_eq!(send(&router, bad).await.status, 400, "{name}");
    }
    assert_eq!(send(&router, request("GET", "/bucket/k", "")).await.body, "good");
    assert_eq!(std::fs::read_dir(directory.path().join("objects/bodies")).unwrap().count(), 1);
}

#[tokio::test]
async fn without_a_signature_nothing_is_told() {
    let directory = Dir::new();
    let router = face(&directory, false);
    for (method, uri) in [("GET", "/"), ("PUT", "/bucket"), ("GET", "/bucket/k"), ("DELETE", "/bucket")] {
        let heard = send(&router, request(method, uri, "")).await;
        assert_eq!(heard.status, 403, "{method} {uri}");
        assert!(heard.body.contains("<Code>AccessDenied</Code>"), "{}", heard.body);
    }
}

#[tokio::test]
async fn web_pages_get_no_objects() {
    let directory = Dir::new();
    let mut from_page = request("GET", "/", "");
    from_page.headers_mut().insert(ORIGIN, HeaderValue::from_static("http://localhost"));
    assert_eq!(send(&face(&directory, true), from_page).await.status, 403);
}

#[tokio::test]
async fn the_other_services_stay_where_they_are() {
    let directory = Dir::new();
    let router = face(&directory, true);
    let heard = send(&router, request("POST", "/v1/nosuchoperation", "{}")).await;
    assert_eq!((heard.status, heard.body.as_str()), (404, r#"{"message":"fanout does not have this operation."}"#));
    let heard = send(&router, request("POST", "/", "{}")).await;
    assert_eq!(heard.status, 400);
    for (body, status, words) in [
        ("Action=GetCallerIdentity&Version=2011-06-15", 200, "<Arn>arn:aws:iam::123456789012:root</Arn>"),
        ("Action=AssumeRole", 400, "<Code>InvalidAction</Code>"),
        ("", 400, "<Code>InvalidAction</Code>"),
    ] {
        let mut form = request("POST", "/", body);
        form.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8"));
        let heard = send(&router, form).await;
        assert_eq!(heard.status, status);
        assert!(heard.body.contains(words), "{}", heard.body);
    }
}
