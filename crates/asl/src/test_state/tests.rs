//! One state at a time: examples of the Developer Guide, and what lies beside the recorded tests.

mod maps;
mod refusals;
mod states;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::{ApiError, Request, StateTested};

/// The answer to a call; its definition, input, variables, context and mocked result are written as JSON.
fn tested(call: Value) -> Result<Value, ApiError> {
    let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let mut call = call;
    for field in ["/definition", "/input", "/variables", "/context", "/mock/result"] {
        if let Some(member) = call.pointer_mut(field).filter(|member| !member.is_string()) {
            *member = member.to_string().into();
        }
    }
    let Some(Ok(Request::TestState(call))) = Request::decode("TestState", call.to_string().as_bytes()) else { panic!("{call}") };
    super::test_state(&call, "eu-west-1", "123456789012", now, 1).map(|answer| shown(&answer))
}

/// The answer with the JSON in its texts as JSON.
fn shown(answer: &StateTested) -> Value {
    fn read(value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Ok(inner) = serde_json::from_str(text) {
                    *value = inner;
                }
            }
            Value::Object(members) => members.values_mut().for_each(read),
            _ => {}
        }
    }
    let mut answer = serde_json::to_value(answer).unwrap();
    read(&mut answer);
    answer
}

fn answer(call: Value) -> Value {
    tested(call.clone()).unwrap_or_else(|error| panic!("{error}: {call}"))
}

fn refusal(call: Value) -> (String, String) {
    let error = tested(call.clone()).expect_err(&call.to_string());
    (error.code, error.message)
}

/// A Task of a service whose answers are not checked.
fn task(more: Value) -> Value {
    let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true});
    if let (Some(task), Value::Object(more)) = (task.as_object_mut(), more) {
        task.extend(more);
    }
    task
}
