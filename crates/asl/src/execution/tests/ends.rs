//! Timeouts, StopExecution, failed siblings, and what they cancel.

use serde_json::json;

use super::script::{Script, job, single};
use crate::{Effect, FailureStage, Outcome, Quotas, TaskId};

fn cancelled(effects: &[Effect]) -> Vec<u64> {
    let tasks = effects.iter().filter_map(|effect| if let Effect::CancelTask { task } = effect { Some(task.0) } else { None });
    tasks.collect()
}

#[test]
fn stop_cancels_and_aborts() {
    let mut script = Script::start(&single(job(json!({}))), &json!({}));
    script.effects();
    script.stop();
    let outcome = Outcome::Aborted { error: Some("Enough".into()), cause: None };
    assert_eq!(script.effects(), [Effect::CancelTask { task: TaskId(1) }, Effect::Ended(outcome)]);
    assert_eq!(script.lines()[4..], ["5 <- 0 ExecutionAborted"]);
    script.succeeded(1, &json!(1));
    script.stop();
    assert_eq!((script.effects(), script.lines().len()), (vec![], 5), "nothing follows the end");
}

/// Recorded: a waiting state tells nothing of its end.
#[test]
fn stop_while_waiting() {
    let mut script = Script::start(&single(json!({"Type": "Wait", "Seconds": 60})), &json!({}));
    script.stop();
    assert!(matches!(script.outcome(), Outcome::Aborted { .. }));
    assert_eq!(script.lines()[2..], ["3 <- 0 ExecutionAborted"]);
}

#[test]
fn a_machine_has_a_timeout_of_its_own() {
    let mut document = single(job(json!({"TimeoutSeconds": 60})));
    document["TimeoutSeconds"] = 30.into();
    let mut script = Script::start(&document, &json!({}));
    script.effects();
    assert_eq!(script.tick(), (30.0, "the execution's TimeoutSeconds"));
    let effects = script.effects();
    assert_eq!(cancelled(&effects), [1]);
    let outcome = Outcome::TimedOut { error: Some("States.Timeout".into()), cause: None };
    assert_eq!(effects.last(), Some(&Effect::Ended(outcome)));
    assert_eq!(script.lines().last().unwrap(), "5 <- 0 ExecutionTimedOut");
}

#[test]
fn a_task_that_times_out_is_cancelled_and_may_be_tried_again() {
    let task = job(json!({"TimeoutSecondsPath": "$.t", "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}]}));
    let mut script = Script::start(&single(task), &json!({"t": 7}));
    assert_eq!(script.started_ids(), [1]);
    assert_eq!(script.tick(), (7.0, "task timeout"));
    assert_eq!(script.effects(), [Effect::CancelTask { task: TaskId(1) }]);
    script.succeeded(1, &json!("too late"));
    assert_eq!(script.effects(), []);
    assert_eq!(script.tick(), (8.0, "retry backoff"));
    assert_eq!(script.started_ids(), [2]);
    script.wait_seconds(3);
    script.succeeded(2, &json!("in time"));
    assert_eq!(script.output(), json!("in time"));
}

#[test]
fn a_failed_branch_ends_its_siblings() {
    let nested = json!({"StartAt": "T2", "States": {"T2": job(json!({"End": true}))}});
    let branches = json!([
        {"StartAt": "T1", "States": {"T1": job(json!({"End": true}))}},
        {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": nested, "End": true}}},
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}},
        {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}},
    ]);
    let mut script = Script::start(&single(json!({"Type": "Parallel", "Branches": branches})), &json!({"items": [1, 2]}));
    assert_eq!(script.started_ids(), [1, 2, 3]);
    let before = script.history.len();
    script.failed(1, FailureStage::Run, "E");
    let effects = script.effects();
    assert_eq!(cancelled(&effects), [2, 3]);
    assert!(matches!(effects.last(), Some(Effect::Ended(Outcome::Failed { error: Some(error), .. })) if error == "E"));
    assert!(!script.has_deadline());
    let failed = before + 1;
    let kinds: Vec<_> = script.lines()[before..].iter().map(|line| line.split_once(" <- ").unwrap().1.to_owned()).collect();
    let after = |kind: &str| format!("{failed} {kind}");
    let abortions =
        ["MapStateAborted", "MapIterationAborted", "TaskStateAborted", "MapIterationAborted", "TaskStateAborted", "WaitStateAborted"];
    assert!(kinds[0].ends_with("TaskFailed"));
    assert_eq!(kinds[1..7], abortions.map(after));
    assert_eq!(kinds[7], after("ParallelStateFailed"));
}

#[test]
fn reports_about_unknown_tasks_and_a_second_start_are_ignored() {
    let mut script = Script::start(&single(job(json!({}))), &json!({}));
    assert_eq!(script.started_ids(), [1]);
    script.submitted(9);
    script.succeeded(0, &json!(1));
    script.failed(2, FailureStage::Start, "E");
    assert_eq!(script.effects(), []);
    script.failed(1, FailureStage::Start, "E");
    assert_eq!(script.fault().0, "E");
    assert_eq!(script.lines()[4], "5 <- 4 TaskStartFailed");
}

#[test]
fn a_loop_that_never_waits_pauses_so_that_it_can_be_stopped() {
    let document = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 0, "Next": "Z"}], "Default": "A"},
        "Z": {"Type": "Succeed"},
    }});
    let mut script = Script::start_with(&document, &json!({"n": 0}), Quotas::off());
    let before = script.history.len();
    assert!(before > 100_000, "{before}");
    assert_eq!(script.tick(), (0.0, "an execution that goes on and on"));
    assert!(script.history.len() > before + 100_000);
    script.stop();
    assert!(matches!(script.outcome(), Outcome::Aborted { .. }));
}
