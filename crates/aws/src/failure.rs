//! Why a call got no answer: the SDK's many ways to fail as one kind of error.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
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
    E: ProvideErrorMetadata + Error + 'static,
{
    let error_of = |code: &str, message: String, outlook| CallError { operation: operation.into(), code: code.into(), message, outlook };
    let words = |error: &SdkError<E, HttpResponse>| in_words(causes(error));
    if let Some(refused) = of_credentials(&error) {
        return error_of("CredentialsError", refused, Outlook::Final);
    }
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

/// Why there were no credentials to sign with, if that is why.
fn of_credentials(error: &(dyn Error + 'static)) -> Option<String> {
    let mut causes = causes(error).skip_while(|error| !error.is::<CredentialsError>()).peekable();
    causes.peek()?;
    Some(in_words(causes))
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn Error + 'static)| (*error).source())
}

/// From the outermost to the innermost, each said once.
fn in_words<'e>(causes: impl Iterator<Item = &'e (dyn Error + 'static)>) -> String {
    let mut words: Vec<String> = causes.map(ToString::to_string).collect();
    words.dedup();
    words.join(": ")
}

/// A call, or a member of one, that has no translation.
pub(crate) fn unsupported(operation: &'static str, what: impl Into<String>) -> CallError {
    CallError { operation: operation.into(), code: "Unsupported".into(), message: what.into(), outlook: Outlook::Final }
}
