//! EventBridge.

use super::shape::{NUMBER, Shape, TEXT, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "putEvents" => Some(&PUT),
        _ => None,
    }
}

const PUT: Shape = Shape::Object(&[
    may("FailedEntryCount", NUMBER),
    may("Entries", list(&Shape::Object(&[may("EventId", text(0, 64)), may("ErrorCode", TEXT), may("ErrorMessage", TEXT)]))),
]);
