//! Map Runs as their operations show them (Developer Guide, Viewing a Distributed Map Run; service model).

use serde_json::{Value, json};

use super::{ARN, Account, column, echo, map_of};

/// A Map whose children are an activity's work: so many items, and the activity.
fn busy(items: u32, more: Value) -> (Account, String, String) {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let child = json!({"C": {"Type": "Task", "Resource": activity, "End": true}});
    let items: Vec<u32> = (0..items).collect();
    let execution = account.start(&map_of(child, more), &json!(items));
    (account, activity, execution)
}

/// A worker does one piece of work.
fn work(account: &mut Account, activity: &str, well: bool) -> String {
    let task = account.ok("GetActivityTask", json!({"activityArn": activity}));
    let token = &task["taskToken"];
    if well {
        account.ok("SendTaskSuccess", json!({"taskToken": token, "output": task["input"]}));
    } else {
        account.ok("SendTaskFailure", json!({"taskToken": token, "error": "E"}));
    }
    task["input"].as_str().unwrap().to_owned()
}

/// Pending, running, succeeded, failed, aborted, total.
fn counts(account: &mut Account, execution: &str, of: &str) -> [i64; 6] {
    let run = account.map_run(execution);
    ["pending", "running", "succeeded", "failed", "aborted", "total"].map(|name| run[of][name].as_i64().unwrap())
}

#[test]
fn a_map_run_is_described_while_it_runs_and_after() {
    let (mut account, activity, execution) = busy(3, json!({"MaxConcurrency": 2, "ToleratedFailureCount": 1}));
    let run = account.map_run(&execution);
    let arn = run["mapRunArn"].as_str().unwrap();
    assert!(arn.starts_with(&format!("{ARN}mapRun:m1/L:")), "{arn}");
    assert_eq!((&run["executionArn"], &run["status"], run.get("stopDate")), (&json!(execution), &json!("RUNNING"), None));
    assert_eq!((&run["maxConcurrency"], &run["toleratedFailureCount"], &run["redriveCount"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!(run["toleratedFailurePercentage"], 0.0);
    assert_eq!(counts(&mut account, &execution, "itemCounts"), [1, 2, 0, 0, 0, 3]);
    work(&mut account, &activity, true);
    work(&mut account, &activity, false);
    assert_eq!(counts(&mut account, &execution, "itemCounts"), [0, 1, 1, 1, 0, 3]);
    work(&mut account, &activity, true);
    assert_eq!(counts(&mut account, &execution, "itemCounts"), [0, 0, 2, 1, 0, 3]);
    assert_eq!(counts(&mut account, &execution, "executionCounts"), [0, 0, 2, 1, 0, 3]);
    let run = account.map_run(&execution);
    assert!(run["status"] == "SUCCEEDED" && run["stopDate"].is_number(), "{run}");
}

#[test]
fn no_more_children_run_than_may() {
    let (mut account, activity, execution) = busy(5, json!({"MaxConcurrency": 2}));
    for done in 0..5 {
        let [pending, running, succeeded, ..] = counts(&mut account, &execution, "itemCounts");
        assert_eq!((pending, running, succeeded), ((3 - done).max(0), (5 - done).min(2), done));
        work(&mut account, &activity, true);
    }
    assert_eq!(account.output(&execution), json!([0, 1, 2, 3, 4]));
}

#[test]
fn a_running_map_run_may_be_given_other_limits() {
    let (mut account, activity, execution) = busy(6, json!({"MaxConcurrency": 1}));
    let arn = account.map_run(&execution)["mapRunArn"].clone();
    let update = json!({"mapRunArn": arn, "maxConcurrency": 4, "toleratedFailureCount": 2});
    assert_eq!(account.ok("UpdateMapRun", update.clone()), json!({}));
    let run = account.map_run(&execution);
    assert_eq!((&run["maxConcurrency"], &run["toleratedFailureCount"], &run["itemCounts"]["running"]), (&json!(4), &json!(2), &json!(4)));
    for well in [false, false, true, true, true, true] {
        work(&mut account, &activity, well);
    }
    assert_eq!(account.status(&execution), "SUCCEEDED");
    assert!(account.refused("UpdateMapRun", update).starts_with("ValidationException: "));
}

#[test]
fn children_are_executions_of_their_own() {
    let (mut account, activity, execution) = busy(2, json!({"ToleratedFailureCount": 1}));
    work(&mut account, &activity, true);
    work(&mut account, &activity, false);
    let arn = account.map_run(&execution)["mapRunArn"].clone();
    let children = account.ok("ListExecutions", json!({"mapRunArn": arn}));
    assert_eq!(column(&children, "executions", "status"), ["FAILED", "SUCCEEDED"]);
    let failed = account.ok("ListExecutions", json!({"mapRunArn": arn, "statusFilter": "FAILED"}));
    let child = column(&failed, "executions", "executionArn")[0].to_owned();
    assert!(child.starts_with(&format!("{ARN}execution:m1/L:")), "{child}");
    let described = account.described(&child);
    assert_eq!((&described["mapRunArn"], &described["error"]), (&arn, &json!("E")));
    assert_eq!(described["stateMachineArn"], format!("{ARN}stateMachine:m1/L"));
    assert_eq!(account.history(&child).first().map(String::as_str), Some("ExecutionStarted"));
    let machine = account.described(&execution)["stateMachineArn"].clone();
    let own = account.ok("ListExecutions", json!({"stateMachineArn": machine}));
    assert_eq!(column(&own, "executions", "executionArn"), [execution]);
}

#[test]
fn too_many_failures_stop_the_children_that_run() {
    let (mut account, activity, execution) = busy(3, json!({}));
    work(&mut account, &activity, false);
    assert_eq!(account.fault(&execution).0, "States.ExceedToleratedFailureThreshold");
    assert_eq!(counts(&mut account, &execution, "executionCounts"), [0, 0, 0, 1, 2, 3]);
}

#[test]
fn a_stopped_execution_aborts_its_map_run_and_the_children() {
    let (mut account, _, execution) = busy(2, json!({}));
    account.ok("StopExecution", json!({"executionArn": execution}));
    let run = account.map_run(&execution);
    assert!(run["status"] == "ABORTED" && run["stopDate"].is_number(), "{run}");
    assert_eq!(counts(&mut account, &execution, "executionCounts"), [0, 0, 0, 0, 2, 2]);
}

/// Developer Guide: the events of children are in their own histories. The order is recorded.
#[test]
fn a_map_run_takes_few_events_of_its_parent() {
    let mut account = Account::new();
    let items: Vec<u32> = (0..100).collect();
    let execution = account.start(&map_of(echo(), json!({})), &json!(items));
    let expected = [
        "ExecutionStarted",
        "MapStateEntered",
        "MapStateStarted",
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(account.history(&execution), expected);
}

#[test]
fn an_object_is_a_list_of_its_members() {
    let mut account = Account::new();
    let execution = account.start(&map_of(echo(), json!({})), &json!({"a": 1, "b": [2]}));
    assert_eq!(account.output(&execution), json!([{"Key": "a", "Value": 1}, {"Key": "b", "Value": [2]}]));
}

#[test]
fn a_map_run_without_items_is_over_at_once() {
    let mut account = Account::new();
    let execution = account.start(&map_of(echo(), json!({})), &json!([]));
    assert_eq!(account.output(&execution), json!([]));
    assert_eq!(counts(&mut account, &execution, "itemCounts"), [0; 6]);
}

#[test]
fn a_map_run_that_is_not_there_is_refused() {
    let mut account = Account::new();
    for operation in ["DescribeMapRun", "UpdateMapRun"] {
        let missing = format!("{ARN}mapRun:m/L:00000000-0000-0000-0000-000000000000");
        assert!(account.refused(operation, json!({"mapRunArn": missing})).starts_with("ResourceNotFound: "));
        assert!(account.refused(operation, json!({"mapRunArn": "no"})).starts_with("InvalidArn: "));
    }
}
