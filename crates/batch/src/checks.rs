//! Checks that registering and submitting have in common.

use serde::Serialize;

use crate::api::{JobTimeout, KeyValue, RetryStrategy};
use crate::limits;
use crate::refusal::Refusal;

/// Characters of a shape's JSON text.
pub(crate) fn json_len(shape: &impl Serialize) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, shape) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}

/// No element may be empty.
pub(crate) fn command(command: Option<&Vec<String>>) -> Result<(), Refusal> {
    match command {
        Some(elements) if elements.iter().any(String::is_empty) => Err(Refusal::EmptyCommand),
        _ => Ok(()),
    }
}

/// Names that begin with `AWS_BATCH` are the service's own.
pub(crate) fn environment(environment: &[KeyValue]) -> Result<(), Refusal> {
    match environment.iter().find(|variable| variable.name.starts_with("AWS_BATCH")) {
        Some(variable) => Err(Refusal::ReservedVariable(variable.name.clone())),
        None => Ok(()),
    }
}

/// At least 60 seconds.
pub(crate) fn timeout(timeout: Option<&JobTimeout>) -> Result<(), Refusal> {
    match timeout.and_then(|timeout| timeout.attempt_duration_seconds) {
        Some(seconds) if seconds < limits::TIMEOUT_SECONDS => Err(Refusal::Timeout(seconds)),
        _ => Ok(()),
    }
}

/// 1–10 attempts, at most 5 rules, each with an action and well-formed patterns.
pub(crate) fn retry(strategy: Option<&RetryStrategy>) -> Result<(), Refusal> {
    let Some(strategy) = strategy else { return Ok(()) };
    let attempts = strategy.attempts.ok_or(Refusal::RetryWithoutAttempts)?;
    range("retryStrategy attempts", &limits::ATTEMPTS, attempts)?;
    if strategy.evaluate_on_exit.len() > limits::RETRY_RULES {
        return Err(Refusal::Quota("evaluateOnExit rules"));
    }
    for rule in &strategy.evaluate_on_exit {
        if !["RETRY", "EXIT"].iter().any(|action| rule.action.eq_ignore_ascii_case(action)) {
            return Err(Refusal::Value { field: "evaluateOnExit action", value: rule.action.clone() });
        }
        text_pattern("onStatusReason", rule.on_status_reason.as_deref(), |c| c.is_alphanumeric() || ".: \t".contains(c))?;
        text_pattern("onReason", rule.on_reason.as_deref(), |c| c.is_alphanumeric() || ".: \t".contains(c))?;
        text_pattern("onExitCode", rule.on_exit_code.as_deref(), |c| c.is_ascii_digit())?;
    }
    Ok(())
}

fn text_pattern(field: &'static str, pattern: Option<&str>, allowed: fn(char) -> bool) -> Result<(), Refusal> {
    let Some(pattern) = pattern else { return Ok(()) };
    let length = pattern.chars().count();
    if length > limits::PATTERN_CHARS {
        return Err(Refusal::TooLong { field, most: limits::PATTERN_CHARS, got: length });
    }
    if pattern.strip_suffix('*').unwrap_or(pattern).chars().all(allowed) {
        return Ok(());
    }
    Err(Refusal::Value { field, value: pattern.into() })
}

/// A number within its limits.
pub(crate) fn range(field: &'static str, limits: &std::ops::RangeInclusive<i32>, got: i32) -> Result<(), Refusal> {
    if limits.contains(&got) {
        return Ok(());
    }
    Err(Refusal::Range { field, least: (*limits.start()).into(), most: (*limits.end()).into(), got: got.into() })
}

/// `ENABLED` or `DISABLED`; absent means enabled.
pub(crate) fn state(state: Option<&str>) -> Result<bool, Refusal> {
    match state {
        None | Some("ENABLED") => Ok(true),
        Some("DISABLED") => Ok(false),
        Some(other) => Err(Refusal::Value { field: "state", value: other.into() }),
    }
}

/// The text of a state.
pub(crate) fn state_name(enabled: bool) -> String {
    if enabled { "ENABLED" } else { "DISABLED" }.into()
}
