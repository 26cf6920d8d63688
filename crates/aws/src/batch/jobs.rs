//! What becomes of jobs.
//!
//! Mounts, volumes, limits and secrets of a container are left out, and so are nodes and used capacity: nothing in
//! fanout reads them from an answer.

use aws_sdk_batch::{Client, types as sdk};
use fanout_batch::api;
use fanout_core::call::CallError;
use serde_json::Map;

use super::shared::{read_dependency, read_requirement, read_retry, read_timeout, read_variable};
use crate::failure::failure;
use crate::members::{each, list, sorted, text};

pub(super) async fn describe(client: &Client, api::DescribeJobs { jobs }: &api::DescribeJobs) -> Result<api::Jobs, CallError> {
    let request = client.describe_jobs().set_jobs(Some(jobs.clone()));
    let answer = request.send().await.map_err(|error| failure("batch:DescribeJobs", error))?;
    Ok(api::Jobs { jobs: each(answer.jobs, detail) })
}

pub(super) async fn list_jobs(client: &Client, call: &api::ListJobs) -> Result<api::JobList, CallError> {
    let api::ListJobs { job_queue, array_job_id, multi_node_job_id, job_status, filters, max_results, next_token } = call.clone();
    let filter = |filter: &api::Filter| {
        let api::Filter { name, values } = filter.clone();
        sdk::KeyValuesPair::builder().name(name).set_values(Some(values)).build()
    };
    let request = client
        .list_jobs()
        .set_job_queue(job_queue)
        .set_array_job_id(array_job_id)
        .set_multi_node_job_id(multi_node_job_id)
        .set_job_status(job_status.as_deref().map(Into::into))
        .set_filters(list(&filters, filter))
        .set_max_results(max_results)
        .set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("batch:ListJobs", error))?;
    Ok(api::JobList { job_summary_list: each(answer.job_summary_list, summary), next_token: answer.next_token })
}

fn detail(job: sdk::JobDetail) -> api::JobDetail {
    api::JobDetail {
        array_properties: job.array_properties.map(array),
        attempts: each(job.attempts, attempt),
        container: job.container.map(container),
        created_at: job.created_at.unwrap_or_default(),
        depends_on: each(job.depends_on, read_dependency),
        is_cancelled: job.is_cancelled,
        is_terminated: job.is_terminated,
        job_arn: job.job_arn.unwrap_or_default(),
        job_definition: job.job_definition.unwrap_or_default(),
        job_id: job.job_id.unwrap_or_default(),
        job_name: job.job_name.unwrap_or_default(),
        job_queue: job.job_queue.unwrap_or_default(),
        parameters: sorted(job.parameters),
        platform_capabilities: each(job.platform_capabilities, |capability| capability.as_str().to_owned()),
        propagate_tags: job.propagate_tags,
        retry_strategy: job.retry_strategy.map(read_retry),
        scheduling_priority: job.scheduling_priority,
        share_identifier: job.share_identifier,
        started_at: started(job.started_at),
        status: text(job.status).unwrap_or_default(),
        status_reason: job.status_reason,
        stopped_at: job.stopped_at,
        tags: sorted(job.tags),
        timeout: job.timeout.map(read_timeout),
        ..api::JobDetail::default()
    }
}

fn array(array: sdk::ArrayPropertiesDetail) -> api::ArrayDetail {
    api::ArrayDetail {
        index: array.index,
        size: array.size,
        status_summary: sorted(array.status_summary),
        status_summary_last_updated_at: array.status_summary_last_updated_at,
    }
}

fn attempt(attempt: sdk::AttemptDetail) -> api::AttemptDetail {
    let container = |container: sdk::AttemptContainerDetail| api::AttemptContainer {
        container_instance_arn: container.container_instance_arn,
        exit_code: container.exit_code,
        log_stream_name: container.log_stream_name,
        network_interfaces: Vec::new(),
        reason: container.reason,
        task_arn: container.task_arn,
    };
    api::AttemptDetail {
        container: attempt.container.map(container).unwrap_or_default(),
        started_at: started(attempt.started_at),
        status_reason: attempt.status_reason,
        stopped_at: attempt.stopped_at,
        ..api::AttemptDetail::default()
    }
}

fn container(container: sdk::ContainerDetail) -> api::ContainerDetail {
    api::ContainerDetail {
        command: container.command.unwrap_or_default(),
        container_instance_arn: container.container_instance_arn,
        environment: each(container.environment, read_variable),
        exit_code: container.exit_code,
        image: container.image,
        log_stream_name: container.log_stream_name,
        memory: container.memory.map(Into::into),
        mount_points: Vec::new(),
        network_interfaces: Vec::new(),
        reason: container.reason,
        resource_requirements: each(container.resource_requirements, read_requirement),
        secrets: Vec::new(),
        task_arn: container.task_arn,
        ulimits: Vec::new(),
        vcpus: container.vcpus.map(Into::into),
        volumes: Vec::new(),
        rest: Map::new(),
    }
}

fn summary(job: sdk::JobSummary) -> api::JobSummary {
    let container = |container: sdk::ContainerSummary| api::ContainerSummary { exit_code: container.exit_code, reason: container.reason };
    let array = |array: sdk::ArrayPropertiesSummary| api::ArrayDetail {
        index: array.index,
        size: array.size,
        status_summary: sorted(array.status_summary),
        status_summary_last_updated_at: array.status_summary_last_updated_at,
    };
    api::JobSummary {
        job_arn: job.job_arn.unwrap_or_default(),
        job_id: job.job_id.unwrap_or_default(),
        job_name: job.job_name.unwrap_or_default(),
        created_at: job.created_at.unwrap_or_default(),
        status: text(job.status).unwrap_or_default(),
        status_reason: job.status_reason,
        started_at: started(job.started_at),
        stopped_at: job.stopped_at,
        container: job.container.map(container),
        array_properties: job.array_properties.map(array),
        job_definition: job.job_definition,
        is_cancelled: job.is_cancelled,
        is_terminated: job.is_terminated,
        ..api::JobSummary::default()
    }
}

/// The service model requires `startedAt`, so the SDK makes a zero of one that is absent.
fn started(at: Option<i64>) -> Option<i64> {
    at.filter(|at| *at > 0)
}
