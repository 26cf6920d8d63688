//! SubmitJob: what is refused, and in which words.

use fanout_batch::api::{ContainerOverrides, JobTimeout, KeyValue, Request, SubmitJob};
use serde_json::json;

use crate::account::{Account, array, job};

fn with(overrides: ContainerOverrides) -> SubmitJob {
    SubmitJob { container_overrides: Some(overrides), ..job("a") }
}

fn variable(name: &str, value: &str) -> ContainerOverrides {
    ContainerOverrides { environment: vec![KeyValue::from((name, value))], ..ContainerOverrides::default() }
}

fn refused(request: SubmitJob) -> String {
    Account::with_vcpus(1).refused(Request::SubmitJob(request))
}

#[test]
fn a_bad_job_name() {
    // Public: fluidattacks/makes#697.
    for name in ["", "-a", "a.b", &"x".repeat(129)] {
        assert_eq!(refused(job(name)), "Error executing request, Exception : Job name should match valid pattern, RequestId: <uuid>");
    }
}

#[test]
fn an_unknown_queue() {
    // Public: base2genomics/batchit#13.
    assert_eq!(refused(SubmitJob { job_queue: "nowhere".into(), ..job("a") }), "JobQueue nowhere not found.");
}

#[test]
fn a_submission_of_more_than_30_kib() {
    // Public: ASFHyP3/hyp3#3041.
    assert_eq!(
        refused(with(variable("A", &"x".repeat(47_500)))),
        "Error executing request, Exception : Job size must be less than 30 KiB, got 47 KiB, RequestId: <uuid>"
    );
    let parameters = [("p".to_owned(), "x".repeat(31_000))].into();
    assert!(refused(SubmitJob { parameters, ..job("a") }).contains("30 KiB, got 31 KiB"));
}

#[test]
fn overrides_of_more_than_8192_characters_are_accepted_and_fail() {
    // Public: Netflix/metaflow#1482.
    let mut account = Account::with_vcpus(9);
    let id = account.submit(with(variable("A", &"x".repeat(8193))));
    account.only_ends(&id, false);
    assert_eq!((account.status(&id), account.reason(&id)), ("FAILED".into(), "Container Overrides length must be at most 8192".into()));
    let parent = account.submit(SubmitJob { container_overrides: Some(variable("A", &"x".repeat(8193))), ..array("b", 2) });
    account.only_ends(&parent, false);
    account.start(with(variable("A", &"x".repeat(8000))));
}

#[test]
fn what_overrides_may_not_hold() {
    let command = ContainerOverrides { command: Some(vec!["run".into(), String::new()]), ..ContainerOverrides::default() };
    assert_eq!(refused(with(command)), "Command cannot be empty");
    assert!(refused(with(variable("AWS_BATCH_JOB_ID", "mine"))).contains("AWS_BATCH_JOB_ID"));
}

#[test]
fn other_kinds_of_jobs_are_not_there() {
    let mut request = job("a");
    request.rest.insert("eksPropertiesOverride".into(), json!({"podProperties": {}}));
    assert!(refused(request).contains("eksPropertiesOverride is not supported"));
}

#[test]
fn the_old_form_of_overrides_does_not_replace_requirements() {
    // BM ContainerOverrides.vcpus: it "doesn't override any vCPU requirement specified in the resourceRequirements structure".
    let mut account = Account::with_vcpus(4);
    let (_, attempt) = account.start(with(ContainerOverrides { vcpus: Some(3), memory: Some(8), ..Default::default() }));
    assert_eq!(account.batch.attempt(attempt).map(|view| (view.vcpus, view.memory_mib)), Some((1.0, 2048)));
}

#[test]
fn a_timeout_of_less_than_a_minute() {
    // BM JobTimeout: "The minimum value for the timeout is 60 seconds."
    refused(SubmitJob { timeout: Some(JobTimeout { attempt_duration_seconds: Some(59) }), ..job("a") });
}

#[test]
fn a_definition_without_a_size_needs_it_from_the_submission() {
    let mut account = Account::with_vcpus(4);
    let mut definition = crate::account::definition("d");
    definition.container_properties.get_or_insert_default().resource_requirements = None;
    account.ok(Request::RegisterJobDefinition(definition));
    account.refused(Request::SubmitJob(job("a")));
    let (_, attempt) = account.start(crate::account::sized("a", "2", "4"));
    assert_eq!(account.batch.attempt(attempt).map(|view| (view.vcpus, view.memory_mib)), Some((2.0, 4)));
    let (_, attempt) = account.start(with(ContainerOverrides { vcpus: Some(1), memory: Some(8), ..Default::default() }));
    assert_eq!(account.batch.attempt(attempt).map(|view| (view.vcpus, view.memory_mib)), Some((1.0, 8)));
}
