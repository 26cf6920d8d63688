//! DescribeJobs.

use fanout_batch::AttemptEnd;
use fanout_batch::api::{ContainerOverrides, DescribeJobs, KeyValue, Reply, Request, SubmitJob};
use serde_json::{Value, json};

use crate::account::{Account, array, job, need};

fn overridden() -> SubmitJob {
    SubmitJob {
        parameters: [("what".to_owned(), "it".to_owned())].into(),
        container_overrides: Some(ContainerOverrides {
            environment: vec![KeyValue::from(("A", "2")), KeyValue::from(("MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS"))],
            resource_requirements: vec![need("1", "512").remove(1)],
            ..ContainerOverrides::default()
        }),
        ..job("a")
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_finished_job_looks_as_it_does_at_aws() {
    // Public: NASA HLS test fixture (facts sheet 3.4): names, order, integer milliseconds, present empty lists.
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(overridden());
    account.pass(2);
    account.started(attempt);
    account.pass(3);
    account.ended(attempt, AttemptEnd::Exited { code: 0, reason: None });
    account.only_ends(&id, true);
    let detail = serde_json::to_value(account.job(&id)).expect("JSON");
    let sorted = {
        let mut names = keys(&detail);
        names.sort_unstable();
        names
    };
    assert_eq!(keys(&detail), sorted, "members come in alphabetical order");
    assert_eq!(detail["createdAt"], json!(1_700_000_000_000_i64));
    assert_eq!(detail["startedAt"], json!(1_700_000_002_000_i64));
    assert_eq!(detail["stoppedAt"], json!(1_700_000_005_000_i64));
    assert_eq!(detail["jobArn"], json!(format!("arn:aws:batch:us-east-1:123456789012:job/{id}")));
    assert_eq!(detail["jobDefinition"], json!("arn:aws:batch:us-east-1:123456789012:job-definition/d:1"));
    assert_eq!(detail["jobQueue"], json!("arn:aws:batch:us-east-1:123456789012:job-queue/q"));
    assert_eq!(detail["parameters"], json!({"what": "it"}));
    assert_eq!(detail["retryStrategy"], json!({"attempts": 1}));
    assert_eq!((&detail["dependsOn"], &detail["tags"]), (&json!([]), &json!({})));
    assert_eq!(detail["statusReason"], json!("Essential container in task exited"));
    assert!(detail.get("timeout").is_none() && detail.get("arrayProperties").is_none());

    let container = &detail["container"];
    assert_eq!(container["command"], json!(["run", "it"]));
    assert_eq!(
        container["environment"],
        json!([{"name": "A", "value": "2"}, {"name": "MANAGED_BY_AWS", "value": "STARTED_BY_STEP_FUNCTIONS"}])
    );
    assert_eq!(container["resourceRequirements"], json!([{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "512"}]));
    assert_eq!(container["exitCode"], json!(0));
    for member in ["mountPoints", "networkInterfaces", "secrets", "ulimits", "volumes"] {
        assert_eq!(container[member], json!([]));
    }
    let attempts = detail["attempts"].as_array().expect("a list");
    assert_eq!(attempts.len(), 1);
    for member in ["containerInstanceArn", "exitCode", "logStreamName", "taskArn"] {
        assert_eq!(attempts[0]["container"][member], container[member]);
    }
    assert_eq!(attempts[0]["statusReason"], detail["statusReason"]);
}

#[test]
fn what_is_not_there_yet_is_absent() {
    // BM ContainerDetail: taskArn is set at STARTING, logStreamName at RUNNING.
    let mut account = Account::with_vcpus(1);
    let (id, attempt) = account.start(job("a"));
    let second = account.submit(job("b"));
    let container = account.job(&second).container.expect("a container");
    assert_eq!((container.task_arn, container.log_stream_name), (None, None));
    let detail = account.job(&id);
    let container = detail.container.expect("a container");
    assert!(container.task_arn.is_some() && container.log_stream_name.is_none() && detail.started_at.is_none());
    account.started(attempt);
    let stream = account.job(&id).container.expect("a container").log_stream_name;
    assert_eq!(stream, account.batch.launch(attempt).map(|launch| launch.log_stream));
}

#[test]
fn only_whole_references_are_filled_in() {
    // BUG job_definition_parameters.
    let mut account = Account::with_vcpus(4);
    let command = ["Ref::a", "xRef::a", "Ref::unknown", "Ref::b"].map(String::from).to_vec();
    let request = SubmitJob {
        container_overrides: Some(ContainerOverrides { command: Some(command), ..Default::default() }),
        parameters: [("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())].into(),
        ..job("a")
    };
    let (_, attempt) = account.start(request);
    let launch = account.batch.launch(attempt).expect("in flight");
    assert_eq!(launch.command, ["1", "xRef::a", "Ref::unknown", ""]);
}

#[test]
fn unknown_jobs_are_left_out_and_children_are_found() {
    let mut account = Account::with_vcpus(0);
    let id = account.submit(array("a", 2));
    let jobs = vec![id.clone(), format!("{id}:1"), format!("{id}:2"), "unknown".to_owned()];
    let Reply::DescribeJobs(answer) = account.ok(Request::DescribeJobs(DescribeJobs { jobs })) else { panic!("an answer") };
    let ids: Vec<&str> = answer.jobs.iter().map(|job| job.job_id.as_str()).collect();
    assert_eq!(ids, [id.as_str(), &format!("{id}:1")]);
}

#[test]
fn at_most_100_jobs_are_described() {
    // Public: pegasus-isi/pegasus#2086.
    let jobs = vec!["x".to_owned(); 101];
    assert_eq!(
        Account::empty().refused(Request::DescribeJobs(DescribeJobs { jobs })),
        "Error executing request, Exception : Maximum number of jobs supported is  100 ., RequestId: <uuid>"
    );
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    let run = || {
        let mut account = Account::with_vcpus(1);
        let (id, attempt) = account.start(job("a"));
        (id, account.batch.launch(attempt).map(|launch| launch.log_stream))
    };
    assert_eq!(run(), run());
}

#[test]
fn a_container_may_have_a_prefix_of_its_own_for_its_log() {
    // BUG using_awslogs: `awslogs-stream-prefix`.
    let mut account = Account::with_vcpus(1);
    let mut definition = crate::account::definition("d");
    let logs = serde_json::json!({"logDriver": "awslogs", "options": {"awslogs-stream-prefix": "mine"}});
    definition.container_properties.get_or_insert_default().rest.insert("logConfiguration".into(), logs);
    account.ok(Request::RegisterJobDefinition(definition));
    let (id, attempt) = account.start(job("a"));
    account.started(attempt);
    let stream = account.batch.launch(attempt).expect("in flight").log_stream;
    assert!(stream.starts_with("mine/default/"), "{stream}");
    assert_eq!(account.job(&id).container.and_then(|container| container.log_stream_name), Some(stream));
}
