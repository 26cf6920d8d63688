//! Fields whose value is looked up, and what is said if it is of the wrong kind.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::strand::Sight;
use crate::document::{Given, State};
use crate::expression::Lookup;
use crate::history::{Evaluation, Fault};

/// A field with two names: one for the value, one for the path to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// `TimeoutSeconds`; with `Path` behind it if it is a path.
    pub(super) name: &'static str,
}

impl Field {
    /// The name under which a document has it.
    fn written(self, lookup: &Lookup) -> Cow<'static, str> {
        if lookup.is_jsonata() { self.name.into() } else { format!("{}Path", self.name).into() }
    }
}

impl Execution {
    /// The value behind a path, in the effective input of a state without Parameters, or of an expression.
    pub(super) fn looked_up(&mut self, key: Key, state: &State, lookup: &Lookup, field: &str) -> Result<Value, Fault> {
        let input = self.selected_input(key, state)?;
        match self.with_scope(key, state, Sight::of(&input), |scope| lookup.evaluate(scope).map(Cow::into_owned)) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.field_fault(key, state, field, &input, &error)),
            None => Ok(Value::Null),
        }
    }

    /// A whole number, written down or looked up. Behind a path it may be text, as AWS recorded it.
    pub(super) fn integer(&mut self, key: Key, state: &State, given: &Given<u64>, field: Field) -> Result<i64, Fault> {
        let lookup = match given {
            Given::Fixed(count) => return Ok(i64::try_from(*count).unwrap_or(i64::MAX)),
            Given::Looked(lookup) => lookup,
        };
        let read = |value: &Value| value.as_i64().or_else(|| value.as_str().filter(|_| !lookup.is_jsonata())?.parse().ok());
        self.numeric(key, state, lookup, field, "integer", read)
    }

    /// A number, written down or looked up.
    pub(super) fn decimal(&mut self, key: Key, state: &State, given: &Given<f64>, field: Field) -> Result<f64, Fault> {
        let lookup = match given {
            Given::Fixed(number) => return Ok(*number),
            Given::Looked(lookup) => lookup,
        };
        let read = |value: &Value| value.as_f64().or_else(|| value.as_str().filter(|_| !lookup.is_jsonata())?.parse().ok());
        self.numeric(key, state, lookup, field, "float", read)
    }

    fn numeric<N>(
        &mut self,
        key: Key,
        state: &State,
        lookup: &Lookup,
        field: Field,
        what: &str,
        read: impl FnOnce(&Value) -> Option<N>,
    ) -> Result<N, Fault> {
        let name = field.written(lookup);
        let value = self.looked_up(key, state, lookup, &name)?;
        match read(&value) {
            Some(number) => Ok(number),
            None if lookup.is_jsonata() => Err(self.unexpected(key, state, lookup, field.name, "number", &value)),
            None => {
                let words =
                    format!("The {name} field refers to value \"{}\" which is not a valid {what}: {}", shown(&value), lookup.text());
                Err(self.runtime_fault(key, state, &words))
            }
        }
    }

    /// The number if it is not negative.
    pub(super) fn not_negative<T>(&self, key: Key, state: &State, given: &Given<T>, field: Field, number: i64) -> Result<u64, Fault> {
        u64::try_from(number).map_err(|_| self.bounds_fault(key, state, given, field, &format!("{} cannot be negative.", field.name)))
    }

    /// The number if it is from 0 to 100.
    pub(super) fn percentage<T>(&self, key: Key, state: &State, given: &Given<T>, field: Field, number: f64) -> Result<f64, Fault> {
        if (0.0..=100.0).contains(&number) {
            return Ok(number);
        }
        Err(self.bounds_fault(key, state, given, field, &format!("{} must be between 0 and 100.", field.name)))
    }

    fn bounds_fault<T>(&self, key: Key, state: &State, given: &Given<T>, field: Field, words: &str) -> Fault {
        match given {
            Given::Looked(lookup) => self.value_fault(key, state, lookup, field.name, words),
            Given::Fixed(_) => self.runtime_fault(key, state, words),
        }
    }

    /// Seconds of a task: at least one.
    pub(super) fn seconds(&mut self, key: Key, state: &State, given: Option<&Given<u64>>, field: Field) -> Result<Option<u64>, Fault> {
        let lookup = match given {
            None => return Ok(None),
            Some(Given::Fixed(seconds)) => return Ok(Some(*seconds)),
            Some(Given::Looked(lookup)) => lookup,
        };
        let name = field.written(lookup);
        let value = self.looked_up(key, state, lookup, &name)?;
        if let Some(seconds) = value.as_u64().filter(|seconds| *seconds > 0) {
            return Ok(Some(seconds));
        }
        if lookup.is_jsonata() {
            if value.is_number() {
                let words = format!(
                    "The value returned by the JSONata expression '{}' specified for the field '{}' must be a positive integer: {value}",
                    lookup.text(),
                    field.name
                );
                return Err(self.value_fault(key, state, lookup, field.name, &words));
            }
            return Err(self.unexpected(key, state, lookup, field.name, "number", &value));
        }
        let words = format!("The {name} field refers to value \"{value}\" which is not a valid positive integer: {}", lookup.text());
        Err(self.runtime_fault(key, state, &words))
    }

    /// The fault of a value that is of the right type and cannot be used.
    pub(super) fn value_fault(&self, key: Key, state: &State, lookup: &Lookup, field: &'static str, words: &str) -> Fault {
        if lookup.is_jsonata() { self.query_fault(key, state, field, true, words) } else { self.runtime_fault(key, state, words) }
    }

    /// The fault of an expression whose value has another type than the field.
    pub(super) fn unexpected(&self, key: Key, state: &State, lookup: &Lookup, field: &str, expected: &str, value: &Value) -> Fault {
        let words = format!(
            "The JSONata expression '{}' specified for the field '{field}' returned an unexpected result type. Expected '{expected}', but was '{}' for value: {value}",
            lookup.text(),
            type_name(value)
        );
        self.query_fault(key, state, field, false, &words)
    }

    /// States.QueryEvaluationError at a field; an empty name is none.
    pub(super) fn query_fault(&self, key: Key, state: &State, field: &str, had_value: bool, words: &str) -> Fault {
        let location = if field.is_empty() { None } else { Some(Arc::from(field)) };
        let evaluation = Some(Box::new(Evaluation { location, had_value }));
        Fault { evaluation, ..self.fault(key, state, "States.QueryEvaluationError", words) }
    }
}

/// As JSONata calls it.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Text bare, anything else as JSON.
pub(super) fn shown(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| value.to_string().into(), Cow::Borrowed)
}
