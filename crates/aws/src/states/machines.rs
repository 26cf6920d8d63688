//! State machines.

use aws_sdk_sfn::{Client, types as sdk};
use fanout_asl::api;
use fanout_core::call::CallError;

use super::time::timestamp;
use crate::failure::failure;

pub(super) async fn create(client: &Client, call: &api::CreateStateMachine) -> Result<api::StateMachineCreated, CallError> {
    let api::CreateStateMachine { name, definition, role_arn, kind, tags, options } = call;
    let api::StateMachineOptions { publish, version_description, .. } = &**options;
    let mut request =
        client.create_state_machine().name(name).definition(definition).role_arn(role_arn).set_type(kind.as_deref().map(Into::into));
    request = request.set_publish(*publish).set_version_description(version_description.clone());
    for api::Tag { key, value } in tags {
        request = request.tags(sdk::Tag::builder().key(key).value(value).build());
    }
    let answer = request.send().await.map_err(|error| failure("states:CreateStateMachine", error))?;
    Ok(api::StateMachineCreated {
        state_machine_arn: answer.state_machine_arn,
        creation_date: timestamp(answer.creation_date),
        state_machine_version_arn: answer.state_machine_version_arn,
    })
}

pub(super) async fn describe(client: &Client, call: &api::DescribeStateMachine) -> Result<api::StateMachineDescription, CallError> {
    let api::DescribeStateMachine { state_machine_arn, included_data } = call;
    let request = client.describe_state_machine().state_machine_arn(state_machine_arn);
    let request = request.set_included_data(included_data.as_deref().map(Into::into));
    let answer = request.send().await.map_err(|error| failure("states:DescribeStateMachine", error))?;
    Ok(api::StateMachineDescription {
        state_machine_arn: answer.state_machine_arn,
        name: answer.name,
        status: answer.status.map(|status| status.as_str().to_owned()),
        definition: answer.definition,
        role_arn: answer.role_arn,
        kind: answer.r#type.as_str().to_owned(),
        creation_date: timestamp(answer.creation_date),
        logging_configuration: answer.logging_configuration.map(|logging| logging_configuration(&logging)),
        tracing_configuration: answer.tracing_configuration.map(|tracing| api::TracingConfiguration { enabled: Some(tracing.enabled) }),
        label: answer.label,
        revision_id: answer.revision_id,
        description: answer.description,
        // Nothing in fanout reads these.
        encryption_configuration: None,
        variable_references: None,
    })
}

/// Without its destinations, which nothing in fanout reads.
fn logging_configuration(logging: &sdk::LoggingConfiguration) -> api::LoggingConfiguration {
    api::LoggingConfiguration {
        level: logging.level.as_ref().map(|level| level.as_str().to_owned()),
        include_execution_data: Some(logging.include_execution_data),
        destinations: None,
    }
}

pub(super) async fn delete(client: &Client, call: &api::DeleteStateMachine) -> Result<(), CallError> {
    let api::DeleteStateMachine { state_machine_arn } = call;
    let request = client.delete_state_machine().state_machine_arn(state_machine_arn);
    request.send().await.map(drop).map_err(|error| failure("states:DeleteStateMachine", error))
}

pub(super) async fn list(client: &Client, call: &api::ListStateMachines) -> Result<api::StateMachineList, CallError> {
    let api::ListStateMachines { max_results, next_token } = call.clone();
    let request = client.list_state_machines().set_max_results(max_results).set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("states:ListStateMachines", error))?;
    let item = |machine: sdk::StateMachineListItem| api::StateMachineListItem {
        state_machine_arn: machine.state_machine_arn,
        name: machine.name,
        kind: machine.r#type.as_str().to_owned(),
        creation_date: timestamp(machine.creation_date),
    };
    Ok(api::StateMachineList { state_machines: answer.state_machines.into_iter().map(item).collect(), next_token: answer.next_token })
}

pub(super) async fn validate(client: &Client, call: &api::ValidateStateMachineDefinition) -> Result<api::Validation, CallError> {
    let api::ValidateStateMachineDefinition { definition, kind, severity, max_results } = call;
    let request = client
        .validate_state_machine_definition()
        .definition(definition)
        .set_type(kind.as_deref().map(Into::into))
        .set_severity(severity.as_deref().map(Into::into))
        .set_max_results(*max_results);
    let answer = request.send().await.map_err(|error| failure("states:ValidateStateMachineDefinition", error))?;
    let diagnostic = |found: sdk::ValidateStateMachineDefinitionDiagnostic| api::ValidationDiagnostic {
        severity: found.severity.as_str().to_owned(),
        code: found.code,
        message: found.message,
        location: found.location,
    };
    Ok(api::Validation {
        result: answer.result.as_str().to_owned(),
        diagnostics: answer.diagnostics.into_iter().map(diagnostic).collect(),
        truncated: answer.truncated.unwrap_or_default(),
    })
}
