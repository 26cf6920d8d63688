//! Between JSON and the library's values, and what an expression finds behind `$states` and its variables.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use jsonata_core::evaluator::Context;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use super::syntax::Needs;
use crate::Payload;
use crate::expression::Scope;
use crate::payload::{MAX_DEPTH, MOST_WEIGHT, NODE_WEIGHT};

/// Payloads that are remembered as the library's values: a Map's input is looked at once for each of its items.
const REMEMBERED: usize = 4;
/// Whole numbers up to here are the same in a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

thread_local! {
    static RECENT: RefCell<Vec<(Payload, JValue)>> = const { RefCell::new(Vec::new()) };
}

/// Binds what the expression reads.
pub(super) fn bindings(needs: &Needs, scope: &mut Scope<'_>) -> Context {
    let mut bound = Context::new();
    for name in &needs.variables {
        if let Some(value) = scope.variables.get(name) {
            bound.bind(name.to_string(), of_payload(value));
        }
    }
    if needs.states {
        bound.bind("states".into(), states(needs, scope));
    }
    bound
}

fn states(needs: &Needs, scope: &Scope<'_>) -> JValue {
    let mut states = IndexMap::new();
    if needs.input {
        states.insert("input".to_owned(), of_payload(scope.input));
    }
    if let Some(result) = scope.result.filter(|_| needs.result) {
        states.insert("result".to_owned(), of_payload(result));
    }
    if let Some(error) = scope.error_output.filter(|_| needs.error_output) {
        states.insert("errorOutput".to_owned(), of_payload(error));
    }
    if needs.context {
        let input = scope.context.given.is_none().then(|| of_payload(&scope.context.execution.input));
        states.insert(
            "context".to_owned(),
            of_json(&scope.context.to_value_with(Value::Null), &mut |path| input.clone().filter(|_| path == ["Execution", "Input"])),
        );
    }
    JValue::object(states)
}

/// The library's value of a payload.
fn of_payload(payload: &Payload) -> JValue {
    let json = payload.value();
    if !(json.is_array() || json.is_object()) {
        return plain(json);
    }
    RECENT.with_borrow_mut(|recent| {
        if let Some(at) = recent.iter().position(|(known, _)| known.is(payload)) {
            return recent[at].1.clone();
        }
        let value = plain(json);
        if recent.len() == REMEMBERED {
            recent.remove(0);
        }
        recent.push((payload.clone(), value.clone()));
        value
    })
}

/// The library's value of JSON.
pub(super) fn plain(json: &Value) -> JValue {
    of_json(json, &mut |_| None)
}

/// The library's value of JSON; `instead` may put something else at the end of a way of names.
fn of_json(json: &Value, instead: &mut dyn FnMut(&[&str]) -> Option<JValue>) -> JValue {
    fn below<'v>(json: &'v Value, way: &mut Vec<&'v str>, instead: &mut dyn FnMut(&[&str]) -> Option<JValue>) -> JValue {
        match json {
            Value::Null => JValue::Null,
            Value::Bool(flag) => JValue::Bool(*flag),
            Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => JValue::String(Rc::from(text.as_str())),
            Value::Array(items) => JValue::array(items.iter().map(|item| below(item, way, &mut |_| None)).collect()),
            Value::Object(fields) => {
                let mut object = IndexMap::with_capacity(fields.len());
                for (name, value) in fields {
                    way.push(name);
                    let made = instead(way).unwrap_or_else(|| below(value, way, instead));
                    way.pop();
                    object.insert(name.clone(), made);
                }
                JValue::object(object)
            }
        }
    }
    below(json, &mut Vec::new(), instead)
}

/// JSON of the library's value; `None` if it is undefined.
///
/// # Errors
/// What JSON cannot hold.
pub(super) fn to_json(value: &JValue) -> Result<Option<Value>, &'static str> {
    let mut left = MOST_WEIGHT;
    below(value, 0, &mut left)
}

/// `left` is what may still be made. Values share their parts, so that a small one can be endless as JSON.
fn below(value: &JValue, level: usize, left: &mut usize) -> Result<Option<Value>, &'static str> {
    if level > MAX_DEPTH {
        return Err("The result is nested too deep");
    }
    let text = if let JValue::String(text) = value { text.len() } else { 0 };
    *left = left.checked_sub(NODE_WEIGHT + text).ok_or("The result is too big")?;
    Ok(Some(match value {
        JValue::Null => Value::Null,
        JValue::Bool(flag) => Value::Bool(*flag),
        JValue::Number(number) => number_of(*number)?,
        JValue::String(text) => Value::String((**text).to_owned()),
        JValue::Array(items) => {
            let items: Result<Vec<Option<Value>>, _> = items.iter().map(|item| below(item, level + 1, left)).collect();
            Value::Array(items?.into_iter().flatten().collect())
        }
        JValue::Object(fields) => {
            let mut object = Map::new();
            for (name, value) in fields.iter() {
                if let Some(value) = below(value, level + 1, left)? {
                    object.insert(name.clone(), value);
                }
            }
            Value::Object(object)
        }
        JValue::Undefined => return Ok(None),
        _ => return Err("The result is a function"),
    }))
}

fn number_of(number: f64) -> Result<Value, &'static str> {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Ok(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number).ok_or("D1001: Number out of range")
}
