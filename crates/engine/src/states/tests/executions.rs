use serde_json::{Value, json};

use super::{ARN, Account, WAIT, column};

/// Recorded.
#[test]
fn an_execution_names_what_it_was_started_on() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true}));
    let (version, alias) = (format!("{arn}:1"), format!("{arn}:a"));
    account
        .ok("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": [{"stateMachineVersionArn": version, "weight": 100}]}));
    let none = json!(null);
    for (on, version, alias) in [(&arn, &none, &none), (&version, &json!(version), &none), (&alias, &json!(version), &json!(alias))] {
        let execution = account.ok("StartExecution", json!({"stateMachineArn": on}));
        let described = account.ok("DescribeExecution", execution.clone());
        let listed = account.ok("ListExecutions", json!({"stateMachineArn": on, "maxResults": 1}))["executions"][0].clone();
        let history = account.ok("GetExecutionHistory", execution);
        let started = &history["events"][0]["executionStartedEventDetails"];
        for names in [&described, &listed, started] {
            assert_eq!((&names["stateMachineVersionArn"], &names["stateMachineAliasArn"]), (version, alias), "{names}");
        }
        assert_eq!((&described["stateMachineArn"], &listed["stateMachineArn"]), (&json!(arn), &json!(arn)));
        assert_eq!((&described["redriveCount"], &listed["redriveCount"]), (&json!(0), &json!(0)));
    }
    let mut count = |arn: &str| account.ok("ListExecutions", json!({"stateMachineArn": arn}))["executions"].as_array().unwrap().len();
    assert_eq!([count(&arn), count(&version), count(&alias)], [3, 2, 1]);
}

/// Recorded.
#[test]
fn input_is_json() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let refused = "InvalidExecutionInput: Invalid State Machine Execution Input:";
    for (input, words) in [
        (
            "not some json",
            "'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
        ),
        ("{'not': 'json'", "'Unexpected character (''' (code 39)): was expecting double-quote to start field name'"),
        ("", "'Invalid execution input.'"),
    ] {
        let said = account.refused("StartExecution", json!({"stateMachineArn": arn, "input": input}));
        assert_eq!(said, format!("{refused} {words}"));
    }
    for input in ["2", "\"some text\"", "null"] {
        account.ok("StartExecution", json!({"stateMachineArn": arn, "input": input}));
    }
}

/// Source: service model, StartExecution; the words are recorded.
#[test]
fn a_name_is_taken_until_its_execution_ends_and_after() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"definition": WAIT}));
    let start = |input: &str| json!({"stateMachineArn": arn, "name": "n", "input": input});
    let first = account.ok("StartExecution", start("{}"));
    assert_eq!(account.ok("StartExecution", start("{}")), first);
    let words = format!("ExecutionAlreadyExists: Execution Already Exists: '{ARN}execution:m:n'");
    assert_eq!(account.refused("StartExecution", start("[]")), words);
    account.ok("StopExecution", json!({"executionArn": first["executionArn"]}));
    assert_eq!(account.refused("StartExecution", start("{}")), words);
    let bad = account.refused("StartExecution", json!({"stateMachineArn": arn, "name": "a b"}));
    assert_eq!(bad, "InvalidName: Invalid Name: 'a b'");
}

#[test]
fn data_is_left_out_if_only_metadata_is_asked_for() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let execution =
        account.ok("StartExecution", json!({"stateMachineArn": arn, "input": "[1]", "traceHeader": "Root=1"}))["executionArn"].clone();
    let all = account.ok("DescribeExecution", json!({"executionArn": execution}));
    assert_eq!((&all["input"], &all["output"], &all["traceHeader"]), (&json!("[1]"), &json!("{\"a\":1}"), &json!("Root=1")));
    let metadata = account.ok("DescribeExecution", json!({"executionArn": execution, "includedData": "METADATA_ONLY"}));
    assert_eq!((metadata.get("input"), metadata.get("output")), (None, None));
    assert_eq!((&metadata["inputDetails"], &metadata["outputDetails"]), (&json!({"included": false}), &json!({"included": false})));
}

/// Source: service model, ListExecutions.
#[test]
fn executions_are_listed_by_their_latest_time() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"definition": WAIT}));
    for name in ["a", "b", "c"] {
        account.ok("StartExecution", json!({"stateMachineArn": arn, "name": name}));
    }
    account.ok("StopExecution", json!({"executionArn": format!("{ARN}execution:m:a")}));
    let mut listed = |more: Value| {
        let mut call = json!({"stateMachineArn": arn});
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        column(&account.ok("ListExecutions", call), "executions", "name").concat()
    };
    assert_eq!(listed(json!({})), "acb");
    assert_eq!(listed(json!({"statusFilter": "RUNNING"})), "cb");
    assert_eq!(listed(json!({"statusFilter": "ABORTED", "redriveFilter": "NOT_REDRIVEN"})), "a");
    assert_eq!(listed(json!({"redriveFilter": "REDRIVEN"})), "");
}

/// The words of the first are recorded.
#[test]
fn what_cannot_be_listed_is_refused() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let none = format!("{ARN}stateMachine:none");
    let map_run = format!("{ARN}mapRun:m/label:uuid");
    for (call, words) in [
        (json!({"stateMachineArn": none}), format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{none}'")),
        (json!({"stateMachineArn": format!("{arn}:9")}), format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}:9'")),
        (json!({"mapRunArn": map_run}), "ResourceNotFound: Request references a resource that does not exist.".into()),
        (json!({"mapRunArn": arn}), "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'".into()),
        (json!({"stateMachineArn": arn, "nextToken": "x"}), "InvalidToken: Invalid Token: 'Invalid token'".into()),
    ] {
        assert_eq!(account.refused("ListExecutions", call), words);
    }
    for call in [
        json!({}),
        json!({"stateMachineArn": arn, "mapRunArn": map_run}),
        json!({"stateMachineArn": arn, "statusFilter": "PENDING_REDRIVE"}),
    ] {
        assert!(account.refused("ListExecutions", call).starts_with("ValidationException: "));
    }
}
