//! Compute environments and job queues.

use fanout_batch::api::{
    ComputeEnvironmentDetail, ComputeEnvironmentOrder, ComputeResources, CreateComputeEnvironment, DeleteComputeEnvironment,
    DeleteJobQueue, DescribeComputeEnvironments, DescribeJobQueues, GetJobQueueSnapshot, Reply, Request, UpdateComputeEnvironment,
    UpdateJobQueue,
};
use fanout_batch::{AttemptEnd, Effect};

use crate::account::{Account, after, array, ends, environment, job, queue};

fn disable_queue(name: &str) -> Request {
    Request::UpdateJobQueue(UpdateJobQueue { job_queue: name.into(), state: Some("DISABLED".into()), ..Default::default() })
}

fn set_environment(name: &str, state: &str) -> Request {
    Request::UpdateComputeEnvironment(UpdateComputeEnvironment {
        compute_environment: name.into(),
        state: Some(state.into()),
        ..Default::default()
    })
}

fn delete_queue(name: &str) -> Request {
    Request::DeleteJobQueue(DeleteJobQueue { job_queue: name.into() })
}

fn delete_environment(name: &str) -> Request {
    Request::DeleteComputeEnvironment(DeleteComputeEnvironment { compute_environment: name.into() })
}

fn environments(account: &mut Account) -> Vec<ComputeEnvironmentDetail> {
    match account.ok(Request::DescribeComputeEnvironments(DescribeComputeEnvironments::default())) {
        Reply::DescribeComputeEnvironments(answer) => answer.compute_environments,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_environment_is_valid_at_once_and_comes_back_as_it_was_given() {
    let mut account = Account::empty();
    let given = environment("ce", "EC2", 4);
    account.ok(Request::CreateComputeEnvironment(given.clone()));
    let [detail] = &environments(&mut account)[..] else { panic!("one environment") };
    assert_eq!(detail.compute_environment_arn, "arn:aws:batch:us-east-1:123456789012:compute-environment/ce");
    assert_eq!((detail.state.as_str(), detail.status.as_str(), detail.kind.as_str()), ("ENABLED", "VALID", "MANAGED"));
    assert_eq!(detail.compute_resources, given.compute_resources);
    assert!(detail.service_role.as_deref().is_some_and(|role| role.ends_with("/AWSServiceRoleForBatch")));
}

#[test]
fn environments_are_checked() {
    // Public: "Instance role is required.", "tags is not applicable for Fargate.", "Object already exists".
    let mut account = Account::empty();
    let create = |change: &dyn Fn(&mut CreateComputeEnvironment)| {
        let mut call = environment("ce", "EC2", 4);
        change(&mut call);
        Request::CreateComputeEnvironment(call)
    };
    let resources = |kind: &str, member: &str| {
        let rest = [(member.to_owned(), serde_json::json!({"a": "b"}))].into_iter().collect();
        Some(ComputeResources { kind: kind.into(), maxv_cpus: 1, rest })
    };
    let wrapped = |text: &str| format!("Error executing request, Exception : {text}, RequestId: <uuid>");
    assert_eq!(account.refused(create(&|c| c.compute_resources = resources("SPOT", "x"))), wrapped("Instance role is required."));
    assert_eq!(
        account.refused(create(&|c| c.compute_resources = resources("FARGATE", "tags"))),
        wrapped("tags is not applicable for Fargate.")
    );
    account.refused(create(&|c| c.compute_environment_name = "a b".into()));
    account.refused(create(&|c| c.kind = "SOMEHOW".into()));
    account.refused(create(&|c| c.compute_resources = None));
    account.refused(create(&|c| c.compute_resources = resources("LAMBDA", "x")));
    account.refused(create(&|c| c.state = Some("ON".into())));
    account.refused(create(&|c| c.service_role = Some("arn:aws:iam::1:role/x".into())));
    account.refused(create(&|c| c.compute_resources = resources("FARGATE", "launchTemplate")));
    account.refused(create(&|c| c.compute_resources = resources("ECS_MANAGED_INSTANCES", "x")));
    account.refused(create(&|c| drop(c.rest.insert("eksConfiguration".into(), serde_json::json!({})))));
    account.refused(create(&|c| drop(c.rest.insert("unmanagedvCpus".into(), 1.into()))));
    account.refused(create(&|c| drop(c.compute_resources.get_or_insert_default().rest.insert("minvCpus".into(), 5.into()))));
    account.ok(create(&|c| c.service_role = Some(String::new())));
    assert_eq!(account.refused(create(&|_| {})), "Object already exists");
}

#[test]
fn an_unmanaged_environment_has_the_vcpus_it_says() {
    // BM CreateComputeEnvironment.unmanagedvCpus: "only supported when the type parameter is set to UNMANAGED".
    let mut account = Account::empty();
    let unmanaged = CreateComputeEnvironment {
        compute_environment_name: "ce".into(),
        kind: "UNMANAGED".into(),
        rest: [("unmanagedvCpus".to_owned(), 1.into())].into_iter().collect(),
        ..CreateComputeEnvironment::default()
    };
    account.ok(Request::CreateComputeEnvironment(unmanaged));
    account.ok(Request::CreateJobQueue(queue("q", 1, &["ce"])));
    account.ok(Request::RegisterJobDefinition(crate::account::definition("d")));
    account.start(job("a"));
    account.submit(job("b"));
    let update = |member: &str, value: serde_json::Value| {
        let body = serde_json::json!({"computeEnvironment": "ce", member: value});
        Request::UpdateComputeEnvironment(serde_json::from_value(body).expect("a call"))
    };
    account.refused(update("computeResources", serde_json::json!({"maxvCpus": 4})));
    account.call(update("unmanagedvCpus", 2.into())).expect("accepted");
    assert_eq!(account.starts().len(), 1);
}

#[test]
fn environments_and_queues_are_deleted_only_when_disabled_and_detached() {
    // BM DeleteComputeEnvironment, DeleteJobQueue. Public: "Cannot delete, found existing JobQueue relationship".
    let mut account = Account::with_vcpus(1);
    account.refused(delete_environment("ce"));
    account.ok(set_environment("ce", "DISABLED"));
    assert_eq!(account.refused(delete_environment("ce")), "Cannot delete, found existing JobQueue relationship");
    account.refused(delete_queue("q"));
    account.ok(disable_queue("arn:aws:batch:us-east-1:123456789012:job-queue/q"));
    account.ok(delete_queue("q"));
    account.ok(delete_environment("ce"));
    assert_eq!(environments(&mut account), []);
    // Terraform takes "does not exist" as gone.
    assert!(account.refused(delete_environment("ce")).contains("does not exist"));
    assert!(account.refused(delete_queue("q")).contains("does not exist"));
}

#[test]
fn a_queue_has_one_to_three_environments_of_one_family() {
    // BM CreateJobQueue.computeEnvironmentOrder.
    let mut account = Account::empty();
    for name in ["a", "b", "c", "d"] {
        account.ok(Request::CreateComputeEnvironment(environment(name, "EC2", 1)));
    }
    account.ok(Request::CreateComputeEnvironment(environment("f", "FARGATE", 1)));
    let mut refused = |environments: &[&str]| account.refused(Request::CreateJobQueue(queue("q", 1, environments)));
    refused(&[]);
    refused(&["a", "b", "c", "d"]);
    refused(&["a", "f"]);
    refused(&["a", "a"]);
    assert!(refused(&["nowhere"]).contains("does not exist"));
    account.ok(Request::CreateJobQueue(queue("q", 1, &["a", "b", "c"])));
    assert_eq!(account.refused(Request::CreateJobQueue(queue("q", 1, &["a"]))), "Object already exists");
}

#[test]
fn queues_are_described_with_arns_in_their_order() {
    let mut account = Account::empty();
    for name in ["a", "b"] {
        account.ok(Request::CreateComputeEnvironment(environment(name, "EC2", 1)));
    }
    let entry = |order, name: &str| ComputeEnvironmentOrder { order, compute_environment: name.into() };
    let mut call = queue("q", 3, &[]);
    call.compute_environment_order = vec![entry(2, "a"), entry(1, "b")];
    account.ok(Request::CreateJobQueue(call));
    let Reply::DescribeJobQueues(answer) =
        account.ok(Request::DescribeJobQueues(DescribeJobQueues { job_queues: vec!["q".into(), "unknown".into()], ..Default::default() }))
    else {
        panic!("an answer")
    };
    let [detail] = &answer.job_queues[..] else { panic!("one queue") };
    assert_eq!((detail.priority, detail.state.as_str(), detail.status.as_str()), (3, "ENABLED", "VALID"));
    assert_eq!(detail.rest.get("jobQueueType"), Some(&"ECS".into()));
    let arn = |name: &str| format!("arn:aws:batch:us-east-1:123456789012:compute-environment/{name}");
    assert_eq!(detail.compute_environment_order, [entry(1, &arn("b")), entry(2, &arn("a"))]);
}

#[test]
fn a_disabled_queue_takes_no_jobs_but_finishes_those_it_has() {
    // BM UpdateJobQueue.state: "new jobs can't be added to the queue, but jobs already in the queue can finish".
    let mut account = Account::with_vcpus(1);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(job("second"));
    account.ok(disable_queue("q"));
    account.refused(Request::SubmitJob(job("third")));
    account.exits(attempt, 0);
    let effects = account.take();
    assert_eq!(effects[0], ends(&first, true));
    assert!(matches!(effects[1..], [Effect::Start { .. }]));
    assert_eq!(account.status(&second), "STARTING");
}

#[test]
fn a_disabled_environment_starts_nothing_until_it_is_enabled() {
    let mut account = Account::with_vcpus(1);
    account.ok(set_environment("ce", "DISABLED"));
    let id = account.submit(job("a"));
    account.nothing();
    assert_eq!((account.status(&id), account.reason(&id)), ("RUNNABLE".into(), String::new()));
    account.call(set_environment("ce", "ENABLED")).expect("accepted");
    assert_eq!(account.starts().len(), 1);
}

#[test]
fn more_vcpus_start_more_jobs() {
    let mut account = Account::with_vcpus(1);
    account.submit(array("a", 3));
    account.starts();
    let changes = [("maxvCpus".to_owned(), 2.into())].into_iter().collect();
    account
        .call(Request::UpdateComputeEnvironment(UpdateComputeEnvironment {
            compute_environment: "ce".into(),
            compute_resources: Some(changes),
            ..Default::default()
        }))
        .expect("accepted");
    assert_eq!(account.starts().len(), 1);
}

#[test]
fn jobs_end_with_their_queue() {
    // BM DeleteJobQueue: "All jobs in the queue are eventually terminated". Public: "JobQueue deleted".
    let mut account = Account::with_vcpus(1);
    let (running, attempt) = account.start(job("running"));
    let waiting = account.submit(job("waiting"));
    let pending = account.submit(after(job("pending"), &[(Some(&running), None)]));
    account.ok(disable_queue("q"));
    account.call(delete_queue("q")).expect("accepted");
    account.effects(&[Effect::Stop { attempt }, ends(&pending, false), ends(&waiting, false)]);
    account.ended(attempt, AttemptEnd::Exited { code: 143, reason: None });
    account.only_ends(&running, false);
    for id in [running, waiting, pending] {
        assert_eq!(account.reason(&id), "JobQueue deleted");
    }
}

#[test]
fn a_snapshot_shows_the_front_of_the_queue() {
    // BM GetJobQueueSnapshot.
    let mut account = Account::with_vcpus(1);
    account.start(job("running"));
    let second = account.submit(job("second"));
    let third = account.submit(job("third"));
    let reply = account.ok(Request::GetJobQueueSnapshot(GetJobQueueSnapshot { job_queue: "q".into() }));
    let Reply::GetJobQueueSnapshot(snapshot) = reply else { panic!("a snapshot") };
    let arns: Vec<String> = snapshot.front_of_queue.jobs.into_iter().map(|job| job.job_arn).collect();
    assert_eq!(arns, [second, third].map(|id| format!("arn:aws:batch:us-east-1:123456789012:job/{id}")));
}
