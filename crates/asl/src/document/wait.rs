//! The Wait state as it is written.

use jiff::Timestamp;

use super::fields::{Fields, Given};
use super::problems::Problems;
use super::timestamp;

/// What only a Wait has: exactly one of them.
pub(super) const FIELDS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

/// The same in JSONata.
pub(super) const JSONATA_FIELDS: [&str; 2] = ["Seconds", "Timestamp"];

/// How long to wait.
#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(Given<u64>),
    Timestamp(Given<Timestamp>),
}

/// Reads a Wait.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Wait> {
    let names: &[&'static str] = if fields.is_jsonata() { &JSONATA_FIELDS } else { &FIELDS };
    match fields.at_most_one(names, problems) {
        Some("Seconds" | "SecondsPath") => {
            let seconds = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.integer(name, 0, 99_999_999, problems);
            fields.given(["Seconds", "SecondsPath"], problems, seconds).map(Wait::Seconds)
        }
        Some(_) => fields.given(["Timestamp", "TimestampPath"], problems, moment).map(Wait::Timestamp),
        None => {
            problems.one_of(fields.at(), names);
            None
        }
    }
}

fn moment(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Option<Timestamp> {
    let moment = timestamp::parse(fields.string(field, problems)?);
    if moment.is_none() {
        problems.schema(&fields.location(field), "String does not match RFC3339 timestamp");
    }
    moment
}
