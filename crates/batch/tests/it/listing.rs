//! ListJobs. Source: BM ListJobs.

use fanout_batch::api::{Filter, JobList, ListJobs, Reply, Request, SubmitJob};

use crate::account::{Account, array, definition, job};

fn list(account: &mut Account, call: ListJobs) -> JobList {
    match account.ok(Request::ListJobs(call)) {
        Reply::ListJobs(answer) => answer,
        other => panic!("{other:?}"),
    }
}

fn of_queue(status: Option<&str>) -> ListJobs {
    ListJobs { job_queue: Some("q".into()), job_status: status.map(Into::into), ..ListJobs::default() }
}

fn filtered(name: &str, value: &str) -> ListJobs {
    ListJobs { filters: vec![Filter { name: name.into(), values: vec![value.into()] }], ..of_queue(None) }
}

fn names(list: &JobList) -> Vec<&str> {
    list.job_summary_list.iter().map(|line| line.job_name.as_str()).collect()
}

#[test]
fn running_jobs_are_listed_unless_another_status_is_asked_for() {
    // BM: "If you don't specify a status, only RUNNING jobs are returned."
    let mut account = Account::with_vcpus(2);
    let (_, attempt) = account.start(job("running"));
    account.started(attempt);
    account.start(job("starting"));
    account.submit(job("waiting"));
    assert_eq!(names(&list(&mut account, of_queue(None))), ["running"]);
    assert_eq!(names(&list(&mut account, of_queue(Some("STARTING")))), ["starting"]);
    assert_eq!(names(&list(&mut account, of_queue(Some("RUNNABLE")))), ["waiting"]);
    assert_eq!(names(&list(&mut account, of_queue(Some("FAILED")))), [""; 0]);
    account.refused(Request::ListJobs(of_queue(Some("LOST"))));
}

#[test]
fn a_parent_is_listed_as_pending_and_its_children_by_the_array() {
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 3));
    let attempt = account.starts()[0];
    let pending = list(&mut account, of_queue(Some("PENDING")));
    assert_eq!(pending.job_summary_list[0].array_properties.as_ref().and_then(|array| array.size), Some(3));
    let children = |status: &str| ListJobs {
        array_job_id: Some(id.clone()),
        job_status: Some(status.into()),
        max_results: Some(1),
        ..ListJobs::default()
    };
    let first = list(&mut account, children("RUNNABLE"));
    assert_eq!(first.job_summary_list[0].job_id, format!("{id}:1"));
    let rest = list(&mut account, ListJobs { next_token: first.next_token, ..children("RUNNABLE") });
    assert_eq!((rest.job_summary_list[0].job_id.as_str(), rest.next_token), (format!("{id}:2").as_str(), None));
    account.exits(attempt, 0);
    account.starts();
    let done = list(&mut account, children("SUCCEEDED"));
    assert_eq!(done.job_summary_list[0].container.as_ref().and_then(|container| container.exit_code), Some(0));
}

#[test]
fn filters_ignore_the_status_and_give_the_newest_first() {
    let mut account = Account::with_vcpus(1);
    account.ok(Request::RegisterJobDefinition(definition("d-two")));
    let (first, attempt) = account.start(job("Test1"));
    account.exits(attempt, 0);
    account.only_ends(&first, true);
    account.pass(10);
    account.start(SubmitJob { job_definition: "d-two".into(), ..job("test1") });
    account.pass(10);
    account.submit(job("Test10"));
    account.nothing();
    let mut found = |name: &str, value: &str| {
        let list = list(&mut account, filtered(name, value));
        names(&list).into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(found("JOB_NAME", "TEST1"), ["test1", "Test1"]);
    assert_eq!(found("JOB_NAME", "test1*"), ["Test10", "test1", "Test1"]);
    assert_eq!(found("JOB_DEFINITION", "d"), ["Test10", "Test1"]);
    assert_eq!(found("JOB_DEFINITION", "d*"), ["Test10", "test1", "Test1"]);
    assert_eq!(found("JOB_DEFINITION", "D*"), [""; 0]);
    assert_eq!(found("JOB_DEFINITION", "arn:aws:batch:us-east-1:123456789012:job-definition/d-two:1"), ["test1"]);
    assert_eq!(found("AFTER_CREATED_AT", "1700000000000"), ["Test10", "test1"]);
    assert_eq!(found("BEFORE_CREATED_AT", "1700000010000"), ["Test1"]);
}

#[test]
fn pages_have_at_most_1000_lines_and_100_with_a_filter() {
    let mut account = Account::with_vcpus(0);
    for _ in 0..1001 {
        account.submit(job("a"));
    }
    let first = list(&mut account, of_queue(Some("RUNNABLE")));
    assert_eq!(first.job_summary_list.len(), 1000);
    let second = list(&mut account, ListJobs { next_token: first.next_token, ..of_queue(Some("RUNNABLE")) });
    assert_eq!((second.job_summary_list.len(), second.next_token), (1, None));
    assert_eq!(list(&mut account, filtered("JOB_NAME", "a")).job_summary_list.len(), 100);
}

#[test]
fn exactly_one_target_and_one_filter() {
    let mut account = Account::with_vcpus(1);
    account.refused(Request::ListJobs(ListJobs::default()));
    account.refused(Request::ListJobs(ListJobs { array_job_id: Some("x".into()), ..of_queue(None) }));
    account.refused(Request::ListJobs(ListJobs { job_queue: Some("unknown".into()), ..ListJobs::default() }));
    account.refused(Request::ListJobs(ListJobs { next_token: Some("invented".into()), ..of_queue(None) }));
    let twice = vec![filtered("JOB_NAME", "a").filters.remove(0); 2];
    account.refused(Request::ListJobs(ListJobs { filters: twice, ..of_queue(None) }));
    account.refused(Request::ListJobs(filtered("COLOUR", "red")));
}
