//! What can be wrong with a document, in AWS's codes and words.
//!
//! Words marked "recorded" were seen in AWS's answers; the others follow their manner.

use crate::api::ValidationDiagnostic;
use crate::jsonata::{Jsonata, Known};

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";
const TARGET: &str = "MISSING_TRANSITION_TARGET";
const END: &str = "MISSING_END_STATE";

/// Findings of one document: AWS tells of 100.
const MOST: usize = 1_000;

/// A list of findings.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<ValidationDiagnostic>);

impl Problems {
    fn add(&mut self, code: &str, message: String, location: Option<&str>) {
        if self.0.len() >= MOST {
            return;
        }
        let location = location.map(str::to_owned);
        self.0.push(ValidationDiagnostic { severity: "ERROR".into(), code: code.into(), message, location });
    }

    /// Anything that a schema would find.
    pub(super) fn schema(&mut self, at: &str, message: impl Into<String>) {
        self.add(SCHEMA, message.into(), Some(at));
    }

    /// Recorded.
    pub(super) fn required(&mut self, at: &str, fields: &[&str]) {
        self.schema(at, format!("These fields are required: [{}]", fields.join(", ")));
    }

    /// Recorded, for fields that another state type has.
    pub(super) fn unsupported_field(&mut self, at: &str, field: &str) {
        self.schema(at, format!("Field '{field}' is not supported"));
    }

    /// Fields of which there may be one.
    pub(super) fn exclusive(&mut self, at: &str, fields: &[&str]) {
        self.schema(at, format!("Only one of these fields is allowed: [{}]", fields.join(", ")));
    }

    /// Fields of which there must be one.
    pub(super) fn one_of(&mut self, at: &str, fields: &[&str]) {
        self.schema(at, format!("One of these fields is required: [{}]", fields.join(", ")));
    }

    /// A value of another JSON type.
    pub(super) fn expected(&mut self, at: &str, what: &str) {
        self.schema(at, format!("Expected value of type {what}"));
    }

    /// Text that begins with `{%` or ends with `%}` and is no expression. In `{% … %}` the words are those of JSONata's parser,
    /// without its code (quoted in floci-io/floci#2745).
    pub(super) fn jsonata(&mut self, at: &str, reason: &str) {
        let is_code = |code: &str| code.len() == 5 && code[1..].bytes().all(|byte| byte.is_ascii_digit());
        let words = reason.split_once(": ").filter(|(code, _)| is_code(code)).map_or(reason, |(_, words)| words);
        self.add("INVALID_JSONATA_EXPRESSION", words.into(), Some(at));
    }

    /// An expression that refers to what is not there.
    pub(super) fn unsupported_jsonata(&mut self, at: &str, expression: &Jsonata, known: Known) {
        for message in expression.unsupported(known) {
            self.add("UNSUPPORTED_JSONATA_EXPRESSION", message, Some(at));
        }
    }

    /// Recorded: always `Next`, whatever field names the target.
    pub(super) fn missing_target(&mut self, at: &str, name: &str) {
        self.add(TARGET, format!("Missing 'Next' target: {name}"), Some(at));
    }

    /// Recorded.
    pub(super) fn unreachable(&mut self, at: &str, name: &str) {
        self.add(TARGET, format!("State \"{name}\" is not reachable."), Some(at));
    }

    /// Recorded, without a location.
    pub(super) fn no_end(&mut self) {
        self.add(END, "Workflow has no terminal state".into(), None);
    }

    /// Recorded.
    pub(super) fn duplicate_state(&mut self, at: &str, name: &str) {
        self.add("DUPLICATE_STATE_NAME", format!("Duplicate State name: {name}"), Some(at));
    }

    /// A name that is too long.
    pub(super) fn state_name(&mut self, at: &str) {
        self.add("INVALID_STATE_NAME", "State name must be between 1 and 80 characters long".into(), Some(at));
    }

    /// Recorded, for ARNs.
    pub(super) fn resource(&mut self, at: &str) {
        self.schema(at, "Value is not a valid resource ARN");
    }

    /// An ARN of an integration that there is not. AWS's words as quoted in sam-goodwin/functionless#443.
    pub(super) fn unknown_resource(&mut self, at: &str, arn: &str) {
        let words = "The value is not a valid resource ARN, or the resource is not available in this region.";
        self.schema(at, format!("The resource provided {arn} is not recognized. {words}"));
    }
}

/// What AWS tells of these problems. Recorded: transitions are looked at only in a document whose fields are as they should be.
pub(super) fn told(mut problems: Vec<ValidationDiagnostic>) -> Vec<ValidationDiagnostic> {
    if problems.iter().any(|problem| problem.code == SCHEMA) {
        problems.retain(|problem| problem.code != TARGET && problem.code != END);
    }
    problems
}

/// Text that is not a JSON object.
pub(super) fn not_json(message: &str) -> ValidationDiagnostic {
    ValidationDiagnostic { severity: "ERROR".into(), code: "INVALID_JSON_DESCRIPTION".into(), message: message.into(), location: None }
}
