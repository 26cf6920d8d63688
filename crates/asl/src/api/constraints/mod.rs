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
    let mut violations = Violations::default();
    if let Value::Object(call) = call {
        violations.of_members(table::members(operation), call, "");
    }
    match violations.0.len() {
        0 => Ok(()),
        1 => Err(refused(&format!("1 validation error detected: {}", violations.0[0]))),
        many => Err(refused(&format!("{many} validation errors detected: {}", violations.0.join("; ")))),
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::new("ValidationException", message)
}

#[derive(Default)]
struct Violations(Vec<String>);

impl Violations {
    fn of_members(&mut self, rules: &[Member], object: &Map<String, Value>, prefix: &str) {
        for member in rules {
            let path = format!("{prefix}{}", member.name);
            match object.get(member.name) {
                Some(value) => self.of(&member.rule, value, &path),
                None if member.required => self.add("null ", &path, "not be null"),
                None => {}
            }
        }
    }

    /// Values of another type than the rule's are left to the reader of the shape.
    fn of(&mut self, rule: &Rule, value: &Value, path: &str) {
        match (rule, value) {
            (Rule::Text { min, max, pattern }, Value::String(text)) => {
                let shown = format!("'{text}' ");
                self.of_length(&shown, path, (*min, *max), text.chars().count());
                if let Some(pattern) = pattern.filter(|pattern| !pattern.holds(text)) {
                    self.add(&shown, path, &format!("satisfy regular expression pattern: {}", pattern.text()));
                }
            }
            (Rule::Secret { min, max }, Value::String(text)) => self.of_length("", path, (*min, *max), text.chars().count()),
            (Rule::Payload { max }, Value::String(text)) => self.of_length("", path, (0, *max), text.len()),
            (Rule::OneOf(values), Value::String(text)) if !values.contains(&text.as_str()) => {
                self.add(&format!("'{text}' "), path, &format!("satisfy enum value set: [{}]", values.join(", ")));
            }
            (Rule::Number { min, max }, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or_default();
                if number < *min as f64 {
                    self.add(&format!("'{value}' "), path, &format!("have value greater than or equal to {min}"));
                } else if let Some(max) = max.filter(|max| number > *max as f64) {
                    self.add(&format!("'{value}' "), path, &format!("have value less than or equal to {max}"));
                }
            }
            (Rule::List { min, max, of }, Value::Array(items)) => {
                self.of_length(&format!("'{}' ", java(of, value)), path, (*min, *max), items.len());
                for (at, item) in (1..).zip(items) {
                    self.of(of, item, &format!("{path}.{at}.member"));
                }
            }
            (Rule::Object { members, .. }, Value::Object(object)) => self.of_members(members, object, &format!("{path}.")),
            _ => {}
        }
    }

    fn of_length(&mut self, shown: &str, path: &str, (min, max): (usize, usize), length: usize) {
        if length < min {
            self.add(shown, path, &format!("have length greater than or equal to {min}"));
        } else if length > max {
            self.add(shown, path, &format!("have length less than or equal to {max}"));
        }
    }

    fn add(&mut self, shown: &str, path: &str, constraint: &str) {
        self.0.push(format!("Value {shown}at '{path}' failed to satisfy constraint: Member must {constraint}"));
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
