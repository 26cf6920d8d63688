//! `aws-sdk:…`: any call of a service that the engine has. Parameters and answers are in Pascal case, names of operations
//! in camel case (Developer Guide, Integrating services).

use fanout_asl::api::ApiError;
use fanout_asl::services::operation;
use fanout_asl::{FailureStage, Input, Payload};
use fanout_batch::{CallId, Scheduler};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::resource::Pattern;
use super::{Integration, Waiting, pascal};
use crate::chaos;
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
        let body = match body("sfn", operation, parameters.value()) {
            Ok(body) => body,
            Err(problem) => return self.not_startable(waiting, parameters, &problem),
        };
        let request = match fanout_asl::api::Request::decode(&first_upper(operation), body.as_bytes()) {
            None => return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:sfn:{operation}")),
            Some(Err(error)) => return self.not_startable(waiting, parameters, &error.to_string()),
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
        let body = match body("batch", operation, parameters.value()) {
            Ok(body) => body,
            Err(problem) => return self.not_startable(waiting, parameters, &problem),
        };
        let request = match fanout_batch::api::Request::decode(&operation.to_ascii_lowercase(), body.as_bytes()) {
            None => return self.unknown_resource(waiting, &format!("arn:aws:states:::aws-sdk:batch:{operation}")),
            Some(Err(error)) => return self.not_startable(waiting, parameters, &error.to_string()),
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

/// The parameters of a call, if the operation takes them.
pub(super) fn members(service: &str, name: &str, parameters: &Value) -> Result<Map<String, Value>, String> {
    let members = match parameters {
        Value::Object(members) => members.clone(),
        Value::Null => Map::new(),
        _ => return Err("The value for the field 'Parameters' must be a STRUCTURE".into()),
    };
    let problems = operation(service, name).map(|operation| operation.problems(&members)).unwrap_or_default();
    if problems.is_empty() { Ok(members) } else { Err(problems.join(", ")) }
}

/// What a service is sent, if its operation takes these parameters.
fn body(service: &str, name: &str, parameters: &Value) -> Result<String, String> {
    let mut members = members(service, name, parameters)?;
    if service == "sfn" {
        for (name, value) in members.iter_mut().filter(|(name, _)| matches!(name.as_str(), "Input" | "Output")) {
            match value {
                Value::String(_) | Value::Null => {}
                // Public state machines give an object, which Step Functions writes down as JSON.
                Value::Object(_) | Value::Array(_) => *value = value.to_string().into(),
                Value::Bool(_) | Value::Number(_) => return Err(format!("The value for the field '{name}' must be a STRING")),
            }
        }
    }
    Ok(camel_case(&Value::Object(members)).to_string())
}

/// A reply of Step Functions as a task has it.
pub(super) fn pascal_output(reply: &fanout_asl::api::Reply) -> Payload {
    Payload::from_serialized(pascal::pascal_case(&iso_dates(reply.to_json()).to_string(), &USERS_KEYS))
}

/// Errors of `aws-sdk` tasks are named as the SDK names its exceptions.
pub(super) fn exception(code: &str) -> String {
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
