//! `States.Format`.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

/// A compiled template: the texts between its `{}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    texts: Vec<Box<str>>,
}

impl Format {
    /// Compiles a template in which `\{`, `\}`, `\'` and `\\` are escapes.
    pub(super) fn compile(template: &str) -> Result<Self, String> {
        let mut texts = Vec::new();
        let mut text = String::new();
        let mut chars = template.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => text.extend(chars.next()),
                '{' if chars.as_str().starts_with('}') => {
                    chars.next();
                    texts.push(std::mem::take(&mut text).into_boxed_str());
                }
                '{' | '}' => return Err("matching braces were not found in the template".into()),
                plain => text.push(plain),
            }
        }
        texts.push(text.into_boxed_str());
        Ok(Self { texts })
    }

    fn fill(&self, values: &[Cow<'_, Value>]) -> Result<Value, String> {
        let placeholders = self.texts.len() - 1;
        if placeholders != values.len() {
            return Err(format!("The number of arguments ({}) does not match the number of placeholders ({placeholders}).", values.len()));
        }
        let mut filled = String::with_capacity(self.texts.iter().map(|text| text.len() + 8).sum());
        for (position, text) in self.texts.iter().enumerate() {
            filled.push_str(text);
            if let Some(value) = values.get(position) {
                show(value, &mut filled);
            }
        }
        Ok(filled.into())
    }
}

pub(super) fn apply(compiled: Option<&Format>, template: &Value, values: &[Cow<'_, Value>]) -> Result<Value, String> {
    match (compiled, template) {
        (Some(format), _) => format.fill(values),
        (None, Value::String(template)) => Format::compile(template)?.fill(values),
        (None, _) => Err("The first argument must be a string.".into()),
    }
}

/// Strings bare, containers as Java prints its collections (recorded: `{Arg1=1, Arg2=[]}`).
fn show(value: &Value, shown: &mut String) {
    match value {
        Value::String(text) => shown.push_str(text),
        Value::Array(items) => {
            shown.push('[');
            for (position, item) in items.iter().enumerate() {
                shown.push_str(if position == 0 { "" } else { ", " });
                show(item, shown);
            }
            shown.push(']');
        }
        Value::Object(fields) => {
            shown.push('{');
            for (position, (key, item)) in fields.iter().enumerate() {
                shown.push_str(if position == 0 { "" } else { ", " });
                shown.push_str(key);
                shown.push('=');
                show(item, shown);
            }
            shown.push('}');
        }
        // Writing to a string cannot fail.
        plain => _ = write!(shown, "{plain}"),
    }
}
