//! Batch: REST-JSON, `POST /v1/<operation in lower case>`.

use fanout_batch::api::{ApiError, Request as Call};
use fanout_engine::{Reply, Request};
use http::StatusCode;

use super::failure::{Dialect, Failure};
use super::{Answer, or_empty_object};
use crate::driver::EngineHandle;

pub(super) async fn call(engine: &EngineHandle, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let call = Call::decode(operation, or_empty_object(body)).ok_or_else(|| Failure::unknown_operation(Dialect::Rest))?;
    let call = call.map_err(|error| Failure::undecodable(Dialect::Rest, &error))?;
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
