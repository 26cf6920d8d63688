//! Which findings a document gives, with their places.

mod places;
mod quiet;
mod rules;

use serde_json::{Value, json};

use super::{Finding, MachineType, check};

/// The findings as `severity CODE pointer`.
fn codes(document: &Value) -> Vec<String> {
    codes_as(document, MachineType::Standard)
}

fn codes_as(document: &Value, machine_type: MachineType) -> Vec<String> {
    check(&document.to_string(), machine_type).iter().map(shown).collect()
}

fn shown(finding: &Finding) -> String {
    format!("{} {} {}", finding.severity.name(), finding.code, finding.pointer)
}

/// A document of these states; the first is where it begins.
fn machine(states: Value) -> Value {
    let first = states.as_object().and_then(|states| states.keys().next()).cloned();
    json!({"StartAt": first, "States": states})
}

/// One state `S` that ends.
fn of_state(mut state: Value) -> Vec<String> {
    if !matches!(state["Type"].as_str(), Some("Succeed" | "Fail" | "Choice")) && state.get("Next").is_none() {
        state["End"] = true.into();
    }
    codes(&machine(json!({"S": state, "X": {"Type": "Succeed"}})))
        .into_iter()
        .filter(|finding| finding != "error MISSING_TRANSITION_TARGET /States/X")
        .collect()
}

/// A Task that submits a job and waits for it, with more fields.
fn job(more: Value) -> Value {
    let mut job = json!({
        "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "TimeoutSeconds": 600,
        "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"},
    });
    extend(&mut job, more);
    job
}

fn extend(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}

/// A Map over its input with one state `T` in it.
fn map_of(mut state: Value, more: Value) -> Value {
    extend(&mut state, json!({"End": true}));
    let mut map = json!({"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {"T": state}}});
    extend(&mut map, more);
    map
}
