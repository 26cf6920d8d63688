//! Text that is not JSON: where the parser stopped, and what was probably meant.

use super::finding::{Finding, Severity};
use super::report::Cursor;
use crate::api;

/// What is wrong with the text.
pub(super) fn finding(text: &str, error: &serde_json::Error) -> Finding {
    let at = offset(text, error.line(), error.column());
    let words = error.to_string();
    let message = words.rsplit_once(" at line ").map_or(&*words, |(message, _)| message);
    let deep = message.contains("recursion limit");
    let message = if deep {
        "the document is nested deeper than 127 levels".into()
    } else {
        api::not_json(text).unwrap_or_else(|| message.to_owned())
    };
    let end = at + text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    let span = Cursor { text, at: 0, line: 1, column: 1 }.span(at..end);
    let help =
        if deep { Some("no state machine needs that; AWS has a limit of its own".into()) } else { help(text, at).map(str::to_owned) };
    Finding { severity: Severity::Error, code: "INVALID_JSON_DESCRIPTION".into(), message, pointer: String::new(), span, help }
}

/// The byte that a line and a column, in bytes from 1, mean.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(newlines) => text.match_indices('\n').nth(newlines).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    let at = (start + column.saturating_sub(1)).min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn help(text: &str, at: usize) -> Option<&'static str> {
    let (before, rest) = (text[..at].trim_end(), &text[at..]);
    if text.starts_with('\u{feff}') {
        return Some("the text begins with a byte order mark, which JSON does not allow: save it as plain UTF-8");
    }
    if text.trim().is_empty() {
        return Some("the text is empty; a definition is a JSON object with StartAt and States");
    }
    if before.is_empty() && rest.starts_with(|c: char| c.is_alphabetic() || c == '-' || c == '#') {
        return Some("this looks like YAML; AWS takes JSON only");
    }
    match rest.chars().next() {
        None => Some("the text ends too early: a closing bracket, brace or quote is missing"),
        Some('/') => Some("JSON has no comments; put the words into a \"Comment\" field"),
        Some('\'') => Some("JSON strings stand in double quotes"),
        Some('}' | ']') if before.ends_with(',') => Some("no comma may follow the last member"),
        Some('"') if before.ends_with(['"', '}', ']']) => Some("a comma is missing before this"),
        Some('$') => Some("a placeholder that is filled in later has to stand in quotes, or be filled in before the check"),
        _ => None,
    }
}
