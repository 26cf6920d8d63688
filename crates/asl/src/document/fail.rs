//! The Fail state as it is written.

use super::fields::Fields;
use super::problems::Problems;
use crate::expression::Expression;

/// What only a Fail has.
pub(super) const FIELDS: [&str; 4] = ["Error", "ErrorPath", "Cause", "CausePath"];

/// A Fail's own part.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) error: Option<Words>,
    pub(crate) cause: Option<Words>,
}

/// Text, written down or looked up.
#[derive(Debug)]
pub(crate) enum Words {
    Fixed(Box<str>),
    Path(Expression),
}

/// Reads a Fail.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Fail {
    Fail { error: words(fields, ["Error", "ErrorPath"], problems), cause: words(fields, ["Cause", "CausePath"], problems) }
}

fn words(fields: &Fields<'_>, names: [&'static str; 2], problems: &mut Problems) -> Option<Words> {
    match fields.at_most_one(&names, problems) {
        Some(name) if name == names[0] => fields.string(name, problems).map(|text| Words::Fixed(text.into())),
        Some(name) => fields.path_or_call(name, problems).map(Words::Path),
        None => None,
    }
}
