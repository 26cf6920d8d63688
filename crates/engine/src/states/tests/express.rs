use serde_json::{Value, json};

use super::{ARN, Account, PASS, WAIT};

fn express(account: &mut Account, name: &str, definition: &str) -> String {
    account.machine(name, json!({"type": "EXPRESS", "definition": definition}))
}

/// Recorded.
#[test]
fn a_synchronous_execution_is_its_answer() {
    let mut account = Account::new();
    let arn = express(&mut account, "m", PASS);
    let done = account.ok("StartSyncExecution", json!({"stateMachineArn": arn, "name": "n", "input": "{ }", "traceHeader": "Root=1"}));
    let execution = done["executionArn"].as_str().unwrap();
    assert!(execution.starts_with(&format!("{ARN}express:m:n:")), "{execution}");
    let expect = json!({
        "executionArn": execution, "stateMachineArn": arn, "name": "n", "startDate": 0.002, "stopDate": 0.002, "status": "SUCCEEDED",
        "input": "{ }", "inputDetails": {"included": true}, "output": "{\"a\":1}", "outputDetails": {"included": true}, "traceHeader": "Root=1",
        "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
    });
    assert_eq!(done, expect);
    let metadata = account.ok("StartSyncExecution", json!({"stateMachineArn": arn, "includedData": "METADATA_ONLY"}));
    assert_eq!((metadata.get("input"), &metadata["outputDetails"]), (None, &json!({"included": false})));
}

#[test]
fn the_answer_waits_for_the_end() {
    let mut account = Account::new();
    let definition = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"Next":"F"},"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#;
    let arn = express(&mut account, "m", definition);
    let (first, answers) = account.ask("StartSyncExecution", json!({"stateMachineArn": arn}));
    assert_eq!(answers, []);
    let (second, answers) = account.ask("StartSyncExecution", json!({"stateMachineArn": arn}));
    assert_eq!(answers, []);
    for id in [first, second] {
        let [(answered, Ok(done))] = &account.tick()[..] else { panic!() };
        assert_eq!(*answered, id);
        assert_eq!(
            (&done["status"], &done["error"], &done["cause"], done.get("output")),
            (&json!("FAILED"), &json!("E"), &json!("C"), None)
        );
        assert_eq!(done["billingDetails"]["billedDurationInMilliseconds"], 2_000);
    }
    assert_eq!(account.engine.poll_deadline(), None);
}

/// Source: Step Functions quotas.
#[test]
fn five_minutes_are_the_most() {
    let mut account = Account::new();
    let arn = express(&mut account, "m", WAIT);
    let (id, _) = account.ask("StartSyncExecution", json!({"stateMachineArn": arn}));
    let [(answered, Ok(done))] = &account.tick()[..] else { panic!() };
    assert_eq!((*answered, &done["status"], &done["error"]), (id, &json!("TIMED_OUT"), &json!("States.Timeout")));
    assert_eq!((&done["startDate"], &done["stopDate"]), (&json!(0.002), &json!(300.002)));
    assert_eq!(account.engine.poll_deadline(), None);
}

/// Recorded, but for the names.
#[test]
fn an_express_execution_cannot_be_asked_for() {
    let mut account = Account::new();
    let arn = express(&mut account, "m", PASS);
    let mut start = || account.ok("StartExecution", json!({"stateMachineArn": arn, "name": "n"}))["executionArn"].clone();
    let (execution, again) = (start(), start());
    assert_ne!(execution, again);
    let words = "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'";
    for operation in ["DescribeExecution", "GetExecutionHistory", "StopExecution", "DescribeStateMachineForExecution"] {
        assert_eq!(account.refused(operation, json!({"executionArn": execution})), words);
    }
    let words = "StateMachineTypeNotSupported: This operation is not supported by this type of state machine";
    assert_eq!(account.refused("ListExecutions", json!({"stateMachineArn": arn})), words);
    let standard = account.machine("s", json!({}));
    assert_eq!(account.refused("StartSyncExecution", json!({"stateMachineArn": standard})), words);
}

/// Recorded.
#[test]
fn an_express_machine_cannot_wait_for_jobs() {
    let mut account = Account::new();
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": true});
    let definition = json!({"StartAt": "X", "States": {"X": task}}).to_string();
    let words = "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service \
                 integration at /States/X/Resource'";
    let call = json!({"name": "m", "definition": definition, "roleArn": super::ROLE, "type": "EXPRESS"});
    assert_eq!(account.refused("CreateStateMachine", call), words);
}

#[test]
fn versions_and_aliases_of_express_machines_run() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"type": "EXPRESS", "publish": true}));
    let route = json!([{"stateMachineVersionArn": format!("{arn}:1"), "weight": 100}]);
    account.ok("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": route}));
    for suffix in [":1", ":a"] {
        let done: Value = account.ok("StartSyncExecution", json!({"stateMachineArn": format!("{arn}{suffix}")}));
        assert_eq!((&done["status"], &done["stateMachineArn"]), (&json!("SUCCEEDED"), &json!(arn)));
    }
}
