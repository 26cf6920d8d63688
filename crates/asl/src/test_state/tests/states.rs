//! What is answered of states that run or fail.

use serde_json::{Value, json};

use super::{answer, task};

/// Developer Guide, examples of the inspection levels.
#[test]
fn the_guides_examples_are_answered_as_printed() {
    let choices = json!([{"Variable": "$.number", "NumericEquals": 1, "Next": "Equals 1"},
        {"Variable": "$.number", "NumericEquals": 2, "Next": "Equals 2"}]);
    let choice = json!({"Type": "Choice", "Choices": choices, "Default": "No Match"});
    assert_eq!(
        answer(json!({"definition": choice, "input": {"number": 2}})),
        json!({"output": {"number": 2}, "nextState": "Equals 2", "status": "SUCCEEDED"})
    );
    let pass = json!({"Type": "Pass", "InputPath": "$.payload", "Parameters": {"data": 1}, "ResultPath": "$.result",
        "OutputPath": "$.result.data", "Next": "Another State"});
    let input = json!({"payload": {"foo": "bar"}});
    assert_eq!(
        answer(json!({"definition": pass, "input": input, "inspectionLevel": "DEBUG"})),
        json!({"output": 1, "nextState": "Another State", "status": "SUCCEEDED", "inspectionData": {
            "input": input, "afterInputPath": {"foo": "bar"}, "afterParameters": {"data": 1}, "afterResultSelector": {"data": 1},
            "afterResultPath": {"payload": {"foo": "bar"}, "result": {"data": 1}}}})
    );
}

/// Developer Guide, Testing retry and error handling.
#[test]
fn errors_meet_the_retrier_and_catcher_that_is_theirs() {
    let retry = json!([{"ErrorEquals": ["Other"]},
        {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0}]);
    let catch = json!([{"ErrorEquals": ["Lambda.ServiceException"], "ResultPath": "$.error", "Next": "Handle"}]);
    let call = |retries: u32| {
        answer(json!({"definition": task(json!({"Retry": retry, "Catch": catch})), "input": {"data": "value"},
            "stateConfiguration": {"retrierRetryCount": retries}, "inspectionLevel": "DEBUG",
            "mock": {"errorOutput": {"error": "Lambda.ServiceException", "cause": "Service error"}}}))
    };
    let retried = call(1);
    assert_eq!((&retried["status"], &retried["output"]), (&json!("RETRIABLE"), &Value::Null));
    assert_eq!(retried["inspectionData"]["errorDetails"], json!({"retryIndex": 1, "retryBackoffIntervalSeconds": 4}));
    let caught = call(3);
    let error = json!({"Error": "Lambda.ServiceException", "Cause": "Service error"});
    assert_eq!((&caught["status"], &caught["nextState"]), (&json!("CAUGHT_ERROR"), &json!("Handle")));
    assert_eq!(caught["output"], json!({"data": "value", "error": error}));
    assert_eq!(caught["inspectionData"]["errorDetails"], json!({"retryIndex": 1, "catchIndex": 0}));
}

#[test]
fn retries_are_counted_in_the_context_too() {
    let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]);
    let call = json!({"definition": task(json!({"Retry": retry})), "mock": {"errorOutput": {"error": "E"}},
        "context": {"State": {"RetryCount": 2}}});
    assert_eq!(answer(call)["status"], "FAILED");
}

#[test]
fn a_failing_state_shows_its_data_up_to_the_failure() {
    let parameters = json!({"b.$": "$.b"});
    let call = json!({"definition": task(json!({"InputPath": "$.a", "Parameters": parameters})), "input": {"a": {}},
        "mock": {"result": {}}, "inspectionLevel": "TRACE"});
    let failed = answer(call);
    let words = "An error occurred while executing the state 'StateName' (entered at the event id #2). The JSONPath '$.b' \
                 specified for the field 'b.$' could not be found in the input '{}'";
    assert_eq!((&failed["status"], &failed["error"], &failed["cause"]), (&json!("FAILED"), &json!("States.Runtime"), &json!(words)));
    assert_eq!(failed["inspectionData"], json!({"input": {"a": {}}, "afterInputPath": {}}));
    let selector = json!({"ResultSelector": {"x.$": "$.none"}});
    let failed = answer(json!({"definition": task(selector), "mock": {"result": {"y": 1}}, "inspectionLevel": "DEBUG"}));
    let seen = json!({"input": {}, "afterInputPath": {}, "afterParameters": {}, "result": {"y": 1}});
    assert_eq!((&failed["status"], &failed["inspectionData"]), (&json!("FAILED"), &seen));
}

#[test]
fn a_dropped_result_is_shown_all_the_same() {
    let dropped = json!({"definition": task(json!({"ResultPath": null})), "input": {"a": 1}, "mock": {"result": {"y": 1}}, "inspectionLevel": "DEBUG"});
    let answer = answer(dropped);
    assert_eq!(answer["output"], json!({"a": 1}));
    assert_eq!((&answer["inspectionData"]["result"], &answer["inspectionData"]["afterResultPath"]), (&json!({"y": 1}), &json!({"a": 1})));
}

#[test]
fn variables_come_in_and_go_out() {
    let pass = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"n": "{% $n + 1 %}"}, "Output": "{% $n %}", "End": true});
    let answer = answer(json!({"definition": pass, "variables": {"n": 1, "m": "x"}, "inspectionLevel": "DEBUG"}));
    assert_eq!(answer["output"], 1);
    assert_eq!(answer["inspectionData"], json!({"input": {}, "variables": {"n": 2, "m": "x"}}));
}

#[test]
fn catchers_assign_and_see_what_they_may() {
    let catch = json!([{"ErrorEquals": ["States.ALL"], "Assign": {"why": "{% $states.errorOutput.Cause %}"}, "Output": "{% $states.input.a %}", "Next": "N"}]);
    let answer = answer(json!({"definition": task(json!({"QueryLanguage": "JSONata", "Catch": catch})), "input": {"a": 7},
        "mock": {"errorOutput": {"error": "E", "cause": "C"}}, "inspectionLevel": "DEBUG"}));
    assert_eq!(
        (&answer["status"], &answer["output"], &answer["inspectionData"]["variables"]),
        (&json!("CAUGHT_ERROR"), &json!(7), &json!({"why": "C"}))
    );
}

#[test]
fn a_wait_is_over_at_once_unless_it_takes_too_long() {
    let wait = |seconds: u32| json!({"definition": {"Type": "Wait", "Seconds": seconds, "Next": "N"}, "inspectionLevel": "DEBUG"});
    assert_eq!(
        answer(wait(300)),
        json!({"output": {}, "nextState": "N", "status": "SUCCEEDED", "inspectionData": {"input": {}, "afterInputPath": {}}})
    );
    let late = answer(wait(301));
    assert_eq!((&late["status"], &late["error"]), (&json!("FAILED"), &json!("States.Timeout")));
}

#[test]
fn a_state_may_lead_anywhere() {
    for definition in [
        json!({"Type": "Pass", "Next": "StateName"}),
        json!({"Type": "Pass", "Next": "x".repeat(81)}),
        json!({"Type": "Choice", "Choices": [{"Variable": "$", "IsPresent": true, "Next": "Same"}], "Default": "Same"}),
    ] {
        assert_eq!(answer(json!({"definition": definition}))["status"], "SUCCEEDED");
    }
}

#[test]
fn a_state_within_a_machine_has_its_language_and_its_neighbours() {
    let machine = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {
            "B": {"Type": "Pass", "Output": "{% $states.context.State.Name %}", "Next": "C"}, "C": {"Type": "Succeed"}}}], "End": true}}});
    let call = json!({"definition": machine, "stateName": "B", "inspectionLevel": "DEBUG"});
    assert_eq!(answer(call), json!({"output": "StateName", "nextState": "C", "status": "SUCCEEDED", "inspectionData": {"input": {}}}));
}

#[test]
fn an_unhandled_error_goes_to_the_states_around() {
    let inner = json!({"StartAt": "B", "States": {"B": task(json!({"Retry": [{"ErrorEquals": ["Other"]}]}))}});
    let middle = json!({"Type": "Map", "ItemProcessor": inner, "Retry": [{"ErrorEquals": ["Twice"]}], "End": true});
    let branch = json!({"StartAt": "M", "States": {"M": middle}});
    let outer = json!({"Type": "Parallel", "Branches": [branch], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "H"}], "End": true});
    let machine = json!({"StartAt": "P", "States": {"P": outer, "H": {"Type": "Succeed"}}});
    let failing = |error: &str| {
        let call = json!({"definition": machine, "stateName": "B", "mock": {"errorOutput": {"error": error}}, "inspectionLevel": "DEBUG"});
        let answer = answer(call);
        (answer["status"].clone(), answer["nextState"].clone(), answer["inspectionData"]["errorDetails"].clone())
    };
    let retried = json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 1});
    assert_eq!(failing("Other"), (json!("RETRIABLE"), Value::Null, retried.clone()));
    assert_eq!(failing("Twice"), (json!("RETRIABLE"), Value::Null, retried));
    assert_eq!(failing("Any"), (json!("CAUGHT_ERROR"), json!("H"), json!({"catchIndex": 0})));
}
