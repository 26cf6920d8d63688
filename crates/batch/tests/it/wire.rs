//! Shapes as they go over the wire. Source: BM.

use fanout_batch::api::{BulkError, BulkResult, Reply, Request};
use serde_json::json;

#[test]
fn a_call_is_read_and_written_alike() {
    let body = json!({
        "jobName": "a", "jobQueue": "q", "jobDefinition": "d", "arrayProperties": {"size": 2},
        "dependsOn": [{"jobId": "x", "type": "N_TO_N"}], "timeout": {"attemptDurationSeconds": 60},
        "containerOverrides": {"command": ["x"], "environment": [{"name": "A", "value": "1"}]},
        "retryStrategy": {"attempts": 2, "evaluateOnExit": [{"onExitCode": "1*", "action": "retry"}]},
    });
    let request = Request::decode("submitjob", body.to_string().as_bytes()).expect("known").expect("well formed");
    assert_eq!((request.operation(), request.path(), request.mutates()), ("SubmitJob", "submitjob", true));
    assert_eq!(request.to_json(), body);
}

#[test]
fn an_empty_body_is_an_empty_call() {
    let request = Request::decode("describejobqueues", b"").expect("known").expect("well formed");
    assert_eq!((request.to_json(), request.mutates()), (json!({}), false));
    assert!(Request::decode("launchrocket", b"").is_none());
    assert!(Request::decode("submitjob", b"{").expect("known").is_err());
}

#[test]
fn vcpus_have_their_odd_name() {
    let body = json!({
        "computeEnvironmentName": "ce", "type": "MANAGED",
        "computeResources": {"type": "EC2", "maxvCpus": 4, "minvCpus": 0, "subnets": ["s"]},
    });
    let request = Request::decode("createcomputeenvironment", body.to_string().as_bytes()).expect("known").expect("well formed");
    assert_eq!(request.to_json(), body);
}

#[test]
fn bulk_answers_list_ids() {
    // BM CancelJobsResponse: `successful` is a list of strings; an error has `job`, `code` and `message`.
    let error = BulkError { job: "b".into(), code: "c".into(), message: "m".into() };
    let reply = Reply::CancelJobs(BulkResult { successful: vec!["a".into()], errors: vec![error] });
    assert_eq!(reply.to_json(), json!({"successful": ["a"], "errors": [{"job": "b", "code": "c", "message": "m"}]}));
}
