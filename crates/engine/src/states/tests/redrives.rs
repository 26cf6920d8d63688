//! Developer Guide, Restarting state machine executions with redrive, and Redriving Map Runs.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ARN, Account, map_of, single};
use crate::{ObjectAnswer, ObjectCall};

/// An execution whose second state is an activity's work, which has failed.
fn failed() -> (Account, String, String) {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let states = json!({"P": {"Type": "Pass", "Result": {"a": 1}, "Next": "T"}, "T": {"Type": "Task", "Resource": activity, "End": true}});
    let execution = account.start(&json!({"StartAt": "P", "States": states}), &json!({}));
    work(&mut account, &activity, Some("E"));
    (account, activity, execution)
}

/// A worker does one piece of work, or fails with an error.
fn work(account: &mut Account, activity: &str, error: Option<&str>) -> String {
    let task = account.ok("GetActivityTask", json!({"activityArn": activity}));
    match error {
        None => account.ok("SendTaskSuccess", json!({"taskToken": task["taskToken"], "output": task["input"]})),
        Some(error) => account.ok("SendTaskFailure", json!({"taskToken": task["taskToken"], "error": error})),
    };
    task["input"].as_str().unwrap().to_owned()
}

fn redrive(account: &mut Account, execution: &str) -> Value {
    account.ok("RedriveExecution", json!({"executionArn": execution}))
}

#[test]
fn a_redriven_execution_goes_on_at_the_state_that_failed() {
    let (mut account, activity, execution) = failed();
    let before = account.described(&execution);
    assert_eq!((&before["redriveStatus"], &before["redriveCount"]), (&json!("REDRIVABLE"), &json!(0)));
    let date = redrive(&mut account, &execution)["redriveDate"].clone();
    let during = account.described(&execution);
    assert_eq!((&during["status"], &during["redriveCount"], &during["redriveDate"]), (&json!("RUNNING"), &json!(1), &date));
    assert_eq!((during.get("stopDate"), during.get("error")), (None, None));
    assert_eq!(during["startDate"], before["startDate"]);
    assert_eq!(work(&mut account, &activity, None), "{\"a\":1}");
    assert_eq!(account.output(&execution), json!({"a": 1}));
    let history = account.history(&execution);
    let again = history.iter().position(|event| event == "ExecutionRedriven").unwrap();
    assert_eq!(
        history[again - 1..],
        [
            "ExecutionFailed",
            "ExecutionRedriven",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
}

/// Developer Guide: the retry counts begin at 0 again.
#[test]
fn retries_count_anew_after_a_redrive() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]);
    let execution = account.start(&single(json!({"Type": "Task", "Resource": activity, "Retry": retry})), &json!({}));
    for _ in 0..2 {
        work(&mut account, &activity, Some("E"));
        account.tick();
        work(&mut account, &activity, Some("E"));
        assert_eq!(account.status(&execution), "FAILED");
        redrive(&mut account, &execution);
    }
    work(&mut account, &activity, None);
    assert_eq!(account.status(&execution), "SUCCEEDED");
    assert_eq!(account.described(&execution)["redriveCount"], 2);
}

#[test]
fn an_execution_that_was_stopped_or_out_of_time_may_be_redriven() {
    let mut account = Account::new();
    let wait = json!({"StartAt": "W", "TimeoutSeconds": 5, "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}});
    let execution = account.start(&wait, &json!({}));
    account.ok("StopExecution", json!({"executionArn": execution}));
    redrive(&mut account, &execution);
    account.tick();
    assert_eq!(account.status(&execution), "TIMED_OUT");
    redrive(&mut account, &execution);
    assert_eq!(account.status(&execution), "RUNNING");
}

/// The first reason is recorded.
#[test]
fn what_cannot_be_redriven_says_why() {
    let mut account = Account::new();
    let execution = account.start(&single(json!({"Type": "Pass"})), &json!({}));
    let running = account.start(&single(json!({"Type": "Wait", "Seconds": 9})), &json!({}));
    for (execution, status) in [(execution, "SUCCEEDED"), (running, "RUNNING")] {
        let reason = format!("Execution is {status} and cannot be redriven");
        let described = account.described(&execution);
        assert_eq!((&described["redriveStatus"], &described["redriveStatusReason"]), (&json!("NOT_REDRIVABLE"), &json!(reason)));
        let refused = account.refused("RedriveExecution", json!({"executionArn": execution}));
        assert_eq!(refused, format!("ExecutionNotRedrivable: Execution is not redrivable: '{execution}'. {reason}"));
    }
    let missing = format!("{ARN}execution:m:none");
    assert!(account.refused("RedriveExecution", json!({"executionArn": missing})).starts_with("ExecutionDoesNotExist: "));
}

/// Step Functions quotas: within 14 days of the end of the first run.
#[test]
fn an_execution_may_be_redriven_for_fourteen_days() {
    let (mut account, activity, execution) = failed();
    account.now += SignedDuration::from_hours(13 * 24);
    redrive(&mut account, &execution);
    work(&mut account, &activity, Some("E"));
    assert_eq!(account.described(&execution)["redriveStatus"], "REDRIVABLE");
    account.now += SignedDuration::from_hours(2 * 24);
    let described = account.described(&execution);
    assert_eq!(described["redriveStatus"], "NOT_REDRIVABLE");
    assert_eq!(described["redriveStatusReason"], "Execution redrivable period exceeded");
    assert!(account.refused("RedriveExecution", json!({"executionArn": execution})).starts_with("ExecutionNotRedrivable: "));
}

/// Service model, RedriveExecution: client tokens are valid for up to 15 minutes.
#[test]
fn a_redrive_that_is_asked_for_twice_is_one() {
    let (mut account, activity, execution) = failed();
    let call = json!({"executionArn": execution, "clientToken": "t"});
    let first = account.ok("RedriveExecution", call.clone());
    account.now += SignedDuration::from_mins(14);
    assert_eq!(account.ok("RedriveExecution", call.clone()), first);
    assert_eq!(account.described(&execution)["redriveCount"], 1);
    work(&mut account, &activity, Some("E"));
    account.now += SignedDuration::from_mins(2);
    assert_ne!(account.ok("RedriveExecution", call), first);
    assert_eq!(account.described(&execution)["redriveCount"], 2);
}

#[test]
fn of_an_inline_map_only_what_did_not_succeed_runs_again() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let processor = json!({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": true}}});
    let execution = account.start(&single(json!({"Type": "Map", "ItemProcessor": processor, "MaxConcurrency": 1})), &json!([1, 2, 3]));
    assert_eq!(work(&mut account, &activity, None), "1");
    assert_eq!(work(&mut account, &activity, Some("E")), "2");
    assert_eq!(account.status(&execution), "FAILED");
    redrive(&mut account, &execution);
    assert_eq!(work(&mut account, &activity, None), "2");
    assert_eq!(work(&mut account, &activity, None), "3");
    assert_eq!(account.output(&execution), json!([1, 2, 3]));
}

#[test]
fn of_a_parallel_only_branches_that_did_not_succeed_run_again() {
    let mut account = Account::new();
    let activities =
        ["a", "b", "c"].map(|name| account.ok("CreateActivity", json!({"name": name}))["activityArn"].as_str().unwrap().to_owned());
    let branch =
        |activity: &String| json!({"StartAt": activity, "States": {activity: {"Type": "Task", "Resource": activity, "End": true}}});
    let branches: Vec<Value> = activities.iter().map(branch).collect();
    let execution = account.start(&single(json!({"Type": "Parallel", "Branches": branches})), &json!(7));
    work(&mut account, &activities[0], None);
    work(&mut account, &activities[1], Some("E"));
    assert_eq!(account.status(&execution), "FAILED");
    redrive(&mut account, &execution);
    work(&mut account, &activities[1], None);
    work(&mut account, &activities[2], None);
    assert_eq!(account.output(&execution), json!([7, 7, 7]));
}

/// A Map Run of three, of which the second has failed.
fn failed_run() -> (Account, String, String) {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let child = json!({"C": {"Type": "Task", "Resource": activity, "End": true}});
    let execution = account.start(&map_of(child, json!({"MaxConcurrency": 1})), &json!([1, 2, 3]));
    work(&mut account, &activity, None);
    work(&mut account, &activity, Some("E"));
    (account, activity, execution)
}

#[test]
fn of_a_map_run_only_what_did_not_succeed_runs_again() {
    let (mut account, activity, execution) = failed_run();
    assert_eq!(account.fault(&execution).0, "States.ExceedToleratedFailureThreshold");
    redrive(&mut account, &execution);
    let run = account.map_run(&execution);
    assert_eq!((&run["status"], &run["redriveCount"], run.get("stopDate")), (&json!("RUNNING"), &json!(1), None));
    assert_eq!(
        (&run["itemCounts"]["running"], &run["itemCounts"]["failed"], &run["itemCounts"]["total"]),
        (&json!(1), &json!(0), &json!(3))
    );
    assert_eq!(work(&mut account, &activity, None), "2");
    assert_eq!(work(&mut account, &activity, None), "3");
    assert_eq!(account.output(&execution), json!([1, 2, 3]));
    let run = account.map_run(&execution);
    assert_eq!((&run["status"], &run["itemCounts"]["succeeded"]), (&json!("SUCCEEDED"), &json!(3)));
    assert!(account.history(&execution).contains(&"MapRunRedriven".to_owned()));
}

/// Service model, DescribeExecution: a child is redriven by its Map Run.
#[test]
fn a_child_is_redriven_by_its_map_run_alone() {
    let (mut account, activity, execution) = failed_run();
    let arn = account.map_run(&execution)["mapRunArn"].clone();
    let failed = account.ok("ListExecutions", json!({"mapRunArn": arn, "statusFilter": "FAILED"}));
    let child = failed["executions"][0]["executionArn"].as_str().unwrap().to_owned();
    assert_eq!(account.described(&child)["redriveStatus"], "REDRIVABLE_BY_MAP_RUN");
    assert!(account.refused("RedriveExecution", json!({"executionArn": child})).starts_with("ExecutionNotRedrivable: "));
    redrive(&mut account, &execution);
    let described = account.described(&child);
    assert_eq!((&described["status"], &described["redriveCount"]), (&json!("RUNNING"), &json!(1)));
    work(&mut account, &activity, None);
    assert_eq!(account.status(&child), "SUCCEEDED");
}

/// Developer Guide, Redriving Map Runs: EXPRESS children are started anew.
#[test]
fn express_children_of_a_map_run_are_started_anew() {
    let mut account = Account::new();
    let parameters = json!({"Bucket": "b", "Key.$": "$"});
    let child = json!({"C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": parameters, "End": true}});
    let mut document = map_of(child, json!({"MaxConcurrency": 1}));
    document["States"]["S"]["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = "EXPRESS".into();
    let execution = account.start(&document, &json!(["x", "y"]));
    let members = |members: Value| members.as_object().cloned().unwrap();
    let get = |key: &str| ObjectCall::Operation { operation: "getObject".into(), parameters: members(json!({"Bucket": "b", "Key": key})) };
    account.object(&get("x"), ObjectAnswer::Failed { code: "NoSuchKey".into(), message: "gone".into() });
    assert_eq!(account.status(&execution), "FAILED");
    let (_, _) = account.ask("RedriveExecution", json!({"executionArn": execution}));
    account.object(&get("x"), ObjectAnswer::Answered(members(json!({"Body": "1"}))));
    account.object(&get("y"), ObjectAnswer::Answered(members(json!({"Body": "2"}))));
    let bodies: Vec<Value> = account.output(&execution).as_array().unwrap().iter().map(|result| result["Body"].clone()).collect();
    assert_eq!(bodies, ["1", "2"]);
    let run = account.map_run(&execution);
    assert_eq!((&run["executionCounts"]["succeeded"], &run["executionCounts"]["total"]), (&json!(2), &json!(2)));
}

/// Service model, MapRunExecutionCounts: pendingRedrive; ListExecutions: PENDING_REDRIVE.
#[test]
fn children_wait_for_room_to_be_redriven() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let child = json!({"C": {"Type": "Task", "Resource": activity, "End": true}});
    let more = json!({"MaxConcurrency": 2, "ToleratedFailureCount": 3, "ItemBatcher": {"MaxItemsPerBatch": 2}});
    let execution = account.start(&map_of(child, more), &json!([1, 2, 3, 4, 5, 6, 7, 8]));
    for _ in 0..2 {
        work(&mut account, &activity, Some("E"));
    }
    assert_eq!(account.status(&execution), "FAILED");
    let shown = |account: &mut Account, of: &str| {
        let run = account.map_run(&execution);
        ["pending", "running", "pendingRedrive", "succeeded", "failed", "aborted"].map(|name| run[of][name].as_i64().unwrap())
    };
    assert_eq!(shown(&mut account, "executionCounts"), [0, 0, 0, 0, 2, 1]);
    assert_eq!(shown(&mut account, "itemCounts"), [2, 0, 0, 0, 4, 2]);
    redrive(&mut account, &execution);
    assert_eq!(shown(&mut account, "executionCounts"), [0, 2, 1, 0, 0, 0]);
    assert_eq!(shown(&mut account, "itemCounts"), [2, 4, 2, 0, 0, 0]);
    let arn = account.map_run(&execution)["mapRunArn"].clone();
    let waiting = account.ok("ListExecutions", json!({"mapRunArn": arn, "statusFilter": "PENDING_REDRIVE"}))["executions"].clone();
    assert_eq!((waiting.as_array().unwrap().len(), &waiting[0]["itemCount"]), (1, &json!(2)));
    let child = waiting[0]["executionArn"].as_str().unwrap();
    assert_eq!(account.status(child), "PENDING_REDRIVE");
    for _ in 0..4 {
        work(&mut account, &activity, None);
    }
    assert_eq!(account.status(&execution), "SUCCEEDED");
    assert_eq!(shown(&mut account, "itemCounts"), [0, 0, 0, 8, 0, 0]);
}

#[test]
fn children_that_cannot_be_redriven_any_more_are_counted() {
    let (mut account, _, execution) = failed_run();
    assert_eq!(account.map_run(&execution)["executionCounts"]["failuresNotRedrivable"], 0);
    account.now += SignedDuration::from_hours(15 * 24);
    let run = account.map_run(&execution);
    assert_eq!((&run["executionCounts"]["failuresNotRedrivable"], &run["itemCounts"]["failuresNotRedrivable"]), (&json!(1), &json!(1)));
}
