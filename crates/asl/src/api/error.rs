//! What a refused call is answered with.

use super::ValidationDiagnostic;

/// An error that the service answers with: HTTP 400, `__type` and `message`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// AWS's name of the error, such as `StateMachineDoesNotExist`.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

impl ApiError {
    /// An error with AWS's name and words.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// Too many calls: `ThrottlingException`, HTTP 400.
    #[must_use]
    pub fn throttled() -> Self {
        Self::new("ThrottlingException", "Rate exceeded")
    }

    /// `InvalidDefinition`. Several problems stand in one pair of quotes, joined by commas, as recorded; one that is nowhere
    /// is `at null` (quoted in floci-io/floci#2735).
    #[must_use]
    pub fn invalid_definition(problems: &[ValidationDiagnostic]) -> Self {
        let problem = |problem: &ValidationDiagnostic| {
            let location = problem.location.as_deref().unwrap_or("null");
            format!("{}: {} at {location}", problem.code, problem.message)
        };
        let problems: Vec<String> = problems.iter().map(problem).collect();
        Self::new("InvalidDefinition", format!("Invalid State Machine Definition: '{}'", problems.join(", ")))
    }
}

/// Why the body of a call is not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It is not JSON, or a member has another type than in the service model.
    #[error(transparent)]
    Unreadable(#[from] serde_json::Error),
    /// A member is missing or out of bounds.
    #[error(transparent)]
    Refused(#[from] ApiError),
}
