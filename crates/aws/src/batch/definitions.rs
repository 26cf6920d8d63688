//! Job definitions.

use aws_sdk_batch::{Client, types as sdk};
use fanout_batch::api;
use fanout_core::call::CallError;
use serde_json::{Map, Value, json};

use super::shared::{read_requirement, read_retry, read_timeout, read_variable, requirement, retry, timeout, variable};
use crate::failure::failure;
use crate::members::{Carried, each, list, map, narrow, nothing_else, sorted, text};

pub(super) async fn register(client: &Client, call: &api::RegisterJobDefinition) -> Result<api::JobDefinitionRef, CallError> {
    const OPERATION: &str = "batch:RegisterJobDefinition";
    let api::RegisterJobDefinition {
        job_definition_name,
        kind,
        parameters,
        container_properties,
        retry_strategy,
        timeout: limit,
        platform_capabilities,
        propagate_tags,
        tags,
        rest,
    } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let request = client
        .register_job_definition()
        .job_definition_name(job_definition_name)
        .r#type(kind.as_str().into())
        .set_parameters(map(parameters))
        .set_container_properties(container_properties.as_ref().map(|properties| container(OPERATION, properties)).transpose()?)
        .set_retry_strategy(retry_strategy.as_ref().map(retry))
        .set_timeout(limit.as_ref().map(timeout))
        .set_platform_capabilities(list(platform_capabilities, |capability| capability.as_str().into()))
        .set_propagate_tags(*propagate_tags)
        .set_scheduling_priority(rest.take("schedulingPriority")?)
        .set_node_properties(rest.take("nodeProperties")?.map(|properties| nodes(OPERATION, properties)).transpose()?)
        .set_tags(map(tags));
    rest.finish()?;
    let answer = request.send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::JobDefinitionRef {
        job_definition_name: answer.job_definition_name.unwrap_or_default(),
        job_definition_arn: answer.job_definition_arn.unwrap_or_default(),
        revision: answer.revision.unwrap_or_default(),
    })
}

pub(super) async fn deregister(client: &Client, call: &api::DeregisterJobDefinition) -> Result<api::Empty, CallError> {
    let api::DeregisterJobDefinition { job_definition } = call;
    let request = client.deregister_job_definition().job_definition(job_definition);
    request.send().await.map_err(|error| failure("batch:DeregisterJobDefinition", error))?;
    Ok(api::Empty {})
}

pub(super) async fn describe(client: &Client, call: &api::DescribeJobDefinitions) -> Result<api::JobDefinitions, CallError> {
    let api::DescribeJobDefinitions { job_definitions, job_definition_name, status, max_results, next_token } = call.clone();
    let request = client
        .describe_job_definitions()
        .set_job_definitions(list(&job_definitions, String::clone))
        .set_job_definition_name(job_definition_name)
        .set_status(status)
        .set_max_results(max_results)
        .set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("batch:DescribeJobDefinitions", error))?;
    Ok(api::JobDefinitions { job_definitions: each(answer.job_definitions, detail), next_token: answer.next_token })
}

#[expect(deprecated, reason = "AWS still takes the old form of vCPUs and memory, and clients still send it")]
fn container(operation: &'static str, properties: &api::ContainerProperties) -> Result<sdk::ContainerProperties, CallError> {
    let api::ContainerProperties { image, command, vcpus, memory, environment, resource_requirements, rest } = properties;
    let mut rest = Carried::new(operation, rest);
    let container = sdk::ContainerProperties::builder()
        .set_image(image.clone())
        .set_command(command.clone())
        .set_vcpus(vcpus.map(narrow))
        .set_memory(memory.map(narrow))
        .set_environment(environment.as_ref().map(|variables| variables.iter().map(variable).collect()))
        .set_resource_requirements(resource_requirements.as_ref().map(|all| all.iter().map(requirement).collect()))
        .set_job_role_arn(rest.take("jobRoleArn")?)
        .set_execution_role_arn(rest.take("executionRoleArn")?)
        .set_user(rest.take("user")?)
        .set_privileged(rest.take("privileged")?)
        .set_readonly_root_filesystem(rest.take("readonlyRootFilesystem")?)
        .set_network_configuration(network(&mut rest)?)
        .set_fargate_platform_configuration(platform(&mut rest)?)
        .set_runtime_platform(runtime(&mut rest)?)
        .set_ephemeral_storage(storage(&mut rest)?)
        .set_log_configuration(log_configuration(&mut rest)?)
        .build();
    rest.finish()?;
    Ok(container)
}

fn nodes(operation: &'static str, properties: api::NodeProperties) -> Result<sdk::NodeProperties, CallError> {
    let api::NodeProperties { num_nodes, main_node, node_range_properties } = properties;
    let range = |range: &api::NodeRange| {
        let api::NodeRange { target_nodes, container: properties, rest } = range;
        nothing_else(operation, rest)?;
        let properties = properties.as_ref().map(|properties| container(operation, properties)).transpose()?;
        Ok(sdk::NodeRangeProperty::builder().target_nodes(target_nodes).set_container(properties).build())
    };
    let ranges: Vec<sdk::NodeRangeProperty> = node_range_properties.iter().map(range).collect::<Result<_, CallError>>()?;
    Ok(sdk::NodeProperties::builder().num_nodes(num_nodes).main_node(main_node).set_node_range_properties(Some(ranges)).build())
}

fn network(rest: &mut Carried) -> Result<Option<sdk::NetworkConfiguration>, CallError> {
    let Some(mut members) = rest.take_structure("networkConfiguration")? else { return Ok(None) };
    let assign_public_ip = members.take::<String>("assignPublicIp")?;
    members.finish()?;
    Ok(Some(sdk::NetworkConfiguration::builder().set_assign_public_ip(assign_public_ip.as_deref().map(Into::into)).build()))
}

fn platform(rest: &mut Carried) -> Result<Option<sdk::FargatePlatformConfiguration>, CallError> {
    let Some(mut members) = rest.take_structure("fargatePlatformConfiguration")? else { return Ok(None) };
    let version = members.take("platformVersion")?;
    members.finish()?;
    Ok(Some(sdk::FargatePlatformConfiguration::builder().set_platform_version(version).build()))
}

fn runtime(rest: &mut Carried) -> Result<Option<sdk::RuntimePlatform>, CallError> {
    let Some(mut members) = rest.take_structure("runtimePlatform")? else { return Ok(None) };
    let platform = sdk::RuntimePlatform::builder()
        .set_operating_system_family(members.take("operatingSystemFamily")?)
        .set_cpu_architecture(members.take("cpuArchitecture")?)
        .build();
    members.finish()?;
    Ok(Some(platform))
}

fn storage(rest: &mut Carried) -> Result<Option<sdk::EphemeralStorage>, CallError> {
    let Some(mut members) = rest.take_structure("ephemeralStorage")? else { return Ok(None) };
    let size = members.take("sizeInGiB")?;
    members.finish()?;
    Ok(Some(sdk::EphemeralStorage::builder().set_size_in_gib(size).build()))
}

fn log_configuration(rest: &mut Carried) -> Result<Option<sdk::LogConfiguration>, CallError> {
    let Some(mut members) = rest.take_structure("logConfiguration")? else { return Ok(None) };
    let driver = members.take::<String>("logDriver")?;
    let options = members.take("options")?;
    members.finish()?;
    Ok(Some(sdk::LogConfiguration::builder().set_log_driver(driver.as_deref().map(Into::into)).set_options(options).build()))
}

fn read_logs(logs: sdk::LogConfiguration) -> Value {
    json!({"logDriver": text(logs.log_driver), "options": sorted(logs.options)})
}

fn detail(definition: sdk::JobDefinition) -> api::JobDefinitionDetail {
    api::JobDefinitionDetail {
        job_definition_name: definition.job_definition_name.unwrap_or_default(),
        job_definition_arn: definition.job_definition_arn.unwrap_or_default(),
        revision: definition.revision.unwrap_or_default(),
        status: definition.status.unwrap_or_default(),
        kind: definition.r#type.unwrap_or_default(),
        parameters: sorted(definition.parameters),
        container_properties: definition.container_properties.map(read_container),
        retry_strategy: definition.retry_strategy.map(read_retry),
        timeout: definition.timeout.map(read_timeout),
        platform_capabilities: each(definition.platform_capabilities, |capability| capability.as_str().to_owned()),
        propagate_tags: definition.propagate_tags,
        tags: sorted(definition.tags),
        container_orchestration_type: text(definition.container_orchestration_type),
        rest: Map::new(),
    }
}

#[expect(deprecated, reason = "AWS still takes the old form of vCPUs and memory, and clients still send it")]
fn read_container(container: sdk::ContainerProperties) -> api::ContainerProperties {
    api::ContainerProperties {
        image: container.image,
        command: container.command,
        vcpus: container.vcpus.map(Into::into),
        memory: container.memory.map(Into::into),
        environment: container.environment.map(|variables| variables.into_iter().map(read_variable).collect()),
        resource_requirements: container.resource_requirements.map(|all| all.into_iter().map(read_requirement).collect()),
        // Of the rest, fanout reads where the logs go.
        rest: container.log_configuration.map(|logs| ("logConfiguration".to_owned(), read_logs(logs))).into_iter().collect(),
    }
}
