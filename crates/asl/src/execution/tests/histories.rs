//! The order, ids and parents of events, as recorded.

use serde_json::json;

use super::script::{Script, job, single};
use crate::FailureStage;

/// LocalStack `test_run_task_sync`, 23-02-2024: a `.sync` Task as the last state.
#[test]
fn example_a_one_sync_task() {
    let mut script = Script::start(&single(job(json!({"TimeoutSeconds": 600}))), &json!({}));
    assert_eq!(script.started(), [(1, json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}))]);
    script.submitted(1);
    script.succeeded(1, &json!({"Status": "SUCCEEDED"}));
    assert_eq!(script.output(), json!({"Status": "SUCCEEDED"}));
    let expected = [
        "1 <- 0 ExecutionStarted",
        "2 <- 0 TaskStateEntered",
        "3 <- 2 TaskScheduled",
        "4 <- 3 TaskStarted",
        "5 <- 4 TaskSubmitted",
        "6 <- 5 TaskSucceeded",
        "7 <- 6 TaskStateExited",
        "8 <- 7 ExecutionSucceeded",
    ];
    assert_eq!(script.lines(), expected);
    let at = 1_767_323_045.0;
    let shown: Vec<_> = script.history.iter().map(|event| event.to_json(true)).collect();
    let (whole, resource) = (json!({"truncated": false}), "submitJob.sync");
    assert_eq!(shown[0]["executionStartedEventDetails"], json!({"input": "{}", "inputDetails": whole, "roleArn": "role"}));
    assert_eq!(
        shown[2],
        json!({"timestamp": at, "type": "TaskScheduled", "id": 3, "previousEventId": 2, "taskScheduledEventDetails": {
            "region": "us-east-1", "resourceType": "batch", "resource": resource, "timeoutInSeconds": 600,
            "parameters": r#"{"JobName":"j","JobQueue":"q","JobDefinition":"d"}"#}})
    );
    assert_eq!(shown[3]["taskStartedEventDetails"], json!({"resourceType": "batch", "resource": resource}));
    let submitted = json!({"resourceType": "batch", "resource": resource, "output": "{\"JobId\":\"j\"}", "outputDetails": whole});
    assert_eq!(shown[4]["taskSubmittedEventDetails"], submitted);
    let without = script.history[6].to_json(false);
    assert_eq!(without["stateExitedEventDetails"], json!({"name": "S"}));
}

/// The same recording's failing twin, then retried and caught (matrix of 704 histories).
#[test]
fn example_a_failed_retried_and_caught() {
    let document = json!({"StartAt": "S", "States": {
        "S": job(json!({"Next": "T", "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "T", "ResultPath": "$.fault"}]})),
        "T": {"Type": "Succeed"}}});
    let mut script = Script::start(&document, &json!({"a": 1}));
    assert_eq!(script.started_ids(), [1]);
    script.submitted(1);
    script.failed(1, FailureStage::Run, "States.TaskFailed");
    assert_eq!(script.tick(), (1.0, "retry backoff"));
    assert_eq!(script.started_ids(), [2]);
    script.failed(2, FailureStage::Submit, "Batch.ClientException");
    assert_eq!(script.output(), json!({"a": 1, "fault": {"Error": "Batch.ClientException", "Cause": "cause of Batch.ClientException"}}));
    let expected = [
        "1 <- 0 ExecutionStarted",
        "2 <- 0 TaskStateEntered",
        "3 <- 2 TaskScheduled",
        "4 <- 3 TaskStarted",
        "5 <- 4 TaskSubmitted",
        "6 <- 5 TaskFailed",
        "7 <- 6 TaskScheduled",
        "8 <- 7 TaskStarted",
        "9 <- 8 TaskSubmitFailed",
        "10 <- 9 TaskStateExited",
        "11 <- 10 SucceedStateEntered",
        "12 <- 11 SucceedStateExited",
        "13 <- 12 ExecutionSucceeded",
    ];
    assert_eq!(script.lines(), expected);
}

/// LocalStack `test_map_state_nested`, 29-03-2024.
#[test]
fn example_b_nested_maps_one_at_a_time() {
    let inner = json!({"StartAt": "L2", "States": {"L2": {"Type": "Map", "MaxConcurrency": 1, "End": true,
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}});
    let outer = single(json!({"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": inner}));
    let mut script = Script::start(&outer, &json!([[1, 2, 3], [4]]));
    assert_eq!(script.output(), json!([[1, 2, 3], [4]]));
    let expected = [
        "1 <- 0 ExecutionStarted",
        "2 <- 0 MapStateEntered",
        "3 <- 2 MapStateStarted",
        "4 <- 3 MapIterationStarted",
        "5 <- 4 MapStateEntered",
        "6 <- 5 MapStateStarted",
        "7 <- 6 MapIterationStarted",
        "8 <- 7 PassStateEntered",
        "9 <- 8 PassStateExited",
        "10 <- 9 MapIterationSucceeded",
        "11 <- 9 MapIterationStarted",
        "12 <- 11 PassStateEntered",
        "13 <- 12 PassStateExited",
        "14 <- 13 MapIterationSucceeded",
        "15 <- 13 MapIterationStarted",
        "16 <- 15 PassStateEntered",
        "17 <- 16 PassStateExited",
        "18 <- 17 MapIterationSucceeded",
        "19 <- 18 MapStateSucceeded",
        "20 <- 18 MapStateExited",
        "21 <- 20 MapIterationSucceeded",
        "22 <- 20 MapIterationStarted",
        "23 <- 22 MapStateEntered",
    ];
    assert_eq!(script.lines()[..23], expected);
    assert_eq!(script.history[22].to_json(true)["stateEnteredEventDetails"]["input"], "[4]");
    assert_eq!(script.history[6].to_json(true)["mapIterationStartedEventDetails"], json!({"name": "L2", "index": 0}));
    assert_eq!(script.history[2].to_json(true)["mapStateStartedEventDetails"], json!({"length": 2}));
}

/// LocalStack `test_service_lambda_map_timeout`, 10-03-2024, with the failures one by one.
#[test]
fn example_c_a_map_whose_tasks_time_out() {
    let inner = json!({"StartAt": "T", "States": {"T": job(json!({"TimeoutSeconds": 5, "End": true}))}});
    let mut script = Script::start(&single(json!({"Type": "Map", "ItemProcessor": inner})), &json!([1, 2, 3, 4]));
    assert_eq!(script.started_ids(), [1, 2, 3, 4]);
    assert_eq!(script.tick(), (5.0, "task timeout"));
    let expected = [
        "3 <- 2 MapStateStarted",
        "4 <- 3 MapIterationStarted",
        "5 <- 3 MapIterationStarted",
        "6 <- 3 MapIterationStarted",
        "7 <- 3 MapIterationStarted",
        "8 <- 4 TaskStateEntered",
        "9 <- 8 TaskScheduled",
        "10 <- 5 TaskStateEntered",
        "11 <- 10 TaskScheduled",
        "12 <- 6 TaskStateEntered",
        "13 <- 12 TaskScheduled",
        "14 <- 7 TaskStateEntered",
        "15 <- 14 TaskScheduled",
        "16 <- 9 TaskStarted",
        "17 <- 11 TaskStarted",
        "18 <- 13 TaskStarted",
        "19 <- 15 TaskStarted",
        "20 <- 16 TaskTimedOut",
        "21 <- 20 MapIterationFailed",
        "22 <- 20 TaskStateAborted",
        "23 <- 20 MapIterationAborted",
        "24 <- 20 TaskStateAborted",
        "25 <- 20 MapIterationAborted",
        "26 <- 20 TaskStateAborted",
        "27 <- 20 MapIterationAborted",
        "28 <- 20 TaskStateAborted",
        "29 <- 20 MapStateFailed",
        "30 <- 29 ExecutionFailed",
    ];
    assert_eq!(script.lines()[2..], expected);
    assert_eq!(script.effects().len(), 5, "four tasks are cancelled and the execution ends");
    let shown = script.history[29].to_json(true);
    assert_eq!(shown["executionFailedEventDetails"], json!({"error": "States.Timeout"}));
    assert_eq!(script.history[28].to_json(true).as_object().map(serde_json::Map::len), Some(4), "no details at all");
}

/// LocalStack `test_parallel_state`, 16-12-2023.
#[test]
fn example_d_parallel() {
    let branch = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let branches = json!([branch("A"), branch("B"), branch("C"), branch("D")]);
    let mut script = Script::start(&single(json!({"Type": "Parallel", "Branches": branches})), &json!(1));
    assert_eq!(script.output(), json!([1, 1, 1, 1]));
    let expected = [
        "1 <- 0 ExecutionStarted",
        "2 <- 0 ParallelStateEntered",
        "3 <- 2 ParallelStateStarted",
        "4 <- 3 PassStateEntered",
        "5 <- 3 PassStateEntered",
        "6 <- 3 PassStateEntered",
        "7 <- 3 PassStateEntered",
        "8 <- 4 PassStateExited",
        "9 <- 5 PassStateExited",
        "10 <- 6 PassStateExited",
        "11 <- 7 PassStateExited",
        "12 <- 11 ParallelStateSucceeded",
        "13 <- 11 ParallelStateExited",
        "14 <- 13 ExecutionSucceeded",
    ];
    assert_eq!(script.lines(), expected);
}

/// LocalStack `test_parallel_state_fail`, `_catch` and `_retry`, 16-12-2023.
#[test]
fn example_d_parallel_failing() {
    let failing = json!([{"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "E", "Cause": "C"}}}]);
    let handlers = json!({"Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["E"], "Next": "Caught"}]});
    let mut state = json!({"Type": "Parallel", "Branches": failing, "Next": "Caught"});
    state.as_object_mut().unwrap().extend(handlers.as_object().unwrap().clone());
    let mut script = Script::start(&json!({"StartAt": "S", "States": {"S": state, "Caught": {"Type": "Succeed"}}}), &json!({}));
    script.tick();
    assert_eq!(script.output(), json!({"Error": "E", "Cause": "C"}));
    let expected = [
        "2 <- 0 ParallelStateEntered",
        "3 <- 2 ParallelStateStarted",
        "4 <- 3 FailStateEntered",
        "5 <- 4 ParallelStateStarted",
        "6 <- 5 FailStateEntered",
        "7 <- 6 ParallelStateFailed",
        "8 <- 7 ParallelStateExited",
        "9 <- 8 SucceedStateEntered",
    ];
    assert_eq!(script.lines()[1..9], expected);
}

/// Lambda functions by their own ARN have events of their own.
#[test]
fn lambda_functions() {
    let resource = "arn:aws:lambda:us-east-1:111111111111:function:f";
    let mut script = Script::start(&single(json!({"Type": "Task", "Resource": resource})), &json!({"a": 1}));
    assert_eq!(script.started(), [(1, json!({"a": 1}))]);
    script.failed(1, FailureStage::Run, "Custom");
    assert_eq!(script.fault(), ("Custom".into(), "cause of Custom".into()));
    let expected = ["3 <- 2 LambdaFunctionScheduled", "4 <- 3 LambdaFunctionStarted", "5 <- 4 LambdaFunctionFailed"];
    assert_eq!(script.lines()[2..5], expected);
    let scheduled = script.history[2].to_json(true);
    let details = json!({"input": "{\"a\":1}", "inputDetails": {"truncated": false}, "resource": resource});
    assert_eq!(scheduled["lambdaFunctionScheduledEventDetails"], details);
    assert_eq!(script.history[3].to_json(true).as_object().map(serde_json::Map::len), Some(4));
}
