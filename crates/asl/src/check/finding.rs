//! What is told about a document.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// AWS accepts it, but it will fail, or it does not do what it seems to do.
    Warning,
    /// AWS refuses it.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in the text, always within one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// Counted from 1.
    pub line: usize,
    /// Of the first character, in characters, counted from 1.
    pub column: usize,
    /// Behind the last character.
    pub end_column: usize,
}

/// One thing that is wrong, or worth knowing, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// AWS's code, or that of a [`Rule`](super::Rule).
    pub code: String,
    /// What is wrong, with the number and the limit.
    pub message: String,
    /// Where it is in the document: a JSON Pointer (RFC 6901), such as `/States/S/Catch/0/Next`; empty for all of it.
    pub pointer: String,
    /// Where it is in the text.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
}
