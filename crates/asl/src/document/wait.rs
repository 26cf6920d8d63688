//! The Wait state as it is written.

use jiff::Timestamp;

use super::fields::Fields;
use super::problems::Problems;
use super::timestamp;
use crate::expression::Expression;

/// What only a Wait has: exactly one of them.
pub(super) const FIELDS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

/// How long to wait.
#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(u64),
    SecondsPath(Expression),
    Timestamp(Timestamp),
    TimestampPath(Expression),
}

/// Reads a Wait.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Wait> {
    match fields.at_most_one(&FIELDS, problems) {
        Some("Seconds") => fields.integer("Seconds", 0, 99_999_999, problems).map(Wait::Seconds),
        Some("SecondsPath") => fields.path("SecondsPath", problems).map(Wait::SecondsPath),
        Some("TimestampPath") => fields.path("TimestampPath", problems).map(Wait::TimestampPath),
        Some(field) => {
            let moment = timestamp::parse(fields.string(field, problems)?);
            if moment.is_none() {
                problems.schema(&fields.location(field), "String does not match RFC3339 timestamp");
            }
            moment.map(Wait::Timestamp)
        }
        None => {
            problems.one_of(fields.at(), &FIELDS);
            None
        }
    }
}
