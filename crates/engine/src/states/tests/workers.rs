//! Developer Guide, Activities; the service model's GetActivityTask.

use serde_json::{Value, json};

use super::{ARN, Account, Answered, single};
use crate::CallId;

fn waiting(more: Value) -> (Account, String, String) {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let execution = account.start(&single(super::with(json!({"Type": "Task", "Resource": activity}), more)), &json!({"n": 1}));
    (account, activity, execution)
}

/// A worker's question that is answered at once: the token and the input.
fn work(account: &mut Account, activity: &str) -> (String, String) {
    let task = account.ok("GetActivityTask", json!({"activityArn": activity, "workerName": "w"}));
    (task["taskToken"].as_str().unwrap_or_default().to_owned(), task["input"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_worker_gets_the_input_and_gives_the_output() {
    let (mut account, activity, execution) = waiting(json!({}));
    let (token, input) = work(&mut account, &activity);
    assert_eq!(input, "{\"n\":1}");
    assert_eq!(account.ok("SendTaskSuccess", json!({"taskToken": token, "output": "[2]"})), json!({}));
    assert_eq!(account.output(&execution), json!([2]));
    let events = account.events(&execution);
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds[2..5], ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]);
    assert_eq!(events[2]["activityScheduledEventDetails"]["resource"], format!("{ARN}activity:a"));
    assert_eq!(events[3]["activityStartedEventDetails"]["workerName"], "w");
}

#[test]
fn a_worker_may_fail() {
    let (mut account, activity, execution) = waiting(json!({}));
    let (token, _) = work(&mut account, &activity);
    account.ok("SendTaskFailure", json!({"taskToken": token, "error": "E", "cause": "c"}));
    assert_eq!(account.fault(&execution), ("E".into(), "c".into()));
    assert!(account.history(&execution).contains(&"ActivityFailed".to_owned()));
}

fn empty(call: CallId) -> Answered {
    (call, Ok(json!({})))
}

/// Service model: the question is held for 60 seconds, and then answered with a null token.
#[test]
fn a_worker_waits_a_minute_for_work() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].clone();
    let (call, answers) = account.ask("GetActivityTask", json!({"activityArn": activity}));
    assert_eq!(answers, []);
    let asked = account.now;
    assert_eq!(account.tick(), [empty(call)]);
    assert_eq!((account.now.duration_since(asked)).as_secs(), 60);
}

#[test]
fn work_goes_to_who_has_waited_longest_and_to_one_worker() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let (first, _) = account.ask("GetActivityTask", json!({"activityArn": activity, "workerName": "one"}));
    let (second, _) = account.ask("GetActivityTask", json!({"activityArn": activity, "workerName": "two"}));
    let definition = single(json!({"Type": "Task", "Resource": activity})).to_string();
    let machine = account.machine("m", json!({"definition": definition}));
    let (_, answers) = account.ask("StartExecution", json!({"stateMachineArn": machine, "input": "7"}));
    let to_workers: Vec<&Answered> = answers.iter().filter(|(call, _)| [first, second].contains(call)).collect();
    assert_eq!(to_workers.len(), 1);
    assert_eq!((to_workers[0].0, &to_workers[0].1.as_ref().unwrap()["input"]), (first, &json!("7")));
    let (_, answers) = account.ask("StartExecution", json!({"stateMachineArn": machine, "input": "8"}));
    assert!(answers.iter().any(|(call, answer)| *call == second && answer.as_ref().unwrap()["input"] == "8"), "{answers:?}");
}

/// The time of a heartbeat counts from when a worker has the task, and anew from each heartbeat.
#[test]
fn a_worker_that_shows_no_sign_of_life_loses_its_task() {
    let (mut account, activity, execution) = waiting(json!({"HeartbeatSeconds": 10, "TimeoutSeconds": 100}));
    let (token, _) = work(&mut account, &activity);
    let started = account.now;
    account.now += jiff::SignedDuration::from_secs(9);
    account.ok("SendTaskHeartbeat", json!({"taskToken": token}));
    account.tick();
    assert_eq!(account.now.duration_since(started).as_secs(), 19);
    assert_eq!(account.fault(&execution).0, "States.HeartbeatTimeout");
    assert!(account.history(&execution).contains(&"ActivityTimedOut".to_owned()));
    for operation in ["SendTaskHeartbeat", "SendTaskFailure"] {
        let words = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";
        assert_eq!(account.refused(operation, json!({"taskToken": token})), words);
    }
}

/// Developer Guide: TimeoutSeconds of an activity counts from its scheduling, so work that nobody takes times out.
#[test]
fn work_that_nobody_takes_times_out() {
    let (mut account, activity, execution) = waiting(json!({"TimeoutSeconds": 5}));
    account.tick();
    assert_eq!(account.fault(&execution).0, "States.Timeout");
    let (_, answers) = account.ask("GetActivityTask", json!({"activityArn": activity}));
    assert_eq!(answers, []);
}

#[test]
fn work_of_a_stopped_execution_is_withdrawn() {
    let (mut account, activity, execution) = waiting(json!({}));
    account.ok("StopExecution", json!({"executionArn": execution}));
    assert_eq!(account.status(&execution), "ABORTED");
    let (_, answers) = account.ask("GetActivityTask", json!({"activityArn": activity}));
    assert_eq!(answers, []);
}
