//! The Fail state as it is written.

use super::fields::{Fields, Given};
use super::problems::Problems;
use crate::expression::Lookup;

/// What only a Fail has.
pub(super) const FIELDS: [&str; 4] = ["Error", "ErrorPath", "Cause", "CausePath"];

/// The same in JSONata.
pub(super) const JSONATA_FIELDS: [&str; 2] = ["Error", "Cause"];

/// A Fail's own part.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) error: Option<Given<Box<str>>>,
    pub(crate) cause: Option<Given<Box<str>>>,
}

/// Reads a Fail.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Fail {
    Fail { error: words(fields, ["Error", "ErrorPath"], problems), cause: words(fields, ["Cause", "CausePath"], problems) }
}

fn words(fields: &Fields<'_>, names: [&'static str; 2], problems: &mut Problems) -> Option<Given<Box<str>>> {
    let text = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.string(name, problems).map(Into::into);
    if fields.is_jsonata() || !fields.has(names[1]) {
        return fields.given(names, problems, text);
    }
    fields.at_most_one(&names, problems);
    fields.path_or_call(names[1], problems).map(|path| Given::Looked(Lookup::Path(path)))
}
