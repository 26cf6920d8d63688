//! The Pass state as it is written.

use super::fields::Fields;
use crate::Payload;

/// What only a Pass has, in JSONPath.
pub(super) const PATH_FIELDS: [&str; 3] = ["Result", "ResultPath", "Parameters"];

/// A Pass's own part.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Static: nothing in it is a path.
    pub(crate) result: Option<Payload>,
}

/// Reads a Pass.
pub(super) fn read(fields: &Fields<'_>) -> Pass {
    Pass { result: fields.get("Result").map(|result| Payload::from_value(result.clone())) }
}
