//! STANDARD and EXPRESS.

use fanout_asl::api::ApiError;

/// How a machine's executions are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Up to a year, with a history.
    Standard,
    /// Up to five minutes, without one.
    Express,
}

impl Kind {
    /// Of a call's `type`; its values were checked before.
    pub(super) fn of(kind: Option<&str>) -> Self {
        if kind == Some("EXPRESS") { Self::Express } else { Self::Standard }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Express => "EXPRESS",
        }
    }

    /// # Errors
    /// Recorded, for an operation that machines of this kind do not have.
    pub(super) fn must_be(self, wanted: Self) -> Result<(), ApiError> {
        if self == wanted {
            return Ok(());
        }
        Err(ApiError::new("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"))
    }
}
