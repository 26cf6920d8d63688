//! Retry and Catch: what happens to a state that fails.

use serde_json::Value;

use super::StateId;
use super::fields::Fields;
use super::flow::{self, Leaving, ResultPath};
use super::graph::Machine;
use super::problems::Problems;
use crate::jsonata::Known;

/// A state's retriers and catchers, in order.
#[derive(Debug, Default)]
pub(crate) struct Handlers {
    pub(crate) retriers: Vec<Retrier>,
    pub(crate) catchers: Vec<Catcher>,
}

/// One rule of Retry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Retrier {
    pub(crate) errors: Errors,
    pub(crate) interval_seconds: u64,
    pub(crate) max_attempts: u32,
    pub(crate) backoff_rate: f64,
    pub(crate) max_delay_seconds: Option<u64>,
    pub(crate) full_jitter: bool,
}

/// One rule of Catch.
#[derive(Clone, Debug)]
pub(crate) struct Catcher {
    pub(crate) errors: Errors,
    pub(crate) result: ResultPath,
    pub(crate) leaving: Leaving,
    pub(crate) next: StateId,
}

/// The names in an ErrorEquals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Errors(Vec<Box<str>>);

impl Errors {
    /// Whether one of the names stands for `error`.
    ///
    /// States.Runtime is never handled; States.DataLimitExceeded only by its own name; States.TaskFailed stands for
    /// everything but States.Timeout.
    pub(crate) fn include(&self, error: &str) -> bool {
        let by_wildcard = error != "States.DataLimitExceeded";
        error != "States.Runtime"
            && self.0.iter().any(|name| match &**name {
                "States.ALL" => by_wildcard,
                "States.TaskFailed" => by_wildcard && error != "States.Timeout",
                name => name == error,
            })
    }

    fn are_all(&self) -> bool {
        self.0.iter().any(|name| &**name == "States.ALL")
    }
}

impl Retrier {
    /// Seconds before retry number `attempt`, counted from 0, without jitter.
    pub(crate) fn delay_seconds(&self, attempt: u32) -> f64 {
        let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
        let delay = self.interval_seconds as f64 * self.backoff_rate.powi(exponent);
        // Longer than any execution lives.
        delay.min(self.max_delay_seconds.map_or(31_622_400.0, |most| most as f64))
    }
}

/// Reads Retry and Catch.
pub(super) fn read<'d>(fields: &Fields<'d>, machine: &mut Machine<'d>, problems: &mut Problems) -> Handlers {
    Handlers {
        retriers: list(fields, "Retry", problems, retrier),
        catchers: list(fields, "Catch", problems, |fields, problems| catcher(fields, machine, problems)),
    }
}

fn list<'d, T>(
    fields: &Fields<'d>,
    field: &str,
    problems: &mut Problems,
    mut read: impl FnMut(&Fields<'d>, &mut Problems) -> Option<(Errors, T)>,
) -> Vec<T> {
    let elements = fields.array(field, problems).map_or(&[][..], |elements| elements);
    let mut rules = Vec::new();
    for (position, element) in elements.iter().enumerate() {
        let Some(fields) = fields.element(field, position, element, problems) else {
            continue;
        };
        if let Some((errors, rule)) = read(&fields, problems) {
            if errors.are_all() && (errors.0.len() > 1 || position + 1 < elements.len()) {
                let words = "States.ALL must appear alone and at the end of the list";
                problems.schema(&fields.location("ErrorEquals"), words);
            }
            rules.push(rule);
        }
    }
    rules
}

fn errors(fields: &Fields<'_>, problems: &mut Problems) -> Option<Errors> {
    let names = fields.array("ErrorEquals", problems)?;
    if names.is_empty() {
        problems.schema(&fields.location("ErrorEquals"), "Value cannot be empty");
        return None;
    }
    let read: Option<Vec<Box<str>>> = names.iter().map(|name| name.as_str().map(Into::into)).collect();
    if read.is_none() {
        problems.expected(&fields.location("ErrorEquals"), "Array of String");
    }
    read.map(Errors)
}

fn retrier(fields: &Fields<'_>, problems: &mut Problems) -> Option<(Errors, Retrier)> {
    const KNOWN: [&str; 7] =
        ["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"];
    fields.allow_only(&[&KNOWN], problems);
    fields.require(&["ErrorEquals"], problems);
    let interval_seconds = fields.integer("IntervalSeconds", 1, 99_999_999, problems).unwrap_or(1);
    let max_delay_seconds = fields.integer("MaxDelaySeconds", 1, 31_622_400, problems);
    if max_delay_seconds.is_some_and(|most| most <= interval_seconds) {
        problems.schema(&fields.location("MaxDelaySeconds"), "MaxDelaySeconds must be greater than IntervalSeconds");
    }
    let backoff_rate = fields.get("BackoffRate").map_or(Some(2.0), Value::as_f64).filter(|rate| *rate >= 1.0);
    if backoff_rate.is_none() {
        problems.schema(&fields.location("BackoffRate"), "BackoffRate must be greater than or equal to 1.0");
    }
    let full_jitter = match fields.string("JitterStrategy", problems) {
        None | Some("NONE") => false,
        Some("FULL") => true,
        Some(_) => {
            let words = "The field 'JitterStrategy' should have one of these values: [NONE, FULL]";
            problems.schema(&fields.location("JitterStrategy"), words);
            false
        }
    };
    let max_attempts = fields.integer("MaxAttempts", 0, 99_999_999, problems).unwrap_or(3) as u32;
    let errors = errors(fields, problems)?;
    let rule = Retrier {
        errors: errors.clone(),
        interval_seconds,
        max_attempts,
        backoff_rate: backoff_rate.unwrap_or(2.0),
        max_delay_seconds,
        full_jitter,
    };
    Some((errors, rule))
}

fn catcher<'d>(fields: &Fields<'d>, machine: &mut Machine<'d>, problems: &mut Problems) -> Option<(Errors, Catcher)> {
    let of_language = if fields.is_jsonata() { "Output" } else { "ResultPath" };
    fields.allow_only(&[&["ErrorEquals", "Next", "Comment", "Assign", of_language]], problems);
    fields.require(&["ErrorEquals", "Next"], problems);
    let result = if fields.is_jsonata() { ResultPath::Replace } else { flow::result_path(fields, problems) };
    let leaving = flow::leaving(fields, Known::ErrorOutput, problems);
    let next = fields.string("Next", problems).and_then(|name| machine.target(name, fields.location("Next")));
    let errors = errors(fields, problems)?;
    Some((errors.clone(), Catcher { errors, result, leaving, next: next? }))
}
