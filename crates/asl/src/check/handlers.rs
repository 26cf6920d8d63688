//! Retry and Catch: rules that never match, and errors that nobody takes.

use serde_json::Value;

use super::machine::{Place, State};
use super::names;
use super::nearest::nearest;
use super::pointer::Pointer;
use super::report::Report;
use super::rules;

const ALL: &str = "States.ALL";
const FAILED: &str = "States.TaskFailed";
const TIMEOUT: &str = "States.Timeout";
const DATA_LIMIT: &str = "States.DataLimitExceeded";
const RUNTIME: &str = "States.Runtime";

/// A name in an ErrorEquals.
struct Name<'d> {
    at: Pointer,
    text: &'d str,
    rule: usize,
    never_retried: bool,
}

/// Notes what Retry and Catch miss.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    let own: Vec<&str> = places.iter().filter(|place| place.state.is("Fail")).filter_map(|place| place.state.text("Error")).collect();
    for place in places {
        for field in ["Retry", "Catch"] {
            let names = names_of(place.state, field);
            shadowed(&names, field, report);
            spelling(&names, &own, report);
        }
        missed_timeout(place, report);
        reruns(place.state, report);
    }
}

fn names_of<'d>(state: &State<'d>, field: &str) -> Vec<Name<'d>> {
    let mut names = Vec::new();
    for (rule, (at, handler)) in state.list(field).enumerate() {
        let never_retried = handler.get("MaxAttempts").and_then(Value::as_f64) == Some(0.0);
        let list = at.key("ErrorEquals");
        let errors = handler.get("ErrorEquals").and_then(Value::as_array).into_iter().flatten().enumerate();
        let texts = errors.filter_map(|(position, error)| Some((position, error.as_str()?)));
        names.extend(texts.map(|(position, text)| Name { at: list.index(position), text, rule, never_retried }));
    }
    names
}

/// Whether an error of the name `error` is taken by a rule that lists `name`.
fn takes(name: &str, error: &str) -> bool {
    match name {
        ALL => !matches!(error, DATA_LIMIT | RUNTIME),
        FAILED => !matches!(error, ALL | TIMEOUT | DATA_LIMIT | RUNTIME),
        _ => name == error,
    }
}

fn shadowed(names: &[Name<'_>], field: &str, report: &mut Report<'_>) {
    for name in names {
        let Some(first) = names.iter().find(|first| first.rule < name.rule && takes(first.text, name.text)) else { continue };
        // AWS refuses a States.ALL that is not the last itself.
        if first.text == ALL {
            continue;
        }
        let never = if first.never_retried { ", with MaxAttempts 0: it is never retried" } else { "" };
        let message = format!("'{}' never gets here: {field}[{}] takes it by '{}'{never}", name.text, first.rule, first.text);
        report.add(&rules::HANDLER_SHADOWED, &name.at, message, "rules are tried in order: put the narrower one first, or remove this");
    }
}

fn spelling(names: &[Name<'_>], own: &[&str], report: &mut Report<'_>) {
    for name in names.iter().filter(|name| name.text.starts_with("States.")) {
        if name.text == RUNTIME {
            let help = "look for what raises it, such as a path that leads nowhere, and prevent it there";
            report.add(&rules::RUNTIME_ERROR_HANDLED, &name.at, "States.Runtime always fails the execution: no rule takes it", help);
        } else if !names::ERRORS.contains(&name.text) && !name.text.starts_with("States.Http.StatusCode.") && !own.contains(&name.text) {
            let close = nearest(name.text, names::ERRORS).map(|close| format!("did you mean '{close}'?"));
            let message = format!("Step Functions has no error called '{}'", name.text);
            let help = close.unwrap_or_else(|| "names that begin with 'States.' are reserved; the Developer Guide lists them".into());
            report.add(&rules::UNKNOWN_ERROR_NAME, &name.at, message, help);
        }
    }
}

/// Whether a rule of the state's Catch takes this error.
pub(super) fn catches(state: &State<'_>, error: &str) -> bool {
    names_of(state, "Catch").iter().any(|name| takes(name.text, error))
}

fn missed_timeout(place: &Place<'_, '_>, report: &mut Report<'_>) {
    let state = place.state;
    let has_timeout = state.is("Task") && (state.has("TimeoutSeconds") || state.has("TimeoutSecondsPath"));
    let names = names_of(state, "Catch");
    let Some(failed) = names.iter().find(|name| name.text == FAILED).filter(|_| has_timeout) else { return };
    let caught = |state: &State<'_>| catches(state, TIMEOUT);
    if caught(state) || place.around.iter().any(|around| caught(around)) {
        return;
    }
    let message = format!(
        "'{}' has a timeout, but its Catch does not take it: States.TaskFailed stands for everything but States.Timeout",
        state.name
    );
    report.add(&rules::CATCH_MISSES_TIMEOUT, &failed.at, message, "add \"States.Timeout\" to this ErrorEquals");
}

/// Retries of a Map, a Parallel or a job array that do again what has succeeded.
fn reruns(state: &State<'_>, report: &mut Report<'_>) {
    let names = names_of(state, "Retry");
    let Some(name) = names.iter().find(|name| !name.never_retried && matches!(name.text, ALL | FAILED | TIMEOUT)) else { return };
    let at = name.at.parent().parent();
    let runs_jobs = || {
        state
            .inner
            .iter()
            .flat_map(super::machine::Machine::places)
            .any(|place| place.state.call().is_some_and(|call| call.awaits_batch_job()))
    };
    let (what, help) = match state.kind() {
        "Map" if state.is_distributed_map() && runs_jobs() => (
            "starts a new Map Run over all items",
            "retry inside the ItemProcessor, or redrive the execution: that reruns only what failed",
        ),
        "Map" if runs_jobs() => ("submits the jobs of all items again", "put the Retry on the Task inside the ItemProcessor"),
        "Parallel" if runs_jobs() => ("submits the jobs of all branches again", "put the Retry on the Tasks inside the branches"),
        "Task" if state.call().is_some_and(|call| call.awaits_batch_job()) => match array_size(state) {
            Some(children) => {
                let message = format!("this Retry submits all {children}children of the array again, also those that succeeded");
                let help = "let Batch retry each child: \"RetryStrategy\": {\"Attempts\": …} among the parameters";
                report.add(&rules::RETRY_RERUNS_ALL, &at, message, help);
                return;
            }
            None => return,
        },
        _ => return,
    };
    report.add(&rules::RETRY_RERUNS_ALL, &at, format!("this Retry {what}, also of those that succeeded"), help);
}

/// Whose children these are; `None` if the job is no array.
fn array_size(state: &State<'_>) -> Option<String> {
    let array = state.parameters().1?.get("ArrayProperties")?;
    match array.get("Size") {
        Some(size) if size.is_u64() => Some(format!("{size} ")),
        _ => Some(String::new()),
    }
}
