//! Retries, catchers, and which errors they take.

use serde_json::{Value, json};

use super::script::{Script, job, single};
use crate::FailureStage::Run;

/// Fails the running task with `error` until nothing is retried; the seconds after the start of each retry.
fn retry_times(retry: &Value, errors: &[&str]) -> Vec<f64> {
    let mut script = Script::start(&single(job(json!({"Retry": retry}))), &json!({}));
    let mut times = Vec::new();
    for error in errors {
        let started = script.started_ids();
        script.failed(started[0], Run, error);
        if !script.has_deadline() {
            break;
        }
        times.push(script.tick().0);
    }
    times
}

#[test]
fn delays_grow_and_have_a_ceiling() {
    let error = ["E"; 9];
    let defaults = json!([{"ErrorEquals": ["E"]}]);
    assert_eq!(retry_times(&defaults, &error), [1.0, 3.0, 7.0]);
    let own = json!([{"ErrorEquals": ["E"], "IntervalSeconds": 3, "MaxAttempts": 4, "BackoffRate": 1.5, "MaxDelaySeconds": 5}]);
    assert_eq!(retry_times(&own, &error), [3.0, 7.5, 12.5, 17.5]);
    assert_eq!(retry_times(&json!([{"ErrorEquals": ["E"], "MaxAttempts": 0}]), &error), [0.0; 0]);
}

#[test]
fn jitter_is_anywhere_below_the_delay_and_the_same_for_the_same_seed() {
    let retry = json!([{"ErrorEquals": ["E"], "IntervalSeconds": 100, "BackoffRate": 1, "JitterStrategy": "FULL"}]);
    let times = retry_times(&retry, &["E"; 4]);
    assert_eq!(times, retry_times(&retry, &["E"; 4]));
    let delays = [times[0], times[1] - times[0], times[2] - times[1]];
    assert!(delays.iter().all(|delay| (0.0..100.0).contains(delay)) && (delays[0] - delays[1]).abs() > 1.0, "{delays:?}");
}

#[test]
fn each_retrier_counts_for_itself() {
    let retry = json!([
        {"ErrorEquals": ["A"], "IntervalSeconds": 10, "MaxAttempts": 1},
        {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "MaxAttempts": 2, "BackoffRate": 1},
    ]);
    assert_eq!(retry_times(&retry, &["A", "B", "A", "B"]), [10.0, 110.0]);
    assert_eq!(retry_times(&retry, &["B", "A", "B", "B"]), [100.0, 110.0, 210.0]);
}

fn handled(names: Value, error: &str) -> bool {
    let document = json!({"StartAt": "S", "States": {
        "S": job(json!({"Next": "T", "Catch": [{"ErrorEquals": names, "Next": "T"}]})), "T": {"Type": "Succeed"}}});
    let mut script = Script::start(&document, &json!({}));
    assert_eq!(script.started_ids(), [1]);
    script.failed(1, Run, error);
    matches!(script.outcome(), crate::Outcome::Succeeded { .. })
}

#[test]
fn wildcards_take_what_the_documentation_says() {
    for (names, error, expected) in [
        (json!(["States.ALL"]), "Custom", true),
        (json!(["States.ALL"]), "States.Timeout", true),
        (json!(["States.ALL"]), "States.Runtime", false),
        (json!(["States.ALL"]), "States.DataLimitExceeded", false),
        (json!(["States.TaskFailed"]), "Custom", true),
        (json!(["States.TaskFailed"]), "States.HeartbeatTimeout", true),
        (json!(["States.TaskFailed"]), "States.Timeout", false),
        (json!(["States.TaskFailed"]), "States.Runtime", false),
        (json!(["States.Runtime"]), "States.Runtime", false),
        (json!(["States.DataLimitExceeded"]), "States.DataLimitExceeded", true),
        (json!(["A", "States.Timeout"]), "States.Timeout", true),
        (json!(["custom"]), "Custom", false),
    ] {
        assert_eq!(handled(names.clone(), error), expected, "{names} {error}");
    }
}

#[test]
fn catchers_are_tried_in_order_after_retries() {
    let document = json!({"StartAt": "S", "States": {
        "S": job(json!({"End": true, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}], "Catch": [
            {"ErrorEquals": ["B"], "Next": "B", "ResultPath": null},
            {"ErrorEquals": ["States.ALL"], "Next": "Other"}]})),
        "B": {"Type": "Pass", "Result": "b", "End": true},
        "Other": {"Type": "Pass", "End": true}}});
    let mut script = Script::start(&document, &json!({}));
    script.failed(1, Run, "A");
    script.tick();
    assert_eq!(script.started_ids(), [1, 2]);
    script.failed(2, Run, "A");
    assert_eq!(script.output(), json!({"Error": "A", "Cause": "cause of A"}));
    let mut script = Script::start(&document, &json!({}));
    assert_eq!(script.started_ids(), [1]);
    script.failed(1, Run, "B");
    assert_eq!(script.output(), json!("b"));
}

#[test]
fn a_retried_state_shows_its_count() {
    let task = job(json!({"Retry": [{"ErrorEquals": ["E"]}], "Parameters": {
        "JobName.$": "States.Format('run-{}', $$.State.RetryCount)", "JobQueue": "q", "JobDefinition": "d"}}));
    let mut script = Script::start(&single(task), &json!({}));
    assert_eq!(script.started()[0].1["JobName"], "run-0");
    script.failed(1, Run, "E");
    script.tick();
    assert_eq!(script.started()[0].1["JobName"], "run-1");
}

/// LocalStack `test_map_state_retry`: the Map begins again, and its own failure is told once.
#[test]
fn a_map_is_retried_whole() {
    let inner = json!({"StartAt": "T", "States": {"T": job(json!({"End": true}))}});
    let map = json!({"Type": "Map", "ItemProcessor": inner, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]});
    let mut script = Script::start(&single(map), &json!([1, 2]));
    assert_eq!(script.started_ids(), [1, 2]);
    script.succeeded(1, &json!(0));
    script.failed(2, Run, "E");
    script.tick();
    assert_eq!(script.started_ids(), [3, 4]);
    let begins: Vec<_> = script.lines().into_iter().filter(|line| line.contains("MapState")).collect();
    assert_eq!(begins, ["2 <- 0 MapStateEntered", "3 <- 2 MapStateStarted", "18 <- 15 MapStateStarted"]);
}
