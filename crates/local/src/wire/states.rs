//! Step Functions: JSON 1.0, `X-Amz-Target: AWSStepFunctions.<operation>`.

use fanout_asl::api::{ApiError, DecodeError, Request as Call};
use fanout_engine::{Reply, Request};
use http::StatusCode;

use super::failure::{Dialect, Failure};
use super::{Answer, or_empty_object};
use crate::driver::EngineHandle;

pub(super) async fn call(engine: &EngineHandle, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let call = Call::decode(operation, or_empty_object(body)).ok_or_else(|| Failure::unknown_operation(Dialect::Json10))?;
    let call = call.map_err(|error| match error {
        DecodeError::Unreadable(error) => Failure::undecodable(Dialect::Json10, &error),
        DecodeError::Refused(error) => failure(error),
    })?;
    match engine.call(Request::States(call)).await {
        Reply::States(Ok(reply)) => Ok(Answer { media_type: Dialect::Json10.media_type(), body: reply.to_json() }),
        Reply::States(Err(error)) => Err(failure(error)),
        Reply::Batch(_) => Err(failure(ApiError::new("InternalFailure", "Batch answered for Step Functions."))),
    }
}

fn failure(ApiError { code, message }: ApiError) -> Failure {
    let (status, namespace) = match code.as_str() {
        "InternalFailure" => (StatusCode::INTERNAL_SERVER_ERROR, "com.amazon.coral.service"),
        "ServiceUnavailable" => (StatusCode::SERVICE_UNAVAILABLE, "com.amazon.coral.service"),
        "UnknownOperationException" => (StatusCode::BAD_REQUEST, "com.amazon.coral.service"),
        "ValidationException" => (StatusCode::BAD_REQUEST, "com.amazon.coral.validate"),
        "ThrottlingException" => (StatusCode::BAD_REQUEST, "com.amazon.coral.availability"),
        _ => (StatusCode::BAD_REQUEST, "com.amazonaws.swf.service.v2.model"),
    };
    Failure { dialect: Dialect::Json10, status, namespace, code, message }
}
