//! Developer Guide, ResultWriter; the reference in the state's output is recorded.

use serde_json::{Value, json};

use super::{Account, echo, map_of, picky};
use crate::{Effect, ObjectAnswer, ObjectCall};

/// Answers every file that is written; keys and bodies.
fn written(account: &mut Account) -> Vec<(String, String)> {
    let mut files = Vec::new();
    while let Some(effect) = account.unseen.pop() {
        let Effect::CallObjects { call, .. } = &effect else { panic!("{effect:?}") };
        let ObjectCall::Put { key, body, bucket } = call.clone() else { panic!("{effect:?}") };
        assert_eq!(bucket, "b");
        files.push((key, body));
        let call = call.clone();
        account.unseen.push(effect);
        account.object(&call, ObjectAnswer::Written);
    }
    files
}

fn writer(config: Value) -> Value {
    json!({"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "out"}, "WriterConfig": config})
}

#[test]
fn results_go_to_files_and_the_output_names_the_manifest() {
    let mut account = Account::new();
    let more = json!({"ResultWriter": writer(json!({})), "ToleratedFailureCount": 1});
    let execution = account.start(&map_of(picky(), more), &json!(["a", "bad"]));
    let files = written(&mut account);
    let run = account.map_run(&execution);
    let arn = run["mapRunArn"].as_str().unwrap().to_owned();
    let folder = format!("out/{}", arn.rsplit(':').next().unwrap());
    let keys: Vec<&str> = files.iter().map(|(key, _)| key.as_str()).collect();
    let expected = ["SUCCEEDED_0.json", "FAILED_0.json", "manifest.json"].map(|name| format!("{folder}/{name}"));
    assert_eq!(keys, expected);
    let details = json!({"Bucket": "b", "Key": format!("{folder}/manifest.json")});
    assert_eq!(account.output(&execution), json!({"MapRunArn": arn, "ResultWriterDetails": details}));
    let succeeded: Value = serde_json::from_str(&files[0].1).unwrap();
    assert_eq!((&succeeded[0]["Output"], &succeeded[0]["Status"]), (&json!("\"a\""), &json!("SUCCEEDED")));
    let failed: Value = serde_json::from_str(&files[1].1).unwrap();
    assert_eq!((&failed[0]["Error"], &failed[0]["Input"]), (&json!("Bad"), &json!("\"bad\"")));
    let manifest: Value = serde_json::from_str(&files[2].1).unwrap();
    let file = |kind: usize| json!([{"Key": expected[kind], "Size": files[kind].1.len()}]);
    assert_eq!(manifest["ResultFiles"], json!({"FAILED": file(1), "PENDING": [], "SUCCEEDED": file(0)}));
    assert_eq!((&run["itemCounts"]["resultsWritten"], &run["executionCounts"]["resultsWritten"]), (&json!(2), &json!(2)));
}

/// What failed first and then succeeded is in no file of failures that the manifest names.
#[test]
fn a_redriven_run_writes_what_is_new_and_another_manifest() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].as_str().unwrap().to_owned();
    let child = json!({"C": {"Type": "Task", "Resource": activity, "End": true}});
    let more = json!({"ResultWriter": writer(json!({"Transformation": "COMPACT"})), "MaxConcurrency": 1});
    let execution = account.start(&map_of(child, more), &json!(["a", "b"]));
    let work = |account: &mut Account, operation: &str, mut body: Value| {
        let task = account.ok("GetActivityTask", json!({"activityArn": activity}));
        body["taskToken"] = task["taskToken"].clone();
        account.ok(operation, body);
    };
    work(&mut account, "SendTaskSuccess", json!({"output": "1"}));
    work(&mut account, "SendTaskFailure", json!({"error": "E"}));
    let names = |files: &[(String, String)]| files.iter().map(|(key, _)| key.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&written(&mut account)), ["SUCCEEDED_0.json", "FAILED_0.json", "manifest.json"]);
    assert_eq!(account.status(&execution), "FAILED");
    account.ok("RedriveExecution", json!({"executionArn": execution}));
    work(&mut account, "SendTaskSuccess", json!({"output": "2"}));
    let files = written(&mut account);
    assert_eq!(names(&files), ["SUCCEEDED_1.json", "manifest.json"]);
    assert_eq!(files[0].1, "[2]");
    let manifest: Value = serde_json::from_str(&files[1].1).unwrap();
    let listed = &manifest["ResultFiles"];
    assert_eq!((listed["FAILED"].as_array().unwrap().len(), listed["SUCCEEDED"].as_array().unwrap().len()), (0, 2));
}

#[test]
fn results_may_be_outputs_alone_and_a_line_each() {
    let mut account = Account::new();
    let more = json!({"ResultWriter": writer(json!({"Transformation": "FLATTEN", "OutputType": "JSONL"}))});
    account.start(&map_of(echo(), more), &json!([[1, 2], 3]));
    let files = written(&mut account);
    assert!(files[0].0.ends_with("/SUCCEEDED_0.jsonl"), "{}", files[0].0);
    assert_eq!(files[0].1, "1\n2\n3\n");
}

#[test]
fn without_a_place_results_stay_in_the_output() {
    let of = |config: Value| {
        let mut account = Account::new();
        let execution = account.start(&map_of(echo(), json!({"ResultWriter": {"WriterConfig": config}})), &json!([[1, 2], [3]]));
        account.output(&execution)
    };
    assert_eq!(of(json!({"Transformation": "COMPACT", "OutputType": "JSON"})), json!([[1, 2], [3]]));
    assert_eq!(of(json!({"Transformation": "FLATTEN", "OutputType": "JSON"})), json!([1, 2, 3]));
    assert_eq!(of(json!({"Transformation": "NONE", "OutputType": "JSON"}))[0]["Output"], "[1,2]");
}

#[test]
fn a_file_that_cannot_be_written_fails_the_writer() {
    let mut account = Account::new();
    let execution = account.start(&map_of(echo(), json!({"ResultWriter": writer(json!({}))})), &json!([1]));
    let Some(Effect::CallObjects { call, .. }) = account.unseen.first() else { panic!("{:?}", account.unseen) };
    let call = call.clone();
    account.object(&call, ObjectAnswer::Failed { code: "NoSuchBucket".into(), message: "The specified bucket does not exist".into() });
    assert_eq!(account.fault(&execution).0, "States.ResultWriterFailed");
}

/// Step Functions quotas: 262,144 bytes of a state's output. The words are recorded.
#[test]
fn results_without_a_writer_have_an_end() {
    let mut account = Account::new();
    let item = "x".repeat(1_000);
    let items: Vec<&str> = (0..200).map(|_| item.as_str()).collect();
    let twice = json!({"C": {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}, "End": true}});
    let execution = account.start(&map_of(twice, json!({})), &json!(items));
    let words = "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.";
    assert_eq!(account.fault(&execution), ("States.DataLimitExceeded".into(), words.into()));
}
