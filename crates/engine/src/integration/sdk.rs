//! `aws-sdk:…`: any call of a service that the engine has. Parameters and answers are in Pascal case, names of operations
//! in camel case (Developer Guide, Integrating services).

use fanout_asl::api::ApiError;
use fanout_asl::{FailureStage, Input, Payload};
use fanout_batch::{CallId, Scheduler};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::resource::Pattern;
use super::{Integration, Waiting, pascal};
use crate::chaos;
use crate::objects::{ObjectAnswer, ObjectCall, ObjectCallId};
use crate::states::Service;

/// Objects whose keys are the user's own words.
const USERS_KEYS: [&str; 6] = ["parameters", "tags", "statusSummary", "options", "Parameters", "Tags"];

impl Integration {
    /// A call to Step Functions.
    pub(super) fn call_states(
        &mut self,
        waiting: Waiting,
        (operation, pattern): (&str, Pattern),
        parameters: &Payload,
        states: &mut Service,
        now: Timestamp,
    ) {
        let body = camel_case(parameters.value()).to_string();
        let request = fanout_asl::api::Request::decode(&first_upper(operation), body.as_bytes());
        let request = match request {
            None => return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:sfn:{operation}")),
            Some(Err(error)) => {
                let cause = format!("The Parameters '{}' could not be used to start the Task: [{error}]", parameters.text());
                return self.report_failure(waiting, FailureStage::Start, "States.Runtime", cause);
            }
            Some(Ok(request)) => request,
        };
        let answer = match request {
            request if self.throttle.refuses(chaos::Service::States, request.operation(), now) => Err(ApiError::throttled()),
            // Answered when the execution ends.
            fanout_asl::api::Request::StartSyncExecution(call) if pattern == Pattern::Response => {
                match states.start_sync_watched(call, now) {
                    Ok(key) => {
                        self.children.insert(key, (waiting, pattern));
                        self.parents.insert(waiting, key);
                        return;
                    }
                    Err(error) => Err(error),
                }
            }
            request => states.call_at_once(request, now),
        };
        match answer {
            Ok(reply) => self.answered(waiting, pattern, pascal_output(&reply)),
            Err(error) => {
                let request = self.ids.uuid();
                let cause = format!("{} (Service: Sfn, Status Code: 400, Request ID: {request})", error.message);
                self.refused_by_sdk(waiting, pattern, &format!("Sfn.{}", exception(&error.code)), cause);
            }
        }
    }

    /// A call to Batch; its answer comes back as an effect of the scheduler.
    pub(super) fn call_batch(
        &mut self,
        waiting: Waiting,
        (operation, pattern): (&str, Pattern),
        parameters: &Payload,
        batch: &mut Scheduler,
        now: Timestamp,
    ) {
        let body = camel_case(parameters.value()).to_string();
        let request = match fanout_batch::api::Request::decode(&operation.to_ascii_lowercase(), body.as_bytes()) {
            None => return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:batch:{operation}")),
            Some(Err(error)) => {
                let cause = format!("The Parameters '{}' could not be used to start the Task: [{error}]", parameters.text());
                return self.report_failure(waiting, FailureStage::Start, "States.Runtime", cause);
            }
            Some(Ok(request)) => request,
        };
        let id = CallId(self.next_call);
        self.next_call += 1;
        self.calling.insert(id, (waiting, pattern));
        self.ask_batch(id, request, batch, now);
    }

    /// Batch has answered such a call.
    pub(super) fn batch_answered(
        &mut self,
        (waiting, pattern): (Waiting, Pattern),
        result: Result<fanout_batch::api::Reply, fanout_batch::api::ApiError>,
    ) {
        match result {
            Ok(reply) => {
                let output = pascal::pascal_case(&reply.to_json().to_string(), &USERS_KEYS);
                self.answered(waiting, pattern, Payload::from_serialized(output));
            }
            Err(error) => {
                let request = self.ids.uuid();
                let cause = format!("{} (Service: Batch, Status Code: {}, Request ID: {request})", error.message, error.status);
                self.refused_by_sdk(waiting, pattern, &format!("Batch.{}", exception(&error.code)), cause);
            }
        }
    }

    /// A call on an object of S3.
    pub(super) fn call_objects(&mut self, waiting: Waiting, operation: &str, parameters: &Payload) {
        let value = parameters.value();
        if let Some(problem) = objection(operation, value) {
            let cause = format!("The Parameters '{}' could not be used to start the Task: [{problem}]", parameters.text());
            return self.report_failure(waiting, FailureStage::Start, "States.Runtime", cause);
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let bucket = text("Bucket");
        let call = match operation {
            "getObject" => ObjectCall::Get { bucket, key: text("Key") },
            "putObject" => {
                let body = value.get("Body").map(|body| body.as_str().map_or_else(|| body.to_string(), str::to_owned));
                ObjectCall::Put { bucket, key: text("Key"), body: body.unwrap_or_default() }
            }
            "listObjectsV2" | "listObjects" => ObjectCall::List { bucket, prefix: text("Prefix") },
            other => return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:s3:{other}")),
        };
        let id = ObjectCallId(self.next_object);
        self.next_object += 2;
        self.reading.insert(id, waiting);
        self.object_calls.push_back((id, call));
    }

    /// S3 has answered; whether the answer was for a Task.
    pub(crate) fn object_answered(&mut self, id: ObjectCallId, answer: &ObjectAnswer) -> bool {
        let Some(waiting) = self.reading.remove(&id) else {
            return false;
        };
        let output = match answer {
            ObjectAnswer::Read(bytes) => serde_json::json!({"Body": String::from_utf8_lossy(bytes), "ContentLength": bytes.len()}),
            ObjectAnswer::Listed(objects) => {
                let contents: Vec<Value> = objects
                    .iter()
                    .map(|object| {
                        serde_json::json!({
                            "ETag": object.etag, "Key": object.key, "LastModified": object.last_modified.to_string(),
                            "Size": object.size, "StorageClass": object.storage_class,
                        })
                    })
                    .collect();
                serde_json::json!({"Contents": contents, "IsTruncated": false, "KeyCount": objects.len()})
            }
            ObjectAnswer::Written => Value::Object(Map::new()),
            ObjectAnswer::Failed { code, message } => {
                let request = self.ids.uuid();
                let status = if code.starts_with("NoSuch") { 404 } else { 400 };
                let cause = format!("{message} (Service: S3, Status Code: {status}, Request ID: {request})");
                self.report_failure(waiting, FailureStage::Run, format!("S3.{}", exception(code)), cause);
                return true;
            }
        };
        self.report_success(waiting, Payload::from_value(output));
        true
    }

    fn answered(&mut self, waiting: Waiting, pattern: Pattern, output: Payload) {
        if pattern == Pattern::Token {
            let (execution, task) = waiting;
            self.reports.push_back((execution, Input::TaskSubmitted { task, output }));
        } else {
            self.report_success(waiting, output);
        }
    }

    fn refused_by_sdk(&mut self, waiting: Waiting, pattern: Pattern, error: &str, cause: String) {
        let stage = if pattern == Pattern::Token { FailureStage::Submit } else { FailureStage::Run };
        self.report_failure(waiting, stage, error, cause);
    }
}

/// A reply of Step Functions as a task has it.
pub(super) fn pascal_output(reply: &fanout_asl::api::Reply) -> Payload {
    Payload::from_serialized(pascal::pascal_case(&iso_dates(reply.to_json()).to_string(), &USERS_KEYS))
}

/// Why an operation on objects is not called with these parameters. What it cannot heed it does not pass over.
fn objection(operation: &str, parameters: &Value) -> Option<String> {
    let (required, optional): (&[&str], &[&str]) = match operation {
        "getObject" => (&["Bucket", "Key"], &[]),
        "putObject" => (&["Bucket", "Key"], &["Body"]),
        "listObjectsV2" | "listObjects" => (&["Bucket"], &["Prefix"]),
        _ => return None,
    };
    let Some(members) = parameters.as_object() else { return Some("an object was expected".into()) };
    if let Some(name) = required.iter().find(|name| !members.get(**name).is_some_and(Value::is_string)) {
        return Some(format!("the field \"{name}\" is required, as a string"));
    }
    let known = |name: &&String| required.contains(&name.as_str()) || optional.contains(&name.as_str());
    members.keys().find(|name| !known(name)).map(|name| format!("the field \"{name}\" of {operation} is not available in this engine"))
}

/// Errors of `aws-sdk` tasks are named as the SDK names its exceptions.
fn exception(code: &str) -> String {
    if code.ends_with("Exception") { code.to_owned() } else { format!("{code}Exception") }
}

fn first_upper(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Parameters as the service's own protocol names them.
pub(super) fn camel_case(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let kept = USERS_KEYS.contains(&name.as_str());
                    (first_lower(name), if kept { value.clone() } else { camel_case(value) })
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(camel_case).collect()),
        plain => plain.clone(),
    }
}

pub(super) fn first_lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Times of `aws-sdk` answers are ISO 8601.
fn iso_dates(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let time = member.as_f64().filter(|_| name.ends_with("Date")).map(|seconds| (seconds * 1000.0).round() as i64);
                *member = match time.and_then(|millis| Timestamp::from_millisecond(millis).ok()) {
                    Some(at) => format!("{at:.3}").into(),
                    None => iso_dates(member.take()),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = iso_dates(item.take())),
        _ => {}
    }
    value
}
