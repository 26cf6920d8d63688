use serde_json::json;

use super::{MockError, Mocked, Mocks};
use crate::{Definition, Payload};

fn throw(error: &str) -> Mocked {
    Mocked::Throw { error: error.into(), cause: None }
}

fn gives(value: serde_json::Value) -> Mocked {
    Mocked::Return(Payload::from_value(value))
}

fn problem(text: &str) -> String {
    Mocks::parse(text, None).unwrap_err().to_string()
}

#[test]
fn a_state_has_one_answer_for_all_attempts_or_one_for_each() {
    let mocks = Mocks::parse(r#"{"A": {"Return": 1}, "B": {"0-1": {"Throw": {"Error": "E"}}, "2": {"Return": 2}}}"#, None).unwrap();
    assert_eq!(mocks.answer("A", 7), Some(gives(json!(1))));
    let answers: Vec<_> = (0..3).filter_map(|attempt| mocks.answer("B", attempt)).collect();
    assert_eq!(answers, [throw("E"), throw("E"), gives(json!(2))]);
    assert_eq!(mocks.answer("C", 0), None);
}

#[test]
fn a_mocked_state_is_never_run_for_lack_of_an_answer() {
    let mocks = Mocks::parse(r#"{"B": {"0": {"Return": 2}}}"#, None).unwrap();
    let Some(Mocked::Throw { error, cause: Some(cause) }) = mocks.answer("B", 1) else { panic!("an answer") };
    assert_eq!(error, "States.Runtime");
    assert_eq!(cause, "The state 'B' is mocked, but there is no answer for its attempt 1 (the first is 0)");
}

/// Source: Developer Guide, Mock configuration file.
#[test]
fn the_file_of_step_functions_local_is_read_by_test_case() {
    let text = json!({
        "StateMachines": {"Order": {"TestCases": {
            "Happy": {"Charge": "Charged"},
            "Retry": {"Charge": "Later"},
        }}},
        "MockedResponses": {
            "Charged": {"0": {"Return": {"StatusCode": 200}}},
            "Later": {"0": {"Throw": {"Error": "Busy", "Cause": "c"}}, "1-2": {"Return": 2}},
        },
    })
    .to_string();
    let retry = Mocks::parse(&text, Some("Retry")).unwrap();
    assert_eq!(retry.answer("Charge", 0), Some(Mocked::Throw { error: "Busy".into(), cause: Some("c".into()) }));
    assert_eq!(retry.answer("Charge", 2), Some(gives(json!(2))));
    assert_eq!(Mocks::parse(&text, Some("Order.Happy")).unwrap().answer("Charge", 0), Some(gives(json!({"StatusCode": 200}))));
    assert_eq!(
        Mocks::parse(&text, None).unwrap_err().to_string(),
        "one test case of the file has to be named: it has Order.Happy, Order.Retry"
    );
    let unknown = Mocks::parse(&text, Some("Sad")).unwrap_err();
    assert_eq!(unknown.to_string(), "there is no test case \"Sad\" in the file: it has Order.Happy, Order.Retry");
}

#[test]
fn what_is_not_as_it_has_to_be_is_named_with_its_place() {
    assert_eq!(problem("[]"), "/: an object was expected");
    assert_eq!(problem("{\"A\": 1"), "EOF while parsing an object at line 1 column 7");
    assert_eq!(problem(r#"{"A": {}}"#), "/A: an answer was expected: {\"Return\": …} or {\"Throw\": {\"Error\": …}}");
    assert_eq!(problem(r#"{"A": {"x": {"Return": 1}}}"#), "/A/x: \"x\" is neither an attempt, as \"0\", nor several, as \"1-2\"");
    assert_eq!(problem(r#"{"A": {"2-1": {"Return": 1}}}"#), "/A/2-1: \"2-1\" is neither an attempt, as \"0\", nor several, as \"1-2\"");
    assert_eq!(problem(r#"{"A": {"0-3": {"Return": 1}, "2": {"Return": 1}}}"#), "/A/2: attempt 2 has an answer already");
    assert_eq!(problem(r#"{"A": {"Return": 1, "Throw": {}}}"#), "/A: one of Return and Throw was expected, and nothing else");
    assert_eq!(problem(r#"{"A/b": {"Throw": {}}}"#), "/A~1b/Throw: an Error was expected");
    assert_eq!(problem(r#"{"A": {"Throw": {"Error": 1}}}"#), "/A/Throw/Error: a string was expected");
    assert_eq!(problem(r#"{"A": {"Throw": {"Error": "E", "Reason": ""}}}"#), "/A/Throw/Reason: only Error and Cause were expected");
    assert_eq!(
        problem(r#"{"StateMachines": {"M": {"TestCases": {"C": {"A": "R"}}}}, "MockedResponses": {}}"#),
        "/StateMachines/M/TestCases/C/A: \"R\" is not among the MockedResponses"
    );
    assert_eq!(problem(r#"{"StateMachines": {}, "MockedResponses": {}}"#), "/StateMachines: a machine with a test case was expected");
}

#[test]
fn an_answer_for_a_state_that_is_no_task_is_refused() {
    let document = json!({"StartAt": "P", "States": {
        "P": {"Type": "Pass", "Next": "M"},
        "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "T", "States": {
            "T": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": true}
        }}},
    }});
    let definition = Definition::parse(&document.to_string()).unwrap();
    let mocks = |state: &str| Mocks::parse(&json!({state: {"Return": 1}}).to_string(), None).unwrap();
    assert_eq!(mocks("T").check(&definition), Ok(()));
    let refused = mocks("P").check(&definition).unwrap_err();
    assert_eq!(refused, MockError::NoTask { state: "P".into(), tasks: vec!["T".into()] });
    assert_eq!(refused.to_string(), "\"P\" is no Task state of the definition: it has T");
}
