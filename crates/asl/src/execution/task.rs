//! The Task state at work: scheduled, started, reported on by the caller, timed out.

use std::sync::Arc;

use base64::Engine as _;

use super::arena::Key;
use super::lookup::Field;
use super::strand::{Doing, Heartbeat, Sight};
use super::timers::Owner;
use super::{Execution, Stage};
use crate::Payload;
use crate::document::{Kind, ResourceKind, State, Task};
use crate::history::{Fault, Happening, TaskFault};
use crate::port::{Effect, FailureStage, TaskId};

/// What a task is scheduled with.
struct Prepared {
    parameters: Payload,
    credentials: Option<Payload>,
    timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
}

impl Execution {
    /// Makes the parameters and schedules the task.
    pub(super) fn schedule(&mut self, key: Key, state: &State, task: &Task) {
        if task.resource.waits_for_token() {
            let token = self.new_token();
            if let Some(strand) = self.strands.get_mut(key) {
                strand.token = Some(token);
            }
        }
        let Prepared { parameters, timeout_seconds, heartbeat_seconds, credentials } = match self.prepared(key, state, task) {
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
            credentials,
        };
        strand.last = self.journal.record(&mut self.effects, self.now, strand.last, scheduled);
        strand.doing = Doing::Scheduled { parameters, timeout_seconds, heartbeat_seconds };
        self.push(key, Stage::Run);
    }

    fn prepared(&mut self, key: Key, state: &State, task: &Task) -> Result<Prepared, Fault> {
        let parameters = self.effective_input(key, state)?;
        let credentials = match &task.credentials {
            Some(template) => {
                let input = self.selected_input(key, state)?;
                Some(self.filled(key, state, template, Sight::of(&input))?)
            }
            None => None,
        };
        Ok(Prepared {
            parameters,
            credentials,
            timeout_seconds: self.seconds(key, state, task.timeout.as_ref(), Field { name: "TimeoutSeconds" })?,
            heartbeat_seconds: self.seconds(key, state, task.heartbeat.as_ref(), Field { name: "HeartbeatSeconds" })?,
        })
    }

    /// Opaque, as AWS's are; nobody but this execution's service knows it.
    fn new_token(&mut self) -> Arc<str> {
        let bytes = [self.random.uuid(), self.random.uuid(), self.random.uuid()].map(uuid::Uuid::into_bytes).concat();
        format!("AQC{}", base64::engine::general_purpose::STANDARD.encode(bytes)).into()
    }

    /// Hands the task out; its timeout begins. An activity's task starts when a worker takes it.
    pub(super) fn start_task(&mut self, key: Key, state: &State, task: &Task) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        let id = TaskId(self.next_task);
        let doing = std::mem::replace(&mut strand.doing, Doing::Task { id });
        let Doing::Scheduled { parameters, timeout_seconds, heartbeat_seconds } = doing else {
            return;
        };
        self.next_task += 1;
        let is_activity = task.resource.kind == ResourceKind::Activity;
        if !is_activity {
            let started = || Happening::TaskStarted { resource: task.resource.clone() };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, started);
        }
        if self.journal.is_full() {
            return;
        }
        let timer = |seconds| self.timers.set(self.now, seconds as f64, Owner::Strand(key), "task timeout");
        strand.timer = timeout_seconds.map(timer);
        strand.heartbeat = heartbeat_seconds.map(|seconds| Heartbeat { seconds, timer: None });
        let (token, attempt) = (strand.token.clone(), strand.retries);
        self.tasks.insert(id, key);
        if !is_activity {
            self.beat(key);
        }
        let (state, resource) = (Arc::clone(&state.name), Arc::clone(&task.resource.arn));
        self.effects.push_back(Effect::StartTask { task: id, state, attempt, resource, parameters, token });
    }

    /// A worker has taken the task of an activity.
    pub(super) fn activity_started(&mut self, id: TaskId, worker: Option<&str>) {
        let Some(key) = self.tasks.get(&id).copied() else {
            return;
        };
        if let Some(strand) = self.strands.get_mut(key) {
            let started = || Happening::ActivityStarted { worker: worker.map(Into::into) };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, started);
        }
        self.beat(key);
    }

    /// The task has shown that it lives.
    pub(super) fn heartbeat(&mut self, id: TaskId) {
        if let Some(key) = self.tasks.get(&id).copied() {
            self.beat(key);
        }
    }

    /// Counts the time to the next heartbeat anew.
    fn beat(&mut self, key: Key) {
        if let Some(heartbeat) = self.strands.get_mut(key).and_then(|strand| strand.heartbeat.as_mut()) {
            self.timers.cancel(heartbeat.timer.take());
            heartbeat.timer = Some(self.timers.set(self.now, heartbeat.seconds as f64, Owner::Heartbeat(key), "heartbeat"));
        }
    }

    /// The time to the next heartbeat is over.
    pub(super) fn heartbeat_missed(&mut self, key: Key) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        if let Some(heartbeat) = &mut strand.heartbeat {
            heartbeat.timer = None;
        }
        if let Doing::Task { id } = strand.doing {
            self.out_of_time(id, "States.HeartbeatTimeout");
        }
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
        let definition = Arc::clone(&self.definition);
        if let Some(key) = self.ended_map_run(id) {
            let state = self.strands.get(key).map(|strand| definition.state(strand.state));
            return state.into_iter().for_each(|state| self.map_run_succeeded(key, state, output.clone()));
        }
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
        match self.left(key, state, output) {
            Ok(left) => self.leave(key, left, state.next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    /// The task failed.
    pub(super) fn task_failed(&mut self, id: TaskId, at: FailureStage, error: &str, cause: Option<&str>) {
        let definition = Arc::clone(&self.definition);
        if let Some(key) = self.ended_map_run(id) {
            let state = self.strands.get(key).map(|strand| definition.state(strand.state));
            return state.into_iter().for_each(|state| self.map_run_failed(key, state, Fault::new(error, cause)));
        }
        let Some((key, state, task)) = self.ended_task(&definition, id) else {
            return;
        };
        let how = match at {
            FailureStage::Run if matches!(error, "States.Timeout" | "States.HeartbeatTimeout") => TaskFault::TimedOut,
            FailureStage::Run => TaskFault::Failed,
            FailureStage::Submit => TaskFault::SubmitFailed,
            FailureStage::Start => TaskFault::StartFailed,
        };
        self.record_task_fault(key, state, task, how, Fault::new(error, cause));
    }

    /// The task's TimeoutSeconds.
    pub(super) fn task_timed_out(&mut self, id: TaskId) {
        self.out_of_time(id, "States.Timeout");
    }

    fn out_of_time(&mut self, id: TaskId, error: &str) {
        let definition = Arc::clone(&self.definition);
        if let Some((key, state, task)) = self.ended_task(&definition, id) {
            self.effects.push_back(Effect::CancelTask { task: id });
            self.record_task_fault(key, state, task, TaskFault::TimedOut, Fault::new(error, None));
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
        self.timers.cancel(strand.heartbeat.take().and_then(|heartbeat| heartbeat.timer));
        let state = definition.state(strand.state);
        match &state.kind {
            Kind::Task(task) => Some((key, state, task)),
            _ => None,
        }
    }
}
