//! Job definitions: revisions, and what is refused.

use fanout_batch::api::{
    ContainerProperties, DeregisterJobDefinition, DescribeJobDefinitions, JobDefinitionDetail, JobTimeout, KeyValue, RegisterJobDefinition,
    Reply, Request, RetryStrategy, SubmitJob,
};
use serde_json::json;

use crate::account::{Account, definition, job, need};

fn describe(account: &mut Account, call: DescribeJobDefinitions) -> Vec<JobDefinitionDetail> {
    match account.ok(Request::DescribeJobDefinitions(call)) {
        Reply::DescribeJobDefinitions(answer) => answer.job_definitions,
        other => panic!("{other:?}"),
    }
}

fn refused(change: impl Fn(&mut RegisterJobDefinition, &mut ContainerProperties)) -> String {
    let mut call = definition("d");
    let mut properties = call.container_properties.take().expect("a container");
    change(&mut call, &mut properties);
    call.container_properties = Some(properties);
    Account::empty().refused(Request::RegisterJobDefinition(call))
}

fn fargate(vcpus: &str, memory: &str) -> RegisterJobDefinition {
    let mut call = definition("f");
    call.platform_capabilities = vec!["FARGATE".into()];
    let properties = call.container_properties.get_or_insert_default();
    properties.resource_requirements = Some(need(vcpus, memory));
    properties.rest.insert("executionRoleArn".into(), json!("arn:aws:iam::123456789012:role/x"));
    call
}

#[test]
fn revisions_count_up_and_the_highest_active_one_is_meant() {
    // BM SubmitJob.jobDefinition.
    let mut account = Account::with_vcpus(9);
    account.ok(Request::RegisterJobDefinition(definition("d")));
    let arn = |revision: i32| format!("arn:aws:batch:us-east-1:123456789012:job-definition/d:{revision}");
    let mut meant = |given: &str| {
        let (id, _) = account.start(SubmitJob { job_definition: given.into(), ..job("a") });
        account.job(&id).job_definition
    };
    assert_eq!(meant("d"), arn(2));
    assert_eq!(meant("d:1"), arn(1));
    assert_eq!(meant(&arn(1)), arn(1));
    assert_eq!(meant("arn:aws:batch:us-east-1:123456789012:job-definition/d"), arn(2));
    account.ok(Request::DeregisterJobDefinition(DeregisterJobDefinition { job_definition: "d:2".into() }));
    let (id, _) = account.start(job("a"));
    assert_eq!(account.job(&id).job_definition, arn(1));
    account.ok(Request::DeregisterJobDefinition(DeregisterJobDefinition { job_definition: arn(1) }));
    let found = describe(&mut account, DescribeJobDefinitions { job_definition_name: Some("d".into()), ..Default::default() });
    assert_eq!(found.iter().map(|d| (d.revision, d.status.as_str())).collect::<Vec<_>>(), [(2, "INACTIVE"), (1, "INACTIVE")]);
    // Public: chanzuckerberg/single-cell-data-portal#1068.
    let submit = |given: &str| Request::SubmitJob(SubmitJob { job_definition: given.into(), ..job("a") });
    assert_eq!(account.refused(submit("d")), "JobDefinition name d does not exist or is not in ACTIVE status");
    assert_eq!(account.refused(submit(&arn(1))), format!("JobDefinition {} is not in ACTIVE status", arn(1)));
}

#[test]
fn a_definition_comes_back_unchanged() {
    let mut account = Account::empty();
    let body = json!({
        "jobDefinitionName": "d", "type": "container", "parameters": {"p": "q"},
        "containerProperties": {
            "command": ["x"], "image": "any", "vcpus": 1, "memory": 4, "environment": [], "mountPoints": [], "volumes": [],
            "ulimits": [], "privileged": false, "jobRoleArn": "none",
        },
    });
    let call: RegisterJobDefinition = serde_json::from_value(body.clone()).expect("a call");
    account.ok(Request::RegisterJobDefinition(call));
    let found = describe(&mut account, DescribeJobDefinitions { job_definitions: vec!["d:1".into()], ..Default::default() });
    let detail = serde_json::to_value(&found[0]).expect("JSON");
    for member in ["jobDefinitionName", "type", "parameters", "containerProperties"] {
        assert_eq!(detail[member], body[member]);
    }
}

#[test]
fn definitions_are_described_in_pages() {
    let mut account = Account::empty();
    for _ in 0..5 {
        account.ok(Request::RegisterJobDefinition(definition("d")));
    }
    let mut token = None;
    let mut revisions = Vec::new();
    loop {
        let call = DescribeJobDefinitions { max_results: Some(2), next_token: token, ..Default::default() };
        let Reply::DescribeJobDefinitions(page) = account.ok(Request::DescribeJobDefinitions(call)) else { panic!("a page") };
        assert!(page.job_definitions.len() <= 2);
        revisions.extend(page.job_definitions.iter().map(|detail| detail.revision));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(revisions, [5, 4, 3, 2, 1]);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    assert_eq!(refused(|d, _| d.job_definition_name = "a b".into()), "Provided name a b is not supported pattern[a-zA-Z_0-9-]{1,128}");
    assert_eq!(refused(|_, p| p.command = Some(vec![String::new()])), "Command cannot be empty");
    let retry = RetryStrategy::default();
    assert_eq!(
        refused(|d, _| d.retry_strategy = Some(retry.clone())),
        "Error executing request, Exception : RetryAttempts must be provided with retry strategy, RequestId: <uuid>"
    );
    assert_eq!(
        refused(|_, p| drop(p.rest.insert("networkConfiguration".into(), json!({})))),
        "Error executing request, Exception : networkConfiguration not applicable for EC2., RequestId: <uuid>"
    );
    let fractional = refused(|_, p| p.resource_requirements = Some(need("1.0", "2048")));
    assert!(fractional.contains("Value 1.0 for type VCPU in resourceRequirement is not valid"), "{fractional}");
}

#[test]
fn other_limits_are_kept() {
    refused(|d, _| d.timeout = Some(JobTimeout { attempt_duration_seconds: Some(59) }));
    refused(|d, _| d.retry_strategy = Some(RetryStrategy { attempts: Some(11), evaluate_on_exit: Vec::new() }));
    refused(|d, _| d.kind = "lambda".into());
    refused(|d, _| d.platform_capabilities = vec!["MOON".into()]);
    refused(|_, p| p.environment = Some(vec![KeyValue::from(("AWS_BATCH_X", "1"))]));
    refused(|_, p| p.resource_requirements = Some(need("1", "3")));
    let big = refused(|_, p| p.environment = Some(vec![KeyValue::from(("A", "x".repeat(25_000).as_str()))]));
    assert!(big.contains("24 KiB, got 25 KiB"), "{big}");
}

#[test]
fn what_this_engine_cannot_do_is_refused_clearly() {
    let not_here = |words: String, what: &str| assert!(words.contains(&format!("{what} is not supported by this engine")), "{words}");
    let secret = json!([{"name": "S", "valueFrom": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"}]);
    not_here(refused(|_, p| drop(p.rest.insert("secrets".into(), secret.clone()))), "secrets");
    let logs = json!({"logDriver": "splunk", "secretOptions": secret});
    not_here(refused(|_, p| drop(p.rest.insert("logConfiguration".into(), logs.clone()))), "secretOptions");
    for member in ["eksProperties", "consumableResourceProperties"] {
        not_here(refused(|d, _| drop(d.rest.insert(member.into(), json!({})))), member);
    }
    not_here(refused(|d, _| d.platform_capabilities = vec!["MANAGED_INSTANCES".into()]), "MANAGED_INSTANCES");
    let mut account = Account::empty();
    account.ok(Request::CreateComputeEnvironment(crate::account::environment("ce", "EC2", 1)));
    let mut queue = crate::account::queue("q", 1, &["ce"]);
    queue.rest.insert("serviceEnvironmentOrder".into(), json!([]));
    not_here(account.refused(Request::CreateJobQueue(queue)), "serviceEnvironmentOrder");
    let mut typed = |kind: &str| {
        let mut queue = crate::account::queue("q", 1, &["ce"]);
        queue.rest.insert("jobQueueType".into(), json!(kind));
        account.refused(Request::CreateJobQueue(queue))
    };
    not_here(typed("SAGEMAKER_TRAINING"), "jobQueueType SAGEMAKER_TRAINING");
    typed("ECS_FARGATE");
}

#[test]
fn definitions_for_fargate_follow_its_rules() {
    // BUG fargate-job-definitions, BM ResourceRequirement.
    let mut account = Account::empty();
    account.ok(Request::RegisterJobDefinition(fargate("0.25", "512")));
    account.refused(Request::RegisterJobDefinition(fargate("0.25", "4096")));
    let mut refused = |change: &dyn Fn(&mut ContainerProperties)| {
        let mut call = fargate("1", "2048");
        change(call.container_properties.get_or_insert_default());
        account.refused(Request::RegisterJobDefinition(call));
    };
    refused(&|p| p.vcpus = Some(1));
    refused(&|p| p.resource_requirements = None);
    refused(&|p| drop(p.rest.insert("privileged".into(), json!(true))));
    refused(&|p| drop(p.rest.shift_remove("executionRoleArn")));
}

#[test]
fn overrides_for_fargate_follow_its_sizes() {
    let mut account = Account::with_vcpus(9);
    account.ok(Request::RegisterJobDefinition(fargate("1", "2048")));
    let submit = |vcpus: &str, memory: &str| SubmitJob { job_definition: "f".into(), ..crate::account::sized("a", vcpus, memory) };
    account.refused(Request::SubmitJob(submit("3", "8192")));
    let (_, attempt) = account.start(submit("0.5", "1024"));
    assert_eq!(account.batch.attempt(attempt).map(|view| (view.vcpus, view.memory_mib)), Some((0.5, 1024)));
}
