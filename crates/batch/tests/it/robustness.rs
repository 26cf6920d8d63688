//! Inputs that make no sense change nothing.

use fanout_batch::{AttemptEnd, AttemptId};

use crate::account::{Account, job};

const SUCCESS: AttemptEnd = AttemptEnd::Exited { code: 0, reason: None };

#[test]
fn attempts_that_are_not_in_flight_are_ignored() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    account.started(attempt);
    account.started(attempt);
    account.ended(attempt, SUCCESS);
    account.only_ends(&id, true);
    account.ended(attempt, AttemptEnd::HostLost);
    account.started(attempt);
    account.nothing();
    assert_eq!(account.status(&id), "SUCCEEDED");
    for number in [0, 1, u64::MAX, attempt.0 + 1, attempt.0 + 256] {
        account.started(AttemptId(number));
        account.ended(AttemptId(number), SUCCESS);
        account.nothing();
        assert_eq!(account.batch.launch(AttemptId(number)), None);
        assert_eq!(account.batch.attempt(AttemptId(number)), None);
    }
    assert_eq!(account.job(&id).attempts.len(), 1);
}

#[test]
fn an_attempt_may_end_without_ever_having_started() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    account.ended(attempt, SUCCESS);
    account.only_ends(&id, true);
    let detail = account.job(&id);
    assert_eq!((detail.status.as_str(), detail.started_at), ("SUCCEEDED", None));
}

#[test]
fn the_clock_may_stand_still_or_go_back() {
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    account.pass(-100);
    account.started(attempt);
    account.tick();
    account.nothing();
    account.ended(attempt, SUCCESS);
    account.only_ends(&id, true);
}
