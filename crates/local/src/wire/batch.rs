//! Batch: REST-JSON, `POST /v1/<operation in lower case>`, and three methods of `/v1/tags/<ARN>`.

use fanout_batch::api::{ApiError, ListTagsForResource, Request as Call, TagResource, UntagResource};
use fanout_engine::{Reply, Request};
use http::StatusCode;

use super::failure::{Dialect, Failure};
use super::{Answer, or_empty_object};
use crate::driver::EngineHandle;

/// Calls about tags have addresses of their own.
const ELSEWHERE: [&str; 3] = ["tagresource", "untagresource", "listtagsforresource"];

pub(super) async fn call(engine: &EngineHandle, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let call = if ELSEWHERE.contains(&operation) { None } else { Call::decode(operation, or_empty_object(body)) };
    let call = call.ok_or_else(|| Failure::unknown_operation(Dialect::Rest))?;
    let call = call.map_err(|error| Failure::undecodable(Dialect::Rest, &error))?;
    answer(engine, call).await
}

/// `GET /v1/tags/<ARN>`.
pub(super) async fn list_tags(engine: &EngineHandle, resource_arn: String) -> Result<Answer, Failure> {
    answer(engine, Call::ListTagsForResource(ListTagsForResource { resource_arn })).await
}

/// `POST /v1/tags/<ARN>`.
pub(super) async fn tag(engine: &EngineHandle, resource_arn: String, body: &[u8]) -> Result<Answer, Failure> {
    let call: TagResource = serde_json::from_slice(or_empty_object(body)).map_err(|error| Failure::undecodable(Dialect::Rest, &error))?;
    answer(engine, Call::TagResource(TagResource { resource_arn, ..call })).await
}

/// `DELETE /v1/tags/<ARN>?tagKeys=…&tagKeys=…`.
pub(super) async fn untag(engine: &EngineHandle, resource_arn: String, query: &str) -> Result<Answer, Failure> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let tag_keys = pairs.filter(|(name, _)| name == "tagKeys").map(|(_, key)| key.into_owned()).collect();
    answer(engine, Call::UntagResource(UntagResource { resource_arn, tag_keys })).await
}

async fn answer(engine: &EngineHandle, call: Call) -> Result<Answer, Failure> {
    match engine.call(Request::Batch(call)).await {
        Reply::Batch(Ok(reply)) => Ok(Answer { media_type: Dialect::Rest.media_type(), body: reply.to_json() }),
        Reply::Batch(Err(error)) => Err(failure(error)),
        Reply::States(_) => Err(failure(ApiError::server("Step Functions answered for Batch."))),
    }
}

fn failure(ApiError { code, status, message }: ApiError) -> Failure {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Failure { dialect: Dialect::Rest, status, namespace: "", code, message }
}
