//! The Step Functions service: machines, executions and their histories.

mod activity;
mod alias;
mod arn;
mod configuration;
mod describe;
mod execution;
mod history;
mod ids;
mod kind;
mod list;
mod machine;
mod map_run;
mod names;
mod redrive;
mod references;
mod revision;
mod running;
mod start;
mod sync;
mod tags;
mod target;
mod tasks;
mod update;
mod validation;
mod version;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fanout_asl::api::{ApiError, Reply, Request, TestState};
use fanout_asl::{Effect, TaskId};
use jiff::Timestamp;

use crate::objects::{ObjectCall, ObjectCallId};
use crate::{CallId, Deadline, Settings};
use activity::Activity;
use execution::Record;
use machine::Machine;
use map_run::{MapRunKey, MapRunRecord};
use running::Pending;
use tasks::Tasks;

pub(crate) use running::Ended;

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
            waiting: Tasks::default(),
            map_runs: Vec::new(),
            map_runs_by_arn: BTreeMap::new(),
            map_runs_by_task: BTreeMap::new(),
            next_object: 0,
            reading: BTreeMap::new(),
            object_calls: VecDeque::new(),
            pending: VecDeque::new(),
            ended: VecDeque::new(),
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
        match request {
            Request::GetActivityTask(call) => self.get_activity_task(id, call, now).err().map(Err),
            Request::StartSyncExecution(call) => self.start_sync(id, call, now).err().map(Err),
            other => Some(self.call_at_once(other, now)),
        }
    }

    /// Answers a call that is never kept open.
    pub(crate) fn call_at_once(&mut self, request: Request, now: Timestamp) -> Answer {
        match request {
            Request::CreateActivity(call) => self.create_activity(call, now),
            Request::DescribeActivity(call) => self.describe_activity(call),
            Request::DeleteActivity(call) => self.delete_activity(&call),
            Request::ListActivities(call) => self.list_activities(&call),
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
            Request::DescribeExecution(call) => self.describe_execution(&call, now),
            Request::StopExecution(call) => self.stop_execution(call, now),
            Request::ListExecutions(call) => self.list_executions(&call),
            Request::GetExecutionHistory(call) => self.history(&call),
            Request::SendTaskSuccess(call) => self.send_task_success(call, now),
            Request::SendTaskFailure(call) => self.send_task_failure(call, now),
            Request::SendTaskHeartbeat(call) => self.send_task_heartbeat(&call, now),
            Request::DescribeMapRun(call) => self.describe_map_run(&call, now),
            Request::ListMapRuns(call) => self.list_map_runs(&call),
            Request::UpdateMapRun(call) => self.update_map_run(&call),
            Request::RedriveExecution(call) => self.redrive_execution(&call, now),
            Request::TestState(call) => self.test_state(&call, now),
            other => Err(unknown(other.operation())),
        }
    }

    /// Nothing is remembered of it, not even the seed: a journal leaves it out.
    fn test_state(&self, call: &TestState, now: Timestamp) -> Answer {
        let Settings { region, account, seed, .. } = &self.settings;
        fanout_asl::test_state(call, region, account, now, seed ^ now.as_nanosecond() as u64).map(Reply::StateTested)
    }

    /// What a call is answered with.
    pub(crate) fn poll_reply(&mut self) -> Option<(CallId, Answer)> {
        self.replies.pop_front()
    }

    /// Passes a tick to every execution whose deadline has come.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        self.dismiss_patient_workers(now);
        let mut paused = Vec::new();
        while let Some((at, key)) = self.deadlines.first().copied() {
            if at > now {
                break;
            }
            self.deadlines.pop_first();
            let record = &mut self.executions[key];
            record.deadline = None;
            if record.limit.is_some_and(|limit| limit <= at) {
                self.expire(key, now);
            } else {
                self.report(key, fanout_asl::Input::Tick, now);
                // It would have its turn again and again.
                let record = &self.executions[key];
                if let Some(at) = record.deadline.filter(|_| record.is_paused()) {
                    self.deadlines.remove(&(at, key));
                    paused.push((at, key));
                }
            }
        }
        self.deadlines.extend(paused);
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

#[cfg(test)]
mod tests;
