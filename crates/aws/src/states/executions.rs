//! Executions.

use aws_sdk_sfn::{Client, types as sdk};
use fanout_asl::api;
use fanout_core::call::CallError;

use super::time::timestamp;
use crate::failure::failure;

pub(super) async fn start(client: &Client, call: &api::StartExecution) -> Result<api::ExecutionStarted, CallError> {
    let api::StartExecution { state_machine_arn, name, input, trace_header } = call.clone();
    let request = client.start_execution().state_machine_arn(state_machine_arn).set_name(name).set_input(input);
    let request = request.set_trace_header(trace_header);
    let answer = request.send().await.map_err(|error| failure("states:StartExecution", error))?;
    Ok(api::ExecutionStarted { execution_arn: answer.execution_arn, start_date: timestamp(answer.start_date) })
}

pub(super) async fn stop(client: &Client, call: &api::StopExecution) -> Result<api::ExecutionStopped, CallError> {
    let api::StopExecution { execution_arn, error, cause } = call.clone();
    let request = client.stop_execution().execution_arn(execution_arn).set_error(error).set_cause(cause);
    let answer = request.send().await.map_err(|error| failure("states:StopExecution", error))?;
    Ok(api::ExecutionStopped { stop_date: timestamp(answer.stop_date) })
}

pub(super) async fn describe(client: &Client, call: &api::DescribeExecution) -> Result<api::ExecutionDescription, CallError> {
    let api::DescribeExecution { execution_arn, included_data } = call;
    let request = client.describe_execution().execution_arn(execution_arn).set_included_data(included_data.as_deref().map(Into::into));
    let answer = request.send().await.map_err(|error| failure("states:DescribeExecution", error))?;
    let included = |data: sdk::CloudWatchEventsExecutionDataDetails| api::DataIncluded { included: data.included };
    Ok(api::ExecutionDescription {
        execution_arn: answer.execution_arn,
        state_machine_arn: answer.state_machine_arn,
        name: answer.name.unwrap_or_default(),
        status: answer.status.as_str().to_owned(),
        start_date: timestamp(answer.start_date),
        stop_date: answer.stop_date.map(timestamp),
        input: answer.input,
        input_details: answer.input_details.map(included),
        output: answer.output,
        output_details: answer.output_details.map(included),
        trace_header: answer.trace_header,
        map_run_arn: answer.map_run_arn,
        error: answer.error,
        cause: answer.cause,
        state_machine_version_arn: answer.state_machine_version_arn,
        state_machine_alias_arn: answer.state_machine_alias_arn,
        redrive_count: answer.redrive_count,
        redrive_date: answer.redrive_date.map(timestamp),
        redrive_status: answer.redrive_status.map(|status| status.as_str().to_owned()),
        redrive_status_reason: answer.redrive_status_reason,
    })
}

pub(super) async fn list(client: &Client, call: &api::ListExecutions) -> Result<api::ExecutionList, CallError> {
    let api::ListExecutions { state_machine_arn, status_filter, max_results, next_token, map_run_arn, redrive_filter } = call.clone();
    let request = client
        .list_executions()
        .set_state_machine_arn(state_machine_arn)
        .set_status_filter(status_filter.as_deref().map(Into::into))
        .set_max_results(max_results)
        .set_next_token(next_token)
        .set_map_run_arn(map_run_arn)
        .set_redrive_filter(redrive_filter.as_deref().map(Into::into));
    let answer = request.send().await.map_err(|error| failure("states:ListExecutions", error))?;
    let item = |execution: sdk::ExecutionListItem| api::ExecutionListItem {
        execution_arn: execution.execution_arn,
        state_machine_arn: execution.state_machine_arn,
        name: execution.name,
        status: execution.status.as_str().to_owned(),
        start_date: timestamp(execution.start_date),
        stop_date: execution.stop_date.map(timestamp),
        map_run_arn: execution.map_run_arn,
        item_count: execution.item_count,
        state_machine_version_arn: execution.state_machine_version_arn,
        state_machine_alias_arn: execution.state_machine_alias_arn,
        redrive_count: execution.redrive_count,
        redrive_date: execution.redrive_date.map(timestamp),
    };
    Ok(api::ExecutionList { executions: answer.executions.into_iter().map(item).collect(), next_token: answer.next_token })
}
