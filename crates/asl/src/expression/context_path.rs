//! Paths into the context object, which does not exist until somebody asks for all of it.

use std::borrow::Cow;

use serde_json::Value;

use super::NotAnExpression;
use crate::context::Context;
use crate::path::{Missing, Path};

/// A `$$` path, resolved to the member it begins with.
#[derive(Clone, Debug)]
pub(crate) struct ContextPath {
    text: Box<str>,
    member: Member,
}

/// Where a context path begins.
#[derive(Clone, Debug)]
enum Member {
    ExecutionInput(Path),
    MapItemValue(Path),
    MapItemIndex,
    Anything(Path),
}

impl ContextPath {
    /// Reads a path that begins with `$$`.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAnExpression> {
        let below = text.strip_prefix('$').filter(|below| below.starts_with('$')).ok_or(NotAnExpression)?;
        let path = Path::parse(below).map_err(|_| NotAnExpression)?;
        let names: Vec<&str> = path.leading_names().collect();
        let member = match names[..] {
            ["Execution", "Input", ..] => Member::ExecutionInput(path.without_leading(2)),
            ["Map", "Item", "Value", ..] => Member::MapItemValue(path.without_leading(3)),
            ["Map", "Item", "Index"] if path.without_leading(3).is_root() => Member::MapItemIndex,
            _ => Member::Anything(path),
        };
        Ok(Self { text: text.into(), member })
    }

    /// The path as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the path leads to.
    pub(crate) fn find<'a>(&self, context: &'a Context<'a>) -> Result<Cow<'a, Value>, Missing> {
        let absent = || Missing { reason: format!("No results for path: {}", self.text) };
        match &self.member {
            Member::ExecutionInput(path) => path.find(context.input().ok_or_else(absent)?),
            Member::MapItemValue(path) => path.find(context.item_value().ok_or_else(absent)?),
            Member::MapItemIndex => Ok(Cow::Owned(context.item_index().ok_or_else(absent)?)),
            Member::Anything(path) => {
                let mut names = path.leading_names();
                // To copy the input would be most of the work, and nothing but these reads it.
                let reads_input = matches!((names.next(), names.next()), (None, _) | (Some("Execution"), None));
                let whole = if reads_input { context.to_value() } else { context.to_value_with(Value::Null) };
                path.find(&whole).map(|found| Cow::Owned(found.into_owned()))
            }
        }
    }
}
