use std::io::Write;

use axum::body::{Body, to_bytes};
use fanout_engine::{Reply, Request};
use http::StatusCode;
use serde_json::json;
use tower::ServiceExt;

use super::*;
use crate::testing::Dir;

struct Heard {
    status: StatusCode,
    error: Option<String>,
    media_type: String,
    body: Value,
}

async fn send(router: Router, request: http::Request<Body>) -> Heard {
    let response = router.oneshot(request).await.unwrap();
    let text = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert!(text("x-amzn-requestid").is_some());
    let (status, error, media_type) = (response.status(), text("x-amzn-errortype"), text("content-type").unwrap());
    let body = serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap();
    Heard { status, error, media_type, body }
}

fn face(answer: impl FnMut(Request) -> Reply + Send + 'static, logs: &Dir) -> Router {
    router(EngineHandle::canned(answer), LogStore::new(logs.path()))
}

fn nobody(_: Request) -> Reply {
    panic!("the engine was asked");
}

fn json_call(target: &str, body: impl Into<Body>) -> http::Request<Body> {
    http::Request::post("/").header("x-amz-target", target).body(body.into()).unwrap()
}

fn rest_call(operation: &str, body: impl Into<Body>) -> http::Request<Body> {
    http::Request::post(format!("/v1/{operation}")).body(body.into()).unwrap()
}

#[tokio::test]
async fn batch_calls_are_decoded_and_answers_encoded() {
    use fanout_batch::api;
    let directory = Dir::new();
    let router = face(
        |request| {
            let Request::Batch(api::Request::SubmitJob(call)) = request else { panic!("{request:?}") };
            assert_eq!((call.job_name.as_str(), call.rest.get("unknown")), ("n", Some(&json!(1))));
            let (job_arn, job_id) = ("arn".into(), "id".into());
            Reply::Batch(Ok(api::Reply::SubmitJob(api::JobSubmitted { job_arn, job_name: call.job_name, job_id })))
        },
        &directory,
    );
    let heard = send(router, rest_call("submitjob", r#"{"jobName":"n","unknown":1}"#)).await;
    assert_eq!((heard.status, heard.media_type.as_str()), (StatusCode::OK, "application/json"));
    assert_eq!(heard.body, json!({"jobArn": "arn", "jobName": "n", "jobId": "id"}));
}

#[tokio::test]
async fn tags_are_methods_of_a_resource() {
    use fanout_batch::api::{self, Empty};
    const PATH: &str = "/v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A123456789012%3Ajob-queue%2Fq";
    let answer_with = |request: Request| {
        const ARN: &str = "arn:aws:batch:us-east-1:123456789012:job-queue/q";
        let Request::Batch(call) = request else { panic!("{request:?}") };
        Reply::Batch(Ok(match call {
            api::Request::TagResource(call) => {
                assert_eq!((call.resource_arn.as_str(), call.tags["a"].as_str()), (ARN, "1"));
                api::Reply::TagResource(Empty {})
            }
            api::Request::UntagResource(call) => {
                assert_eq!((call.resource_arn.as_str(), call.tag_keys), (ARN, vec!["a b".to_owned(), "c".to_owned()]));
                api::Reply::UntagResource(Empty {})
            }
            api::Request::ListTagsForResource(call) => {
                assert_eq!(call.resource_arn, ARN);
                api::Reply::ListTagsForResource(api::ResourceTags { tags: [("a".into(), "1".into())].into() })
            }
            other => panic!("{other:?}"),
        }))
    };
    let directory = Dir::new();
    let tag = http::Request::post(PATH).body(r#"{"tags":{"a":"1"}}"#.into()).unwrap();
    let untag = http::Request::delete(format!("{PATH}?tagKeys=a%20b&tagKeys=c")).body(Body::empty()).unwrap();
    let list = http::Request::get(PATH).body(Body::empty()).unwrap();
    for (call, expected) in [(tag, json!({})), (untag, json!({})), (list, json!({"tags": {"a": "1"}}))] {
        let heard = send(face(answer_with, &directory), call).await;
        assert_eq!((heard.status, heard.body), (StatusCode::OK, expected));
    }
    let heard = send(face(nobody, &directory), rest_call("tagresource", "{}")).await;
    assert_eq!(heard.error.as_deref(), Some("UnknownOperationException"));
}

#[tokio::test]
async fn batch_errors_have_their_status_and_name() {
    use fanout_batch::api::ApiError;
    let directory = Dir::new();
    let throttled = ApiError { code: "TooManyRequestsException".into(), status: 429, message: "Too Many Requests".into() };
    for error in [ApiError::client("no"), ApiError::server("oh"), throttled] {
        let expected = error.clone();
        let router = face(move |_| Reply::Batch(Err(error.clone())), &directory);
        let heard = send(router, rest_call("describejobs", "")).await;
        assert_eq!((heard.status.as_u16(), heard.error), (expected.status, Some(expected.code)));
        assert_eq!(heard.body, json!({"message": expected.message}));
    }
}

#[tokio::test]
async fn states_calls_are_decoded_and_answers_encoded() {
    use fanout_asl::api;
    let directory = Dir::new();
    let router = face(
        |request| {
            let Request::States(api::Request::StartExecution(call)) = request else { panic!("{request:?}") };
            let start_date = jiff::Timestamp::from_millisecond(1_589_322_342_123).unwrap();
            let execution_arn = call.state_machine_arn;
            Reply::States(Ok(api::Reply::ExecutionStarted(api::ExecutionStarted { execution_arn, start_date })))
        },
        &directory,
    );
    let heard = send(router, json_call("AWSStepFunctions.StartExecution", r#"{"stateMachineArn":"m"}"#)).await;
    assert_eq!((heard.status, heard.media_type.as_str()), (StatusCode::OK, "application/x-amz-json-1.0"));
    assert_eq!(heard.body, json!({"executionArn": "m", "startDate": 1_589_322_342.123}));
}

#[tokio::test]
async fn states_errors_name_their_type() {
    use fanout_asl::api::ApiError;
    let directory = Dir::new();
    let cases = [
        ("ExecutionDoesNotExist", 400, "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist"),
        ("ValidationException", 400, "com.amazon.coral.validate#ValidationException"),
        ("ServiceUnavailable", 503, "com.amazon.coral.service#ServiceUnavailable"),
    ];
    for (code, status, qualified) in cases {
        let router = face(move |_| Reply::States(Err(ApiError::new(code, "words"))), &directory);
        let heard = send(router, json_call("AWSStepFunctions.DescribeExecution", r#"{"executionArn":"e"}"#)).await;
        assert_eq!((heard.status.as_u16(), heard.error.as_deref()), (status, Some(code)));
        assert_eq!(heard.body, json!({"__type": qualified, "message": "words"}));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_awss_way() {
    let directory = Dir::new();
    let cases = [
        (json_call("AWSStepFunctions.StartExecution", "{"), 400, "SerializationException"),
        (json_call("AWSStepFunctions.StartExecution", "{}"), 400, "ValidationException"),
        (json_call("AWSStepFunctions.StartExecution", r#"{"stateMachineArn":5}"#), 400, "SerializationException"),
        (json_call("AWSStepFunctions.Fly", "{}"), 400, "UnknownOperationException"),
        (json_call("DynamoDB_20120810.ListTables", "{}"), 400, "UnknownOperationException"),
        (http::Request::post("/").body(Body::empty()).unwrap(), 400, "UnknownOperationException"),
        (json_call("AWSStepFunctions.StartExecution", vec![b'x'; LARGEST_BODY + 1]), 413, "RequestEntityTooLargeException"),
        (rest_call("submitjob", "nonsense"), 400, "SerializationException"),
        (rest_call("submitjob", r#"{"jobName":5}"#), 400, "SerializationException"),
        (rest_call("createconsumableresource", "{}"), 404, "UnknownOperationException"),
        (rest_call("submitservicejob", "{}"), 404, "UnknownOperationException"),
        (rest_call("createquotashare", "{}"), 404, "UnknownOperationException"),
        (rest_call("submitjob", vec![b'x'; LARGEST_BODY + 1]), 413, "RequestEntityTooLargeException"),
        (http::Request::get("/v2/tags/x/y").body(Body::empty()).unwrap(), 404, "UnknownOperationException"),
    ];
    for (request, status, code) in cases {
        let what = format!("{request:?}").chars().take(300).collect::<String>();
        let heard = send(face(nobody, &directory), request).await;
        assert_eq!((heard.status.as_u16(), heard.error.as_deref()), (status, Some(code)), "{what}");
        assert!(heard.body["message"].is_string(), "{what}");
    }
    let heard = send(face(nobody, &directory), json_call("AWSStepFunctions.StartExecution", "{}")).await;
    let words = "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null";
    assert_eq!(heard.body["message"], words);
}

#[tokio::test]
async fn web_pages_are_refused() {
    let directory = Dir::new();
    let mut request = rest_call("submitjob", "{}");
    request.headers_mut().insert("origin", "https://example.org".parse().unwrap());
    let response = face(nobody, &directory).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.headers()["x-amzn-errortype"], "AccessDeniedException");
}

#[tokio::test]
async fn logs_are_read_page_by_page() {
    let directory = Dir::new();
    let logs = LogStore::new(directory.path());
    logs.begin("d/default/1").unwrap().write_all(b"a\nb\nc\n").unwrap();
    let router = router(EngineHandle::canned(nobody), logs);
    let get = async |mut body: Value| {
        body["logGroupName"] = "/aws/batch/job".into();
        let heard = send(router.clone(), json_call("Logs_20140328.GetLogEvents", body.to_string())).await;
        assert_eq!((heard.status, heard.media_type.as_str()), (StatusCode::OK, "application/x-amz-json-1.1"));
        let events = heard.body["events"].as_array().unwrap();
        let lines: String = events.iter().map(|event| event["message"].as_str().unwrap()).collect();
        (lines, heard.body["nextForwardToken"].clone(), heard.body["nextBackwardToken"].clone())
    };
    let (lines, forward, backward) = get(json!({"logStreamName": "d/default/1", "limit": 1})).await;
    assert_eq!(lines, "c");
    let again = get(json!({"logStreamName": "d/default/1", "nextToken": forward})).await;
    assert_eq!((again.0.as_str(), &again.1), ("", &forward));
    assert_eq!(get(json!({"logStreamName": "d/default/1", "nextToken": backward})).await.0, "ab");
    let (lines, forward, _) = get(json!({"logStreamName": "d/default/1", "limit": 2, "startFromHead": true})).await;
    assert_eq!(lines, "ab");
    assert_eq!(get(json!({"logStreamName": "d/default/1", "nextToken": forward})).await.0, "c");
    assert_eq!(get(json!({"logStreamName": "d/default/1", "startTime": 9_999_999_999_999_i64})).await.0, "");
}

#[tokio::test]
async fn logs_that_are_not_there_are_errors() {
    let directory = Dir::new();
    let cases = [
        (
            json!({"logGroupName": "/aws/batch/job", "logStreamName": "x"}),
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        ),
        (json!({"logGroupName": "g", "logStreamName": "x"}), "ResourceNotFoundException", "The specified log group does not exist."),
        (
            json!({"logGroupName": "/aws/batch/job", "logStreamName": "x", "nextToken": "t"}),
            "InvalidParameterException",
            "The specified nextToken is invalid.",
        ),
    ];
    for (body, code, message) in cases {
        let heard = send(face(nobody, &directory), json_call("Logs_20140328.GetLogEvents", body.to_string())).await;
        assert_eq!((heard.status.as_u16(), heard.error.as_deref()), (400, Some(code)));
        assert_eq!(heard.body, json!({"__type": code, "message": message}));
    }
}

#[tokio::test]
async fn streams_and_the_group_are_listed() {
    let directory = Dir::new();
    let logs = LogStore::new(directory.path());
    for stream in ["a/default/1", "a/default/2", "b/default/1"] {
        logs.begin(stream).unwrap();
    }
    let router = router(EngineHandle::canned(nobody), logs);
    let list = async |mut body: Value| {
        body["logGroupName"] = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/batch/job:*".into();
        let heard = send(router.clone(), json_call("Logs_20140328.DescribeLogStreams", body.to_string())).await;
        let streams = heard.body["logStreams"].as_array().unwrap().clone();
        let names: Vec<_> = streams.iter().map(|stream| stream["logStreamName"].as_str().unwrap().to_owned()).collect();
        (names, heard.body["nextToken"].clone())
    };
    let (names, next) = list(json!({"logStreamNamePrefix": "a/", "limit": 1})).await;
    assert_eq!(names, ["a/default/1"]);
    assert_eq!(list(json!({"logStreamNamePrefix": "a/", "nextToken": next})).await, (vec!["a/default/2".into()], Value::Null));
    let heard = send(router.clone(), json_call("Logs_20140328.DescribeLogGroups", "{}")).await;
    assert_eq!(heard.body["logGroups"][0]["logGroupName"], "/aws/batch/job");
}
