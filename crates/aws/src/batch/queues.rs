//! Job queues.

use aws_sdk_batch::{Client, types as sdk};
use fanout_batch::api;
use fanout_core::call::CallError;

use crate::failure::failure;
use crate::members::{Carried, each, list, map, sorted, text};

pub(super) async fn create(client: &Client, call: &api::CreateJobQueue) -> Result<api::JobQueueRef, CallError> {
    const OPERATION: &str = "batch:CreateJobQueue";
    let api::CreateJobQueue { job_queue_name, priority, state, compute_environment_order, tags, rest } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let request = client
        .create_job_queue()
        .job_queue_name(job_queue_name)
        .priority(*priority)
        .set_state(state.as_deref().map(Into::into))
        .set_compute_environment_order(list(compute_environment_order, order))
        .set_scheduling_policy_arn(rest.take("schedulingPolicyArn")?)
        .set_tags(map(tags));
    rest.finish()?;
    let answer = request.send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::JobQueueRef {
        job_queue_name: answer.job_queue_name.unwrap_or_default(),
        job_queue_arn: answer.job_queue_arn.unwrap_or_default(),
    })
}

pub(super) async fn update(client: &Client, call: &api::UpdateJobQueue) -> Result<api::JobQueueRef, CallError> {
    const OPERATION: &str = "batch:UpdateJobQueue";
    let api::UpdateJobQueue { job_queue, state, priority, compute_environment_order, rest } = call;
    let mut rest = Carried::new(OPERATION, rest);
    let request = client
        .update_job_queue()
        .job_queue(job_queue)
        .set_state(state.as_deref().map(Into::into))
        .set_priority(*priority)
        .set_compute_environment_order(list(compute_environment_order, order))
        .set_scheduling_policy_arn(rest.take("schedulingPolicyArn")?);
    rest.finish()?;
    let answer = request.send().await.map_err(|error| failure(OPERATION, error))?;
    Ok(api::JobQueueRef {
        job_queue_name: answer.job_queue_name.unwrap_or_default(),
        job_queue_arn: answer.job_queue_arn.unwrap_or_default(),
    })
}

pub(super) async fn delete(client: &Client, api::DeleteJobQueue { job_queue }: &api::DeleteJobQueue) -> Result<api::Empty, CallError> {
    let request = client.delete_job_queue().job_queue(job_queue);
    request.send().await.map_err(|error| failure("batch:DeleteJobQueue", error))?;
    Ok(api::Empty {})
}

/// Who uses how much of the queue is left out.
pub(super) async fn snapshot(client: &Client, call: &api::GetJobQueueSnapshot) -> Result<api::JobQueueSnapshot, CallError> {
    let request = client.get_job_queue_snapshot().job_queue(&call.job_queue);
    let answer = request.send().await.map_err(|error| failure("batch:GetJobQueueSnapshot", error))?;
    let front = answer.front_of_queue.as_ref();
    let job = |job: &sdk::FrontOfQueueJobSummary| api::FrontOfQueueJob {
        job_arn: job.job_arn.clone().unwrap_or_default(),
        earliest_time_at_position: job.earliest_time_at_position.unwrap_or_default(),
    };
    Ok(api::JobQueueSnapshot {
        front_of_queue: api::FrontOfQueue {
            jobs: front.map(|front| front.jobs().iter().map(job).collect()).unwrap_or_default(),
            last_updated_at: front.and_then(|front| front.last_updated_at).unwrap_or_default(),
        },
        queue_utilization: None,
    })
}

pub(super) async fn describe(client: &Client, call: &api::DescribeJobQueues) -> Result<api::JobQueues, CallError> {
    let api::DescribeJobQueues { job_queues, max_results, next_token } = call.clone();
    let request = client
        .describe_job_queues()
        .set_job_queues(list(&job_queues, String::clone))
        .set_max_results(max_results)
        .set_next_token(next_token);
    let answer = request.send().await.map_err(|error| failure("batch:DescribeJobQueues", error))?;
    Ok(api::JobQueues { job_queues: each(answer.job_queues, detail), next_token: answer.next_token })
}

fn order(api::ComputeEnvironmentOrder { order, compute_environment }: &api::ComputeEnvironmentOrder) -> sdk::ComputeEnvironmentOrder {
    sdk::ComputeEnvironmentOrder::builder().order(*order).compute_environment(compute_environment).build()
}

fn detail(queue: sdk::JobQueueDetail) -> api::JobQueueDetail {
    let order = |order: sdk::ComputeEnvironmentOrder| api::ComputeEnvironmentOrder {
        order: order.order.unwrap_or_default(),
        compute_environment: order.compute_environment.unwrap_or_default(),
    };
    api::JobQueueDetail {
        job_queue_name: queue.job_queue_name.unwrap_or_default(),
        job_queue_arn: queue.job_queue_arn.unwrap_or_default(),
        state: text(queue.state).unwrap_or_default(),
        status: text(queue.status).unwrap_or_default(),
        status_reason: queue.status_reason.unwrap_or_default(),
        priority: queue.priority.unwrap_or_default(),
        compute_environment_order: each(queue.compute_environment_order, order),
        tags: sorted(queue.tags),
        rest: queue.scheduling_policy_arn.map(|arn| ("schedulingPolicyArn".to_owned(), arn.into())).into_iter().collect(),
    }
}
