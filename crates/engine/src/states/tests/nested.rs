//! Developer Guide, Manage AWS Step Functions executions as an integrated service.

use serde_json::{Value, json};

use super::{ARN, Account, WAIT, single};

/// An execution that starts another one by this form of the integration.
fn parent(account: &mut Account, child: &str, suffix: &str) -> String {
    let resource = format!("arn:aws:states:::states:startExecution{suffix}");
    let parameters = json!({"StateMachineArn": child, "Name": "c", "Input": {"k.$": "$.k"}});
    account.start(&single(json!({"Type": "Task", "Resource": resource, "Parameters": parameters})), &json!({"k": 5}))
}

const CHILD: &str = "execution:child:c";

#[test]
fn who_does_not_wait_is_told_the_arn() {
    let mut account = Account::new();
    let child = account.machine("child", json!({"definition": WAIT}));
    let execution = parent(&mut account, &child, "");
    let output = account.output(&execution);
    assert_eq!(output["ExecutionArn"], format!("{ARN}{CHILD}"));
    assert_eq!(output["SdkHttpMetadata"]["HttpStatusCode"], 200);
    let child = account.described(&format!("{ARN}{CHILD}"));
    assert_eq!((&child["status"], &child["input"]), (&json!("RUNNING"), &json!("{\"k\":5}")));
}

/// Developer Guide: `.sync` returns the output as a string, `.sync:2` as JSON.
#[test]
fn who_waits_gets_the_description_with_text_or_json() {
    for (suffix, input, output) in [(".sync", json!("{\"k\":5}"), json!("{\"a\":1}")), (".sync:2", json!({"k": 5}), json!({"a": 1}))] {
        let mut account = Account::new();
        let child = account.machine("child", json!({}));
        let execution = parent(&mut account, &child, suffix);
        let described = account.output(&execution);
        assert_eq!((&described["Input"], &described["Output"]), (&input, &output), "{suffix}");
        assert_eq!((&described["Status"], &described["Name"]), (&json!("SUCCEEDED"), &json!("c")));
        assert_eq!((&described["StateMachineArn"], &described["InputDetails"]), (&json!(child), &json!({"Included": true})));
        assert!(described["StartDate"].is_i64() && described["StopDate"].is_i64(), "{described}");
        let history = account.history(&execution);
        assert_eq!(history[1..6], ["TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]);
    }
}

#[test]
fn a_child_that_fails_fails_who_waits_for_it() {
    let mut account = Account::new();
    let fail = json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Own", "Cause": "c"}}});
    let child = account.machine("child", json!({"definition": fail.to_string()}));
    let execution = parent(&mut account, &child, ".sync:2");
    let (error, cause) = account.fault(&execution);
    let cause: Value = serde_json::from_str(&cause).unwrap();
    assert_eq!(error, "States.TaskFailed");
    assert_eq!((&cause["Error"], &cause["Cause"], &cause["Status"]), (&json!("Own"), &json!("c"), &json!("FAILED")));
}

/// Developer Guide: a child's timeout is States.TaskFailed for its parent.
#[test]
fn a_child_that_times_out_fails_who_waits_for_it() {
    let mut account = Account::new();
    let wait = json!({"StartAt": "W", "TimeoutSeconds": 5, "States": {"W": {"Type": "Wait", "Seconds": 100, "End": true}}});
    let child = account.machine("child", json!({"definition": wait.to_string()}));
    let execution = parent(&mut account, &child, ".sync");
    account.tick();
    let (error, cause) = account.fault(&execution);
    assert!(error == "States.TaskFailed" && cause.contains("\"Status\":\"TIMED_OUT\""), "{error}: {cause}");
}

#[test]
fn stopping_the_parent_stops_the_child_it_waits_for() {
    for (suffix, status) in [(".sync:2", "ABORTED"), ("", "RUNNING")] {
        let mut account = Account::new();
        let child = account.machine("child", json!({"definition": WAIT}));
        let execution = parent(&mut account, &child, suffix);
        account.ok("StopExecution", json!({"executionArn": execution}));
        assert_eq!(account.status(&format!("{ARN}{CHILD}")), status, "{suffix}");
    }
}

#[test]
fn a_task_that_times_out_stops_its_child() {
    let mut account = Account::new();
    let child = account.machine("child", json!({"definition": WAIT}));
    let resource = "arn:aws:states:::states:startExecution.sync";
    let task = json!({"Type": "Task", "Resource": resource, "Parameters": {"StateMachineArn": child, "Name": "c"}, "TimeoutSeconds": 3});
    let execution = account.start(&single(task), &json!({}));
    account.tick();
    assert_eq!(account.fault(&execution).0, "States.Timeout");
    assert_eq!(account.status(&format!("{ARN}{CHILD}")), "ABORTED");
}

#[test]
fn what_start_execution_refuses_fails_the_task() {
    let mut account = Account::new();
    let missing = format!("{ARN}stateMachine:none");
    let execution = parent(&mut account, &missing, ".sync");
    let (error, cause) = account.fault(&execution);
    assert_eq!(error, "StepFunctions.StateMachineDoesNotExistException");
    assert!(cause.contains("(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist;"), "{cause}");
    assert!(account.history(&execution).contains(&"TaskSubmitFailed".to_owned()));
}
