use fanout_core::call::{Call, CallError, Outlook};
use serde_json::{Value, json};

use super::{batch_request, service, states_request};

async fn refusal(status: u16, error: Option<&'static str>, body: Value) -> (CallError, usize) {
    let (clients, received) = service(status, error, body);
    let call = Call::Batch(batch_request("describejobs", json!({"jobs": ["a"]})));
    let error = clients.call(&call).await.unwrap_err();
    let calls = received.lock().unwrap().len();
    (error, calls)
}

#[tokio::test]
async fn a_refusal_has_awss_name_and_words() {
    let (error, calls) = refusal(400, Some("ClientException"), json!({"message": "no such thing"})).await;
    let expected = CallError {
        operation: "batch:DescribeJobs".into(),
        code: "ClientException".into(),
        message: "no such thing".into(),
        outlook: Outlook::Final,
    };
    assert_eq!((error, calls), (expected, 1));
}

#[tokio::test]
async fn step_functions_names_its_errors_in_the_body() {
    let body = json!({"__type": "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist", "message": "Execution Does Not Exist: 'e'"});
    let (clients, _) = service(400, None, body);
    let error = clients.call(&Call::States(states_request("DescribeExecution", json!({"executionArn": "e"})))).await.unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.message.as_str(), error.outlook),
        ("ExecutionDoesNotExist", "Execution Does Not Exist: 'e'", Outlook::Final)
    );
}

#[tokio::test]
async fn throttling_and_a_servers_fault_are_tried_again() {
    let (error, calls) = refusal(429, Some("TooManyRequestsException"), json!({"message": "Too Many Requests"})).await;
    assert_eq!(
        (error.code.as_str(), error.message.as_str(), error.outlook, calls),
        ("TooManyRequestsException", "Too Many Requests", Outlook::Busy, 3)
    );
    let (error, calls) = refusal(500, Some("ServerException"), json!({"message": "oh"})).await;
    assert_eq!((error.code.as_str(), error.outlook, calls), ("ServerException", Outlook::Unknown, 3));
}

/// SubmitJob has no client token: made twice, it may submit twice.
#[tokio::test]
async fn a_submission_is_made_once_whatever_comes_of_it() {
    for (status, outlook) in [(500, Outlook::Unknown), (429, Outlook::Busy)] {
        let (clients, received) = service(status, Some("ServerException"), json!({"message": "oh"}));
        let call = Call::Batch(batch_request("submitjob", json!({"jobName": "n", "jobQueue": "q", "jobDefinition": "d"})));
        assert_eq!(clients.call(&call).await.unwrap_err().outlook, outlook);
        assert_eq!(received.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_a_transport_error() {
    let (clients, _) = service(200, None, "{");
    let call = Call::Batch(batch_request("describejobs", json!({"jobs": ["a"]})));
    let error = clients.call(&call).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.outlook), ("Transport", Outlook::Unknown));
}

#[tokio::test]
async fn a_member_without_a_translation_is_named_and_nothing_is_sent() {
    let calls = [
        ("submitjob", json!({"jobName": "n", "eksPropertiesOverride": {}}), "eksPropertiesOverride"),
        ("registerjobdefinition", json!({"containerProperties": {"volumes": []}}), "volumes"),
        ("registerjobdefinition", json!({"containerProperties": {"logConfiguration": {"secretOptions": []}}}), "secretOptions"),
        ("createcomputeenvironment", json!({"computeResources": {"launchTemplate": {}}}), "launchTemplate"),
        ("updatecomputeenvironment", json!({"computeResources": {"maxvCpus": "many"}}), "maxvCpus"),
    ];
    for (path, body, member) in calls {
        let (clients, received) = service(200, None, json!({}));
        let error = clients.call(&Call::Batch(batch_request(path, body))).await.unwrap_err();
        assert_eq!((error.code.as_str(), error.outlook), ("Unsupported", Outlook::Final));
        assert!(error.message.contains(member), "{error}");
        assert_eq!(received.lock().unwrap().len(), 0);
    }
}
