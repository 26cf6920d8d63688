//! The context object of a test: the one that is given, or one that is made up.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::subject::Subject;
use crate::Settings;
use crate::api::{ApiError, TestState};
use crate::context::{STATE_DATA, clock_text};
use crate::document::Kind;
use crate::random::Random;

/// The type of a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Anything,
}

const EXECUTION: &[(&str, Type)] = &[
    ("Id", Type::Text),
    ("Input", Type::Anything),
    ("Name", Type::Text),
    ("RoleArn", Type::Text),
    ("StartTime", Type::Text),
    ("RedriveCount", Type::Number),
    ("RedriveTime", Type::Text),
];
const STATE: &[(&str, Type)] = &[("EnteredTime", Type::Text), ("Name", Type::Text), ("RetryCount", Type::Number)];
const MACHINE: &[(&str, Type)] = &[("Id", Type::Text), ("Name", Type::Text)];
const TASK: &[(&str, Type)] = &[("Token", Type::Text)];

/// Reads and checks a context object.
///
/// # Errors
/// What it may not hold.
pub(super) fn given(text: &str, subject: &Subject) -> Result<Value, ApiError> {
    let refused = |words: String| ApiError::new("ValidationException", format!("Invalid Context object provided: {words}"));
    let Ok(Value::Object(context)) = serde_json::from_str(text) else {
        return Err(refused("Context object must be a valid JSON object".into()));
    };
    for (name, value) in &context {
        let known = match name.as_str() {
            "Execution" => EXECUTION,
            "State" => STATE,
            "StateMachine" => MACHINE,
            "Task" if has_token(subject) => TASK,
            "Task" => {
                let words = "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
                             service integration pattern";
                return Err(refused(words.into()));
            }
            "Map" => return Err(refused("'Map' field is not supported when mocking a Context object".into())),
            other => return Err(refused(format!("Field '{other}' is not allowed"))),
        };
        let members = value.as_object().ok_or_else(|| refused(format!("{name} must be an object")))?;
        check(name, members, known).map_err(refused)?;
    }
    Ok(Value::Object(context))
}

fn check(name: &str, members: &Map<String, Value>, known: &[(&str, Type)]) -> Result<(), String> {
    for (member, value) in members {
        let Some((_, kind)) = known.iter().find(|(known, _)| known == member) else {
            return Err(format!("Field '{member}' is not allowed"));
        };
        match kind {
            Type::Text if !value.is_string() => return Err(format!("{name}.{member} must be a string")),
            Type::Number if !value.is_number() => return Err(format!("{name}.{member} must be a number")),
            Type::Text | Type::Number | Type::Anything => {}
        }
    }
    Ok(())
}

fn has_token(subject: &Subject) -> bool {
    match &subject.state.state().kind {
        Kind::Task(task) => task.resource.waits_for_token() || task.resource.is_sync(),
        _ => false,
    }
}

/// Recorded: no role is `null`, and the state has its new name even if it was found by another.
pub(super) fn made_up(call: &TestState, subject: &Subject, settings: &Settings, now: Timestamp, random: &mut Random) -> Value {
    let state = subject.state.state();
    let mut context = json!({
        "Execution": {
            "Id": settings.execution_arn,
            "Input": settings.input.value(),
            "Name": settings.execution_name,
            "RoleArn": call.role_arn,
            "StartTime": clock_text(now),
        },
        "StateMachine": {"Id": settings.state_machine_arn, "Name": settings.state_machine_name},
        "State": {"Name": *state.name, "EnteredTime": clock_text(now)},
    });
    if matches!(state.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_)) {
        let retries = call.state_configuration.as_ref().and_then(|configuration| configuration.retrier_retry_count);
        context["State"]["RetryCount"] = retries.unwrap_or_default().into();
    }
    if matches!(&state.kind, Kind::Task(task) if task.resource.waits_for_token()) {
        context["Task"] = json!({"Token": random.uuid().simple().to_string()});
    }
    if let Some(map) = subject.map_around() {
        context["Map"] = json!({"Item": {"Index": 0, "Value": settings.input.value()}});
        if map.distributed.is_some() {
            context["Map"]["Item"]["Source"] = STATE_DATA.into();
        }
    }
    context
}
