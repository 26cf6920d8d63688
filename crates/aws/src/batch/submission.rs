//! Submitting jobs, and ending them.

use aws_sdk_batch::config::Builder;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_batch::{Client, types as sdk};
use fanout_batch::api;
use fanout_core::call::CallError;

use super::shared::{dependency, requirement, retry, timeout, variable};
use crate::failure::failure;
use crate::members::{Carried, each, list, map, narrow, nothing_else};

pub(super) async fn submit(client: &Client, call: &api::SubmitJob) -> Result<api::JobSubmitted, CallError> {
    const OPERATION: &str = "batch:SubmitJob";
    let api::SubmitJob {
        job_name,
        job_queue,
        job_definition,
        array_properties,
        depends_on,
        parameters,
        container_overrides,
        retry_strategy,
        timeout: limit,
        propagate_tags,
        tags,
        share_identifier,
        scheduling_priority_override,
        rest,
    } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let nodes = rest.take("nodeOverrides")?.map(|overrides| node_overrides(OPERATION, overrides)).transpose()?;
    rest.finish()?;
    let request = client
        .submit_job()
        .job_name(job_name)
        .job_queue(job_queue)
        .job_definition(job_definition)
        .set_array_properties(array_properties.as_ref().map(array))
        .set_depends_on(list(depends_on, dependency))
        .set_parameters(map(parameters))
        .set_container_overrides(container_overrides.as_ref().map(overrides))
        .set_node_overrides(nodes)
        .set_retry_strategy(retry_strategy.as_ref().map(retry))
        .set_timeout(limit.as_ref().map(timeout))
        .set_propagate_tags(*propagate_tags)
        .set_tags(map(tags))
        .set_share_identifier(share_identifier.clone())
        .set_scheduling_priority_override(*scheduling_priority_override);
    // The SDK would ask again where no answer came, and so submit twice: who asks decides that here.
    let once = Builder::default().retry_config(RetryConfig::disabled());
    let answer = request.customize().config_override(once).send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::JobSubmitted {
        job_arn: answer.job_arn.unwrap_or_default(),
        job_name: answer.job_name.unwrap_or_default(),
        job_id: answer.job_id.unwrap_or_default(),
    })
}

fn array(api::ArraySize { size }: &api::ArraySize) -> sdk::ArrayProperties {
    sdk::ArrayProperties::builder().set_size(*size).build()
}

fn overrides(overrides: &api::ContainerOverrides) -> sdk::ContainerOverrides {
    let api::ContainerOverrides { command, vcpus, memory, environment, resource_requirements, instance_type } = overrides;
    #[expect(deprecated, reason = "AWS still takes the old form of vCPUs and memory, and clients still send it")]
    sdk::ContainerOverrides::builder()
        .set_command(command.clone())
        .set_vcpus(vcpus.map(narrow))
        .set_memory(memory.map(narrow))
        .set_environment(list(environment, variable))
        .set_resource_requirements(list(resource_requirements, requirement))
        .set_instance_type(instance_type.clone())
        .build()
}

fn node_overrides(operation: &'static str, nodes: api::NodeOverrides) -> Result<sdk::NodeOverrides, CallError> {
    let api::NodeOverrides { num_nodes, node_property_overrides } = nodes;
    let range = |range: &api::NodeOverride| {
        let api::NodeOverride { target_nodes, container_overrides, rest } = range;
        nothing_else(operation, rest)?;
        let container = container_overrides.as_ref().map(overrides);
        Ok(sdk::NodePropertyOverride::builder().target_nodes(target_nodes).set_container_overrides(container).build())
    };
    let ranges: Vec<sdk::NodePropertyOverride> = node_property_overrides.iter().map(range).collect::<Result<_, CallError>>()?;
    Ok(sdk::NodeOverrides::builder().set_num_nodes(num_nodes).set_node_property_overrides(Some(ranges)).build())
}

pub(super) async fn cancel(client: &Client, api::CancelJob { job_id, reason }: &api::CancelJob) -> Result<api::Empty, CallError> {
    let request = client.cancel_job().job_id(job_id).reason(reason);
    request.send().await.map_err(|error| failure("batch:CancelJob", error))?;
    Ok(api::Empty {})
}

pub(super) async fn terminate(client: &Client, api::TerminateJob { job_id, reason }: &api::TerminateJob) -> Result<api::Empty, CallError> {
    let request = client.terminate_job().job_id(job_id).reason(reason);
    request.send().await.map_err(|error| failure("batch:TerminateJob", error))?;
    Ok(api::Empty {})
}

pub(super) async fn cancel_all(client: &Client, call: &api::CancelJobs) -> Result<api::BulkResult, CallError> {
    let api::CancelJobs { jobs, reason } = call.clone();
    let request = client.cancel_jobs().set_jobs(Some(jobs)).reason(reason);
    let answer = request.send().await.map_err(|error| failure("batch:CancelJobs", error))?;
    let refused = |refused: sdk::CancelJobsErrorDetail| refusal(refused.job, refused.code, refused.message);
    Ok(api::BulkResult { successful: answer.successful.unwrap_or_default(), errors: each(answer.errors, refused) })
}

pub(super) async fn terminate_all(client: &Client, call: &api::TerminateJobs) -> Result<api::BulkResult, CallError> {
    let api::TerminateJobs { jobs, reason } = call.clone();
    let request = client.terminate_jobs().set_jobs(Some(jobs)).reason(reason);
    let answer = request.send().await.map_err(|error| failure("batch:TerminateJobs", error))?;
    let refused = |refused: sdk::TerminateJobsErrorDetail| refusal(refused.job, refused.code, refused.message);
    Ok(api::BulkResult { successful: answer.successful.unwrap_or_default(), errors: each(answer.errors, refused) })
}

fn refusal(job: Option<String>, code: Option<String>, message: Option<String>) -> api::BulkError {
    api::BulkError { job: job.unwrap_or_default(), code: code.unwrap_or_default(), message: message.unwrap_or_default() }
}
