//! Why a call got no answer: the SDK's many ways to fail as one kind of error.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use fanout_core::call::{CallError, Outlook};

/// Errors by which AWS says "not so fast", beside those whose HTTP status says it.
const THROTTLING: [&str; 8] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
];

/// What an SDK call's error is to fanout.
pub(crate) fn failure<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let error_of = |code: &str, message: String, outlook| CallError { operation: operation.into(), code: code.into(), message, outlook };
    let words = |error: &SdkError<E, HttpResponse>| DisplayErrorContext(error).to_string();
    match &error {
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            if refused.raw().status().is_success() {
                // An answer that could not be read.
                return error_of("Transport", words(&error), Outlook::Unknown);
            }
            let code = refused.err().code().unwrap_or("Unknown");
            let message = refused.err().message().map_or_else(|| format!("HTTP status {status}"), str::to_owned);
            let outlook = match status {
                _ if status == 429 || THROTTLING.contains(&code) => Outlook::Busy,
                500.. => Outlook::Unknown,
                _ => Outlook::Final,
            };
            error_of(code, message, outlook)
        }
        SdkError::DispatchFailure(lost) => {
            error_of("Transport", words(&error), if lost.is_user() { Outlook::Final } else { Outlook::Unknown })
        }
        SdkError::ConstructionFailure(_) => error_of("InvalidRequest", words(&error), Outlook::Final),
        _ => error_of("Transport", words(&error), Outlook::Unknown),
    }
}

/// A call, or a member of one, that has no translation.
pub(crate) fn unsupported(operation: &'static str, what: impl Into<String>) -> CallError {
    CallError { operation: operation.into(), code: "Unsupported".into(), message: what.into(), outlook: Outlook::Final }
}
