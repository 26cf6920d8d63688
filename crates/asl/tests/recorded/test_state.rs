//! TestState: the recorded calls, answered again. L1: status, output, error and next state, or the error's code. L3: the whole answer.

use fanout_asl::api::{DecodeError, Request};
use fanout_asl::test_state;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cases::Case;
use crate::{cases, matcher_of};

/// As many as passed when this was last looked at.
const L1_AT_LEAST: usize = 119;
const L3_AT_LEAST: usize = 119;

#[test]
fn recorded_tests_of_states_are_reproduced() {
    let Some(cases) = cases() else {
        return;
    };
    let (mut l1, mut l3, mut judged) = (0, 0, 0);
    for case in &cases {
        let Some((call, recorded)) = call_of(case) else {
            continue;
        };
        let answer = answer(&call);
        let (outcome, whole) = (differences(case, &outcome(&recorded), &outcome(&answer)), differences(case, &recorded, &answer));
        judged += 1;
        l1 += usize::from(outcome.is_empty());
        l3 += usize::from(whole.is_empty());
        for line in outcome.iter().map(|line| format!("L1 {line}")).chain(whole.iter().map(|line| format!("L3 {line}"))) {
            eprintln!("{}: {line}", case.id());
        }
    }
    eprintln!("TestState: L1 {l1}/{judged}, L3 {l3}/{judged}");
    assert!(l1 >= L1_AT_LEAST && l3 >= L3_AT_LEAST, "fewer recordings are reproduced than before");
}

/// What was asked and what AWS answered: `{"Error": {"Code", "Message"}}` or the answer. `None` for other cases, and for those
/// that the recorder's client refused by itself.
fn call_of(case: &Case) -> Option<(Value, Value)> {
    if case.kind() == "test-state" {
        let mut call = case.0["args"].clone();
        call["definition"] = case.definition().into();
        if case.0["input_absent"] != true {
            call["input"] = case.input().into();
        }
        let mut recorded = case.expected("raw").clone();
        let error = recorded.get("Error").cloned();
        recorded.as_object_mut()?.remove("ResponseMetadata");
        return Some((call, error.map_or(recorded, |error| json!({"Error": error}))));
    }
    let step = case.0["steps"].get(0).filter(|step| step["op"] == "test_state")?;
    let exception = &case.expected("raw")["exception"];
    let code = exception["exception_typename"].as_str().filter(|code| *code != "ParamValidationError")?;
    let message = exception["exception_value"].as_str()?.split_once("operation: ")?.1;
    Some((step["args"].clone(), json!({"Error": {"Code": code, "Message": message}})))
}

fn answer(call: &Value) -> Value {
    let now: Timestamp = "2026-01-02T03:04:05.678Z".parse().expect("a time");
    let tested = match Request::decode("TestState", call.to_string().as_bytes()) {
        Some(Ok(Request::TestState(call))) => test_state(&call, "us-east-1", "111111111111", now, 1),
        Some(Err(DecodeError::Refused(error))) => Err(error),
        other => panic!("{other:?}"),
    };
    match tested {
        Ok(answer) => serde_json::to_value(answer).expect("JSON"),
        Err(error) => json!({"Error": {"Code": error.code, "Message": error.message}}),
    }
}

fn outcome(answer: &Value) -> Value {
    let mut outcome = serde_json::Map::new();
    for field in ["status", "output", "error", "nextState"] {
        outcome.extend(answer.get(field).map(|value| (field.to_owned(), value.clone())));
    }
    outcome.extend(answer.pointer("/Error/Code").map(|code| ("code".to_owned(), code.clone())));
    outcome.into()
}

fn differences(case: &Case, recorded: &Value, answer: &Value) -> Vec<String> {
    matcher_of(case).differences(&with_lists(recorded), &with_lists(answer))
}

/// Lists in strings as lists: the recorder has parsed objects only, and blanks do not matter.
fn with_lists(answer: &Value) -> Value {
    match answer {
        Value::String(text) if text.starts_with('[') => serde_json::from_str(text).unwrap_or_else(|_| answer.clone()),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), with_lists(value))).collect(),
        plain => plain.clone(),
    }
}
