//! Map Runs and their child executions.

use std::sync::Arc;

use fanout_asl::api::{
    ApiError, DescribeMapRun, ListMapRuns, MapRunCounts, MapRunDescription, MapRunList, MapRunListItem, Reply, UpdateMapRun,
};
use fanout_asl::map_run::{ChildId, Counts, Effect, Input, MapRun, Status, Tolerance};
use fanout_asl::{Execution, FailureStage, Payload, TaskId};
use jiff::Timestamp;

use super::execution::{MapChild, Record};
use super::kind::Kind;
use super::machine::not_found;
use super::running::Pending;
use super::target::Target;
use super::{ExecutionKey, Service, arn, list};
use crate::objects::{ObjectAnswer, ObjectCall, ObjectCallId};

/// Names a Map Run inside the engine.
pub(super) type MapRunKey = usize;

/// A Map Run and who waits for it.
#[derive(Debug)]
pub(super) struct MapRunRecord {
    pub(super) machine: MapRun,
    parent: ExecutionKey,
    task: TaskId,
    started: Timestamp,
    stopped: Option<Timestamp>,
    redriven: Option<Timestamp>,
    children: Vec<ExecutionKey>,
}

impl Service {
    /// Starts a run.
    pub(super) fn start_map_run(&mut self, parent: ExecutionKey, task: TaskId, machine: MapRun, now: Timestamp) {
        let key = self.map_runs.len();
        self.map_runs_by_arn.insert(machine.names().arn.to_string(), key);
        let children = Vec::new();
        self.map_runs.push(MapRunRecord { machine, parent, task, started: now, stopped: None, redriven: None, children });
        self.map_runs_by_task.insert((parent, task), key);
        self.pending.push_back(Pending::MapRun(key, Input::Start));
    }

    /// Nobody waits for a run any more.
    pub(crate) fn stop_map_run(&mut self, parent: ExecutionKey, task: TaskId) {
        if let Some(key) = self.map_runs_by_task.remove(&(parent, task)) {
            self.pending.push_back(Pending::MapRun(key, Input::Stop));
        }
    }

    /// Tells a run what happened and takes in what follows.
    pub(super) fn map_run_handle(&mut self, key: MapRunKey, input: Input, now: Timestamp) {
        let stops = matches!(input, Input::Stop);
        self.map_runs[key].machine.handle(input, now);
        while let Some(effect) = self.map_runs[key].machine.poll_effect() {
            match effect {
                Effect::StartChild { child, name, input, items } => {
                    let execution = self.new_child(key, child, items, name, input, now);
                    self.map_runs[key].children.push(execution);
                }
                Effect::RedriveChild { child } => self.redrive_child(key, child, now),
                Effect::StopChild { child } => {
                    let execution = self.map_runs[key].children[child.0 as usize];
                    self.pending.push_back(Pending::Report(execution, fanout_asl::Input::Stop { error: None, cause: None }));
                }
                Effect::Read { bucket, key: object } => self.call_objects(key, ObjectCall::Get { bucket, key: object }),
                Effect::List { bucket, prefix } => self.call_objects(key, ObjectCall::List { bucket, prefix }),
                Effect::Write { bucket, key: object, body } => self.call_objects(key, ObjectCall::Put { bucket, key: object, body }),
                Effect::Ended(result) => self.map_run_ended(key, result, now),
            }
        }
        if stops {
            self.map_runs[key].stopped = Some(now);
        }
    }

    fn map_run_ended(&mut self, key: MapRunKey, result: Result<Payload, fanout_asl::map_run::Failure>, now: Timestamp) {
        let run = &mut self.map_runs[key];
        run.stopped = Some(now);
        let task = run.task;
        let input = match result {
            Ok(output) => fanout_asl::Input::TaskSucceeded { task, output },
            Err(failure) => {
                let stage = FailureStage::Run;
                fanout_asl::Input::TaskFailed { task, stage, error: failure.error, cause: failure.cause }
            }
        };
        let parent = run.parent;
        self.map_runs_by_task.remove(&(parent, task));
        self.pending.push_back(Pending::Report(parent, input));
    }

    /// An execution that begins.
    fn new_child(&mut self, run: MapRunKey, child: ChildId, items: u64, name: String, input: Payload, now: Timestamp) -> ExecutionKey {
        let record = &self.map_runs[run];
        let (names, express, processor) = (record.machine.names().clone(), record.machine.is_express(), record.machine.processor().clone());
        let parent = &self.executions[record.parent].target;
        let target = Target {
            machine_arn: names.machine_arn.to_string(),
            machine_name: names.machine_name.to_string(),
            kind: if express { Kind::Express } else { Kind::Standard },
            revision: Arc::clone(&parent.revision),
            version_arn: parent.version_arn.clone(),
            alias_arn: parent.alias_arn.clone(),
        };
        let (arn, settings) = self.execution_settings(&target, &name, input.clone());
        let machine = Execution::of_processor(&processor, settings);
        let mut execution = Record::new(arn, name, target, input, now, machine);
        execution.map_child = Some(MapChild { run, child, items, map_run_arn: Arc::clone(&names.arn) });
        let key = self.keep(execution, now);
        self.pending.push_back(Pending::Start(key));
        key
    }

    /// Developer Guide, Redriving Map Runs: EXPRESS executions are started anew.
    fn redrive_child(&mut self, run: MapRunKey, child: ChildId, now: Timestamp) {
        let key = self.map_runs[run].children[child.0 as usize];
        if self.map_runs[run].machine.is_express() {
            let ended = &self.executions[key];
            let (input, items) = (ended.input.clone(), ended.map_child.as_ref().map_or(1, |child| child.items));
            let name = self.ids.uuid().to_string();
            self.map_runs[run].children[child.0 as usize] = self.new_child(run, child, items, name, input, now);
        } else {
            self.redrive_record(key, now);
        }
    }

    /// Goes on with a run that ended without success.
    pub(super) fn redrive_map_run(&mut self, parent: ExecutionKey, task: TaskId, arn: &str, now: Timestamp) {
        if let Some(key) = self.map_runs_by_arn.get(arn).copied() {
            let except = self.not_redrivable_children(key, now).map(|(child, _)| child).collect();
            let run = &mut self.map_runs[key];
            (run.task, run.stopped, run.redriven) = (task, None, Some(now));
            self.map_runs_by_task.insert((parent, task), key);
            self.pending.push_back(Pending::MapRun(key, Input::Redrive { except }));
        }
    }

    /// The children that ended without success and cannot be redriven, and how many items each has. EXPRESS ones always can: they
    /// are started anew.
    fn not_redrivable_children(&self, key: MapRunKey, now: Timestamp) -> impl Iterator<Item = (ChildId, u64)> {
        let run = &self.map_runs[key];
        let ended = (!run.machine.is_express()).then(|| run.machine.unsuccessful()).into_iter().flatten();
        ended.filter(move |(child, _)| self.not_redrivable(run.children[child.0 as usize], now).is_some())
    }

    fn call_objects(&mut self, run: MapRunKey, call: ObjectCall) {
        let id = ObjectCallId(self.next_object);
        self.next_object += 2;
        self.reading.insert(id, run);
        self.object_calls.push_back((id, call));
    }

    /// What is to be asked of S3 next.
    pub(crate) fn poll_object_call(&mut self) -> Option<(ObjectCallId, ObjectCall)> {
        self.object_calls.pop_front()
    }

    /// S3 has answered.
    pub(crate) fn object_answered(&mut self, id: ObjectCallId, answer: ObjectAnswer) {
        let Some(run) = self.reading.remove(&id) else { return };
        let input = match answer {
            ObjectAnswer::Read(bytes) => Input::Read(bytes),
            ObjectAnswer::Listed(objects) => Input::Listed(objects),
            ObjectAnswer::Written => Input::Written,
            ObjectAnswer::Failed { code, message } if self.map_runs[run].machine.is_writing() => {
                Input::WriteFailed { cause: format!("{message} (Service: Amazon S3; Error Code: {code})") }
            }
            // A Map Run calls no operation.
            ObjectAnswer::Answered(_) => return,
            ObjectAnswer::Failed { code, message } => {
                Input::ReadFailed { cause: format!("{message} (Service: Amazon S3; Error Code: {code})") }
            }
        };
        self.pending.push_back(Pending::MapRun(run, input));
    }

    pub(super) fn map_run(&self, map_run_arn: &str) -> Result<MapRunKey, ApiError> {
        arn::check(map_run_arn, "mapRun")?;
        self.map_runs_by_arn.get(map_run_arn).copied().ok_or_else(not_found)
    }

    /// `DescribeMapRun`.
    pub(super) fn describe_map_run(&self, call: &DescribeMapRun, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.map_run(&call.map_run_arn)?;
        let record = &self.map_runs[key];
        let lost = || self.not_redrivable_children(key, now);
        let (names, tolerance) = (record.machine.names(), record.machine.tolerance());
        Ok(Reply::MapRunDescription(MapRunDescription {
            map_run_arn: names.arn.to_string(),
            execution_arn: names.execution_arn.to_string(),
            status: match record.machine.status() {
                Status::Running => "RUNNING",
                Status::Succeeded => "SUCCEEDED",
                Status::Failed => "FAILED",
                Status::Aborted => "ABORTED",
            }
            .into(),
            start_date: record.started,
            stop_date: record.stopped,
            max_concurrency: i32::try_from(tolerance.max_concurrency).unwrap_or(i32::MAX),
            tolerated_failure_percentage: tolerance.percentage.unwrap_or_default() as f32,
            tolerated_failure_count: i64::try_from(tolerance.count.unwrap_or_default()).unwrap_or(i64::MAX),
            item_counts: counts(record.machine.item_counts(), lost().map(|(_, items)| items).sum()),
            execution_counts: counts(record.machine.child_counts(), lost().count() as u64),
            redrive_count: Some(i32::try_from(record.machine.redrives()).unwrap_or(i32::MAX)),
            redrive_date: record.redriven,
        }))
    }

    /// `ListMapRuns`.
    pub(super) fn list_map_runs(&self, call: &ListMapRuns) -> Result<Reply, ApiError> {
        let parent = self.execution(&call.execution_arn)?;
        let machine_arn = self.executions[parent].target.machine_arn.clone();
        let lines = self.map_runs.iter().rev().filter(|run| run.parent == parent).map(|run| MapRunListItem {
            execution_arn: call.execution_arn.clone(),
            map_run_arn: run.machine.names().arn.to_string(),
            state_machine_arn: machine_arn.clone(),
            start_date: run.started,
            stop_date: run.stopped,
        });
        let (map_runs, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::MapRunList(MapRunList { map_runs, next_token }))
    }

    /// `UpdateMapRun`: takes effect for children that have not started.
    pub(super) fn update_map_run(&mut self, call: &UpdateMapRun) -> Result<Reply, ApiError> {
        let key = self.map_run(&call.map_run_arn)?;
        let machine = &self.map_runs[key].machine;
        if machine.status() != Status::Running {
            let message = format!("Map Run Not Running: '{}'", call.map_run_arn);
            return Err(ApiError::new("ValidationException", message));
        }
        let Tolerance { max_concurrency, count, percentage } = machine.tolerance();
        let tolerance = Tolerance {
            max_concurrency: call.max_concurrency.map_or(max_concurrency, |most| most.max(0) as u64),
            count: call.tolerated_failure_count.map_or(count, |most| Some(most.max(0) as u64)),
            percentage: call.tolerated_failure_percentage.map_or(percentage, |most| Some(most.into())),
        };
        self.pending.push_back(Pending::MapRun(key, Input::Update(tolerance)));
        Ok(Reply::Done)
    }
}

fn counts(counts: Counts, not_redrivable: u64) -> MapRunCounts {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    MapRunCounts {
        pending: number(counts.pending),
        running: number(counts.running),
        succeeded: number(counts.succeeded),
        failed: number(counts.failed),
        timed_out: number(counts.timed_out),
        aborted: number(counts.aborted),
        total: number(counts.total),
        results_written: number(counts.results_written),
        failures_not_redrivable: Some(number(not_redrivable)),
        pending_redrive: Some(number(counts.pending_redrive)),
    }
}
