//! Compute environments.

use aws_sdk_batch::{Client, types as sdk};
use fanout_batch::api;
use fanout_core::call::CallError;
use serde_json::{Map, Value};

use crate::failure::failure;
use crate::members::{Carried, each, list, map, narrow, sorted, text};

pub(super) async fn create(client: &Client, call: &api::CreateComputeEnvironment) -> Result<api::ComputeEnvironmentRef, CallError> {
    const OPERATION: &str = "batch:CreateComputeEnvironment";
    let api::CreateComputeEnvironment { compute_environment_name, kind, state, compute_resources, service_role, tags, rest } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let request = client
        .create_compute_environment()
        .compute_environment_name(compute_environment_name)
        .r#type(kind.as_str().into())
        .set_state(state.as_deref().map(Into::into))
        .set_compute_resources(compute_resources.as_ref().map(|resources| new_resources(OPERATION, resources)).transpose()?)
        .set_service_role(service_role.clone())
        .set_unmanagedv_cpus(rest.take("unmanagedvCpus")?)
        .set_tags(map(tags));
    rest.finish()?;
    let answer = request.send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::ComputeEnvironmentRef {
        compute_environment_name: answer.compute_environment_name.unwrap_or_default(),
        compute_environment_arn: answer.compute_environment_arn.unwrap_or_default(),
    })
}

pub(super) async fn update(client: &Client, call: &api::UpdateComputeEnvironment) -> Result<api::ComputeEnvironmentRef, CallError> {
    const OPERATION: &str = "batch:UpdateComputeEnvironment";
    let api::UpdateComputeEnvironment { compute_environment, state, compute_resources, rest } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let request = client
        .update_compute_environment()
        .compute_environment(compute_environment)
        .set_state(state.as_deref().map(Into::into))
        .set_compute_resources(compute_resources.as_ref().map(|resources| changed_resources(OPERATION, resources)).transpose()?)
        .set_unmanagedv_cpus(rest.take("unmanagedvCpus")?)
        .set_service_role(rest.take("serviceRole")?);
    rest.finish()?;
    let answer = request.send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::ComputeEnvironmentRef {
        compute_environment_name: answer.compute_environment_name.unwrap_or_default(),
        compute_environment_arn: answer.compute_environment_arn.unwrap_or_default(),
    })
}

pub(super) async fn delete(client: &Client, call: &api::DeleteComputeEnvironment) -> Result<api::Empty, CallError> {
    let api::DeleteComputeEnvironment { compute_environment } = call;
    let request = client.delete_compute_environment().compute_environment(compute_environment);
    request.send().await.map_err(|error| failure("batch:DeleteComputeEnvironment", error))?;
    Ok(api::Empty {})
}

pub(super) async fn describe(client: &Client, call: &api::DescribeComputeEnvironments) -> Result<api::ComputeEnvironments, CallError> {
    let api::DescribeComputeEnvironments { compute_environments, max_results, next_token } = call.clone();
    let request = client
        .describe_compute_environments()
        .set_compute_environments(list(&compute_environments, String::clone))
        .set_max_results(max_results)
        .set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("batch:DescribeComputeEnvironments", error))?;
    Ok(api::ComputeEnvironments { compute_environments: each(answer.compute_environments, detail), next_token: answer.next_token })
}

fn new_resources(operation: &'static str, resources: &api::ComputeResources) -> Result<sdk::ComputeResource, CallError> {
    let api::ComputeResources { kind, maxv_cpus, rest } = resources;
    let mut rest = Carried::new(operation, rest);
    let resources = sdk::ComputeResource::builder()
        .r#type(kind.as_str().into())
        .maxv_cpus(narrow(*maxv_cpus))
        .set_minv_cpus(rest.take("minvCpus")?)
        .set_desiredv_cpus(rest.take("desiredvCpus")?)
        .set_allocation_strategy(rest.take::<String>("allocationStrategy")?.as_deref().map(Into::into))
        .set_instance_types(rest.take("instanceTypes")?)
        .set_instance_role(rest.take("instanceRole")?)
        .set_subnets(rest.take("subnets")?)
        .set_security_group_ids(rest.take("securityGroupIds")?)
        .set_ec2_key_pair(rest.take("ec2KeyPair")?)
        .set_placement_group(rest.take("placementGroup")?)
        .set_bid_percentage(rest.take("bidPercentage")?)
        .set_spot_iam_fleet_role(rest.take("spotIamFleetRole")?)
        .set_tags(rest.take("tags")?)
        .build();
    rest.finish()?;
    Ok(resources)
}

fn changed_resources(operation: &'static str, members: &Map<String, Value>) -> Result<sdk::ComputeResourceUpdate, CallError> {
    let mut members = Carried::new(operation, members);
    let resources = sdk::ComputeResourceUpdate::builder()
        .set_type(members.take::<String>("type")?.as_deref().map(Into::into))
        .set_maxv_cpus(members.take("maxvCpus")?)
        .set_minv_cpus(members.take("minvCpus")?)
        .set_desiredv_cpus(members.take("desiredvCpus")?)
        .set_instance_types(members.take("instanceTypes")?)
        .set_subnets(members.take("subnets")?)
        .set_security_group_ids(members.take("securityGroupIds")?)
        .build();
    members.finish()?;
    Ok(resources)
}

fn detail(environment: sdk::ComputeEnvironmentDetail) -> api::ComputeEnvironmentDetail {
    let resources = |resources: sdk::ComputeResource| api::ComputeResources {
        kind: text(resources.r#type).unwrap_or_default(),
        maxv_cpus: resources.maxv_cpus.unwrap_or_default().into(),
        rest: Map::new(),
    };
    api::ComputeEnvironmentDetail {
        compute_environment_name: environment.compute_environment_name.unwrap_or_default(),
        compute_environment_arn: environment.compute_environment_arn.unwrap_or_default(),
        ecs_cluster_arn: environment.ecs_cluster_arn.unwrap_or_default(),
        kind: text(environment.r#type).unwrap_or_default(),
        state: text(environment.state).unwrap_or_default(),
        status: text(environment.status).unwrap_or_default(),
        status_reason: environment.status_reason.unwrap_or_default(),
        compute_resources: environment.compute_resources.map(resources),
        service_role: environment.service_role,
        tags: sorted(environment.tags),
        container_orchestration_type: text(environment.container_orchestration_type),
        rest: Map::new(),
    }
}
