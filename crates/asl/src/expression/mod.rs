//! What may stand behind a `.$`: a path, a context path or an intrinsic call, compiled once and evaluated often.

mod context_path;
mod lookup;
mod parse;
mod template;
mod variable;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

pub(crate) use context_path::ContextPath;
pub(crate) use lookup::Lookup;
pub(crate) use template::{Template, TemplateError, may_be_jsonata, parse_jsonata};
pub(crate) use variable::{VariablePath, is_first, is_part};

use crate::Payload;
use crate::context::Context;
use crate::intrinsic::Call;
use crate::jsonata::NoValue;
use crate::path::{Missing, Path};
use crate::random::Random;
use crate::variables::Variables;

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    /// `$…`
    Input(Path),
    /// `$name…`
    Variable(VariablePath),
    /// `$$…`
    Context(ContextPath),
    /// `States.…(…)`
    Call(Box<Call>),
}

/// Text that is no expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAnExpression;

/// What an expression can see.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    /// `$`.
    pub(crate) input: &'a Payload,
    /// `$states.result`.
    pub(crate) result: Option<&'a Payload>,
    /// `$states.errorOutput`.
    pub(crate) error_output: Option<&'a Payload>,
    /// `$$` and `$states.context`.
    pub(crate) context: &'a Context<'a>,
    /// `$name`.
    pub(crate) variables: &'a Variables,
    /// Of UUIDs and random numbers.
    pub(crate) random: &'a mut Random,
    /// Of `$now()`.
    pub(crate) now: Timestamp,
}

impl Scope<'_> {
    /// The same view, for a shorter time.
    pub(crate) fn again(&mut self) -> Scope<'_> {
        Scope {
            input: self.input,
            result: self.result,
            error_output: self.error_output,
            context: self.context,
            variables: self.variables,
            random: self.random,
            now: self.now,
        }
    }
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
    /// A JSONata expression has no value.
    Jsonata {
        /// Without its braces.
        expression: String,
        /// Why.
        why: NoValue,
    },
    /// A template of many parts makes more than anybody can hold.
    TooBig,
}

impl Expression {
    /// The value, borrowed from what the scope holds if it can be.
    pub(crate) fn evaluate<'a>(&self, scope: &mut Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        match self {
            Self::Input(path) => path.find(scope.input.value()).map_err(|reason| EvaluationError::Path { path: path.to_string(), reason }),
            Self::Variable(path) => path.find(scope.variables).map_err(|reason| EvaluationError::Path { path: path.text().into(), reason }),
            Self::Context(path) => path.find(scope.context).map_err(|reason| EvaluationError::Path { path: path.text().into(), reason }),
            Self::Call(call) => call.evaluate(scope).map(Cow::Owned),
        }
    }

    /// The expression as it was written.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Input(path) => path.text(),
            Self::Variable(path) => path.text(),
            Self::Context(path) => path.text(),
            Self::Call(call) => call.text(),
        }
    }

    /// Whether this is `$`.
    pub(crate) fn is_input(&self) -> bool {
        matches!(self, Self::Input(path) if path.is_root())
    }
}
