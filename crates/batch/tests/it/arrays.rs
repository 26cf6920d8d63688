//! Array jobs: children, their environment, and how the parent sums them up.

use fanout_batch::Effect;

use crate::account::{Account, array, ends};

fn counts(list: &[(&str, i32)]) -> Vec<(String, i32)> {
    list.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[test]
fn a_parent_is_pending_while_children_run() {
    // BM ListJobs.jobStatus: "remain in PENDING status while child jobs are running".
    let mut account = Account::with_vcpus(2);
    let id = account.submit(array("a", 3));
    let attempts = account.starts();
    assert_eq!(attempts.len(), 2);
    account.started(attempts[0]);
    assert_eq!(account.status(&id), "PENDING");
    assert_eq!(account.summary(&id), counts(&[("RUNNABLE", 1), ("RUNNING", 1), ("STARTING", 1)]));
    assert_eq!(account.status(&format!("{id}:0")), "RUNNING");
    assert_eq!(account.job(&format!("{id}:2")).array_properties.expect("a child").index, Some(2));
}

#[test]
fn a_parent_fails_only_after_every_child_has_ended() {
    // BUG array_jobs: no fail-fast. Public: statusReason "Array Child Job failed".
    let mut account = Account::with_vcpus(8);
    let id = account.submit(array("a", 3));
    let attempts = account.starts();
    account.exits(attempts[1], 1);
    account.nothing();
    assert_eq!(account.status(&id), "PENDING");
    account.exits(attempts[0], 0);
    account.nothing();
    account.exits(attempts[2], 0);
    account.only_ends(&id, false);
    assert_eq!((account.status(&id), account.reason(&id)), ("FAILED".into(), "Array Child Job failed".into()));
    assert_eq!(account.summary(&id), counts(&[("FAILED", 1), ("SUCCEEDED", 2)]));
    assert_eq!(account.status(&format!("{id}:0")), "SUCCEEDED");
}

#[test]
fn a_parent_succeeds_when_all_children_have() {
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 2));
    let first = account.starts()[0];
    account.exits(first, 0);
    let second = account.starts()[0];
    account.exits(second, 0);
    account.effects(&[ends(&id, true)]);
    assert_eq!(account.status(&id), "SUCCEEDED");
    assert_eq!(account.reason(&id), "");
}

#[test]
fn children_learn_their_index_and_the_size() {
    // BUG job_env_vars.
    let mut account = Account::with_vcpus(8);
    let id = account.submit(array("a", 3));
    let attempt = account.starts()[2];
    let launch = account.batch.launch(attempt).expect("in flight");
    assert_eq!(launch.job_id, format!("{id}:2"));
    let child = format!("{id}:2");
    let expected = [
        ("A", "1"),
        ("AWS_BATCH_CE_NAME", "ce"),
        ("AWS_BATCH_JQ_NAME", "q"),
        ("AWS_BATCH_JOB_ID", child.as_str()),
        ("AWS_BATCH_JOB_ATTEMPT", "1"),
        ("AWS_BATCH_JOB_ARRAY_INDEX", "2"),
        ("AWS_BATCH_JOB_ARRAY_SIZE", "3"),
    ];
    assert_eq!(launch.environment, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let view = account.batch.attempt(attempt).expect("in flight");
    assert_eq!((view.job_name, view.array_index, view.attempt_number), ("a", Some(2), 1));
}

#[test]
fn each_child_has_its_own_log_stream() {
    let mut account = Account::with_vcpus(8);
    account.submit(array("a", 2));
    let streams: Vec<String> =
        account.starts().into_iter().map(|attempt| account.batch.launch(attempt).expect("in flight").log_stream).collect();
    assert_ne!(streams[0], streams[1]);
    assert!(streams.iter().all(|stream| stream.starts_with("d/default/") && stream.len() == "d/default/".len() + 32));
}

#[test]
fn sizes_are_from_2_to_10000() {
    // BUG service_limits.
    let mut account = Account::with_vcpus(0);
    for size in [-1, 0, 1, 10_001] {
        account.refused(fanout_batch::api::Request::SubmitJob(array("a", size)));
    }
    let id = account.submit(array("a", 10_000));
    account.nothing();
    assert_eq!(account.summary(&id), counts(&[("RUNNABLE", 10_000)]));
}

#[test]
fn an_array_of_ten_thousand_ends_once() {
    let mut account = Account::with_vcpus(10_000);
    let id = account.submit(array("a", 10_000));
    let mut attempts = account.starts();
    assert_eq!(attempts.len(), 10_000);
    let last = attempts.pop().expect("children");
    for attempt in attempts {
        account.exits(attempt, 0);
        account.nothing();
    }
    account.exits(last, 0);
    account.effects(&[Effect::JobEnded { job_id: uuid::Uuid::try_parse(&id).expect("an id"), succeeded: true }]);
}
