//! The Task state at work: scheduled, started, reported on by the caller, timed out.

use std::borrow::Cow;

use super::arena::Key;
use super::strand::Doing;
use super::timers::Owner;
use super::{Execution, Stage};
use crate::Payload;
use crate::document::{Kind, Seconds, State, Task};
use crate::history::{Fault, Happening, TaskFault};
use crate::port::{Effect, FailureStage, TaskId};

impl Execution {
    /// Makes the parameters and schedules the task.
    pub(super) fn schedule(&mut self, key: Key, state: &State, task: &Task) {
        let prepared = self.effective_input(key, state).and_then(|parameters| {
            let timeout = self.seconds(key, state, task.timeout.as_ref(), "TimeoutSecondsPath")?;
            let heartbeat = self.seconds(key, state, task.heartbeat.as_ref(), "HeartbeatSecondsPath")?;
            Ok((parameters, timeout, heartbeat))
        });
        let (parameters, timeout_seconds, heartbeat_seconds) = match prepared {
            Ok(prepared) => prepared,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        let region = &self.region;
        let scheduled = || Happening::TaskScheduled {
            resource: task.resource.clone(),
            region: region.clone(),
            parameters: parameters.clone(),
            timeout_seconds,
            heartbeat_seconds,
        };
        strand.last = self.journal.record(&mut self.effects, self.now, strand.last, scheduled);
        strand.doing = Doing::Scheduled { parameters, timeout_seconds };
        self.push(key, Stage::Run);
    }

    fn seconds(&mut self, key: Key, state: &State, given: Option<&Seconds>, field: &str) -> Result<Option<u64>, Fault> {
        let path = match given {
            None => return Ok(None),
            Some(Seconds::Fixed(seconds)) => return Ok(Some(*seconds)),
            Some(Seconds::Path(path)) => path,
        };
        let value = self.looked_up(key, state, path, field)?;
        if let Some(seconds) = value.as_u64().filter(|seconds| *seconds > 0) {
            return Ok(Some(seconds));
        }
        let words = format!("The {field} field refers to value \"{value}\" which is not a valid positive integer: {}", path.text());
        Err(self.runtime_fault(key, state, &words))
    }

    /// Hands the task out; its timeout begins.
    pub(super) fn start_task(&mut self, key: Key, task: &Task) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        let id = TaskId(self.next_task);
        let Doing::Scheduled { parameters, timeout_seconds } = std::mem::replace(&mut strand.doing, Doing::Task { id }) else {
            return;
        };
        self.next_task += 1;
        let started = || Happening::TaskStarted { resource: task.resource.clone() };
        strand.last = self.journal.record(&mut self.effects, self.now, strand.last, started);
        if self.journal.is_full() {
            return;
        }
        let timer = |seconds| self.timers.set(self.now, seconds as f64, Owner::Strand(key), "task timeout");
        strand.timer = timeout_seconds.map(timer);
        self.tasks.insert(id, key);
        self.effects.push_back(Effect::StartTask { task: id, resource: task.resource.arn.clone(), parameters });
    }

    /// The service has accepted the work.
    pub(super) fn task_submitted(&mut self, id: TaskId, output: Payload) {
        let Some(strand) = self.tasks.get(&id).and_then(|key| self.strands.get_mut(*key)) else {
            return;
        };
        let Kind::Task(task) = &self.definition.state(strand.state).kind else {
            return;
        };
        let submitted = || Happening::TaskSubmitted { resource: task.resource.clone(), output };
        strand.last = self.journal.record(&mut self.effects, self.now, strand.last, submitted);
    }

    /// The task is done.
    pub(super) fn task_succeeded(&mut self, id: TaskId, output: Payload) {
        let definition = std::sync::Arc::clone(&self.definition);
        let Some((key, state, task)) = self.ended_task(&definition, id) else {
            return;
        };
        let output = match self.within_limits(&task.resource.arn, output) {
            Ok(output) => output,
            Err(fault) => return self.record_task_fault(key, state, task, TaskFault::Failed, fault),
        };
        if let Some(strand) = self.strands.get_mut(key) {
            let succeeded = || Happening::TaskSucceeded { resource: task.resource.clone(), output: output.clone() };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, succeeded);
        }
        match self.output(key, state, output) {
            Ok(output) => self.leave(key, output, state.next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    /// The task failed.
    pub(super) fn task_failed(&mut self, id: TaskId, at: FailureStage, error: &str, cause: Option<&str>) {
        let definition = std::sync::Arc::clone(&self.definition);
        let Some((key, state, task)) = self.ended_task(&definition, id) else {
            return;
        };
        let how = match at {
            FailureStage::Run if error == "States.Timeout" => TaskFault::TimedOut,
            FailureStage::Run => TaskFault::Failed,
            FailureStage::Submit => TaskFault::SubmitFailed,
            FailureStage::Start => TaskFault::StartFailed,
        };
        self.record_task_fault(key, state, task, how, Fault::new(error, cause));
    }

    /// The task's TimeoutSeconds.
    pub(super) fn task_timed_out(&mut self, key: Key, id: TaskId) {
        let definition = std::sync::Arc::clone(&self.definition);
        if let Some((_, state, task)) = self.ended_task(&definition, id) {
            self.effects.push_back(Effect::CancelTask { task: id });
            self.record_task_fault(key, state, task, TaskFault::TimedOut, Fault::new("States.Timeout", None));
        }
    }

    fn record_task_fault(&mut self, key: Key, state: &State, task: &Task, how: TaskFault, fault: Fault) {
        if let Some(strand) = self.strands.get_mut(key) {
            let failed = || Happening::TaskFailed { resource: task.resource.clone(), how, fault: fault.clone() };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, failed);
        }
        self.state_failed(key, state, fault, false);
    }

    /// Forgets a task that has ended; whose it was.
    fn ended_task<'d>(&mut self, definition: &'d crate::Definition, id: TaskId) -> Option<(Key, &'d State, &'d Task)> {
        let key = self.tasks.remove(&id)?;
        let strand = self.strands.get_mut(key)?;
        strand.doing = Doing::Turning;
        self.timers.cancel(strand.timer.take());
        let state = definition.state(strand.state);
        match &state.kind {
            Kind::Task(task) => Some((key, state, task)),
            _ => None,
        }
    }

    /// The value behind a path, in the effective input of a state without Parameters.
    pub(super) fn looked_up(
        &mut self,
        key: Key,
        state: &State,
        path: &crate::expression::Expression,
        field: &str,
    ) -> Result<serde_json::Value, Fault> {
        let input = self.selected_input(key, state)?;
        match self.with_scope(key, state, &input, None, |scope| path.evaluate(scope).map(Cow::into_owned)) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(self.field_fault(key, state, field, &input, &error)),
            None => Ok(serde_json::Value::Null),
        }
    }
}
