//! Developer Guide, Wait for a Callback with Task Token. What the API says of tokens is recorded.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Account, STEP, single, with};

/// An execution whose task has handed its token to another execution.
fn waiting(more: Value) -> (Account, String, String) {
    let mut account = Account::new();
    let helper = account.machine("helper", json!({}));
    let parameters = json!({"StateMachineArn": helper, "Input": {"token.$": "$$.Task.Token"}});
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.waitForTaskToken", "Parameters": parameters});
    let execution = account.start(&single(with(task, more)), &json!({}));
    let token = token(&mut account, &execution);
    (account, execution, token)
}

/// The latest token that was handed out.
fn token(account: &mut Account, execution: &str) -> String {
    let events = account.events(execution);
    let scheduled = events.iter().rev().find(|event| event["type"] == "TaskScheduled").unwrap();
    let parameters: Value = serde_json::from_str(scheduled["taskScheduledEventDetails"]["parameters"].as_str().unwrap()).unwrap();
    parameters["Input"]["token"].as_str().unwrap().to_owned()
}

const GONE: &str = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";

#[test]
fn a_task_waits_until_its_token_comes_back() {
    let (mut account, execution, token) = waiting(json!({}));
    assert_eq!(account.status(&execution), "RUNNING");
    assert_eq!(account.ok("SendTaskSuccess", json!({"taskToken": token, "output": "{\"a\": 1}"})), json!({}));
    assert_eq!(account.output(&execution), json!({"a": 1}));
    let history = account.history(&execution);
    assert_eq!(history[1..6], ["TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
}

#[test]
fn a_failure_that_is_sent_is_the_tasks() {
    let (mut account, execution, token) = waiting(json!({"Retry": [{"ErrorEquals": ["Again"], "MaxAttempts": 1}]}));
    account.ok("SendTaskFailure", json!({"taskToken": token, "error": "Again"}));
    account.tick();
    let second = self::token(&mut account, &execution);
    assert_ne!(second, token);
    account.ok("SendTaskFailure", json!({"taskToken": second, "error": "Enough", "cause": "c"}));
    assert_eq!(account.fault(&execution), ("Enough".into(), "c".into()));
}

#[test]
fn a_token_is_taken_once() {
    let (mut account, _, token) = waiting(json!({}));
    account.ok("SendTaskSuccess", json!({"taskToken": token, "output": "1"}));
    for (operation, call) in [
        ("SendTaskSuccess", json!({"taskToken": token, "output": "1"})),
        ("SendTaskFailure", json!({"taskToken": token})),
        ("SendTaskHeartbeat", json!({"taskToken": token})),
    ] {
        assert_eq!(account.refused(operation, call), GONE);
    }
}

#[test]
fn a_token_that_nobody_gave_out_is_invalid() {
    let (mut account, execution, _) = waiting(json!({}));
    let words = "InvalidToken: Invalid Token: 'Invalid token'";
    assert_eq!(account.refused("SendTaskSuccess", json!({"taskToken": "no", "output": "1"})), words);
    assert_eq!(account.refused("SendTaskHeartbeat", json!({"taskToken": "no"})), words);
    assert_eq!(account.status(&execution), "RUNNING");
}

#[test]
fn what_is_no_json_is_no_output() {
    let (mut account, execution, token) = waiting(json!({}));
    assert!(account.refused("SendTaskSuccess", json!({"taskToken": token, "output": "no"})).starts_with("InvalidOutput: "));
    assert_eq!(account.status(&execution), "RUNNING");
    account.ok("SendTaskSuccess", json!({"taskToken": token, "output": "2"}));
    assert_eq!(account.output(&execution), json!(2));
}

#[test]
fn heartbeats_keep_a_task_alive_until_its_time_is_over() {
    let (mut account, execution, token) = waiting(json!({"HeartbeatSeconds": 10, "TimeoutSeconds": 25}));
    let started = account.now;
    for _ in 0..2 {
        account.now += SignedDuration::from_secs(9);
        account.ok("SendTaskHeartbeat", json!({"taskToken": token}));
    }
    account.tick();
    assert_eq!(account.now.duration_since(started), SignedDuration::from_secs(25) - STEP);
    assert_eq!(account.fault(&execution).0, "States.Timeout");
    assert_eq!(account.refused("SendTaskSuccess", json!({"taskToken": token, "output": "1"})), GONE);
}

#[test]
fn a_heartbeat_that_does_not_come_fails_the_task() {
    let (mut account, execution, token) = waiting(json!({"HeartbeatSeconds": 10}));
    account.tick();
    assert_eq!(account.fault(&execution).0, "States.HeartbeatTimeout");
    assert_eq!(account.history(&execution)[5], "TaskTimedOut");
    assert_eq!(account.refused("SendTaskHeartbeat", json!({"taskToken": token})), GONE);
}

#[test]
fn a_token_ends_with_its_execution() {
    let (mut account, execution, token) = waiting(json!({}));
    account.ok("StopExecution", json!({"executionArn": execution}));
    assert_eq!(account.refused("SendTaskSuccess", json!({"taskToken": token, "output": "1"})), GONE);
}
