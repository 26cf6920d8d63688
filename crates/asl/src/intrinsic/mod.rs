//! The intrinsic functions `States.…`: which there are, and how a call is evaluated.

mod array;
mod base64;
mod format;
mod hash;
mod json;
mod math;
mod text;

use std::borrow::Cow;

use serde_json::Value;

use crate::expression::{EvaluationError, Expression, Scope};
use crate::payload::{FEW, MOST_WEIGHT, weigh};
use format::Format;
pub(crate) use hash::digest;

/// An intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

/// Name, function, fewest and most arguments.
const FUNCTIONS: [(&str, Function, usize, usize); 18] = [
    ("States.Array", Function::Array, 0, usize::MAX),
    ("States.ArrayContains", Function::ArrayContains, 2, 2),
    ("States.ArrayGetItem", Function::ArrayGetItem, 2, 2),
    ("States.ArrayLength", Function::ArrayLength, 1, 1),
    ("States.ArrayPartition", Function::ArrayPartition, 2, 2),
    ("States.ArrayRange", Function::ArrayRange, 3, 3),
    ("States.ArrayUnique", Function::ArrayUnique, 1, 1),
    ("States.Base64Decode", Function::Base64Decode, 1, 1),
    ("States.Base64Encode", Function::Base64Encode, 1, 1),
    ("States.Format", Function::Format, 1, usize::MAX),
    ("States.Hash", Function::Hash, 2, 2),
    ("States.JsonMerge", Function::JsonMerge, 3, 3),
    ("States.JsonToString", Function::JsonToString, 1, 1),
    ("States.MathAdd", Function::MathAdd, 2, 2),
    ("States.MathRandom", Function::MathRandom, 2, 3),
    ("States.StringSplit", Function::StringSplit, 2, 2),
    ("States.StringToJson", Function::StringToJson, 1, 1),
    ("States.UUID", Function::Uuid, 0, 0),
];

impl Function {
    /// The function called `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, ..)| *known == name).map(|(_, function, ..)| *function)
    }

    fn takes(self, count: usize) -> bool {
        FUNCTIONS.iter().any(|(_, function, fewest, most)| *function == self && (*fewest..=*most).contains(&count))
    }
}

/// An argument as the reader found it.
#[derive(Debug)]
pub(crate) enum Argument {
    Literal(Literal),
    Expression(Expression),
}

/// A literal argument.
#[derive(Debug)]
pub(crate) enum Literal {
    /// Between quotes, escapes and all.
    Text(Box<str>),
    /// A number, a boolean or null.
    Value(Value),
}

/// A compiled call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    text: Box<str>,
    function: Function,
    operands: Vec<Operand>,
    /// Arguments that are copied from somewhere, here and in calls within.
    copies: usize,
    /// The first argument of `States.Format`, if it is a literal.
    format: Option<Format>,
}

#[derive(Clone, Debug)]
enum Operand {
    Value(Value),
    Expression(Expression),
}

impl Call {
    /// Compiles a call; `None` if the function does not take so many arguments.
    pub(crate) fn new(text: &str, function: Function, arguments: Vec<Argument>) -> Option<Self> {
        if !function.takes(arguments.len()) {
            return None;
        }
        let format = match arguments.first() {
            Some(Argument::Literal(Literal::Text(raw))) if function == Function::Format => Format::compile(raw).ok(),
            _ => None,
        };
        let operands: Vec<Operand> = arguments.into_iter().map(Operand::from).collect();
        let copies = operands.iter().map(Operand::copies).sum();
        Some(Self { text: text.into(), function, operands, copies, format })
    }

    /// The call as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The call's value.
    pub(crate) fn evaluate(&self, scope: &mut Scope<'_>) -> Result<Value, EvaluationError> {
        let mut values = Vec::with_capacity(self.operands.len());
        for operand in &self.operands {
            values.push(match operand {
                Operand::Value(value) => Cow::Borrowed(value),
                Operand::Expression(expression) => expression.evaluate(scope).map_err(|error| self.blame(error))?,
            });
        }
        let refused = |reason| EvaluationError::Intrinsic { call: self.text.to_string(), reason };
        if self.copies > FEW && values.iter().try_fold(MOST_WEIGHT, |left, value| weigh(value, left)).is_none() {
            return Err(refused("The arguments are too big.".into()));
        }
        self.apply(&values, scope).map_err(refused)
    }

    fn apply(&self, values: &[Cow<'_, Value>], scope: &mut Scope<'_>) -> Result<Value, String> {
        let at = |position: usize| values.get(position).map_or(&Value::Null, |value| &**value);
        match self.function {
            Function::Array => Ok(Value::Array(values.iter().map(|value| value.clone().into_owned()).collect())),
            Function::ArrayContains => array::contains(at(0), at(1)),
            Function::ArrayGetItem => array::get_item(at(0), at(1)),
            Function::ArrayLength => array::length(at(0)),
            Function::ArrayPartition => array::partition(at(0), at(1)),
            Function::ArrayRange => array::range(at(0), at(1), at(2)),
            Function::ArrayUnique => array::unique(at(0)),
            Function::Base64Decode => base64::decode(at(0)),
            Function::Base64Encode => base64::encode(at(0)),
            Function::Format => format::apply(self.format.as_ref(), at(0), values.get(1..).unwrap_or_default()),
            Function::Hash => hash::hash(at(0), at(1)),
            Function::JsonMerge => json::merge(at(0), at(1), at(2)),
            Function::JsonToString => Ok(at(0).to_string().into()),
            Function::MathAdd => math::add(at(0), at(1)),
            Function::MathRandom => math::random(at(0), at(1), values.get(2).map(|seed| &**seed), scope.random),
            Function::StringSplit => text::split(at(0), at(1)),
            Function::StringToJson => json::parse(at(0)),
            Function::Uuid => Ok(scope.random.uuid().to_string().into()),
        }
    }

    /// Messages name the whole expression, not the call inside it.
    fn blame(&self, error: EvaluationError) -> EvaluationError {
        let call = self.text.to_string();
        match error {
            EvaluationError::Path { path, .. } | EvaluationError::Argument { path, .. } => EvaluationError::Argument { call, path },
            EvaluationError::Intrinsic { reason, .. } => EvaluationError::Intrinsic { call, reason },
            // No argument of a call is JSONata or a template.
            other @ (EvaluationError::Jsonata { .. } | EvaluationError::TooBig) => other,
        }
    }
}

impl Operand {
    fn copies(&self) -> usize {
        match self {
            Self::Value(_) => 0,
            Self::Expression(Expression::Call(call)) => call.copies,
            Self::Expression(_) => 1,
        }
    }
}

impl From<Argument> for Operand {
    fn from(argument: Argument) -> Self {
        match argument {
            Argument::Literal(Literal::Text(raw)) => Self::Value(text::unescape(&raw).into()),
            Argument::Literal(Literal::Value(value)) => Self::Value(value),
            Argument::Expression(expression) => Self::Expression(expression),
        }
    }
}

#[cfg(test)]
mod tests;
