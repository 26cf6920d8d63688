//! CancelJob and TerminateJob, as BM describes them for each status.

use fanout_batch::api::{CancelJob, CancelJobs, Reply, Request, TerminateJob, TerminateJobs};
use fanout_batch::{AttemptEnd, Effect};

use crate::account::{Account, after, array, ends, job};

fn cancel(id: &str) -> Request {
    Request::CancelJob(CancelJob { job_id: id.into(), reason: "not wanted".into() })
}

fn terminate(id: &str) -> Request {
    Request::TerminateJob(TerminateJob { job_id: id.into(), reason: "not wanted".into() })
}

const KILLED: AttemptEnd = AttemptEnd::Exited { code: 143, reason: None };

#[test]
fn a_runnable_job_is_cancelled() {
    let mut account = Account::with_vcpus(1);
    let (first_id, first) = account.start(job("first"));
    for request in [cancel, terminate] {
        let id = account.submit(job("second"));
        account.nothing();
        account.call(request(&id)).expect("accepted");
        account.only_ends(&id, false);
        let detail = account.job(&id);
        assert_eq!((detail.status.as_str(), detail.status_reason.as_deref()), ("FAILED", Some("not wanted")));
        assert!(detail.is_cancelled == Some(true) || detail.is_terminated == Some(true));
        assert_eq!((detail.attempts.len(), detail.started_at, detail.stopped_at), (0, None, Some(account.now.as_millisecond())));
    }
    account.exits(first, 0);
    account.only_ends(&first_id, true);
}

#[test]
fn cancelling_does_nothing_to_a_starting_or_running_job() {
    // BM CancelJob: "Jobs that progressed to the STARTING or RUNNING state aren't cancelled. However, the API operation still succeeds".
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    account.ok(cancel(&id));
    account.started(attempt);
    account.ok(cancel(&id));
    assert_eq!((account.status(&id), account.job(&id).is_cancelled), ("RUNNING".into(), None));
    account.ended(attempt, AttemptEnd::Exited { code: 0, reason: None });
    account.only_ends(&id, true);
    account.ok(cancel(&id));
    assert_eq!(account.status(&id), "SUCCEEDED");
}

#[test]
fn terminating_stops_a_running_job_once_and_it_is_not_retried() {
    // BUG job_retries: terminated jobs are not retried.
    let mut account = Account::with_vcpus(1);
    let retry = fanout_batch::api::RetryStrategy { attempts: Some(3), evaluate_on_exit: Vec::new() };
    let (id, attempt) = account.start(fanout_batch::api::SubmitJob { retry_strategy: Some(retry), ..job("a") });
    account.started(attempt);
    account.call(terminate(&id)).expect("accepted");
    account.effects(&[Effect::Stop { attempt }]);
    account.ok(terminate(&id));
    assert_eq!(account.status(&id), "RUNNING");
    account.ended(attempt, KILLED);
    account.only_ends(&id, false);
    let detail = account.job(&id);
    assert_eq!((detail.status_reason.as_deref(), detail.is_terminated), (Some("not wanted"), Some(true)));
    assert_eq!(detail.container.expect("a container").exit_code, Some(143));
    assert_eq!(detail.attempts.len(), 1);
}

#[test]
fn terminating_stops_a_starting_job() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    account.call(terminate(&id)).expect("accepted");
    account.effects(&[Effect::Stop { attempt }]);
    account.ended(attempt, KILLED);
    account.only_ends(&id, false);
    assert_eq!(account.job(&id).started_at, None);
}

#[test]
fn a_pending_job_ends_after_its_dependencies_have_settled() {
    // BM CancelJob: "A PENDING job is cancelled after all dependency jobs are completed."
    let mut account = Account::with_vcpus(1);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(after(job("second"), &[(Some(&first), None)]));
    account.ok(cancel(&second));
    assert_eq!((account.status(&second), account.job(&second).is_cancelled), ("PENDING".into(), Some(true)));
    account.exits(attempt, 0);
    account.effects(&[ends(&first, true), ends(&second, false)]);
    assert_eq!(account.reason(&second), "not wanted");
}

#[test]
fn cancelling_a_parent_cancels_the_children_that_do_not_run() {
    // BM CancelJob: "The array parent job is cancelled when all child jobs are completed."
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 3));
    let attempt = account.starts()[0];
    account.started(attempt);
    account.ok(cancel(&id));
    assert_eq!((account.status(&id), account.job(&id).is_cancelled), ("PENDING".into(), Some(true)));
    assert_eq!(account.reason(&format!("{id}:1")), "not wanted");
    account.ended(attempt, AttemptEnd::Exited { code: 0, reason: None });
    account.only_ends(&id, false);
    assert_eq!(account.reason(&id), "not wanted");
    assert_eq!(account.status(&format!("{id}:0")), "SUCCEEDED");
}

#[test]
fn terminating_a_parent_stops_all_children() {
    let mut account = Account::with_vcpus(2);
    let id = account.submit(array("a", 3));
    let attempts = account.starts();
    account.call(terminate(&id)).expect("accepted");
    account.effects(&[Effect::Stop { attempt: attempts[0] }, Effect::Stop { attempt: attempts[1] }]);
    account.ended(attempts[1], KILLED);
    account.nothing();
    account.ended(attempts[0], KILLED);
    account.only_ends(&id, false);
    assert_eq!((account.reason(&id), account.reason(&format!("{id}:0"))), ("not wanted".into(), "not wanted".into()));
}

#[test]
fn one_child_can_be_cancelled() {
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 2));
    let attempt = account.starts()[0];
    account.ok(cancel(&format!("{id}:1")));
    assert_eq!(account.status(&format!("{id}:1")), "FAILED");
    account.exits(attempt, 0);
    account.only_ends(&id, false);
    assert_eq!(account.reason(&id), "Array Child Job failed");
}

#[test]
fn any_id_is_accepted_but_not_an_empty_one() {
    // Public: aws/aws-cli#2551, getmoto/moto#5394.
    let mut account = Account::with_vcpus(1);
    for id in ["nonsense", "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000:3"] {
        account.ok(cancel(id));
        account.ok(terminate(id));
    }
    account.refused(cancel(""));
    account.refused(Request::CancelJob(CancelJob { job_id: "x".into(), reason: String::new() }));
    account.refused(Request::CancelJob(CancelJob { job_id: "x".into(), reason: "x".repeat(1025) }));
}

#[test]
fn bulk_calls_tell_of_each_job() {
    // BM CancelJobs: up to 50; "Jobs that can't be found are treated as successfully processed."
    let mut account = Account::with_vcpus(1);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(job("second"));
    let ids = vec![first.clone(), second.clone(), "00000000-0000-4000-8000-000000000000".to_owned()];
    let reply = account.call(Request::CancelJobs(CancelJobs { jobs: ids.clone(), reason: "enough".into() }));
    assert!(matches!(reply, Ok(Reply::CancelJobs(result)) if result.successful == ids && result.errors.is_empty()));
    account.only_ends(&second, false);
    let reply = account.call(Request::TerminateJobs(TerminateJobs { jobs: vec![first, "x".into()], reason: "enough".into() }));
    // BM TerminateJobsErrorDetail: ValidationException for an id that is malformed.
    let Ok(Reply::TerminateJobs(result)) = reply else { panic!("{reply:?}") };
    assert_eq!(
        result.errors.iter().map(|error| (error.job.as_str(), error.code.as_str())).collect::<Vec<_>>(),
        [("x", "ValidationException")]
    );
    account.effects(&[Effect::Stop { attempt }]);
    let many = vec!["x".to_owned(); 51];
    account.refused(Request::CancelJobs(CancelJobs { jobs: many, reason: "enough".into() }));
}
