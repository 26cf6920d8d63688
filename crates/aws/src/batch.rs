//! AWS Batch: one function for each operation, in files by what it is about.

mod definitions;
mod environments;
mod jobs;
mod queues;
mod shared;
mod submission;

use aws_sdk_batch::Client;
use fanout_batch::api::{Reply, Request};
use fanout_core::call::CallError;

use crate::failure::unsupported;

/// Makes one call.
pub(crate) async fn call(client: &Client, request: &Request) -> Result<Reply, CallError> {
    match request {
        Request::CreateComputeEnvironment(call) => environments::create(client, call).await.map(Reply::CreateComputeEnvironment),
        Request::UpdateComputeEnvironment(call) => environments::update(client, call).await.map(Reply::UpdateComputeEnvironment),
        Request::DeleteComputeEnvironment(call) => environments::delete(client, call).await.map(Reply::DeleteComputeEnvironment),
        Request::DescribeComputeEnvironments(call) => environments::describe(client, call).await.map(Reply::DescribeComputeEnvironments),
        Request::CreateJobQueue(call) => queues::create(client, call).await.map(Reply::CreateJobQueue),
        Request::UpdateJobQueue(call) => queues::update(client, call).await.map(Reply::UpdateJobQueue),
        Request::DeleteJobQueue(call) => queues::delete(client, call).await.map(Reply::DeleteJobQueue),
        Request::DescribeJobQueues(call) => queues::describe(client, call).await.map(Reply::DescribeJobQueues),
        Request::RegisterJobDefinition(call) => definitions::register(client, call).await.map(Reply::RegisterJobDefinition),
        Request::DeregisterJobDefinition(call) => definitions::deregister(client, call).await.map(Reply::DeregisterJobDefinition),
        Request::DescribeJobDefinitions(call) => definitions::describe(client, call).await.map(Reply::DescribeJobDefinitions),
        Request::SubmitJob(call) => submission::submit(client, call).await.map(Reply::SubmitJob),
        Request::DescribeJobs(call) => jobs::describe(client, call).await.map(Reply::DescribeJobs),
        Request::ListJobs(call) => jobs::list_jobs(client, call).await.map(Reply::ListJobs),
        Request::CancelJob(call) => submission::cancel(client, call).await.map(Reply::CancelJob),
        Request::TerminateJob(call) => submission::terminate(client, call).await.map(Reply::TerminateJob),
        Request::CancelJobs(call) => submission::cancel_all(client, call).await.map(Reply::CancelJobs),
        Request::TerminateJobs(call) => submission::terminate_all(client, call).await.map(Reply::TerminateJobs),
        Request::GetJobQueueSnapshot(call) => queues::snapshot(client, call).await.map(Reply::GetJobQueueSnapshot),
        Request::CreateSchedulingPolicy(_)
        | Request::UpdateSchedulingPolicy(_)
        | Request::DeleteSchedulingPolicy(_)
        | Request::DescribeSchedulingPolicies(_)
        | Request::ListSchedulingPolicies(_)
        | Request::TagResource(_)
        | Request::UntagResource(_)
        | Request::ListTagsForResource(_) => Err(unsupported(request.operation(), "fanout does not make this call")),
    }
}
