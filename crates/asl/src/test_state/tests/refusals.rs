//! Calls that are not answered. What AWS says of most of them is recorded; the rest follows its manner.

use serde_json::{Value, json};

use super::{refusal, task, tested};

fn validation(words: &str) -> (String, String) {
    ("ValidationException".into(), words.into())
}

#[test]
fn what_needs_a_mock_is_refused_without() {
    let unsupported = |what: &str| {
        let words =
            format!("TestState API does not support {what}. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]");
        ("InvalidDefinition".to_owned(), words)
    };
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch], "End": true});
    assert_eq!(refusal(json!({"definition": parallel})), unsupported("Map or Parallel states"));
    let activity = task(json!({"Resource": "arn:aws:states:eu-west-1:123456789012:activity:a"}));
    assert_eq!(refusal(json!({"definition": activity})), unsupported("Activity tasks"));
    let patterns = unsupported("the .sync and .waitForTaskToken service integration patterns");
    for action in ["batch:submitJob.sync", "states:startExecution.sync:2", "sqs:sendMessage.waitForTaskToken"] {
        let parameters = json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d"});
        let waits = task(json!({"Resource": format!("arn:aws:states:::{action}"), "Parameters": parameters}));
        assert_eq!(refusal(json!({"definition": waits})), patterns);
    }
    assert_eq!(refusal(json!({"definition": task(json!({}))})).0, "ValidationException");
}

#[test]
fn what_only_a_mock_can_have_is_refused_without() {
    let pass = json!({"Type": "Pass", "End": true});
    for (more, field) in [
        (json!({"stateConfiguration": {"retrierRetryCount": 1}}), "RetrierRetryCount"),
        (json!({"stateConfiguration": {"errorCausedByState": "S"}}), "ErrorCausedByState"),
        (json!({"context": {}}), "Context"),
    ] {
        let mut call = json!({"definition": pass});
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(refusal(call), validation(&format!("TestState does not support {field} when a mock is not specified.")));
    }
}

#[test]
fn a_mock_is_for_states_that_work() {
    let choice = json!({"Type": "Choice", "Choices": [{"Variable": "$", "IsPresent": true, "Next": "N"}]});
    for (definition, name) in [(choice, "Choice"), (json!({"Type": "Wait", "Seconds": 1, "End": true}), "Wait")] {
        let words = format!("State type '{name}' is not supported when a mock is specified");
        assert_eq!(refusal(json!({"definition": definition, "mock": {"result": {}}})), validation(&words));
    }
    let words = "A test mock should have one of the following fields: [result, errorOutput].";
    assert_eq!(refusal(json!({"definition": task(json!({})), "mock": {}})), validation(words));
}

#[test]
fn a_callback_is_answered_with_anything() {
    let waits = |action: &str| task(json!({"Resource": format!("arn:aws:states:::sqs:{action}"), "Parameters": {"QueueUrl": "q"}}));
    let call = |action: &str| json!({"definition": waits(action), "mock": {"result": {"MessageId": 5}}});
    assert!(tested(call("sendMessage.waitForTaskToken")).is_ok());
    assert_eq!(refusal(call("sendMessage")), validation("Mock result schema validation error: Field 'MessageId' must be a string"));
}

#[test]
fn more_iterations_cannot_have_failed_than_there_are() {
    let inside = json!({"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}});
    let map = json!({"Type": "Map", "ItemProcessor": inside, "End": true});
    let failed = |count: u32| json!({"definition": map, "input": [1, 2], "mock": {"result": []}, "stateConfiguration": {"mapIterationFailureCount": count}});
    assert!(tested(failed(2)).is_ok());
    assert_eq!(refusal(failed(3)).0, "ValidationException");
    let elsewhere = json!({"definition": task(json!({})), "mock": {"result": {}}, "stateConfiguration": {"mapIterationFailureCount": 0}});
    assert_eq!(refusal(elsewhere).0, "ValidationException");
    let unknown = json!({"definition": map, "input": [], "mock": {"errorOutput": {"error": "E"}}, "stateConfiguration": {"errorCausedByState": "Nobody"}});
    assert_eq!(refusal(unknown).0, "ValidationException");
}

#[test]
fn a_context_object_has_the_members_it_has() {
    let with = |context: Value| refusal(json!({"definition": task(json!({})), "mock": {"result": {}}, "context": context}));
    for (context, words) in [
        (json!("no"), "Context object must be a valid JSON object"),
        (json!({"Mop": {}}), "Field 'Mop' is not allowed"),
        (json!({"State": 1}), "State must be an object"),
        (json!({"State": {"RetryCount": "1"}}), "State.RetryCount must be a number"),
        (json!({"StateMachine": {"Arn": "a"}}), "Field 'Arn' is not allowed"),
        (json!({"StateMachine": {"Name": null}}), "StateMachine.Name must be a string"),
    ] {
        assert_eq!(with(context), validation(&format!("Invalid Context object provided: {words}")));
    }
}

#[test]
fn texts_must_be_what_they_are_said_to_be() {
    let pass = json!({"Type": "Pass", "End": true});
    assert_eq!(refusal(json!({"definition": "{", "input": {}})).0, "InvalidDefinition");
    assert_eq!(refusal(json!({"definition": pass, "input": "{"})).0, "InvalidExecutionInput");
    assert_eq!(refusal(json!({"definition": pass, "roleArn": "role"})).0, "InvalidArn");
    for variables in ["[]", "no", r#"{"states": 1}"#, r#"{"1a": 1}"#] {
        assert_eq!(refusal(json!({"definition": pass, "variables": variables})).0, "ValidationException");
    }
    let (code, words) = refusal(json!({"definition": pass, "stateName": "S"}));
    assert_eq!(code, "InvalidDefinition");
    assert!(words.starts_with("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: "), "{words}");
    let machine = json!({"StartAt": "S", "States": {"S": pass}});
    assert!(refusal(json!({"definition": machine})).1.contains("These fields are required: [Type] at /States/StateName"));
}
