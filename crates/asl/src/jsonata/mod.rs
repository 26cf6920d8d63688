//! JSONata: expressions in `{% … %}`, compiled once and evaluated within AWS's bounds.
//!
//! The language is the library's (`jsonata-core`); what AWS adds to it, takes away from it and bounds it by is here.

mod functions;
mod guards;
mod references;
mod syntax;
mod values;

use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::Value;

use crate::expression::Scope;
pub(crate) use references::Known;
use references::References;
use syntax::{Needs, needs};

/// Milliseconds of one evaluation (Developer Guide, Handling expression errors: Expression timeout).
const MOST_MILLISECONDS: u64 = 1_000;
/// Items of one sequence: a payload of 256 KiB cannot hold more than an eighth of it.
const MOST_ITEMS: usize = 1_000_000;
/// Levels of one evaluation: far more than the 100 at which AWS was seen to stop (floci-io/floci#2737), whose way of counting
/// them is not the library's.
const MOST_LEVELS: usize = 5_000;
/// Bytes of an expression: as much as a whole document may have.
const MOST_BYTES: usize = 1 << 20;
/// Stack of one evaluation. A fold can nest arrays as deep as a sequence is long, and they are dropped level by level.
const STACK: usize = 512 << 20;
/// What must be left of the caller's own stack to do without another one.
const ENOUGH_STACK: usize = 448 << 20;

/// A compiled expression.
#[derive(Clone)]
pub(crate) struct Jsonata {
    text: Box<str>,
    tree: AstNode,
    needs: Needs,
    references: References,
}

/// Text that is no JSONata, or none that AWS takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotJsonata {
    /// Why.
    pub(crate) reason: String,
}

/// Why an evaluation has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoValue {
    /// It is undefined.
    Nothing,
    /// JSONata's own error, such as `T1006: Attempted to invoke a non-function`.
    Threw(String),
    /// It was stopped.
    Stopped(Bound),
}

/// What an evaluation may not have more of (Developer Guide, Transforming data with JSONata: Handling expression errors).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Time,
    Memory,
    Stack,
}

/// What stands between `{%` and `%}`; `None` for text that is no expression.
pub(crate) fn expression_text(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

impl Jsonata {
    /// Compiles what stands between `{%` and `%}`.
    pub(crate) fn parse(text: &str) -> Result<Self, NotJsonata> {
        if text.len() > MOST_BYTES {
            return Err(NotJsonata { reason: format!("the expression is longer than {MOST_BYTES} bytes") });
        }
        syntax::check(text)?;
        let tree = on_enough_stack(|| unbroken(|| parser::parse(text)));
        let tree = tree.ok_or_else(|| BROKEN.to_owned()).and_then(|tree| tree.map_err(|error| with_code(&error.to_string()).into()));
        let tree = tree.map_err(|reason| NotJsonata { reason })?;
        let (needs, references) = (needs(text), on_enough_stack(|| References::of(&tree)));
        Ok(Self { text: text.into(), tree: guards::dressed(tree, &needs), needs, references })
    }

    /// AWS's words for what the expression refers to that is not there, if this is known where it stands.
    pub(crate) fn unsupported(&self, known: Known) -> Vec<String> {
        self.references.unsupported(known)
    }

    /// The variables that are read and not made within; among them functions that are named without being called.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.references.variables()
    }

    /// The expression without its braces.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The value.
    pub(crate) fn evaluate(&self, scope: &mut Scope<'_>) -> Result<Value, NoValue> {
        self.evaluate_from(&JValue::Undefined, scope)
    }

    /// The value, if `$` is `root` at first. AWS has nothing there.
    fn evaluate_from(&self, root: &JValue, scope: &mut Scope<'_>) -> Result<Value, NoValue> {
        on_enough_stack(|| self.evaluate_here(root, scope))
    }

    fn evaluate_here(&self, root: &JValue, scope: &mut Scope<'_>) -> Result<Value, NoValue> {
        let options = EvaluatorOptions {
            timeout_ms: Some(MOST_MILLISECONDS),
            max_stack_depth: Some(MOST_LEVELS),
            max_sequence_length: Some(MOST_ITEMS),
            ..EvaluatorOptions::default()
        };
        let mut evaluator = Evaluator::with_options(values::bindings(&self.needs, scope), options);
        let random = functions::register(&mut evaluator, scope, &self.needs);
        let result = unbroken(|| evaluator.evaluate(&self.tree, root));
        functions::give_back(random, scope);
        match result.unwrap_or_else(|| Err(EvaluatorError::EvaluationError(BROKEN.into()))) {
            Ok(value) => values::to_json(&value).map_err(|problem| NoValue::Threw(problem.into()))?.ok_or(NoValue::Nothing),
            Err(error) => Err(no_value(&error)),
        }
    }
}

fn on_enough_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(ENOUGH_STACK, STACK, work)
}

/// What is said of an expression at which the library panics.
const BROKEN: &str = "the JSONata library cannot evaluate this expression";

/// Work of the library, whose panics are the expression's failure and not the engine's. `None` if it panicked.
fn unbroken<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The library puts words of its own before some of JSONata's codes, and leaves one out.
fn with_code(message: &str) -> &str {
    const BEFORE: [&str; 3] = ["Invalid syntax: ", "Invalid number: ", "Signature validation failed: "];
    if message == "Unclosed comment" {
        return "S0106: Comment has no closing tag";
    }
    BEFORE.iter().find_map(|words| message.strip_prefix(words)).unwrap_or(message)
}

/// What the library says, by its codes.
fn no_value(error: &EvaluatorError) -> NoValue {
    let message = with_code(error.message());
    match message.split(':').next().unwrap_or_default() {
        "D1012" => NoValue::Stopped(Bound::Time),
        "D2015" => NoValue::Stopped(Bound::Memory),
        "D1011" | "U1001" => NoValue::Stopped(Bound::Stack),
        // Recorded; the library says more.
        "T1006" => NoValue::Threw("T1006: Attempted to invoke a non-function".into()),
        _ => NoValue::Threw(message.into()),
    }
}

/// AWS's words behind "The JSONata expression '…' specified for the field '…'".
impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("returned nothing (undefined)."),
            Self::Threw(words) => write!(f, "threw an error during evaluation. {words}"),
            // Quoted from AWS in floci-io/floci#2737: these have a colon, and no code.
            Self::Stopped(bound) => write!(f, "threw an error during evaluation: {}", bound.words()),
        }
    }
}

impl Bound {
    fn words(self) -> &'static str {
        match self {
            Self::Time => "Expression evaluation timeout: Check for infinite loop",
            Self::Memory => "Expression evaluation memory limit exceeded: Check for excessive memory usage",
            Self::Stack => "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.",
        }
    }
}

impl fmt::Debug for Jsonata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Jsonata").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests;
