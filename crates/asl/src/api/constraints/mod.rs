//! What the service model demands of a call's members: bounds, patterns, sets of values.
//!
//! AWS's framework checks this before the service sees the call, and answers with all violations at once.

mod rule;
mod table;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::ApiError;
use rule::{Member, Rule};

/// Refuses a call that the service would not get to see.
///
/// # Errors
/// `ValidationException` with every violation, in AWS's words.
pub(super) fn check(operation: &str, call: &Value) -> Result<(), ApiError> {
    let mut violations = Vec::new();
    if let Value::Object(call) = call {
        members(table::members(operation), call, "", &mut violations);
    }
    match violations.len() {
        0 => Ok(()),
        1 => Err(refused(&format!("1 validation error detected: {}", violations[0]))),
        many => Err(refused(&format!("{many} validation errors detected: {}", violations.join("; ")))),
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::new("ValidationException", message)
}

fn members(rules: &[Member], object: &Map<String, Value>, prefix: &str, violations: &mut Vec<String>) {
    for member in rules {
        let path = format!("{prefix}{}", member.name);
        match object.get(member.name) {
            Some(value) => obey(&member.rule, value, &path, violations),
            None if member.required => {
                violations.push(format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"))
            }
            None => {}
        }
    }
}

/// Values of another type than the rule's are left to the reader of the shape.
fn obey(rule: &Rule, value: &Value, path: &str, violations: &mut Vec<String>) {
    let mut add = |shown: &str, constraint: String| {
        violations.push(format!("Value {shown}at '{path}' failed to satisfy constraint: Member must {constraint}"));
    };
    match (rule, value) {
        (Rule::Text { min, max, pattern }, Value::String(text)) => {
            let shown = format!("'{text}' ");
            out_of(*min, *max, text.chars().count()).into_iter().for_each(|bound| add(&shown, format!("have length {bound}")));
            if let Some(pattern) = pattern.filter(|pattern| !pattern.holds(text)) {
                add(&shown, format!("satisfy regular expression pattern: {}", pattern.text()));
            }
        }
        (Rule::Secret { min, max }, Value::String(text)) => {
            out_of(*min, *max, text.chars().count()).into_iter().for_each(|bound| add("", format!("have length {bound}")));
        }
        (Rule::Payload { max }, Value::String(text)) => {
            out_of(0, *max, text.len()).into_iter().for_each(|bound| add("", format!("have length {bound}")));
        }
        (Rule::OneOf(values), Value::String(text)) if !values.contains(&text.as_str()) => {
            add(&format!("'{text}' "), format!("satisfy enum value set: [{}]", values.join(", ")));
        }
        (Rule::Number { min, max }, Value::Number(number)) => {
            let number = number.as_f64().unwrap_or_default();
            let bound = if number < *min as f64 {
                Some(format!("greater than or equal to {min}"))
            } else {
                max.filter(|max| number > *max as f64).map(|max| format!("less than or equal to {max}"))
            };
            bound.into_iter().for_each(|bound| add(&format!("'{value}' "), format!("have value {bound}")));
        }
        (Rule::List { min, max, of }, Value::Array(items)) => {
            out_of(*min, *max, items.len())
                .into_iter()
                .for_each(|bound| add(&format!("'{}' ", java(of, value)), format!("have length {bound}")));
            for (at, item) in (1..).zip(items) {
                obey(of, item, &format!("{path}.{at}.member"), violations);
            }
        }
        (Rule::Object { members: rules, .. }, Value::Object(object)) => members(rules, object, &format!("{path}."), violations),
        _ => {}
    }
}

fn out_of(min: usize, max: usize, length: usize) -> Option<String> {
    if length < min {
        Some(format!("greater than or equal to {min}"))
    } else {
        (length > max).then(|| format!("less than or equal to {max}"))
    }
}

/// A value as the framework prints it: recorded for a list of structures.
fn java(rule: &Rule, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(|item| java(rule, item)).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let class = if let Rule::Object { class, .. } = rule { class } else { "" };
            let members: Vec<String> = object.iter().map(|(name, value)| format!("{name}={}", java(&Rule::Anything, value))).collect();
            format!("{class}({})", members.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
