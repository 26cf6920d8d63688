//! Jobs of several nodes. Source: BUG multi-node-parallel-jobs, job-lifecycle (MNP), mnp-env-vars, mnp-node-groups,
//! mnp-ce; BM NodeProperties, NodeOverrides.

use std::collections::BTreeMap;

use fanout_batch::api::{CancelJob, JobTimeout, ListJobs, RegisterJobDefinition, Reply, Request, RetryStrategy, SubmitJob, TerminateJob};
use fanout_batch::{AttemptEnd, AttemptId, Effect};
use serde_json::{Value, json};

use crate::account::{Account, after, array, definition, ends, environment, job, queue};

fn container(command: &str, vcpus: &str) -> Value {
    let need = json!([{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": "4"}]);
    json!({"image": "worker:1", "command": [command, "Ref::what"], "resourceRequirements": need})
}

/// `mnp`: node 0 leads and needs 2 vCPUs, all others need 1.
fn nodes(count: i32, main: i32) -> RegisterJobDefinition {
    let ranges = json!([
        {"targetNodes": "0:", "container": container("worker", "1")},
        {"targetNodes": "0:0", "container": container("leader", "2")},
    ]);
    multinode(json!({"numNodes": count, "mainNode": main, "nodeRangeProperties": ranges}))
}

fn multinode(properties: Value) -> RegisterJobDefinition {
    RegisterJobDefinition {
        job_definition_name: "mnp".into(),
        kind: "multinode".into(),
        rest: [("nodeProperties".to_owned(), properties)].into_iter().collect(),
        ..RegisterJobDefinition::default()
    }
}

fn submission() -> SubmitJob {
    SubmitJob { job_definition: "mnp".into(), ..job("gang") }
}

fn overridden(overrides: Value) -> SubmitJob {
    SubmitJob { rest: [("nodeOverrides".to_owned(), overrides)].into_iter().collect(), ..submission() }
}

fn account(vcpus: i64, definition: RegisterJobDefinition) -> Account {
    let mut account = Account::with_vcpus(vcpus);
    account.ok(Request::RegisterJobDefinition(definition));
    account
}

/// Lets the main node run; gives it and the others, which start now.
fn running(account: &mut Account, call: SubmitJob) -> (String, AttemptId, Vec<AttemptId>) {
    let (id, main) = account.start(call);
    account.started(main);
    (id, main, account.starts())
}

fn statuses(account: &Account, id: &str, count: u32) -> Vec<String> {
    (0..count).map(|node| account.status(&format!("{id}#{node}"))).collect()
}

fn exited(code: i32) -> AttemptEnd {
    AttemptEnd::Exited { code, reason: None }
}

#[test]
fn the_main_node_starts_first_and_the_others_when_it_runs() {
    let mut account = account(4, nodes(3, 0));
    let (id, main) = account.start(submission());
    assert_eq!(
        (account.status(&id), statuses(&account, &id, 3)),
        ("STARTING".into(), ["STARTING", "RUNNABLE", "RUNNABLE"].map(Into::into).into())
    );
    account.started(main);
    let others = account.starts();
    assert_eq!(
        (account.status(&id), statuses(&account, &id, 3)),
        ("RUNNING".into(), ["RUNNING", "STARTING", "STARTING"].map(Into::into).into())
    );
    account.started(others[1]);
    assert_eq!(statuses(&account, &id, 3)[2], "RUNNING");
    for other in others {
        account.ended(other, exited(0));
        account.nothing();
    }
    account.ended(main, exited(0));
    account.only_ends(&id, true);
    assert_eq!((account.status(&id), statuses(&account, &id, 3)), ("SUCCEEDED".into(), ["SUCCEEDED"; 3].map(Into::into).into()));
}

#[test]
fn room_is_needed_for_all_nodes_at_once() {
    let mut account = account(4, nodes(3, 0));
    let (first, attempt) = account.start(job("first"));
    let id = account.submit(submission());
    assert_eq!((account.status(&id), statuses(&account, &id, 1)[0].as_str()), ("RUNNABLE".into(), "RUNNABLE"));
    account.exits(attempt, 0);
    assert!(matches!(account.take()[..], [Effect::JobEnded { .. }, Effect::Start { .. }]), "{first}");
    assert!((account.batch.vcpus().0 - 4.0).abs() < f64::EPSILON);
}

#[test]
fn each_node_learns_who_it_is() {
    // BUG mnp-env-vars: the address is "only set in multi-node parallel job child nodes".
    let mut account = account(4, nodes(3, 1));
    let call = SubmitJob { parameters: [("what".into(), "this".into())].into(), ..submission() };
    let (id, main, others) = running(&mut account, call);
    let launch = |attempt| account.batch.launch(attempt).expect("in flight");
    let variables = |attempt| launch(attempt).environment.into_iter().collect::<BTreeMap<String, String>>();
    let expected = |node: &str, address: bool| {
        let mut expected: BTreeMap<String, String> = [
            ("AWS_BATCH_CE_NAME", "ce"),
            ("AWS_BATCH_JQ_NAME", "q"),
            ("AWS_BATCH_JOB_ID", &format!("{id}#{node}")),
            ("AWS_BATCH_JOB_ATTEMPT", "1"),
            ("AWS_BATCH_JOB_MAIN_NODE_INDEX", "1"),
            ("AWS_BATCH_JOB_NODE_INDEX", node),
            ("AWS_BATCH_JOB_NUM_NODES", "3"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        if address {
            expected.insert("AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS".into(), "127.0.0.1".into());
        }
        expected
    };
    assert_eq!(variables(main), expected("1", false));
    assert_eq!(others.iter().map(|other| variables(*other)).collect::<Vec<_>>(), [expected("0", true), expected("2", true)]);
    assert_eq!((launch(main).command, launch(main).vcpus), (vec!["worker".into(), "this".into()], 1.0));
    assert_eq!((launch(others[0]).command[0].as_str(), launch(others[0]).vcpus), ("leader", 2.0));
}

#[test]
fn the_job_ends_with_the_main_node_and_the_others_are_stopped() {
    // BUG multi-node-parallel-jobs: "The job is finished only if the main node exits. All child nodes are then stopped."
    let mut account = account(4, nodes(3, 0));
    let (id, main, others) = running(&mut account, submission());
    account.started(others[0]);
    account.ended(main, exited(0));
    account.effects(&[Effect::Stop { attempt: others[0] }, Effect::Stop { attempt: others[1] }]);
    assert_eq!(account.status(&id), "RUNNING", "until the last node is gone");
    account.ok(Request::TerminateJob(TerminateJob { job_id: id.clone(), reason: "too late".into() }));
    account.ended(others[0], exited(143));
    account.nothing();
    account.ended(others[1], exited(0));
    account.only_ends(&id, true);
    assert_eq!(statuses(&account, &id, 3), ["SUCCEEDED", "FAILED", "SUCCEEDED"]);
    assert!(account.batch.vcpus().0.abs() < f64::EPSILON);
}

#[test]
fn the_death_of_another_node_changes_nothing() {
    // BUG job-lifecycle (MNP): "If a child node dies, AWS Batch doesn't take any action on the other nodes".
    let mut account = account(4, nodes(3, 0));
    let (id, main, others) = running(&mut account, submission());
    account.ended(others[0], exited(1));
    account.ended(others[1], AttemptEnd::FailedToStart { reason: "CannotPullContainerError: x".into() });
    account.nothing();
    assert_eq!((account.status(&id), account.reason(&format!("{id}#2"))), ("RUNNING".into(), "Task failed to start".into()));
    account.ended(main, exited(0));
    account.only_ends(&id, true);
}

#[test]
fn all_nodes_are_tried_again_if_the_main_node_fails() {
    // BUG multi-node-parallel-jobs: a main node failure causes another attempt, which updates the attempts of the nodes.
    let mut account = account(4, nodes(3, 0));
    let call = SubmitJob { retry_strategy: Some(RetryStrategy { attempts: Some(2), ..Default::default() }), ..submission() };
    let (id, main, others) = running(&mut account, call);
    account.ended(main, exited(7));
    account.take();
    account.ended(others[0], exited(143));
    account.nothing();
    account.ended(others[1], exited(143));
    let [again] = account.starts()[..] else { panic!("the main node again") };
    assert_eq!(statuses(&account, &id, 3), ["STARTING", "RUNNABLE", "RUNNABLE"]);
    account.started(again);
    let others = account.starts();
    assert_eq!(account.batch.launch(others[0]).map(|launch| launch.attempt_number), Some(2));
    for other in others {
        account.ended(other, exited(0));
    }
    account.ended(again, exited(9));
    account.only_ends(&id, false);
    let codes = |id: &str| account.job(id).attempts.iter().map(|attempt| attempt.container.exit_code).collect::<Vec<_>>();
    assert_eq!(codes(&id), [Some(7), Some(9)]);
    assert_eq!(codes(&format!("{id}#1")), [Some(143), Some(0)]);
}

#[test]
fn nobody_else_starts_if_the_main_node_cannot() {
    let mut account = account(4, nodes(3, 0));
    let (id, main) = account.start(submission());
    account.ended(main, AttemptEnd::FailedToStart { reason: "CannotPullContainerError: x".into() });
    account.only_ends(&id, false);
    assert_eq!(statuses(&account, &id, 3), ["FAILED"; 3]);
    for id in [id.clone(), format!("{id}#0"), format!("{id}#2")] {
        assert_eq!(account.reason(&id), "Task failed to start");
    }
}

#[test]
fn the_time_of_the_whole_job_is_limited() {
    // BUG job-lifecycle (MNP): the timeout "applies to the whole job and not to the nodes".
    let mut account = account(4, nodes(2, 0));
    let call = SubmitJob { timeout: Some(JobTimeout { attempt_duration_seconds: Some(60) }), ..submission() };
    let (id, main, others) = running(&mut account, call);
    account.pass(50);
    account.started(others[0]);
    account.pass(10);
    account.tick();
    account.effects(&[Effect::Stop { attempt: main }, Effect::Stop { attempt: others[0] }]);
    account.ended(main, exited(143));
    account.take();
    account.ended(others[0], exited(143));
    account.only_ends(&id, false);
    assert_eq!(account.reason(&id), "Job attempt duration exceeded timeout");
}

#[test]
fn the_job_is_cancelled_and_terminated_as_a_whole() {
    // BM CancelJob, TerminateJob; a node's id is taken for its job's.
    let mut account = account(3, nodes(2, 0));
    let (blocker, attempt) = account.start(job("blocker"));
    let waiting = account.submit(submission());
    account.call(Request::CancelJob(CancelJob { job_id: waiting.clone(), reason: "no more".into() })).expect("accepted");
    account.only_ends(&waiting, false);
    assert_eq!((account.reason(&waiting), account.reason(&format!("{waiting}#1"))), ("no more".into(), "no more".into()));
    account.exits(attempt, 0);
    account.only_ends(&blocker, true);

    let (id, main, others) = running(&mut account, submission());
    account.call(Request::TerminateJob(TerminateJob { job_id: format!("{id}#1"), reason: "enough".into() })).expect("accepted");
    account.effects(&[Effect::Stop { attempt: main }, Effect::Stop { attempt: others[0] }]);
    account.ended(others[0], exited(143));
    account.ended(main, exited(143));
    account.only_ends(&id, false);
    for id in [id.clone(), format!("{id}#0"), format!("{id}#1")] {
        assert_eq!((account.reason(&id), account.job(&id).is_terminated), ("enough".into(), Some(true)));
    }
}

#[test]
fn a_job_may_wait_for_all_nodes_but_not_for_one() {
    let mut account = account(4, nodes(2, 0));
    let (id, main, others) = running(&mut account, submission());
    let next = account.submit(after(job("next"), &[(Some(&id), None)]));
    account.refused(Request::SubmitJob(after(job("never"), &[(Some(&format!("{id}#1")), None)])));
    let other = account.submit(after(submission(), &[(Some(&next), None)]));
    assert_eq!((account.status(&other), account.status(&format!("{other}#1"))), ("PENDING".into(), "PENDING".into()));
    account.ended(others[0], exited(0));
    account.ended(main, exited(1));
    account.effects(&[ends(&id, false), ends(&next, false), ends(&other, false)]);
    assert_eq!(account.reason(&format!("{other}#1")), "Dependent Job failed");
}

#[test]
fn the_job_shows_its_nodes_and_each_node_itself() {
    let mut account = account(4, nodes(3, 1));
    let (id, main, _) = running(&mut account, submission());
    let parent = account.job(&id);
    assert_eq!(parent.container, None);
    assert_eq!(parent.node_properties.map(|nodes| (nodes.num_nodes, nodes.main_node)), Some((3, 1)));
    let node = account.job(&format!("{id}#1"));
    assert_eq!(node.node_details.map(|details| (details.node_index, details.is_main_node)), Some((1, true)));
    assert_eq!(node.job_arn, format!("arn:aws:batch:us-east-1:123456789012:job/{id}#1"));
    let stream = account.batch.launch(main).expect("in flight").log_stream;
    assert_eq!(node.container.and_then(|container| container.log_stream_name), Some(stream));
    assert!(account.batch.job(&format!("{id}#3")).is_none() && account.batch.job(&format!("{id}:1")).is_none());

    let mut list = |call: ListJobs| match account.ok(Request::ListJobs(call)) {
        Reply::ListJobs(list) => list,
        other => panic!("{other:?}"),
    };
    let of_job = |status: &str, next_token| ListJobs {
        multi_node_job_id: Some(id.clone()),
        job_status: Some(status.into()),
        max_results: Some(1),
        next_token,
        ..ListJobs::default()
    };
    let first = list(of_job("STARTING", None));
    let second = list(of_job("STARTING", first.next_token.clone()));
    let index = |page: &fanout_batch::api::JobList| page.job_summary_list[0].node_properties.as_ref().and_then(|node| node.node_index);
    assert_eq!((index(&first), index(&second), second.next_token), (Some(0), Some(2), None));
    let line = list(ListJobs { job_queue: Some("q".into()), ..ListJobs::default() });
    let summary = line.job_summary_list[0].node_properties.clone().expect("nodes");
    assert_eq!((summary.num_nodes, summary.node_index, line.job_summary_list.len()), (3, None, 1));
}

#[test]
fn a_submission_may_change_nodes_and_their_number() {
    // BM NodeOverrides.numNodes: an open range, every range begins below the number, and so does the main node.
    let mut account = account(9, nodes(2, 1));
    let overrides = json!({"numNodes": 3, "nodePropertyOverrides": [
        {"targetNodes": "1:2", "containerOverrides": {"environment": [{"name": "X", "value": "1"}], "command": ["other"]}},
        {"targetNodes": "2:2", "containerOverrides": {"command": ["last"]}},
    ]});
    let (_, main, others) = running(&mut account, overridden(overrides));
    let launch = |attempt| account.batch.launch(attempt).expect("in flight");
    assert_eq!((launch(main).command, launch(main).environment[0].clone()), (vec!["other".into()], ("X".into(), "1".into())));
    assert_eq!(launch(others[0]).command[0], "leader");
    assert_eq!(launch(others[1]).command, ["last"]);
    let mut refused = |overrides| account.refused(Request::SubmitJob(overridden(overrides)));
    refused(json!({"numNodes": 1}));
    refused(json!({"numNodes": 1001}));
    refused(json!({"nodePropertyOverrides": [{"targetNodes": "2:2"}]}));
    refused(json!({"nodePropertyOverrides": [{"targetNodes": "x"}]}));
    refused(json!({"nodePropertyOverrides": [{"targetNodes": "0:0", "containerOverrides": {"command": [""]}}]}));
    refused(json!({"nodePropertyOverrides": 5}));
}

#[test]
fn nodes_are_checked() {
    let mut account = Account::with_vcpus(4);
    let range = |targets: &str| json!({"targetNodes": targets, "container": container("x", "1")});
    let mut refused = |count: i32, main: i32, ranges: Value| {
        let properties = json!({"numNodes": count, "mainNode": main, "nodeRangeProperties": ranges});
        account.refused(Request::RegisterJobDefinition(multinode(properties)))
    };
    refused(0, 0, json!([range("0:")]));
    refused(1001, 0, json!([range("0:")]));
    refused(2, 2, json!([range("0:")]));
    refused(2, -1, json!([range("0:")]));
    refused(2, 0, json!([]));
    refused(2, 0, json!([range("0:0")]));
    refused(2, 0, json!([range("0:2")]));
    refused(2, 0, json!([range("0"), range("1")]));
    refused(6, 0, json!([range("0:0"), range("1:1"), range("2:2"), range("3:3"), range("4:4"), range("5:5")]));
    refused(2, 0, json!([{"targetNodes": "0:"}]));
    refused(2, 0, json!([{"targetNodes": "0:", "eksProperties": {}}]));
    account.refused(Request::RegisterJobDefinition(RegisterJobDefinition { kind: "multinode".into(), ..definition("mnp") }));
    let fargate = RegisterJobDefinition { platform_capabilities: vec!["FARGATE".into()], ..nodes(2, 0) };
    account.refused(Request::RegisterJobDefinition(fargate));
    account.refused(Request::RegisterJobDefinition(RegisterJobDefinition { rest: nodes(2, 0).rest, ..definition("single") }));
}

#[test]
fn nodes_do_not_go_with_arrays_nor_with_single_containers() {
    let mut account = account(4, nodes(2, 0));
    let mut refused = |call: SubmitJob| account.refused(Request::SubmitJob(call));
    refused(SubmitJob { array_properties: array("a", 2).array_properties, ..submission() });
    refused(SubmitJob { container_overrides: Some(fanout_batch::api::ContainerOverrides::default()), ..submission() });
    refused(SubmitJob { job_definition: "d".into(), ..overridden(json!({"numNodes": 2})) });
}

#[test]
fn nodes_run_on_managed_on_demand_instances_only() {
    // BUG mnp-ce: neither UNMANAGED nor Spot; BUG create-multi-node-job-def: not Fargate.
    let mut account = account(4, nodes(2, 0));
    for (name, kind) in [("spot", "SPOT"), ("fargate", "FARGATE"), ("fargate-spot", "FARGATE_SPOT")] {
        account.ok(Request::CreateComputeEnvironment(environment(name, kind, 9)));
        account.ok(Request::CreateJobQueue(queue(name, 1, &[name])));
        account.refused(Request::SubmitJob(SubmitJob { job_queue: name.into(), ..submission() }));
    }
    account.ok(Request::CreateJobQueue(queue("both", 1, &["spot", "ce"])));
    let (id, _) = account.start(SubmitJob { job_queue: "both".into(), ..submission() });
    assert!(account.job(&format!("{id}#0")).container.is_some());
    let big = account.submit(SubmitJob { job_queue: "both".into(), ..overridden(json!({"numNodes": 6})) });
    assert_eq!(account.status(&big), "RUNNABLE");
    assert!(account.reason(&big).starts_with("MISCONFIGURATION:"), "{}", account.reason(&big));
}
