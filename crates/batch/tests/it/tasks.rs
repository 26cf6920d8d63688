//! Definitions in the form of `ecsProperties`. Source: BM EcsProperties, EcsPropertiesOverride, JobDetail.

use fanout_batch::api::{RegisterJobDefinition, Request, SubmitJob};
use fanout_batch::{AttemptEnd, Effect};
use serde_json::{Value, json};

use crate::account::{Account, environment, job, queue};

fn container(name: &str) -> Value {
    json!({
        "name": name, "image": "worker:1", "command": ["run", "Ref::what"], "environment": [{"name": "A", "value": "1"}],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
    })
}

fn task(containers: Value) -> Value {
    json!({"taskProperties": [{"containers": containers, "executionRoleArn": "arn:aws:iam::123456789012:role/x"}]})
}

fn definition(properties: Value) -> RegisterJobDefinition {
    RegisterJobDefinition {
        job_definition_name: "task".into(),
        kind: "container".into(),
        rest: [("ecsProperties".to_owned(), properties)].into_iter().collect(),
        ..RegisterJobDefinition::default()
    }
}

fn submission(overrides: Value) -> SubmitJob {
    SubmitJob {
        job_definition: "task".into(),
        rest: [("ecsPropertiesOverride".to_owned(), overrides)].into_iter().collect(),
        ..job("task")
    }
}

fn with(members: Value) -> SubmitJob {
    submission(json!({"taskProperties": [{"containers": [members]}]}))
}

#[test]
fn a_task_of_one_container_runs_like_any_other() {
    let mut account = Account::with_vcpus(4);
    account.ok(Request::RegisterJobDefinition(definition(task(json!([container("main")])))));
    let call = with(json!({"name": "main", "environment": [{"name": "B", "value": "2"}], "command": ["other"],
        "resourceRequirements": [{"type": "VCPU", "value": "2"}]}));
    let (id, attempt) = account.start(call);
    let launch = account.batch.launch(attempt).expect("in flight");
    assert_eq!((launch.command, launch.vcpus, launch.memory_mib), (vec!["other".into()], 2.0, 2048));
    assert_eq!(launch.environment[..2], [("A".into(), "1".into()), ("B".into(), "2".into())]);
    account.started(attempt);
    account.ended(attempt, AttemptEnd::Exited { code: 3, reason: None });
    account.only_ends(&id, false);
    let detail = serde_json::to_value(account.job(&id)).expect("JSON");
    assert_eq!(detail["container"], Value::Null);
    let task = &detail["ecsProperties"]["taskProperties"][0];
    assert!(task["taskArn"].is_string() && task["executionRoleArn"].is_string());
    let shown = &task["containers"][0];
    assert_eq!((&shown["exitCode"], &shown["command"], &shown["image"]), (&json!(3), &json!(["other"]), &json!("worker:1")));
    assert!(shown["logStreamName"].is_string());
    let attempt = &detail["attempts"][0]["taskProperties"][0];
    assert_eq!((&attempt["containers"][0]["exitCode"], &attempt["containers"][0]["name"]), (&json!(3), &json!("main")));
    assert_eq!(attempt["taskArn"], task["taskArn"]);
}

#[test]
fn fargate_has_tasks_too() {
    let mut account = Account::empty();
    account.ok(Request::CreateComputeEnvironment(environment("f", "FARGATE", 4)));
    account.ok(Request::CreateJobQueue(queue("q", 1, &["f"])));
    let call = RegisterJobDefinition { platform_capabilities: vec!["FARGATE".into()], ..definition(task(json!([container("main")]))) };
    account.ok(Request::RegisterJobDefinition(call.clone()));
    account.call(Request::SubmitJob(SubmitJob { job_definition: "task".into(), ..job("a") })).expect("accepted");
    assert!(matches!(account.take()[..], [Effect::Start { .. }]));
    let without_role = json!({"taskProperties": [{"containers": [container("main")]}]});
    let rest = definition(without_role).rest;
    account.refused(Request::RegisterJobDefinition(RegisterJobDefinition { rest, ..call }));
}

#[test]
fn a_task_of_several_containers_is_refused_clearly() {
    let mut account = Account::empty();
    let mut refused = |properties: Value| account.refused(Request::RegisterJobDefinition(definition(properties)));
    let words = refused(task(json!([container("main"), container("sidecar")])));
    assert!(words.contains("ecsProperties with more than one container is not supported by this engine"), "{words}");
    refused(task(json!([])));
    refused(json!({"taskProperties": []}));
    refused(json!({"taskProperties": [{}, {}]}));
    refused(json!({}));
    refused(task(json!([{"name": "main"}])));
    refused(task(json!([{"image": "x", "environment": 5}])));
    let both = RegisterJobDefinition { rest: definition(task(json!([container("main")]))).rest, ..crate::account::definition("task") };
    account.refused(Request::RegisterJobDefinition(both));
}

#[test]
fn overrides_have_the_form_of_their_definition() {
    let mut account = Account::with_vcpus(4);
    account.ok(Request::RegisterJobDefinition(definition(task(json!([container("main")])))));
    let mut refused = |call: SubmitJob| account.refused(Request::SubmitJob(call));
    refused(with(json!({"name": "other"})));
    refused(with(json!({"name": "main", "command": [""]})));
    refused(with(json!({"name": "main", "command": 5})));
    refused(SubmitJob { container_overrides: Some(fanout_batch::api::ContainerOverrides::default()), ..with(json!({"name": "main"})) });
    refused(SubmitJob { job_definition: "d".into(), ..with(json!({"name": "main"})) });
    let long = json!({"name": "main", "environment": [{"name": "A", "value": "x".repeat(9000)}]});
    let id = account.submit(with(long));
    account.only_ends(&id, false);
    assert_eq!(account.reason(&id), "Container Overrides length must be at most 8192");
}
