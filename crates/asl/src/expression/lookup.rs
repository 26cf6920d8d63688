//! A field whose whole value is looked up: a `…Path` in JSONPath, an expression in JSONata.

use std::borrow::Cow;

use serde_json::Value;

use super::{EvaluationError, Expression, Scope};
use crate::jsonata::Jsonata;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Lookup {
    /// A path or a call.
    Path(Expression),
    /// JSONata.
    Jsonata(Box<Jsonata>),
}

impl Lookup {
    /// The value.
    pub(crate) fn evaluate<'a>(&self, scope: &mut Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        match self {
            Self::Path(expression) => expression.evaluate(scope),
            Self::Jsonata(expression) => {
                let value = expression.evaluate(scope).map(Cow::Owned);
                value.map_err(|why| EvaluationError::Jsonata { expression: expression.text().into(), why })
            }
        }
    }

    /// As it was written, without braces.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Path(expression) => expression.text(),
            Self::Jsonata(expression) => expression.text(),
        }
    }

    /// Whether this is JSONata.
    pub(crate) fn is_jsonata(&self) -> bool {
        matches!(self, Self::Jsonata(_))
    }
}
