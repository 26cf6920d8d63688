//! The Step Functions service: machines, executions and their histories.

mod arn;
mod execution;
mod history;
mod ids;
mod list;
mod machine;
mod names;
mod options;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fanout_asl::api::{ApiError, Reply, Request, Validation};
use fanout_asl::{Definition, Effect};
use jiff::Timestamp;

use crate::{Deadline, Settings};
use execution::Record;
use machine::Machine;

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
        }
    }

    /// Answers one call.
    pub(crate) fn call(&mut self, request: Request, now: Timestamp) -> Result<Reply, ApiError> {
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
            other => Err(unknown(other.operation())),
        }
    }

    /// Passes a tick to every execution whose deadline has come.
    pub(crate) fn tick(&mut self, now: Timestamp) {
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
        let (at, key) = self.deadlines.first().copied()?;
        Some(Deadline { at, why: self.executions[key].deadline_reason })
    }

    /// What an execution wants done next.
    pub(crate) fn poll_task(&mut self) -> Option<(ExecutionKey, Effect)> {
        self.tasks.pop_front()
    }

    /// Tells an execution what happened and takes in what follows.
    pub(crate) fn report(&mut self, key: ExecutionKey, input: fanout_asl::Input, now: Timestamp) {
        let record = &mut self.executions[key];
        let Some(machine) = record.machine.as_mut() else { return };
        machine.handle(input, now);
        while let Some(effect) = machine.poll_effect() {
            match effect {
                Effect::Record(event) => record.history.push(event),
                Effect::Ended(outcome) => record.outcome = Some((outcome, now)),
                task @ (Effect::StartTask { .. } | Effect::CancelTask { .. }) => self.tasks.push_back((key, task)),
            }
        }
        let deadline = machine.poll_deadline();
        if record.outcome.is_some() {
            record.machine = None;
        }
        let at = deadline.as_ref().filter(|_| record.machine.is_some()).map(|deadline| deadline.at);
        record.deadline_reason = deadline.map_or("", |deadline| deadline.why);
        if at != record.deadline {
            if let Some(old) = record.deadline.take() {
                self.deadlines.remove(&(old, key));
            }
            if let Some(at) = at {
                self.deadlines.insert((at, key));
            }
            record.deadline = at;
        }
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
