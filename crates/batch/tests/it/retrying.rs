//! Attempts after the first. Source: BUG job_retries.

use fanout_batch::api::{EvaluateOnExit, Request, RetryStrategy, SubmitJob};
use fanout_batch::{AttemptEnd, AttemptId};

use crate::account::{Account, job};

fn retried(attempts: i32, rules: Vec<EvaluateOnExit>) -> SubmitJob {
    SubmitJob { retry_strategy: Some(RetryStrategy { attempts: Some(attempts), evaluate_on_exit: rules }), ..job("a") }
}

fn rule(status_reason: Option<&str>, reason: Option<&str>, code: Option<&str>, action: &str) -> EvaluateOnExit {
    EvaluateOnExit {
        on_status_reason: status_reason.map(Into::into),
        on_reason: reason.map(Into::into),
        on_exit_code: code.map(Into::into),
        action: action.into(),
    }
}

fn next(account: &mut Account) -> AttemptId {
    let [attempt] = account.starts()[..] else { panic!("one start") };
    attempt
}

#[test]
fn a_job_is_tried_as_often_as_it_may() {
    let mut account = Account::with_vcpus(1);
    let (id, first) = account.start(retried(3, Vec::new()));
    account.exits(first, 1);
    let second = next(&mut account);
    assert_ne!(first, second);
    let launch = account.batch.launch(second).expect("in flight");
    assert!(launch.environment.contains(&("AWS_BATCH_JOB_ATTEMPT".into(), "2".into())));
    assert_eq!(account.batch.launch(first), None);
    assert_eq!(account.job(&id).attempts.len(), 1);
    account.exits(second, 2);
    let third = next(&mut account);
    account.exits(third, 3);
    account.only_ends(&id, false);
    let detail = account.job(&id);
    let codes: Vec<Option<i32>> = detail.attempts.iter().map(|attempt| attempt.container.exit_code).collect();
    assert_eq!(codes, [Some(1), Some(2), Some(3)]);
    let streams: std::collections::BTreeSet<_> = detail.attempts.iter().map(|a| a.container.log_stream_name.clone()).collect();
    assert_eq!(streams.len(), 3, "each attempt has a log stream of its own");
    assert_eq!(detail.container.expect("a container").exit_code, Some(3));
}

#[test]
fn a_retried_job_goes_to_the_back_of_its_queue() {
    let mut account = Account::with_vcpus(1);
    let (first, attempt) = account.start(retried(2, Vec::new()));
    let second = account.submit(job("b"));
    account.exits(attempt, 1);
    assert_eq!(account.starts().len(), 1);
    assert_eq!((account.status(&first), account.status(&second)), ("RUNNABLE".into(), "STARTING".into()));
    assert_eq!(account.job(&first).attempts.len(), 1);
}

#[test]
fn the_rules_decide() {
    // BUG job_retries: Spot losses are retried, all else is not.
    let rules = vec![rule(Some("Host EC2*"), None, None, "RETRY"), rule(None, Some("*"), None, "EXIT")];
    let mut account = Account::with_vcpus(1);
    let (id, first) = account.start(retried(5, rules));
    account.started(first);
    account.ended(first, AttemptEnd::HostLost);
    let second = next(&mut account);
    let lost = account.job(&id).attempts.remove(0);
    let reason = lost.status_reason.expect("a reason");
    assert!(reason.starts_with("Host EC2 (instance i-0") && reason.ends_with(") terminated."), "{reason}");
    assert_eq!(lost.container.exit_code, None);
    account.ended(second, AttemptEnd::FailedToStart { reason: "CannotPullContainerError: no such image".into() });
    account.only_ends(&id, false);
    let detail = account.job(&id);
    assert_eq!(detail.status_reason.as_deref(), Some("Task failed to start"));
    let container = detail.container.expect("a container");
    assert_eq!(container.reason.as_deref(), Some("CannotPullContainerError: no such image"));
    assert_eq!((container.exit_code, detail.attempts.len()), (None, 2));
}

#[test]
fn a_success_is_never_retried() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(retried(5, vec![rule(None, None, Some("0"), "RETRY")]));
    account.exits(attempt, 0);
    account.only_ends(&id, true);
}

#[test]
fn the_submission_replaces_the_definitions_strategy() {
    let mut account = Account::with_vcpus(1);
    let mut definition = crate::account::definition("d");
    definition.retry_strategy = Some(RetryStrategy { attempts: Some(9), evaluate_on_exit: Vec::new() });
    account.ok(Request::RegisterJobDefinition(definition));
    let (own, attempt) = account.start(retried(1, Vec::new()));
    account.exits(attempt, 1);
    account.only_ends(&own, false);
    let (inherited, attempt) = account.start(job("b"));
    account.exits(attempt, 1);
    account.starts();
    assert_eq!(account.job(&inherited).retry_strategy.and_then(|strategy| strategy.attempts), Some(9));
}

#[test]
fn strategies_are_checked() {
    // BM RetryStrategy, EvaluateOnExit. Public: "RetryAttempts must be provided with retry strategy".
    let mut account = Account::with_vcpus(1);
    let exit = || rule(None, None, Some("1"), "EXIT");
    let without = SubmitJob { retry_strategy: Some(RetryStrategy { attempts: None, evaluate_on_exit: vec![exit()] }), ..job("a") };
    assert_eq!(
        account.refused(Request::SubmitJob(without)),
        "Error executing request, Exception : RetryAttempts must be provided with retry strategy, RequestId: <uuid>"
    );
    let mut refused = |request| account.refused(Request::SubmitJob(request));
    refused(retried(0, Vec::new()));
    refused(retried(11, Vec::new()));
    refused(retried(2, vec![exit(); 6]));
    refused(retried(2, vec![rule(None, None, Some("1"), "LATER")]));
    refused(retried(2, vec![rule(None, None, Some("1x"), "EXIT")]));
    refused(retried(2, vec![rule(None, Some("*middle*"), None, "EXIT")]));
    refused(retried(2, vec![rule(None, Some(&"x".repeat(513)), None, "EXIT")]));
    let (_, attempt) = account.start(retried(10, vec![exit(); 5]));
    account.started(attempt);
}
