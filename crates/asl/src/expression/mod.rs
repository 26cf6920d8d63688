//! What may stand behind a `.$`: a path, a context path or an intrinsic call, compiled once and evaluated often.

mod context_path;
mod parse;
mod template;

use std::borrow::Cow;

use serde_json::Value;

pub(crate) use context_path::ContextPath;
pub(crate) use template::{Template, TemplateError};

use crate::Payload;
use crate::context::Context;
use crate::intrinsic::Call;
use crate::path::{Missing, Path};
use crate::random::Random;

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    /// `$…`
    Input(Path),
    /// `$$…`
    Context(ContextPath),
    /// `States.…(…)`
    Call(Box<Call>),
}

/// Text that is no expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAnExpression {
    /// It is simply not one.
    Malformed,
    /// It reads a variable (`$name`), which this engine does not have yet.
    Variable,
}

/// What an expression can see.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    /// `$`.
    pub(crate) input: &'a Payload,
    /// `$$`.
    pub(crate) context: &'a Context<'a>,
    /// Of `States.UUID` and `States.MathRandom`.
    pub(crate) random: &'a mut Random,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EvaluationError {
    /// A definite path leads nowhere.
    Path {
        /// As written.
        path: String,
        /// Why.
        reason: Missing,
    },
    /// A path among the arguments of a call leads nowhere.
    Argument {
        /// The call as written.
        call: String,
        /// The path as written.
        path: String,
    },
    /// An intrinsic function refused its arguments.
    Intrinsic {
        /// The call as written.
        call: String,
        /// What is wrong.
        reason: String,
    },
}

impl Expression {
    /// The value, borrowed from what the scope holds if it can be.
    pub(crate) fn evaluate<'a>(&self, scope: &mut Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        match self {
            Self::Input(path) => path.find(scope.input.value()).map_err(|reason| EvaluationError::Path { path: path.to_string(), reason }),
            Self::Context(path) => path.find(scope.context).map_err(|reason| EvaluationError::Path { path: path.text().into(), reason }),
            Self::Call(call) => call.evaluate(scope).map(Cow::Owned),
        }
    }

    /// The expression as it was written.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Input(path) => path.text(),
            Self::Context(path) => path.text(),
            Self::Call(call) => call.text(),
        }
    }

    /// Whether this is `$`.
    pub(crate) fn is_input(&self) -> bool {
        matches!(self, Self::Input(path) if path.is_root())
    }
}
