//! Finished jobs are forgotten. Source: BUG job_states: job records are there for at least seven days after the end.

use fanout_batch::api::{DescribeJobs, ListJobs, Reply, Request};
use fanout_batch::{AttemptEnd, Effect, Input};

use crate::account::{Account, after, array, ends, job};

const WEEK: i64 = 7 * 24 * 3600;

fn described(account: &mut Account, id: &str) -> usize {
    match account.ok(Request::DescribeJobs(DescribeJobs { jobs: vec![id.into()] })) {
        Reply::DescribeJobs(answer) => answer.jobs.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_finished_job_is_there_for_seven_days() {
    let mut account = Account::with_vcpus(2);
    let (id, attempt) = account.start(job("a"));
    let parent = account.submit(array("b", 2));
    let [child] = account.starts()[..] else { panic!("one start") };
    account.exits(attempt, 0);
    let [Effect::JobEnded { .. }, Effect::Start { attempt: other }] = account.take()[..] else { panic!("an end and a start") };
    account.pass(WEEK - 1);
    assert_eq!(described(&mut account, &id), 1);
    account.pass(1);
    assert_eq!(described(&mut account, &id), 0);
    let list = ListJobs { job_queue: Some("q".into()), job_status: Some("SUCCEEDED".into()), ..ListJobs::default() };
    let Reply::ListJobs(list) = account.ok(Request::ListJobs(list)) else { panic!("a list") };
    assert_eq!(list.job_summary_list, []);
    account.refused(Request::SubmitJob(after(job("late"), &[(Some(&id), None)])));
    // Attempts that were long ago are nobody's now; those in flight go on.
    account.input(Input::AttemptStarted { attempt });
    account.exits(child, 0);
    account.exits(other, 0);
    account.only_ends(&parent, true);
    account.pass(WEEK);
    assert_eq!(described(&mut account, &format!("{parent}:1")), 0);
    account.start(job("and-so-on"));
}

#[test]
fn a_job_that_does_not_end_is_not_forgotten_whatever_comes_after_it() {
    let mut account = Account::with_vcpus(2);
    let (old, attempt) = account.start(job("old"));
    for _ in 0..10 {
        let (id, attempt) = account.start(job("short"));
        account.exits(attempt, 0);
        account.only_ends(&id, true);
        account.pass(WEEK);
        assert_eq!((described(&mut account, &id), described(&mut account, &old)), (0, 1));
    }
    account.exits(attempt, 1);
    account.only_ends(&old, false);
    assert_eq!(account.reason(&old), "Essential container in task exited");
}

#[test]
fn dependents_that_are_forgotten_are_not_told() {
    let mut account = Account::with_vcpus(4);
    let (fails, failing) = account.start(job("fails"));
    let long = account.submit(array("long", 2));
    let [one, other] = account.starts()[..] else { panic!("two starts") };
    let waits = [(Some(fails.as_str()), None), (Some(long.as_str()), None)];
    let plain = account.submit(after(job("plain"), &waits));
    let of_child = account.submit(after(job("of-child"), &[waits[0], (Some(&format!("{long}:0")), None)]));
    let paired = account.submit(after(array("paired", 2), &[waits[0], (Some(&long), Some("N_TO_N"))]));
    account.exits(failing, 1);
    account.effects(&[ends(&fails, false), ends(&plain, false), ends(&of_child, false), ends(&paired, false)]);
    account.pass(WEEK);
    for id in [&fails, &plain, &of_child, &paired] {
        assert_eq!(described(&mut account, id), 0);
    }
    account.exits(one, 0);
    account.ended(other, AttemptEnd::Exited { code: 0, reason: None });
    account.only_ends(&long, true);
}
