//! Drawings of a document: what its states are and how they lead to each other, as [`mermaid()`] text or as an [`svg()`] picture.
//!
//! Both draw any JSON: what can be read is drawn, a target that does not exist becomes a marked node, and nothing is
//! refused. So a document can be looked at before it is correct. The time they take grows with the size of the document.
//!
//! The files: `read.rs` makes a model of a document (`model.rs`, with the words of `condition.rs` and `notes.rs`),
//! `mermaid.rs` and `svg/` draw it, and `layout/` decides what goes where for `svg/`.

mod colours;
mod condition;
mod layout;
mod mermaid;
mod model;
mod notes;
mod read;
mod svg;
mod text;

use serde_json::Value;

/// A Mermaid flowchart of a document.
///
/// Mermaid's own limits (50,000 characters and 500 arrows, unless its page sets others) keep it from drawing large documents.
pub fn mermaid(document: &Value) -> String {
    mermaid::chart(&read::document(document))
}

/// A picture of a document that needs nothing else: no script, no font, no style from outside.
///
/// It follows the reader's choice of light or dark. Names and conditions that are too long for their place are cut
/// there, and whole in the tooltip.
pub fn svg(document: &Value) -> String {
    svg::picture(&read::title(document), &read::document(document))
}

#[cfg(test)]
mod tests;
