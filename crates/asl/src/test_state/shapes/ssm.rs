//! Systems Manager's parameters.

use super::shape::{NUMBER, Shape, TEXT, TIME, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "getParameter" => Some(&ONE),
        "getParameters" => Some(&SOME),
        "getParametersByPath" => Some(&BY_PATH),
        _ => None,
    }
}

const PARAMETER: Shape = Shape::Object(&[
    may("Name", text(1, 2_048)),
    may("Type", Shape::OneOf(&["String", "StringList", "SecureString"])),
    may("Value", TEXT),
    may("Version", NUMBER),
    may("Selector", text(0, 128)),
    may("SourceResult", TEXT),
    may("LastModifiedDate", TIME),
    may("ARN", TEXT),
    may("DataType", text(0, 128)),
]);

const ONE: Shape = Shape::Object(&[may("Parameter", PARAMETER)]);

const SOME: Shape =
    Shape::Object(&[may("Parameters", list(&PARAMETER)), may("InvalidParameters", Shape::List { min: 1, max: 10, of: &text(1, 2_048) })]);

const BY_PATH: Shape = Shape::Object(&[may("Parameters", list(&PARAMETER)), may("NextToken", TEXT)]);
