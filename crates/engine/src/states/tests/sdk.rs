//! Developer Guide, Learning to use AWS service SDK integrations: names in Pascal case, errors by the service's short name.

use serde_json::{Value, json};

use super::{ARN, Account, single};
use crate::{ObjectAnswer, ObjectCall, Quotas, Settings};

fn called(account: &mut Account, action: &str, parameters: Value) -> String {
    account.start(&single(json!({"Type": "Task", "Resource": format!("arn:aws:states:::{action}"), "Parameters": parameters})), &json!({}))
}

#[test]
fn a_call_to_step_functions_is_answered_in_pascal_case() {
    let mut account = Account::new();
    let machine = account.machine("x", json!({}));
    let execution = called(&mut account, "aws-sdk:sfn:describeStateMachine", json!({"StateMachineArn": machine}));
    let output = account.output(&execution);
    assert_eq!((&output["Name"], &output["StateMachineArn"], &output["Type"]), (&json!("x"), &json!(machine), &json!("STANDARD")));
    assert_eq!(output["CreationDate"], "1970-01-01T00:00:00.001Z");
}

#[test]
fn errors_have_the_name_of_the_service_and_of_the_exception() {
    let mut account = Account::new();
    let parameters = json!({"StateMachineArn": format!("{ARN}stateMachine:none")});
    let execution = called(&mut account, "aws-sdk:sfn:describeStateMachine", parameters);
    let (error, cause) = account.fault(&execution);
    assert_eq!(error, "Sfn.StateMachineDoesNotExistException");
    assert!(
        cause.starts_with(&format!("State Machine Does Not Exist: '{ARN}stateMachine:none' (Service: Sfn, Status Code: 400, Request ID: ")),
        "{cause}"
    );
    let execution = called(&mut account, "aws-sdk:batch:cancelJob", json!({"JobId": "", "Reason": ""}));
    assert_eq!(account.fault(&execution).0, "Batch.ClientException");
}

#[test]
fn a_call_to_batch_is_answered_in_pascal_case() {
    let mut account = Account::new();
    let execution = called(&mut account, "aws-sdk:batch:describeJobs", json!({"Jobs": ["none"]}));
    assert_eq!(account.output(&execution), json!({"Jobs": []}));
}

/// Starts a task that calls S3; what S3 is asked.
fn asked(account: &mut Account, operation: &str, parameters: Value) -> (String, ObjectCall) {
    let Value::Object(members) = parameters.clone() else { panic!("{parameters}") };
    let execution = called(account, &format!("aws-sdk:s3:{operation}"), parameters);
    (execution, ObjectCall::Operation { operation: operation.into(), parameters: members })
}

#[test]
fn an_operation_on_objects_is_asked_of_s3_and_its_answer_is_the_tasks() {
    let mut account = Account::new();
    for (operation, parameters, answer) in [
        (
            "getObject",
            json!({"Bucket": "b", "Key": "k", "Range": "bytes=0-3"}),
            json!({"Body": "text", "ETag": "\"e\"", "ContentLength": 4}),
        ),
        ("putObject", json!({"Bucket": "b", "Key": "k", "Body": {"a": 1}, "Metadata": {"m": "1"}}), json!({"ETag": "\"e\""})),
        ("listObjectsV2", json!({"Bucket": "b", "Prefix": "p", "MaxKeys": 2}), json!({"IsTruncated": false, "KeyCount": 0})),
        ("deleteObjects", json!({"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}], "Quiet": true}}), json!({})),
    ] {
        let (execution, call) = asked(&mut account, operation, parameters);
        let Value::Object(members) = answer.clone() else { panic!("{answer}") };
        account.object(&call, ObjectAnswer::Answered(members));
        assert_eq!(account.output(&execution), answer, "{operation}");
    }
}

/// Developer Guide, Learning to use AWS service SDK integrations: `Exception` is added to S3's names. What the SDK has no
/// exception for is an S3Exception, as public state machines catch it.
#[test]
fn errors_of_s3_have_the_sdks_names() {
    let mut account = Account::new();
    for (code, error, status) in [
        ("NoSuchKey", "S3.NoSuchKeyException", 404),
        ("NoSuchBucket", "S3.NoSuchBucketException", 404),
        ("BucketAlreadyOwnedByYou", "S3.BucketAlreadyOwnedByYouException", 409),
        ("PreconditionFailed", "S3.S3Exception", 412),
        ("InvalidRange", "S3.S3Exception", 416),
    ] {
        let (execution, call) = asked(&mut account, "getObject", json!({"Bucket": "b", "Key": "k"}));
        account.object(&call, ObjectAnswer::Failed { code: code.into(), message: "Words".into() });
        let (found, cause) = account.fault(&execution);
        assert_eq!(found, error);
        assert!(cause.starts_with(&format!("Words (Service: S3, Status Code: {status}, Request ID: ")), "{cause}");
    }
}

#[test]
fn parameters_that_are_not_the_services_fail_the_task_when_it_starts() {
    let mut account = Account::new();
    let execution = called(&mut account, "aws-sdk:sfn:describeStateMachine", json!({}));
    let (error, cause) = account.fault(&execution);
    assert_eq!(error, "States.Runtime");
    assert!(cause.ends_with("[The field 'StateMachineArn' is required but was missing]"), "{cause}");
    // Names that are known only when the task starts.
    for (resource, arguments, problem) in [
        ("sfn:stopExecution", r#"{% {"executionArn": "a"} %}"#, "The field \"executionArn\" is not supported by Step Functions"),
        ("batch:describeJobs", r#"{% {"Jobs": [], "jobs": []} %}"#, "The field \"jobs\" is not supported by Step Functions"),
        ("s3:headBucket", r#"{% {"Bucket": "b", "Buckets": 1} %}"#, "The field \"Buckets\" is not supported by Step Functions"),
        ("sfn:listActivities", "{% [1] %}", "The value for the field 'Parameters' must be a STRUCTURE"),
    ] {
        let resource = format!("arn:aws:states:::aws-sdk:{resource}");
        let task = json!({"Type": "Task", "QueryLanguage": "JSONata", "Resource": resource, "Arguments": arguments});
        let execution = account.start(&single(task), &json!({}));
        let (error, cause) = account.fault(&execution);
        assert_eq!(error, "States.Runtime");
        assert!(cause.contains("could not be used to start the Task: [") && cause.contains(problem), "{cause}");
    }
}

/// Public state machines do this: VerticalRelevance/control-broker's evaluation engine gives an object as the Input of
/// startSyncExecution, and a Terraform drift check one as the Output of sendTaskSuccess.
#[test]
fn an_object_as_input_or_output_is_written_down_as_json() {
    let mut account = Account::new();
    let echo = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}).to_string();
    let express = account.machine("echo", json!({"type": "EXPRESS", "definition": echo}));
    let parameters = json!({"StateMachineArn": express, "Input": {"userKey": {"Nested": [1]}}});
    let execution = called(&mut account, "aws-sdk:sfn:startSyncExecution", parameters);
    assert_eq!(account.output(&execution)["Output"], "{\"userKey\":{\"Nested\":[1]}}");
    let execution = called(&mut account, "aws-sdk:sfn:sendTaskSuccess", json!({"TaskToken": "none", "Output": {"a": 1}}));
    assert_eq!(account.fault(&execution).0, "Sfn.InvalidTokenException");
    let execution = called(&mut account, "aws-sdk:sfn:sendTaskSuccess", json!({"TaskToken": "none", "Output": 1}));
    assert!(account.fault(&execution).1.ends_with(": [The value for the field 'Output' must be a STRING]"));
}

#[test]
fn a_service_that_is_not_here_fails_the_task_and_is_named() {
    let mut account = Account::new();
    for action in ["lambda:invoke", "aws-sdk:dynamodb:getItem", "aws-sdk:s3:getBucketAcl"] {
        let execution = called(&mut account, action, json!({}));
        assert!(account.fault(&execution).1.contains(action), "{action}");
        let history = account.history(&execution);
        assert!(history.contains(&"TaskStateEntered".to_owned()) && !history.contains(&"TaskSubmitted".to_owned()), "{history:?}");
    }
}

/// The wait is for the token, not for the answer.
#[test]
fn a_call_of_the_sdk_may_wait_for_its_token() {
    let mut account = Account::new();
    let activity = account.ok("CreateActivity", json!({"name": "a"}))["activityArn"].clone();
    let execution = called(&mut account, "aws-sdk:sfn:describeActivity.waitForTaskToken", json!({"ActivityArn": activity}));
    assert_eq!(account.status(&execution), "RUNNING");
    assert_eq!(account.history(&execution).last().map(String::as_str), Some("TaskSubmitted"));
}

#[test]
fn parameters_that_cannot_be_heeded_are_not_passed_over() {
    let mut account = Account::new();
    for (action, parameters, problem) in [
        (
            "getObject",
            json!({"Bucket": "b", "Key": "k", "ExpectedBucketOwner": "1"}),
            "the field \"ExpectedBucketOwner\" of getObject is not available in this engine",
        ),
        (
            "putObject",
            json!({"Bucket": "b", "Key": "k", "StorageClass": "GLACIER"}),
            "the field \"StorageClass\" of putObject is not available in this engine",
        ),
        (
            "deleteObjects",
            json!({"Bucket": "b", "Delete": {"Objects": [{"Key": "k", "VersionId": "v"}]}}),
            "the field \"VersionId\" of deleteObjects is not available in this engine",
        ),
        ("getObject", json!({"Bucket": "b"}), "The field 'Key' is required but was missing"),
        ("getObject", json!({"Bucket": "b", "Key": 1}), "The value for the field 'Key' must be a STRING"),
        ("listObjectsV2", json!({"Bucket": "b", "MaxKeys": "1"}), "The value for the field 'MaxKeys' must be an INTEGER"),
        ("deleteObjects", json!({"Bucket": "b", "Delete": {"Objects": "k"}}), "The value for the field 'Objects' must be a LIST"),
    ] {
        let execution = called(&mut account, &format!("aws-sdk:s3:{action}"), parameters);
        let (error, cause) = account.fault(&execution);
        assert_eq!(error, "States.Runtime");
        assert!(cause.ends_with(&format!("could not be used to start the Task: [{problem}]")), "{cause}");
    }
}

/// Developer Guide, Start a new AWS Step Functions state machine from a running execution: nested express workflows.
#[test]
fn an_express_machine_is_run_and_its_end_is_the_answer() {
    let mut account = Account::new();
    let express = account.machine("x", json!({"type": "EXPRESS"}));
    let execution = called(&mut account, "aws-sdk:sfn:startSyncExecution", json!({"StateMachineArn": express, "Input": "{}"}));
    let output = account.output(&execution);
    assert_eq!((&output["Status"], &output["Output"]), (&json!("SUCCEEDED"), &json!("{\"a\":1}")));
    assert_eq!((&output["StartDate"], &output["BillingDetails"]["BilledDurationInMilliseconds"]), (&output["StopDate"], &json!(100)));
    let failing = json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}).to_string();
    let failing = account.machine("f", json!({"type": "EXPRESS", "definition": failing}));
    let execution = called(&mut account, "aws-sdk:sfn:startSyncExecution", json!({"StateMachineArn": failing}));
    let output = account.output(&execution);
    assert_eq!((&output["Status"], &output["Error"]), (&json!("FAILED"), &json!("E")));
    let standard = account.machine("s", json!({}));
    let execution = called(&mut account, "aws-sdk:sfn:startSyncExecution", json!({"StateMachineArn": standard}));
    assert_eq!(account.fault(&execution).0, "Sfn.StateMachineTypeNotSupportedException");
}

/// A loop without a Wait does not keep others from being answered.
#[test]
fn an_execution_that_goes_on_and_on_lets_others_have_their_turn() {
    let mut account = Account::under(Settings { quotas: Quotas::off(), record_history: false, ..Settings::default() });
    let endless = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 0, "Next": "Z"}], "Default": "A"},
        "Z": {"Type": "Succeed"},
    }});
    let endless = account.start(&endless, &json!({"n": 0}));
    let other = account.start(&single(json!({"Type": "Pass", "Result": 1})), &json!({}));
    account.tick();
    assert_eq!(account.output(&other), json!(1));
    assert_eq!(account.status(&endless), "RUNNING");
}
