use serde_json::json;

use super::{states_call, states_request};

#[tokio::test]
async fn states_calls_go_out_and_come_back() {
    let at = 1_589_322_342.123;
    let execution = json!({"executionArn": "e", "stateMachineArn": "m", "name": "n", "status": "SUCCEEDED", "startDate": at, "stopDate": at + 2.0,
        "input": "[1,  2]", "inputDetails": {"included": true}, "output": "{}", "outputDetails": {"included": true}, "error": "E", "cause": "C",
        "redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "r"});
    let failed = json!({"executionArn": "e", "stateMachineArn": "m", "name": "n", "status": "RUNNING", "startDate": at});
    let calls = [
        (
            "CreateStateMachine",
            json!({"name": "n", "definition": "{}", "roleArn": "r", "type": "STANDARD", "tags": [{"key": "k", "value": "v"}]}),
            json!({"stateMachineArn": "m", "creationDate": at}),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "m"}),
            json!({"stateMachineArn": "m", "name": "n", "status": "ACTIVE", "definition": "{}", "roleArn": "r", "type": "STANDARD",
            "creationDate": at, "loggingConfiguration": {"includeExecutionData": false, "level": "OFF"}, "revisionId": "v"}),
        ),
        ("DeleteStateMachine", json!({"stateMachineArn": "m"}), json!({})),
        (
            "ListStateMachines",
            json!({"maxResults": 5, "nextToken": "t"}),
            json!({"stateMachines": [{"stateMachineArn": "m", "name": "n", "type": "EXPRESS", "creationDate": at}], "nextToken": "n"}),
        ),
        (
            "ValidateStateMachineDefinition",
            json!({"definition": "{}", "type": "STANDARD", "severity": "ERROR", "maxResults": 7}),
            json!({"result": "FAIL", "diagnostics": [{"severity": "ERROR", "code": "c", "message": "m", "location": "/"}], "truncated": false}),
        ),
        ("StartExecution", json!({"stateMachineArn": "m", "name": "n", "input": "[1,  2]"}), json!({"executionArn": "e", "startDate": at})),
        ("DescribeExecution", json!({"executionArn": "e"}), execution),
        ("DescribeExecution", json!({"executionArn": "e"}), failed),
        ("StopExecution", json!({"executionArn": "e", "error": "E", "cause": "C"}), json!({"stopDate": at})),
        (
            "ListExecutions",
            json!({"stateMachineArn": "m", "statusFilter": "FAILED", "maxResults": 2}),
            json!({"executions": [{"executionArn": "e", "stateMachineArn": "m", "name": "n", "status": "FAILED", "startDate": at, "stopDate": at}]}),
        ),
        (
            "GetExecutionHistory",
            json!({"executionArn": "e", "maxResults": 1000, "reverseOrder": true, "includeExecutionData": true, "nextToken": "t"}),
            json!({"events": [
            {"timestamp": at, "type": "MapIterationStarted", "id": 4, "previousEventId": 3, "mapIterationStartedEventDetails": {"name": "Map", "index": 0}},
            {"timestamp": at, "type": "TaskStateEntered", "id": 5, "previousEventId": 4, "stateEnteredEventDetails": {"name": "Run", "input": "1"}},
            {"timestamp": at, "type": "TaskFailed", "id": 6, "previousEventId": 5, "taskFailedEventDetails": {"resourceType": "batch", "resource": "submitJob.sync", "error": "States.TaskFailed", "cause": "{}"}},
            {"timestamp": at, "type": "TaskSubmitted", "id": 7, "previousEventId": 6, "taskSubmittedEventDetails": {"resourceType": "batch", "resource": "submitJob.sync", "output": "{}"}},
            {"timestamp": at, "type": "MapStateSucceeded", "id": 8, "previousEventId": 7}], "nextToken": "n"}),
        ),
    ];
    for (operation, body, wire) in calls {
        assert_eq!(states_call(states_request(operation, body), wire.clone()).await.to_json(), wire, "{operation}");
    }
}
