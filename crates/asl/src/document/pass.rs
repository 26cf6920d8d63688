//! The Pass state as it is written.

use super::fields::Fields;
use super::problems::Problems;
use crate::Payload;

/// What only a Pass has.
pub(super) const FIELDS: [&str; 4] = ["Result", "ResultPath", "Parameters", "Arguments"];

/// A Pass's own part.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Static: nothing in it is a path.
    pub(crate) result: Option<Payload>,
}

/// Reads a Pass.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Pass {
    if fields.has("Arguments") {
        problems.unsupported_field(fields.at(), "Arguments");
    }
    Pass { result: fields.get("Result").map(|result| Payload::from_value(result.clone())) }
}
