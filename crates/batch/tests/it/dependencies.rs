//! `dependsOn` in its three forms. Source: BUG job_dependencies, array_jobs.

use fanout_batch::Effect;
use fanout_batch::api::Request;

use crate::account::{Account, after, array, ends, job};

#[test]
fn a_job_waits_for_another() {
    let mut account = Account::with_vcpus(4);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(after(job("second"), &[(Some(&first), None)]));
    account.nothing();
    assert_eq!((account.status(&second), account.job(&second).depends_on.len()), ("PENDING".into(), 1));
    account.exits(attempt, 0);
    let effects = account.take();
    assert_eq!(effects[0], ends(&first, true));
    assert!(matches!(effects[1..], [Effect::Start { .. }]));
}

#[test]
fn a_job_fails_with_its_dependency_and_so_do_those_behind_it() {
    // Public: "Dependent Job failed".
    let mut account = Account::with_vcpus(4);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(after(job("second"), &[(Some(&first), None)]));
    let third = account.submit(after(array("third", 2), &[(Some(&second), None)]));
    account.exits(attempt, 1);
    account.effects(&[ends(&first, false), ends(&second, false), ends(&third, false)]);
    assert_eq!(account.reason(&second), "Dependent Job failed");
    assert_eq!(account.reason(&format!("{third}:1")), "Dependent Job failed");
    assert_eq!(account.reason(&third), "Array Child Job failed");
}

#[test]
fn what_has_settled_already_counts() {
    let mut account = Account::with_vcpus(4);
    let (good, attempt) = account.start(job("good"));
    account.exits(attempt, 0);
    account.only_ends(&good, true);
    let (bad, attempt) = account.start(job("bad"));
    account.exits(attempt, 1);
    account.only_ends(&bad, false);
    account.start(after(job("a"), &[(Some(&good), None)]));
    let id = account.submit(after(job("b"), &[(Some(&good), None), (Some(&bad), None)]));
    account.only_ends(&id, false);
}

#[test]
fn children_go_one_after_another_if_sequential() {
    let mut account = Account::with_vcpus(4);
    let id = account.submit(after(array("a", 3), &[(None, Some("SEQUENTIAL"))]));
    for index in 0..3 {
        let [attempt] = account.starts()[..] else { panic!("one start") };
        assert_eq!(account.batch.attempt(attempt).and_then(|view| view.array_index), Some(index));
        account.exits(attempt, 0);
    }
    account.only_ends(&id, true);
}

#[test]
fn a_failed_child_fails_all_behind_it_if_sequential() {
    let mut account = Account::with_vcpus(4);
    let id = account.submit(after(array("a", 10_000), &[(None, Some("SEQUENTIAL"))]));
    let attempt = account.starts()[0];
    account.exits(attempt, 1);
    account.only_ends(&id, false);
    assert_eq!(account.reason(&format!("{id}:9999")), "Dependent Job failed");
}

#[test]
fn children_wait_for_their_partners_if_n_to_n() {
    let mut account = Account::with_vcpus(9);
    let first = account.submit(array("first", 3));
    let attempts = account.starts();
    let second = account.submit(after(array("second", 3), &[(Some(&first), Some("N_TO_N"))]));
    account.nothing();
    account.exits(attempts[1], 0);
    let [partner] = account.starts()[..] else { panic!("one start") };
    assert_eq!(account.batch.launch(partner).expect("in flight").job_id, format!("{second}:1"));
    account.exits(attempts[0], 1);
    account.nothing();
    assert_eq!(account.reason(&format!("{second}:0")), "Dependent Job failed");
    account.exits(partner, 0);
    account.nothing();
    account.exits(attempts[2], 0);
    let effects = account.take();
    assert!(matches!(
        effects[..],
        [Effect::JobEnded { succeeded: false, .. }, Effect::Start { .. }]
            | [Effect::Start { .. }, Effect::JobEnded { succeeded: false, .. }]
    ));
}

#[test]
fn all_partners_are_told_when_an_array_ends_in_one_moment() {
    let mut account = Account::with_vcpus(1);
    let (blocker, attempt) = account.start(job("blocker"));
    let first = account.submit(after(array("first", 3), &[(Some(&blocker), None)]));
    let second = account.submit(after(array("second", 3), &[(Some(&first), Some("N_TO_N"))]));
    account.exits(attempt, 1);
    account.effects(&[ends(&blocker, false), ends(&first, false), ends(&second, false)]);
}

#[test]
fn a_job_waits_for_one_child() {
    let mut account = Account::with_vcpus(9);
    let parent = account.submit(array("parent", 2));
    let attempts = account.starts();
    account.submit(after(job("a"), &[(Some(&format!("{parent}:1")), None)]));
    account.nothing();
    account.exits(attempts[1], 0);
    assert_eq!(account.starts().len(), 1);
}

#[test]
fn senseless_dependencies_are_refused() {
    let mut account = Account::with_vcpus(9);
    let parent = account.submit(array("parent", 2));
    account.starts();
    let (plain, _) = account.start(job("plain"));
    let child = format!("{parent}:0");
    let beyond = format!("{parent}:2");
    let mut refused =
        |request, dependencies: &[(Option<&str>, Option<&str>)]| account.refused(Request::SubmitJob(after(request, dependencies)));
    refused(job("a"), &[(None, Some("SEQUENTIAL"))]);
    refused(job("a"), &[(None, None)]);
    refused(job("a"), &[(Some("unknown"), None)]);
    refused(job("a"), &[(Some(&beyond), None)]);
    refused(job("a"), &[(Some(&parent), Some("N_TO_N"))]);
    refused(array("a", 3), &[(Some(&parent), Some("N_TO_N"))]);
    refused(array("a", 2), &[(Some(&plain), Some("N_TO_N"))]);
    refused(array("a", 2), &[(Some(&child), Some("N_TO_N"))]);
    refused(array("a", 2), &[(Some(&parent), Some("SOMEHOW"))]);
    assert_eq!(
        refused(job("a"), &[(Some(plain.as_str()), None); 21]),
        "Error executing request, Exception : Job cannot have more than 20 dependencies, RequestId: <uuid>"
    );
}
