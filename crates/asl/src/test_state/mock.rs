//! Mocks, what is configured beside them, and which of it fits which state.

use serde_json::Value;

use super::shapes::{self, Strictness};
use super::subject::Subject;
use crate::Payload;
use crate::api::{ApiError, MockInput, TestState};
use crate::document::{Kind, Map, ResourceKind, Task};
use crate::execution::{Answer, Seen};
use crate::history::Fault;

/// What the mock answers with; `None` for a state that needs none.
///
/// # Errors
/// A mock that does not fit, or its lack.
pub(super) fn answer(call: &TestState, subject: &Subject) -> Result<Option<Answer>, ApiError> {
    match &call.mock {
        Some(mock) => mocked(call, mock, subject).map(Some),
        None => not_mocked(call, subject).map(|()| None),
    }
}

fn refused(words: impl Into<String>) -> ApiError {
    ApiError::new("ValidationException", words)
}

fn mocked(call: &TestState, mock: &MockInput, subject: &Subject) -> Result<Answer, ApiError> {
    if mock.result.is_some() && mock.error_output.is_some() {
        return Err(refused("A test mock should have only one of the following fields: [result, errorOutput]."));
    }
    if call.reveal_secrets == Some(true) {
        return Err(refused("TestState does not support RevealSecrets when a mock is specified."));
    }
    let kind = &subject.state.state().kind;
    if !matches!(kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_)) {
        return Err(refused(format!("State type '{:?}' is not supported when a mock is specified", kind.as_type())));
    }
    check_configuration(call, subject)?;
    if let Some(error) = &mock.error_output {
        let (error, cause) = (error.error.as_deref().map(Into::into), error.cause.as_deref().map(Into::into));
        return Ok(Answer::Fault(Fault { error, cause, evaluation: None }));
    }
    let Some(result) = &mock.result else {
        return Err(refused("A test mock should have one of the following fields: [result, errorOutput]."));
    };
    let result = Payload::parse(result.as_str()).map_err(|_| refused("Mocked result must be valid JSON"))?;
    check_result(mock, kind, result.value())?;
    Ok(Answer::Result(result))
}

fn check_result(mock: &MockInput, kind: &Kind, result: &Value) -> Result<(), ApiError> {
    let no_list = || Err(refused("Mocked result must be an array."));
    match kind {
        Kind::Task(task) => check_shape(mock, task, result),
        Kind::Map(map) if exports(map) && !result.is_object() => Err(refused("Mocked result must be a JSON object.")),
        Kind::Map(map) if !exports(map) && !result.is_array() => no_list(),
        Kind::Parallel(parallel) => match result.as_array() {
            Some(results) if results.len() == parallel.branches.len() => Ok(()),
            Some(_) => Err(refused("Mocked result must contain the same number of items as number of Parallel branches.")),
            None => no_list(),
        },
        _ => Ok(()),
    }
}

/// Whether a Map's results go to S3.
fn exports(map: &Map) -> bool {
    let writer = map.distributed.as_ref().and_then(|distributed| distributed.writer.as_ref());
    writer.is_some_and(|writer| writer.arguments.is_some())
}

fn check_shape(mock: &MockInput, task: &Task, result: &Value) -> Result<(), ApiError> {
    let strictness = match mock.field_validation_mode.as_deref() {
        Some("NONE") => return Ok(()),
        Some("PRESENT") => Strictness::Present,
        _ => Strictness::Strict,
    };
    let misfit = shapes::check(&task.resource.service, &task.resource.action, result, strictness);
    misfit.map_err(|words| refused(format!("Mock result schema validation error: {words}")))
}

fn check_configuration(call: &TestState, subject: &Subject) -> Result<(), ApiError> {
    let Some(configuration) = &call.state_configuration else {
        return Ok(());
    };
    let state = &subject.state;
    let is_map = matches!(state.state().kind, Kind::Map(_));
    if configuration.map_iteration_failure_count.is_some() && !is_map && subject.map_around().is_none() {
        return Err(refused("MapIterationFailureCount is only supported for Map states and states within them."));
    }
    if configuration.map_item_reader_data.is_some() && !is_map {
        return Err(refused("MapItemReaderData is only supported for Map states."));
    }
    match &configuration.error_caused_by_state {
        Some(name) if !state.inner.is_empty() && !state.inner.contains(name) => {
            Err(refused(format!("State '{name}' in ErrorCausedByState was not found within the state under test.")))
        }
        _ => Ok(()),
    }
}

fn not_mocked(call: &TestState, subject: &Subject) -> Result<(), ApiError> {
    let configuration = call.state_configuration.clone().unwrap_or_default();
    for (given, field) in [
        (configuration.map_iteration_failure_count.is_some(), "MapIterationFailureCount"),
        (configuration.retrier_retry_count.is_some(), "RetrierRetryCount"),
        (configuration.error_caused_by_state.is_some(), "ErrorCausedByState"),
        (configuration.map_item_reader_data.is_some(), "MapItemReaderData"),
        (call.context.is_some(), "Context"),
    ] {
        if given {
            return Err(refused(format!("TestState does not support {field} when a mock is not specified.")));
        }
    }
    let unsupported = |what: &str| {
        let types = "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]";
        Err(ApiError::new("InvalidDefinition", format!("TestState API does not support {what}. {types}")))
    };
    match &subject.state.state().kind {
        Kind::Map(_) | Kind::Parallel(_) => unsupported("Map or Parallel states"),
        Kind::Task(task) if task.resource.kind == ResourceKind::Activity => unsupported("Activity tasks"),
        Kind::Task(task) if task.resource.is_sync() || task.resource.waits_for_token() => {
            unsupported("the .sync and .waitForTaskToken service integration patterns")
        }
        Kind::Task(_) => Err(refused("fanout does not call services for TestState: specify a mock for a Task state.")),
        Kind::Pass(_) | Kind::Wait(_) | Kind::Choice(_) | Kind::Succeed | Kind::Fail(_) => Ok(()),
    }
}

/// Developer Guide: no more iterations can have failed than there are; within a Map, one less, because one is under test.
pub(super) fn check_failed_items(call: &TestState, subject: &Subject, seen: &Seen) -> Result<(), ApiError> {
    let failed = call.state_configuration.as_ref().and_then(|configuration| configuration.map_iteration_failure_count);
    let (Some(failed), Some(children), Kind::Map(_)) = (failed, &seen.children, &subject.state.state().kind) else {
        return Ok(());
    };
    if u64::try_from(failed).is_ok_and(|failed| failed > children.count) {
        return Err(refused("MapIterationFailureCount cannot exceed the number of items in the input."));
    }
    Ok(())
}
