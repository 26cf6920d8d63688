use fanout_batch::api as batch;
use serde_json::json;

use super::{batch_call, batch_request};

#[tokio::test]
async fn a_whole_batch_request_reaches_the_wire() {
    let request = batch_request(
        "submitjob",
        json!({
            "jobName": "n", "jobQueue": "q", "jobDefinition": "d:1",
            "arrayProperties": {"size": 6},
            "dependsOn": [{"jobId": "x", "type": "N_TO_N"}, {"type": "SEQUENTIAL"}],
            "parameters": {"a": "b"},
            "containerOverrides": {
                "command": ["a", "two\nlines", "é"], "vcpus": 2, "memory": 300, "instanceType": "m5.large",
                "environment": [{"name": "RunNumber", "value": "5"}],
                "resourceRequirements": [{"type": "VCPU", "value": "0.25"}],
            },
            "retryStrategy": {"attempts": 3, "evaluateOnExit": [{"onExitCode": "1*", "onReason": "r", "onStatusReason": "s", "action": "RETRY"}]},
            "timeout": {"attemptDurationSeconds": 60},
            "propagateTags": true, "tags": {"k": "v"}, "shareIdentifier": "s", "schedulingPriorityOverride": 7,
        }),
    );
    let wire = json!({"jobArn": "arn", "jobName": "n", "jobId": "id"});
    let expected = batch::JobSubmitted { job_arn: "arn".into(), job_name: "n".into(), job_id: "id".into() };
    assert_eq!(batch_call(request, wire).await, batch::Reply::SubmitJob(expected));
}

#[tokio::test]
async fn what_the_engine_says_of_a_job_arrives_whole() {
    let job = json!({
        "arrayProperties": {"size": 2, "statusSummary": {"FAILED": 1, "SUCCEEDED": 1}, "statusSummaryLastUpdatedAt": 5},
        "attempts": [{"container": {"containerInstanceArn": "i", "exitCode": 3, "logStreamName": "l", "networkInterfaces": [], "reason": "r", "taskArn": "t"},
            "startedAt": 2, "statusReason": "s", "stoppedAt": 3}],
        "container": {"command": ["a"], "containerInstanceArn": "i", "environment": [{"name": "A", "value": "1"}], "exitCode": 3, "image": "im",
            "logStreamName": "l", "memory": 9, "mountPoints": [], "networkInterfaces": [], "reason": "r",
            "resourceRequirements": [{"type": "MEMORY", "value": "512"}], "secrets": [], "taskArn": "t", "ulimits": [], "vcpus": 1, "volumes": []},
        "createdAt": 1, "dependsOn": [{"jobId": "j", "type": "N_TO_N"}], "isCancelled": false, "isTerminated": true,
        "jobArn": "a", "jobDefinition": "d", "jobId": "x:0", "jobName": "n", "jobQueue": "q", "parameters": {"p": "1"},
        "platformCapabilities": ["FARGATE"], "propagateTags": false, "retryStrategy": {"attempts": 1, "evaluateOnExit": [{"action": "EXIT", "onReason": "*"}]},
        "schedulingPriority": 1, "shareIdentifier": "s", "startedAt": 2, "status": "FAILED", "statusReason": "why", "stoppedAt": 3,
        "tags": {"k": "v"}, "timeout": {"attemptDurationSeconds": 60},
    });
    let wire = json!({ "jobs": [job] });
    let reply = batch_call(batch_request("describejobs", json!({"jobs": ["x:0", "y"]})), wire.clone()).await;
    assert_eq!(reply.to_json(), wire);
}

#[tokio::test]
async fn every_other_batch_call_goes_out_and_comes_back() {
    let environment = json!({"computeEnvironmentName": "e", "computeEnvironmentArn": "arn"});
    let queue = json!({"jobQueueName": "q", "jobQueueArn": "arn"});
    let orders = json!([{"order": 1, "computeEnvironment": "e"}]);
    let resources = json!({"type": "FARGATE", "maxvCpus": 16, "subnets": ["s"], "securityGroupIds": ["g"]});
    let container = json!({"image": "i", "command": ["c"], "environment": [], "resourceRequirements": [{"type": "VCPU", "value": "1"}]});
    let mut fargate = container.clone();
    fargate["executionRoleArn"] = "role".into();
    fargate["networkConfiguration"] = json!({"assignPublicIp": "ENABLED"});
    fargate["fargatePlatformConfiguration"] = json!({"platformVersion": "LATEST"});
    fargate["runtimePlatform"] = json!({"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"});
    fargate["ephemeralStorage"] = json!({"sizeInGiB": 30});
    fargate["logConfiguration"] = json!({"logDriver": "awslogs", "options": {"awslogs-group": "g"}});
    let list = json!({"jobQueue": "q", "jobStatus": "FAILED", "filters": [{"name": "JOB_NAME", "values": ["a*"]}], "maxResults": 5, "nextToken": "t"});
    let summary = json!({"jobArn": "a", "jobId": "i", "jobName": "n", "createdAt": 1, "status": "FAILED", "statusReason": "r", "startedAt": 2,
        "stoppedAt": 3, "container": {"exitCode": 1, "reason": "r"}, "arrayProperties": {"index": 4}, "jobDefinition": "d"});
    let bulk = json!({"successful": ["a"], "errors": [{"job": "b", "code": "c", "message": "m"}]});
    let calls = [
        (
            "createcomputeenvironment",
            json!({"computeEnvironmentName": "e", "type": "MANAGED", "state": "ENABLED", "computeResources": resources, "serviceRole": "", "tags": {"k": "v"}}),
            environment.clone(),
        ),
        (
            "updatecomputeenvironment",
            json!({"computeEnvironment": "e", "state": "DISABLED", "computeResources": {"maxvCpus": 4}}),
            environment,
        ),
        ("deletecomputeenvironment", json!({"computeEnvironment": "e"}), json!({})),
        (
            "describecomputeenvironments",
            json!({"computeEnvironments": ["e"], "maxResults": 3}),
            json!({"computeEnvironments": [
            {"computeEnvironmentName": "e", "computeEnvironmentArn": "a", "ecsClusterArn": "c", "type": "MANAGED", "state": "ENABLED", "status": "VALID",
             "statusReason": "r", "computeResources": {"type": "FARGATE", "maxvCpus": 16}, "serviceRole": "s", "tags": {}, "containerOrchestrationType": "ECS"}], "nextToken": "n"}),
        ),
        (
            "createjobqueue",
            json!({"jobQueueName": "q", "priority": 1, "state": "ENABLED", "computeEnvironmentOrder": orders, "tags": {"k": "v"}, "schedulingPolicyArn": "p"}),
            queue.clone(),
        ),
        ("updatejobqueue", json!({"jobQueue": "q", "state": "DISABLED", "priority": 2, "computeEnvironmentOrder": orders}), queue),
        ("deletejobqueue", json!({"jobQueue": "q"}), json!({})),
        (
            "describejobqueues",
            json!({"jobQueues": ["q"], "nextToken": "t"}),
            json!({"jobQueues": [{"jobQueueName": "q", "jobQueueArn": "a", "state": "ENABLED",
            "status": "VALID", "statusReason": "r", "priority": 1, "computeEnvironmentOrder": orders, "tags": {"k": "v"}}]}),
        ),
        (
            "registerjobdefinition",
            json!({"jobDefinitionName": "d", "type": "container", "parameters": {"a": "b"}, "containerProperties": fargate, "retryStrategy": {"attempts": 2},
            "timeout": {"attemptDurationSeconds": 90}, "platformCapabilities": ["FARGATE"], "propagateTags": true, "tags": {"k": "v"}, "schedulingPriority": 3}),
            json!({"jobDefinitionName": "d", "jobDefinitionArn": "a", "revision": 4}),
        ),
        ("deregisterjobdefinition", json!({"jobDefinition": "d:4"}), json!({})),
        (
            "describejobdefinitions",
            json!({"jobDefinitions": ["d:4"], "jobDefinitionName": "d", "status": "ACTIVE"}),
            json!({"jobDefinitions": [
            {"jobDefinitionName": "d", "jobDefinitionArn": "a", "revision": 4, "status": "ACTIVE", "type": "container", "parameters": {}, "containerProperties": container,
             "retryStrategy": {"attempts": 2}, "timeout": {"attemptDurationSeconds": 90}, "platformCapabilities": ["EC2"], "propagateTags": true, "tags": {}, "containerOrchestrationType": "ECS"}]}),
        ),
        ("listjobs", list, json!({"jobSummaryList": [summary], "nextToken": "n"})),
        ("canceljob", json!({"jobId": "x:1", "reason": "r"}), json!({})),
        ("terminatejob", json!({"jobId": "x", "reason": "r"}), json!({})),
        ("canceljobs", json!({"jobs": ["a", "b"], "reason": "r"}), bulk.clone()),
        ("terminatejobs", json!({"jobs": ["a", "b"], "reason": "r"}), bulk),
    ];
    for (path, body, wire) in calls {
        assert_eq!(batch_call(batch_request(path, body), wire.clone()).await.to_json(), wire, "{path}");
    }
}
