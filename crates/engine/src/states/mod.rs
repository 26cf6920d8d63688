//! The Step Functions service: machines, executions and their histories.

mod arn;
mod execution;
mod history;
mod ids;
mod list;
mod machine;
mod map_run;
mod names;
mod options;
mod redrive;
mod running;
mod tasks;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fanout_asl::api::{ApiError, Reply, Request, Validation};
use fanout_asl::{Definition, Effect, TaskId};
use jiff::Timestamp;

use crate::objects::{ObjectCall, ObjectCallId};
use crate::{CallId, Deadline, Settings};
use execution::Record;
use machine::Machine;
use map_run::{MapRunKey, MapRunRecord};
use running::Pending;
use tasks::Tasks;

pub(crate) use running::Ended;

pub(crate) use ids::Ids;

/// Names one execution inside the engine.
pub(crate) type ExecutionKey = usize;

/// Everything that Step Functions remembers.
#[derive(Debug)]
pub(crate) struct Service {
    settings: Settings,
    ids: Ids,
    machines: BTreeMap<String, Machine>,
    executions: Vec<Record>,
    by_arn: BTreeMap<String, ExecutionKey>,
    tasks: VecDeque<(ExecutionKey, Effect)>,
    deadlines: BTreeSet<(Timestamp, ExecutionKey)>,
    /// Tokens and activities.
    waiting: Tasks,
    map_runs: Vec<MapRunRecord>,
    map_runs_by_arn: BTreeMap<String, MapRunKey>,
    map_runs_by_task: BTreeMap<(ExecutionKey, TaskId), MapRunKey>,
    /// Even: those of Tasks are odd.
    next_object: u64,
    reading: BTreeMap<ObjectCallId, MapRunKey>,
    object_calls: VecDeque<(ObjectCallId, ObjectCall)>,
    pending: VecDeque<Pending>,
    ended: VecDeque<(ExecutionKey, Ended)>,
    /// To calls that were kept open.
    answers: VecDeque<(CallId, Result<Reply, ApiError>)>,
}

impl Service {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            ids: Ids::new(settings.seed ^ 0x57a7_e500),
            settings,
            machines: BTreeMap::new(),
            executions: Vec::new(),
            by_arn: BTreeMap::new(),
            tasks: VecDeque::new(),
            deadlines: BTreeSet::new(),
            waiting: Tasks::default(),
            map_runs: Vec::new(),
            map_runs_by_arn: BTreeMap::new(),
            map_runs_by_task: BTreeMap::new(),
            next_object: 0,
            reading: BTreeMap::new(),
            object_calls: VecDeque::new(),
            pending: VecDeque::new(),
            ended: VecDeque::new(),
            answers: VecDeque::new(),
        }
    }

    /// Answers one call, now or later ([`Service::poll_answer`]).
    pub(crate) fn call(&mut self, id: CallId, request: Request, now: Timestamp) -> Option<Result<Reply, ApiError>> {
        match request {
            Request::GetActivityTask(call) => self.get_activity_task(id, call, now),
            other => Some(self.call_at_once(other, now)),
        }
    }

    /// An answer to a call that was kept open.
    pub(crate) fn poll_answer(&mut self) -> Option<(CallId, Result<Reply, ApiError>)> {
        self.answers.pop_front()
    }

    /// Answers a call that is never kept open.
    pub(crate) fn call_at_once(&mut self, request: Request, now: Timestamp) -> Result<Reply, ApiError> {
        match request {
            Request::CreateStateMachine(call) => self.create_machine(call, now),
            Request::DescribeStateMachine(call) => self.describe_machine(&call),
            Request::DeleteStateMachine(call) => self.delete_machine(&call),
            Request::ListStateMachines(call) => self.list_machines(&call),
            Request::ValidateStateMachineDefinition(call) => Ok(Reply::Validation(validate(&call.definition, call.max_results))),
            Request::StartExecution(call) => self.start_execution(call, now),
            Request::DescribeExecution(call) => self.describe_execution(&call),
            Request::StopExecution(call) => self.stop_execution(call, now),
            Request::ListExecutions(call) => self.list_executions(&call),
            Request::GetExecutionHistory(call) => self.history(&call),
            Request::SendTaskSuccess(call) => self.send_task_success(call, now),
            Request::SendTaskFailure(call) => self.send_task_failure(call, now),
            Request::SendTaskHeartbeat(call) => self.send_task_heartbeat(&call, now),
            Request::DescribeMapRun(call) => self.describe_map_run(&call),
            Request::ListMapRuns(call) => self.list_map_runs(&call),
            Request::UpdateMapRun(call) => self.update_map_run(&call),
            Request::RedriveExecution(call) => self.redrive_execution(&call, now),
            other => Err(unknown(other.operation())),
        }
    }

    /// Passes a tick to every execution whose deadline has come.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        self.dismiss_patient_workers(now);
        while let Some((at, key)) = self.deadlines.first().copied() {
            if at > now {
                return;
            }
            self.deadlines.pop_first();
            self.executions[key].deadline = None;
            self.report(key, fanout_asl::Input::Tick, now);
        }
    }

    pub(crate) fn poll_deadline(&self) -> Option<Deadline> {
        let execution = self.deadlines.first().map(|(at, key)| Deadline { at: *at, why: self.executions[*key].deadline_reason });
        let worker = self.patience_ends().map(|at| Deadline { at, why: "a worker's GetActivityTask" });
        execution.into_iter().chain(worker).min_by_key(|deadline| deadline.at)
    }

    /// What an execution wants done next.
    pub(crate) fn poll_task(&mut self) -> Option<(ExecutionKey, Effect)> {
        self.tasks.pop_front()
    }
}

/// An operation that Step Functions has and this engine does not.
fn unknown(operation: &str) -> ApiError {
    ApiError::new("UnknownOperationException", format!("fanout does not have the operation {operation}."))
}

/// As `ValidateStateMachineDefinition` answers.
fn validate(definition: &str, max_results: Option<i32>) -> Validation {
    let diagnostics = Definition::parse(definition).err().unwrap_or_default();
    let result = if diagnostics.iter().any(|diagnostic| diagnostic.severity == "ERROR") { "FAIL" } else { "OK" };
    let most = max_results.filter(|most| *most > 0).map_or(100, |most| most as usize);
    let truncated = diagnostics.len() > most;
    Validation { result: result.into(), diagnostics: diagnostics.into_iter().take(most).collect(), truncated }
}
