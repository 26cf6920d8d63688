//! Histories: the SDK's events in the form that the wire has them in, as far as fanout reads them.
//!
//! Activities, Lambda functions and the `…Details` that say whether data was cut short are left out.

use aws_sdk_sfn::{Client, types as sdk};
use fanout_asl::api;
use fanout_core::call::CallError;
use serde::Serialize;
use serde_json::{Map, Value};

use super::time::timestamp;
use crate::failure::failure;

pub(super) async fn get(client: &Client, call: &api::GetExecutionHistory) -> Result<api::History, CallError> {
    let api::GetExecutionHistory { execution_arn, max_results, reverse_order, include_execution_data, next_token } = call.clone();
    let request = client
        .get_execution_history()
        .execution_arn(execution_arn)
        .set_max_results(max_results)
        .set_reverse_order(reverse_order)
        .set_include_execution_data(include_execution_data)
        .set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("states:GetExecutionHistory", error))?;
    Ok(api::History { events: answer.events.into_iter().map(event).collect(), next_token: answer.next_token })
}

/// Copies members of an event's details, if it has these details, under the wire's names.
macro_rules! details {
    ($event:ident => $json:ident; $($field:ident $key:literal { $($member:ident $name:literal),* })*) => {$(
        if let Some(details) = $event.$field {
            let mut members = Map::new();
            $(put(&mut members, $name, details.$member);)*
            $json.insert($key.into(), members.into());
        }
    )*};
}

fn event(event: sdk::HistoryEvent) -> Value {
    let mut json = Map::new();
    put(&mut json, "timestamp", timestamp(event.timestamp).as_millisecond() as f64 / 1000.0);
    put(&mut json, "type", event.r#type.as_str());
    put(&mut json, "id", event.id);
    put(&mut json, "previousEventId", event.previous_event_id);
    details! { event => json;
        execution_started_event_details "executionStartedEventDetails" { input "input", role_arn "roleArn" }
        execution_succeeded_event_details "executionSucceededEventDetails" { output "output" }
        execution_failed_event_details "executionFailedEventDetails" { error "error", cause "cause" }
        execution_aborted_event_details "executionAbortedEventDetails" { error "error", cause "cause" }
        execution_timed_out_event_details "executionTimedOutEventDetails" { error "error", cause "cause" }
        state_entered_event_details "stateEnteredEventDetails" { name "name", input "input" }
        state_exited_event_details "stateExitedEventDetails" { name "name", output "output" }
        evaluation_failed_event_details "evaluationFailedEventDetails" { state "state", location "location", error "error", cause "cause" }
        map_state_started_event_details "mapStateStartedEventDetails" { length "length" }
        map_iteration_started_event_details "mapIterationStartedEventDetails" { name "name", index "index" }
        map_iteration_succeeded_event_details "mapIterationSucceededEventDetails" { name "name", index "index" }
        map_iteration_failed_event_details "mapIterationFailedEventDetails" { name "name", index "index" }
        map_iteration_aborted_event_details "mapIterationAbortedEventDetails" { name "name", index "index" }
        map_run_started_event_details "mapRunStartedEventDetails" { map_run_arn "mapRunArn" }
        map_run_failed_event_details "mapRunFailedEventDetails" { error "error", cause "cause" }
        task_scheduled_event_details "taskScheduledEventDetails" { resource_type "resourceType", resource "resource", region "region", parameters "parameters", timeout_in_seconds "timeoutInSeconds", heartbeat_in_seconds "heartbeatInSeconds" }
        task_started_event_details "taskStartedEventDetails" { resource_type "resourceType", resource "resource" }
        task_start_failed_event_details "taskStartFailedEventDetails" { resource_type "resourceType", resource "resource", error "error", cause "cause" }
        task_submitted_event_details "taskSubmittedEventDetails" { resource_type "resourceType", resource "resource", output "output" }
        task_submit_failed_event_details "taskSubmitFailedEventDetails" { resource_type "resourceType", resource "resource", error "error", cause "cause" }
        task_succeeded_event_details "taskSucceededEventDetails" { resource_type "resourceType", resource "resource", output "output" }
        task_failed_event_details "taskFailedEventDetails" { resource_type "resourceType", resource "resource", error "error", cause "cause" }
        task_timed_out_event_details "taskTimedOutEventDetails" { resource_type "resourceType", resource "resource", error "error", cause "cause" }
    }
    json.into()
}

/// Absent members stay absent.
fn put(members: &mut Map<String, Value>, name: &str, value: impl Serialize) {
    match serde_json::to_value(value) {
        Ok(Value::Null) | Err(_) => {}
        Ok(value) => drop(members.insert(name.into(), value)),
    }
}
