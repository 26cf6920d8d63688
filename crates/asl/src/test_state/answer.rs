//! What is answered: the outcome, and as much of what was seen as the level of inspection wants.

use serde_json::{Map, Value};

use super::subject::Subject;
use crate::Payload;
use crate::api::{InspectionData, InspectionErrorDetails, StateTested, TestState};
use crate::document::{Flow, Kind};
use crate::execution::Seen;
use crate::history::Fault;
use crate::language::QueryLanguage;

/// The answer to a test.
pub(super) fn of(call: &TestState, subject: &Subject, input: &Payload, seen: &Seen, next_state: Option<String>) -> StateTested {
    let (error, cause) = seen.fault.clone().map(Fault::into_parts).unwrap_or_default();
    let inspects = !matches!(call.inspection_level.as_deref(), None | Some("INFO"));
    StateTested {
        output: seen.left.as_ref().map(|(output, _)| output.text().to_owned()),
        error: error.filter(|error| !error.is_empty()),
        cause,
        inspection_data: inspects.then(|| Box::new(inspection(subject, input, seen))),
        next_state,
        status: Some(status(seen).into()),
    }
}

fn status(seen: &Seen) -> &'static str {
    match (&seen.fault, &seen.left, seen.retrier) {
        (None, ..) => "SUCCEEDED",
        (Some(_), Some(_), _) => "CAUGHT_ERROR",
        (Some(_), None, Some((_, Some(_)))) => "RETRIABLE",
        (Some(_), None, _) => "FAILED",
    }
}

impl Seen {
    /// Whether a fault met no retrier and no catcher that would take it.
    pub(super) fn is_unhandled(&self) -> bool {
        status(self) == "FAILED"
    }
}

fn inspection(subject: &Subject, input: &Payload, seen: &Seen) -> InspectionData {
    let state = subject.state.state();
    let mut data = InspectionData { input: text(Some(input)), variables: variables(seen), ..InspectionData::default() };
    match state.flow.language {
        QueryLanguage::JsonPath => by_paths(&mut data, &state.kind, input, seen),
        QueryLanguage::Jsonata => by_jsonata(&mut data, &state.kind, &state.flow, seen),
    }
    if let (Kind::Map(map), Some(children)) = (&state.kind, &seen.children) {
        let list = |values: &[Value]| Some(Value::from(values).to_string());
        data.after_items_pointer = children.pointed.as_ref().map(Value::to_string);
        data.after_item_selector = map.selector.as_ref().and_then(|_| list(&children.selected));
        let batcher = map.distributed.as_ref().and_then(|distributed| distributed.batcher.as_ref());
        data.after_item_batcher = batcher.and_then(|_| list(&children.inputs));
    }
    if let Some(limits) = seen.limits {
        data.max_concurrency = i32::try_from(limits.concurrency).ok();
        data.tolerated_failure_count = limits.tolerated_count.and_then(|count| i64::try_from(count).ok());
        data.tolerated_failure_percentage = limits.tolerated_percentage.map(|percentage| percentage as f32);
    }
    if seen.retrier.is_some() || seen.catcher.is_some() {
        data.error_details = Some(InspectionErrorDetails {
            catch_index: seen.catcher.and_then(|position| i32::try_from(position).ok()),
            retry_index: seen.retrier.and_then(|(position, _)| i32::try_from(position).ok()),
            retry_backoff_interval_seconds: seen.retrier.and_then(|(_, delay)| Some(delay? as i32)),
        });
    }
    data
}

/// Recorded for each type: a Pass with a Result shows nothing of its input, a Parallel only what comes of its result.
fn by_paths(data: &mut InspectionData, kind: &Kind, input: &Payload, seen: &Seen) {
    let of_result = |data: &mut InspectionData| {
        data.after_result_selector = text(seen.selected_result.as_ref());
        data.after_result_path = text(seen.merged.as_ref());
    };
    match kind {
        Kind::Task(_) => {
            data.after_input_path = text(seen.selected_input.as_ref());
            data.after_parameters = text(seen.effective_input.as_ref());
            data.result = text(seen.result.as_ref());
            of_result(data);
        }
        Kind::Pass(pass) => {
            if pass.result.is_some() {
                data.result = text(seen.result.as_ref());
            } else {
                data.after_input_path = text(seen.selected_input.as_ref());
                data.after_parameters = text(seen.effective_input.as_ref());
            }
            of_result(data);
        }
        Kind::Map(_) => {
            data.after_input_path = text(seen.selected_input.as_ref());
            data.after_items_path = text(seen.items.as_ref());
            of_result(data);
        }
        Kind::Parallel(_) => of_result(data),
        Kind::Wait(_) | Kind::Choice(_) | Kind::Succeed => data.after_input_path = text(seen.selected_input.as_ref()),
        // It has no InputPath.
        Kind::Fail(_) => data.after_input_path = text(Some(input)),
    }
}

/// Recorded: only a Task shows its arguments and its result.
fn by_jsonata(data: &mut InspectionData, kind: &Kind, flow: &Flow, seen: &Seen) {
    if matches!(kind, Kind::Task(_)) {
        data.after_arguments = text(seen.effective_input.as_ref().filter(|_| flow.parameters.is_some()));
        data.result = text(seen.result.as_ref());
    }
}

fn variables(seen: &Seen) -> Option<String> {
    let members: Map<String, Value> = seen.variables.own().map(|(name, value)| (name.to_string(), value.value().clone())).collect();
    (!members.is_empty()).then(|| Value::Object(members).to_string())
}

fn text(payload: Option<&Payload>) -> Option<String> {
    payload.map(|payload| payload.text().to_owned())
}
