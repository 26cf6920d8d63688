//! Paths into variables: `$name`, `$name.field`, `$name[0]`.

use std::borrow::Cow;

use serde_json::Value;

use super::NotAnExpression;
use crate::path::{Missing, Path};
use crate::variables::Variables;

/// A variable and a way down into it.
#[derive(Clone, Debug)]
pub(crate) struct VariablePath {
    text: Box<str>,
    name: Box<str>,
    below: Path,
}

impl VariablePath {
    /// Reads a path that begins with `$` and a name.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAnExpression> {
        let rest = text.strip_prefix('$').ok_or(NotAnExpression)?;
        let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        let (name, below) = rest.split_at(length);
        if !name.starts_with(is_first) {
            return Err(NotAnExpression);
        }
        let below = Path::parse(&format!("${below}")).map_err(|_| NotAnExpression)?;
        Ok(Self { text: text.into(), name: name.into(), below })
    }

    /// The path as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing follows the name, or names and indices only.
    pub(crate) fn is_reference(&self) -> bool {
        self.below.is_reference()
    }

    /// What the path leads to.
    pub(crate) fn find<'a>(&self, variables: &'a Variables) -> Result<Cow<'a, Value>, Missing> {
        let absent = || Missing { reason: format!("No results for path: {}", self.text) };
        self.below.find(variables.get(&self.name).ok_or_else(absent)?.value())
    }
}

/// Whether a variable's name may begin with this (Unicode's identifiers, Developer Guide).
pub(crate) fn is_first(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Whether a variable's name may hold this.
pub(crate) fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
