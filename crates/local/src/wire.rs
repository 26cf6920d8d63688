//! The HTTP face: what AWS's SDKs send to Step Functions, CloudWatch Logs, Batch, STS and S3, and what they expect back.
//!
//! It holds no behaviour: a request is decoded, handed on, and its answer encoded.

mod batch;
mod failure;
mod guard;
mod logs;
mod request_id;
pub(crate) mod s3;
mod signature;
mod states;
mod sts;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use crate::driver::EngineHandle;
use crate::logs::LogStore;
use failure::Failure;
pub(crate) use guard::guarded;
use guard::refuse_web_pages;
use request_id::RequestIds;
pub use s3::{Access, with_objects};
pub use signature::signed;

/// The largest request: a state machine of 1 MiB, escaped.
const LARGEST_BODY: usize = 2 << 20;

#[derive(Clone)]
struct Face {
    engine: EngineHandle,
    logs: LogStore,
    ids: RequestIds,
}

/// Serves Step Functions, CloudWatch Logs and STS at `POST /`, Batch at `POST /v1/…`, its tags at `/v1/tags/…`.
pub fn router(handle: EngineHandle, logs: LogStore) -> Router {
    Router::new()
        .route("/", post(json_rpc))
        .route("/v1/{operation}", post(rest_json))
        .route("/v1/tags/{*resource}", get(list_tags).post(tag).delete(untag))
        .fallback(|State(face): State<Face>| async move { face.answer(Err(Failure::unknown_path())) })
        .layer(middleware::from_fn(refuse_web_pages))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Face { engine: handle, logs, ids: RequestIds::new() })
}

async fn json_rpc(State(face): State<Face>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let target = text("x-amz-target");
    let (service, operation) = target.split_once('.').unwrap_or((target, ""));
    let answer = match (service, body) {
        ("AWSStepFunctions", Ok(body)) => states::call(&face.engine, operation, &body).await,
        ("Logs_20140328", Ok(body)) => logs::call(&face.logs, operation, &body),
        ("", Ok(body)) if sts::is_form(text("content-type")) => return sts::call(&body, &face.ids.next()),
        (_, Err(rejection)) => Err(Failure::unreadable(failure::Dialect::Json10, &rejection)),
        (_, Ok(_)) => Err(Failure::unknown_operation(failure::Dialect::Json10)),
    };
    face.answer(answer)
}

async fn rest_json(State(face): State<Face>, Path(operation): Path<String>, body: Result<Bytes, BytesRejection>) -> Response {
    face.answer(match body {
        Ok(body) => batch::call(&face.engine, &operation, &body).await,
        Err(rejection) => Err(Failure::unreadable(failure::Dialect::Rest, &rejection)),
    })
}

async fn list_tags(State(face): State<Face>, Path(resource): Path<String>) -> Response {
    face.answer(batch::list_tags(&face.engine, resource).await)
}

async fn tag(State(face): State<Face>, Path(resource): Path<String>, body: Result<Bytes, BytesRejection>) -> Response {
    face.answer(match body {
        Ok(body) => batch::tag(&face.engine, resource, &body).await,
        Err(rejection) => Err(Failure::unreadable(failure::Dialect::Rest, &rejection)),
    })
}

async fn untag(State(face): State<Face>, Path(resource): Path<String>, RawQuery(query): RawQuery) -> Response {
    face.answer(batch::untag(&face.engine, resource, &query.unwrap_or_default()).await)
}

/// A body and its media type.
struct Answer {
    media_type: &'static str,
    body: Value,
}

impl Face {
    fn answer(&self, answer: Result<Answer, Failure>) -> Response {
        let mut response = match answer {
            Ok(Answer { media_type, body }) => ([(CONTENT_TYPE, media_type)], body.to_string()).into_response(),
            Err(failure) => failure.into_response(),
        };
        if let Ok(id) = HeaderValue::from_str(&self.ids.next()) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }
}

/// SDKs send `{}` for a request without members; others send nothing.
fn or_empty_object(body: &[u8]) -> &[u8] {
    if body.is_empty() { b"{}" } else { body }
}

#[cfg(test)]
mod tests;
