//! `States.StringSplit`, and what the functions on text share.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

/// Characters that hashing and encoding take.
const MAX_CHARACTERS: usize = 10_000;

/// Every character of `delimiters` splits; empty parts are left out.
pub(super) fn split(text: &Value, delimiters: &Value) -> Result<Value, String> {
    match (text, delimiters) {
        (Value::String(text), Value::String(delimiters)) => {
            let delimiters: BTreeSet<char> = delimiters.chars().collect();
            Ok(text.split(|c| delimiters.contains(&c)).filter(|part| !part.is_empty()).map(Value::from).collect())
        }
        _ => Err("Both arguments must be strings.".into()),
    }
}

/// Takes the backslashes out of a literal.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c == '\\' { text.extend(chars.next()) } else { text.push(c) }
    }
    text
}

/// A string within the limit, or another value's JSON.
pub(super) fn limited(value: &Value) -> Result<Cow<'_, str>, String> {
    let text = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    if text.chars().take(MAX_CHARACTERS + 1).count() > MAX_CHARACTERS {
        return Err(format!("The argument is longer than {MAX_CHARACTERS} characters."));
    }
    Ok(text)
}
