//! `states:startExecution` and its forms that wait: for the end of the execution, or for a token.

use fanout_asl::api::{Reply, StartExecution};
use fanout_asl::{FailureStage, Input, Payload};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::resource::Pattern;
use super::sdk::pascal_output;
use super::{Integration, Waiting};
use crate::states::{Ended, ExecutionKey, Service};

impl Integration {
    /// Starts an execution.
    pub(super) fn start_execution(
        &mut self,
        waiting: Waiting,
        pattern: Pattern,
        parameters: &Payload,
        states: &mut Service,
        now: Timestamp,
    ) {
        let call = match call(parameters.value()) {
            Ok(call) => call,
            Err(problem) => return self.not_startable(waiting, parameters, &problem),
        };
        match states.start_watched(call, matches!(pattern, Pattern::Sync | Pattern::Sync2), now) {
            Ok((Reply::ExecutionStarted(started), key)) => {
                let output = self.started_output(&started.execution_arn, started.start_date);
                if pattern == Pattern::Response {
                    return self.report_success(waiting, output);
                }
                if pattern != Pattern::Token {
                    self.children.insert(key, (waiting, pattern));
                    self.parents.insert(waiting, key);
                }
                let (execution, task) = waiting;
                self.reports.push_back((execution, Input::TaskSubmitted { task, output }));
            }
            Ok(_) => {}
            Err(error) => {
                let request = self.ids.uuid();
                let cause = format!(
                    "{} (Service: AWSStepFunctions; Status Code: 400; Error Code: {}; Request ID: {request}; Proxy: null)",
                    error.message, error.code
                );
                let stage = if pattern == Pattern::Response { FailureStage::Run } else { FailureStage::Submit };
                self.report_failure(waiting, stage, format!("StepFunctions.{}Exception", error.code), cause);
            }
        }
    }

    /// An execution that a task waits for has ended.
    pub(crate) fn execution_ended(&mut self, key: ExecutionKey, end: Ended, states: &Service) {
        let Some((waiting, pattern)) = self.children.remove(&key) else {
            return;
        };
        self.parents.remove(&waiting);
        if pattern == Pattern::Response {
            // StartSyncExecution succeeds whatever became of the execution: its status is in the answer.
            return self.report_success(waiting, pascal_output(&states.sync_answer(key)));
        }
        let succeeded = end.status == "SUCCEEDED";
        let output = description(end, pattern == Pattern::Sync2);
        if succeeded {
            self.report_success(waiting, Payload::from_value(output));
        } else {
            self.report_failure(waiting, FailureStage::Run, "States.TaskFailed", output.to_string());
        }
    }

    /// Recorded: the answer with the HTTP metadata of the optimised integrations.
    fn started_output(&mut self, arn: &str, started: Timestamp) -> Payload {
        let request = self.ids.uuid().to_string();
        let millis = started.as_millisecond();
        let length = json!({"executionArn": arn, "startDate": millis as f64 / 1000.0}).to_string().len().to_string();
        let date = started.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let headers = [
            ("connection", "keep-alive"),
            ("Content-Length", length.as_str()),
            ("Content-Type", "application/x-amz-json-1.0"),
            ("Date", date.as_str()),
            ("x-amzn-RequestId", request.as_str()),
        ];
        let all: Map<String, Value> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        let first: Map<String, Value> = headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        Payload::from_value(json!({
            "ExecutionArn": arn,
            "SdkHttpMetadata": {"AllHttpHeaders": all, "HttpHeaders": first, "HttpStatusCode": 200},
            "SdkResponseMetadata": {"RequestId": request},
            "StartDate": millis,
        }))
    }
}

fn call(parameters: &Value) -> Result<StartExecution, String> {
    let members = parameters.as_object().ok_or("The value for the field 'Parameters' must be an OBJECT")?;
    let mut call = StartExecution { state_machine_arn: String::new(), name: None, input: None, trace_header: None };
    for (name, value) in members {
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| format!("The value for the field '{name}' must be a STRING"));
        match name.as_str() {
            "StateMachineArn" => call.state_machine_arn = text()?,
            "Name" => call.name = Some(text()?),
            "TraceHeader" => call.trace_header = Some(text()?),
            // Recorded: any JSON, and null is no input.
            "Input" => {
                call.input = if value.is_null() { None } else { Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)) }
            }
            other => return Err(format!("The field \"{other}\" is not supported by Step Functions")),
        }
    }
    if call.state_machine_arn.is_empty() {
        return Err("The field \"StateMachineArn\" is required but was missing".into());
    }
    Ok(call)
}

/// What DescribeExecution says, as Step Functions spells it; `parsed` if input and output are JSON rather than text.
fn description(end: Ended, parsed: bool) -> Value {
    let data = |text: &str| if parsed { serde_json::from_str(text).unwrap_or_default() } else { Value::from(text) };
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| _ = members.insert(name.into(), value);
    if let Some(cause) = &end.cause {
        put("Cause", cause.as_str().into());
    }
    if let Some(error) = &end.error {
        put("Error", error.as_str().into());
    }
    put("ExecutionArn", end.arn.into());
    put("Input", data(&end.input));
    put("InputDetails", json!({"Included": true}));
    put("Name", end.name.into());
    if let Some(output) = &end.output {
        put("Output", data(output));
        put("OutputDetails", json!({"Included": true}));
    }
    put("StartDate", end.started.as_millisecond().into());
    put("StateMachineArn", end.machine_arn.into());
    put("Status", end.status.into());
    put("StopDate", end.stopped.as_millisecond().into());
    Value::Object(members)
}
