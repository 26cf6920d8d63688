//! Time limits of jobs that are stuck. Source: BM JobStateTimeLimitAction; BUG job_stuck_in_runnable.

use fanout_batch::api::{CreateJobQueue, Request, SubmitJob, UpdateComputeEnvironment, UpdateJobQueue};
use fanout_batch::{Deadline, Effect};
use serde_json::{Value, json};

use crate::account::{Account, array, job, queue, sized};

const TOO_BIG: &str = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE";

fn action(reason: &str, seconds: i32) -> Value {
    json!({"reason": reason, "state": "RUNNABLE", "maxTimeSeconds": seconds, "action": "CANCEL"})
}

fn limited(name: &str, actions: Value) -> CreateJobQueue {
    let rest = [("jobStateTimeLimitActions".to_owned(), actions)].into_iter().collect();
    CreateJobQueue { rest, ..queue(name, 1, &["ce"]) }
}

/// With queue `limited`, whose actions are these.
fn account(actions: Value) -> Account {
    let mut account = Account::with_vcpus(2);
    account.ok(Request::CreateJobQueue(limited("limited", actions)));
    account
}

fn too_big() -> SubmitJob {
    SubmitJob { job_queue: "limited".into(), ..sized("big", "3", "4") }
}

#[test]
fn a_job_that_is_stuck_too_long_is_cancelled() {
    // BUG job_stuck_in_runnable: "Canceled by JobStateTimeLimit action due to reason: ...".
    let mut account = account(json!([action(TOO_BIG, 600), action("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", 700)]));
    let id = account.submit(too_big());
    let due = account.batch.poll_deadline().expect("a deadline");
    assert_eq!((due.at, due.why), (account.now + jiff::SignedDuration::from_secs(600), "time limit of a job that is stuck"));
    account.pass(599);
    account.tick();
    account.nothing();
    account.pass(1);
    account.tick();
    account.only_ends(&id, false);
    assert_eq!(account.reason(&id), format!("Canceled by JobStateTimeLimit action due to reason: {TOO_BIG}"));
    assert_eq!(account.job(&id).is_cancelled, Some(true));
    assert_eq!(account.batch.poll_deadline(), None::<Deadline>);
}

#[test]
fn a_job_that_waits_for_its_turn_is_not_stuck() {
    let mut account = account(json!([action(TOO_BIG, 600), action("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", 600)]));
    account.submit(SubmitJob { job_queue: "limited".into(), ..array("a", 3) });
    assert_eq!(account.starts().len(), 2);
    assert_eq!(account.batch.poll_deadline(), None);
}

#[test]
fn the_time_runs_on_as_long_as_the_reason_is_the_same() {
    let mut account = account(json!([action(TOO_BIG, 600)]));
    let first = account.submit(too_big());
    let second = account.submit(SubmitJob { job_queue: "q".into(), ..too_big() });
    account.pass(300);
    let update = |vcpus: i64| {
        let body = json!({"computeEnvironment": "ce", "computeResources": {"maxvCpus": vcpus}});
        Request::UpdateComputeEnvironment(serde_json::from_value::<UpdateComputeEnvironment>(body).expect("a call"))
    };
    account.ok(update(1));
    account.pass(300);
    account.tick();
    account.only_ends(&first, false);
    let third = account.submit(too_big());
    account.pass(300);
    account.call(update(3)).expect("accepted");
    assert!(matches!(account.take()[..], [Effect::Start { .. }]));
    assert_eq!((account.status(&second), account.status(&third)), ("STARTING".into(), "RUNNABLE".into()));
    assert_eq!(account.batch.poll_deadline(), None, "nobody is stuck any more");
}

#[test]
fn limits_may_come_later() {
    let mut account = account(json!([]));
    let id = account.submit(too_big());
    account.pass(1000);
    let rest = [("jobStateTimeLimitActions".to_owned(), json!([action(TOO_BIG, 900)]))].into_iter().collect();
    account.ok(Request::UpdateJobQueue(UpdateJobQueue { job_queue: "limited".into(), rest, ..Default::default() }));
    account.tick();
    account.only_ends(&id, false);
    account.start(job("others"));
}

#[test]
fn actions_are_checked() {
    let mut account = Account::with_vcpus(1);
    let mut refused = |changes: Value| {
        let mut action = action(TOO_BIG, 600);
        for (name, value) in changes.as_object().expect("members") {
            action[name] = value.clone();
        }
        account.refused(Request::CreateJobQueue(limited("limited", json!([action]))));
    };
    refused(json!({"maxTimeSeconds": 599}));
    refused(json!({"maxTimeSeconds": 86_401}));
    refused(json!({"reason": ""}));
    refused(json!({"state": "RUNNING"}));
    // BM: "the only supported value is CANCEL" for queues of containers.
    refused(json!({"action": "TERMINATE"}));
    refused(json!({"reason": 5}));
}
