//! Calls against a service that answers in the wire's own words.

mod batch;
mod failures;
mod states;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use fanout_asl::api as asl;
use fanout_batch::api as wire;
use fanout_core::call::{Answer, Call, LogTail};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};

use crate::Clients;

/// What a service received: path or target, headers, body.
type Received = Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>;

/// A service that answers everything alike and remembers what it was asked.
fn service(status: u16, error: Option<&'static str>, body: impl ToString) -> (Clients, Received) {
    let body = body.to_string();
    let received = Received::default();
    let memory = Arc::clone(&received);
    let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, asked: Bytes| async move {
        let target = headers.get("x-amz-target").map_or(uri.path(), |target| target.to_str().unwrap()).to_owned();
        memory.lock().unwrap().push((target, headers, asked));
        let error = error.map(|code| [("x-amzn-errortype", code)]);
        (StatusCode::from_u16(status).unwrap(), error.into_iter().flatten().collect::<HeaderList>(), body)
    });
    (Clients::in_process(router), received)
}

#[derive(Default)]
struct HeaderList(HeaderMap);

impl FromIterator<(&'static str, &'static str)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (&'static str, &'static str)>>(headers: I) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }
}

impl axum::response::IntoResponseParts for HeaderList {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: axum::response::ResponseParts) -> Result<axum::response::ResponseParts, Self::Error> {
        parts.headers_mut().extend(self.0);
        Ok(parts)
    }
}

/// Makes the call, and checks that the wire carried it whole: what the engine reads is what was asked.
async fn batch_call(request: wire::Request, answer: Value) -> wire::Reply {
    let (clients, received) = service(200, None, answer);
    let Answer::Batch(reply) = clients.call(&Call::Batch(request.clone())).await.unwrap() else { panic!("another service answered") };
    let (path, headers, body) = received.lock().unwrap().pop().unwrap();
    assert_eq!(headers["host"], "localhost");
    assert!(headers["authorization"].to_str().unwrap().contains("/us-east-1/batch/aws4_request"));
    let decoded = wire::Request::decode(path.strip_prefix("/v1/").unwrap(), &body).unwrap().unwrap();
    assert_eq!(decoded, request);
    reply
}

async fn states_call(request: asl::Request, answer: Value) -> asl::Reply {
    let (clients, received) = service(200, None, answer);
    let Answer::States(reply) = clients.call(&Call::States(request.clone())).await.unwrap() else { panic!("another service answered") };
    let (target, _, body) = received.lock().unwrap().pop().unwrap();
    let decoded = asl::Request::decode(target.strip_prefix("AWSStepFunctions.").unwrap(), &body).unwrap().unwrap();
    assert_eq!(decoded, request);
    reply
}

/// Reads a request from the wire's own form, as a scenario writes it down.
fn batch_request(path: &str, body: Value) -> wire::Request {
    wire::Request::decode(path, body.to_string().as_bytes()).unwrap().unwrap()
}

fn states_request(operation: &str, body: Value) -> asl::Request {
    asl::Request::decode(operation, body.to_string().as_bytes()).unwrap().unwrap()
}

#[tokio::test]
async fn the_last_lines_of_a_log_come_in_order() {
    let answer =
        json!({"events": [{"timestamp": 1, "message": "a", "ingestionTime": 1}, {"timestamp": 1, "message": "b", "ingestionTime": 1}]});
    let (clients, received) = service(200, None, answer);
    let tail = LogTail { group: "/aws/batch/job".into(), stream: "d/default/1".into(), limit: 2 };
    assert_eq!(clients.call(&Call::LogTail(tail)).await, Ok(Answer::LogTail(vec!["a".into(), "b".into()])));
    let (target, _, body) = received.lock().unwrap().pop().unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(target, "Logs_20140328.GetLogEvents");
    assert_eq!(body, json!({"logGroupName": "/aws/batch/job", "logStreamName": "d/default/1", "startFromHead": false, "limit": 2}));
}
