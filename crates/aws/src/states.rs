//! Step Functions: one function for each operation, in files by what it is about.

mod executions;
mod history;
mod machines;
mod time;

use aws_sdk_sfn::Client;
use fanout_asl::api::{Reply, Request};
use fanout_core::call::CallError;

use crate::failure::unsupported;

/// Makes one call.
pub(crate) async fn call(client: &Client, request: &Request) -> Result<Reply, CallError> {
    match request {
        Request::CreateStateMachine(call) => machines::create(client, call).await.map(Reply::StateMachineCreated),
        Request::DescribeStateMachine(call) => machines::describe(client, call).await.map(Reply::StateMachineDescription),
        Request::DeleteStateMachine(call) => machines::delete(client, call).await.map(|()| Reply::Done),
        Request::ListStateMachines(call) => machines::list(client, call).await.map(Reply::StateMachineList),
        Request::ValidateStateMachineDefinition(call) => machines::validate(client, call).await.map(Reply::Validation),
        Request::StartExecution(call) => executions::start(client, call).await.map(Reply::ExecutionStarted),
        Request::DescribeExecution(call) => executions::describe(client, call).await.map(Reply::ExecutionDescription),
        Request::StopExecution(call) => executions::stop(client, call).await.map(Reply::ExecutionStopped),
        Request::ListExecutions(call) => executions::list(client, call).await.map(Reply::ExecutionList),
        Request::GetExecutionHistory(call) => history::get(client, call).await.map(Reply::History),
        other => Err(unsupported(other.operation(), "fanout does not make this call")),
    }
}
