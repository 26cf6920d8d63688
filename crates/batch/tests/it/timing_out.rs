//! Attempts that take too long. Source: BUG job_timeouts.

use fanout_batch::api::{JobTimeout, RetryStrategy, SubmitJob, TerminateJob};
use fanout_batch::{AttemptEnd, Effect};
use jiff::SignedDuration;

use crate::account::{Account, array, job};

fn limited(request: SubmitJob) -> SubmitJob {
    SubmitJob {
        timeout: Some(JobTimeout { attempt_duration_seconds: Some(60) }),
        retry_strategy: Some(RetryStrategy { attempts: Some(2), evaluate_on_exit: Vec::new() }),
        ..request
    }
}

#[test]
fn the_time_counts_from_running_and_the_job_is_not_retried() {
    // Public: "Job attempt duration exceeded timeout".
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(limited(job("a")));
    assert_eq!(account.batch.poll_deadline(), None, "starting takes no time");
    account.pass(1000);
    account.started(attempt);
    let deadline = account.batch.poll_deadline().expect("a deadline");
    assert_eq!(deadline.at, account.now + SignedDuration::from_secs(60));
    account.pass(59);
    account.tick();
    account.nothing();
    account.pass(1);
    account.tick();
    account.effects(&[Effect::Stop { attempt }]);
    assert_eq!(account.batch.poll_deadline(), None);
    account.tick();
    account.nothing();
    assert_eq!(account.status(&id), "RUNNING");
    account.ended(attempt, AttemptEnd::Exited { code: 143, reason: None });
    account.only_ends(&id, false);
    let detail = account.job(&id);
    assert_eq!(detail.status_reason.as_deref(), Some("Job attempt duration exceeded timeout"));
    assert_eq!((detail.attempts.len(), detail.is_terminated, detail.is_cancelled), (1, None, None));
}

#[test]
fn each_attempt_has_its_own_time() {
    let mut account = Account::with_vcpus(1);
    let (_, first) = account.start(limited(job("a")));
    account.started(first);
    account.pass(50);
    account.ended(first, AttemptEnd::Exited { code: 1, reason: None });
    let second = account.starts()[0];
    assert_eq!(account.batch.poll_deadline(), None);
    account.started(second);
    account.pass(20);
    account.tick();
    account.nothing();
}

#[test]
fn children_time_out_one_by_one() {
    let mut account = Account::with_vcpus(2);
    account.submit(limited(array("a", 2)));
    let attempts = account.starts();
    account.started(attempts[0]);
    account.pass(30);
    account.started(attempts[1]);
    account.pass(30);
    account.tick();
    account.effects(&[Effect::Stop { attempt: attempts[0] }]);
}

#[test]
fn a_terminated_job_does_not_time_out_as_well() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(limited(job("a")));
    account.started(attempt);
    let call = TerminateJob { job_id: id.clone(), reason: "enough".into() };
    account.call(fanout_batch::api::Request::TerminateJob(call)).expect("accepted");
    account.effects(&[Effect::Stop { attempt }]);
    assert_eq!(account.batch.poll_deadline(), None);
    account.pass(1000);
    account.tick();
    account.nothing();
    assert_eq!(account.status(&id), "RUNNING");
}
