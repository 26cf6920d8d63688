//! The Step Functions service: machines, executions and their histories.

mod activity;
mod alias;
mod arn;
mod configuration;
mod describe;
mod execution;
mod express;
mod history;
mod ids;
mod kind;
mod list;
mod machine;
mod names;
mod references;
mod revision;
mod start;
mod sync;
mod tags;
mod target;
mod update;
mod validation;
mod version;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fanout_asl::Effect;
use fanout_asl::api::{ApiError, Reply, Request};
use jiff::Timestamp;

use crate::{CallId, Deadline, Settings};
use activity::Activity;
use execution::Record;
use machine::Machine;

pub(crate) use ids::Ids;

/// Names one execution inside the engine.
pub(crate) type ExecutionKey = usize;

/// What a call is answered with.
pub(crate) type Answer = Result<Reply, ApiError>;

/// Everything that Step Functions remembers.
#[derive(Debug)]
pub(crate) struct Service {
    settings: Settings,
    ids: Ids,
    /// By unqualified ARN.
    machines: BTreeMap<String, Machine>,
    activities: BTreeMap<String, Activity>,
    executions: Vec<Record>,
    /// Standard executions: express ones cannot be asked for.
    by_arn: BTreeMap<String, ExecutionKey>,
    tasks: VecDeque<(ExecutionKey, Effect)>,
    replies: VecDeque<(CallId, Answer)>,
    deadlines: BTreeSet<(Timestamp, ExecutionKey)>,
}

impl Service {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            ids: Ids::new(settings.seed ^ 0x57a7_e500),
            settings,
            machines: BTreeMap::new(),
            activities: BTreeMap::new(),
            executions: Vec::new(),
            by_arn: BTreeMap::new(),
            tasks: VecDeque::new(),
            replies: VecDeque::new(),
            deadlines: BTreeSet::new(),
        }
    }

    /// Takes a call. Its answer is polled for: at once, but for calls that wait for something.
    pub(crate) fn call(&mut self, id: CallId, request: Request, now: Timestamp) {
        if let Some(answer) = self.answer(id, request, now) {
            self.replies.push_back((id, answer));
        }
    }

    /// `None` if the answer comes later.
    fn answer(&mut self, id: CallId, request: Request, now: Timestamp) -> Option<Answer> {
        Some(match request {
            Request::CreateActivity(call) => self.create_activity(call, now),
            Request::DescribeActivity(call) => self.describe_activity(call),
            Request::DeleteActivity(call) => self.delete_activity(&call),
            Request::ListActivities(call) => self.list_activities(&call),
            Request::GetActivityTask(call) => self.activity(&call.activity_arn).and_then(|_| Err(unknown("GetActivityTask"))),
            Request::CreateStateMachine(call) => self.create_machine(call, now),
            Request::UpdateStateMachine(call) => self.update_machine(call, now),
            Request::DescribeStateMachine(call) => self.describe_machine(&call),
            Request::DescribeStateMachineForExecution(call) => self.describe_machine_for_execution(&call),
            Request::DeleteStateMachine(call) => self.delete_machine(&call),
            Request::ListStateMachines(call) => self.list_machines(&call),
            Request::PublishStateMachineVersion(call) => self.publish_version(call, now),
            Request::DeleteStateMachineVersion(call) => self.delete_version(&call),
            Request::ListStateMachineVersions(call) => self.list_versions(&call),
            Request::CreateStateMachineAlias(call) => self.create_alias(call, now),
            Request::UpdateStateMachineAlias(call) => self.update_alias(call, now),
            Request::DescribeStateMachineAlias(call) => self.describe_alias(call),
            Request::DeleteStateMachineAlias(call) => self.delete_alias(&call),
            Request::ListStateMachineAliases(call) => self.list_aliases(&call),
            Request::ValidateStateMachineDefinition(call) => Ok(validation::validate(&call)),
            Request::TagResource(call) => self.tag(call),
            Request::UntagResource(call) => self.untag(&call),
            Request::ListTagsForResource(call) => self.list_tags(&call),
            Request::StartExecution(call) => self.start_execution(call, now),
            Request::StartSyncExecution(call) => return self.start_sync(id, call, now).err().map(Err),
            Request::DescribeExecution(call) => self.describe_execution(&call),
            Request::StopExecution(call) => self.stop_execution(call, now),
            Request::ListExecutions(call) => self.list_executions(&call),
            Request::GetExecutionHistory(call) => self.history(&call),
            other => Err(unknown(other.operation())),
        })
    }

    /// What a call is answered with.
    pub(crate) fn poll_reply(&mut self) -> Option<(CallId, Answer)> {
        self.replies.pop_front()
    }

    /// Passes a tick to every execution whose deadline has come.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        while let Some((at, key)) = self.deadlines.first().copied() {
            if at > now {
                return;
            }
            self.deadlines.pop_first();
            let record = &mut self.executions[key];
            record.deadline = None;
            if record.limit.is_some_and(|limit| limit <= at) {
                self.expire(key, now);
            } else {
                self.report(key, fanout_asl::Input::Tick, now);
            }
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
                Effect::Ended(outcome) => drop(record.outcome.get_or_insert((outcome, now))),
                task @ (Effect::StartTask { .. } | Effect::CancelTask { .. }) => self.tasks.push_back((key, task)),
            }
        }
        let (at, why) = record.next_deadline();
        if record.outcome.is_some() {
            record.machine = None;
        }
        record.deadline_reason = why;
        if at != record.deadline {
            if let Some(old) = record.deadline.take() {
                self.deadlines.remove(&(old, key));
            }
            if let Some(at) = at {
                self.deadlines.insert((at, key));
            }
            record.deadline = at;
        }
        if record.outcome.is_some() {
            self.answer_caller(key);
        }
    }
}

/// An operation that Step Functions has and this engine does not.
fn unknown(operation: &str) -> ApiError {
    ApiError::new("UnknownOperationException", format!("fanout does not have the operation {operation}."))
}

#[cfg(test)]
mod tests;
