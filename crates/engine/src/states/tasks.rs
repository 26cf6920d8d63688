//! Tasks that wait to be told of their end: callbacks by token, and activities whose workers ask for work.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use fanout_asl::api::{ActivityTask, ApiError, GetActivityTask, Reply, SendTaskFailure, SendTaskHeartbeat, SendTaskSuccess};
use fanout_asl::{FailureStage, Input, PAYLOAD_BYTES, Payload, TaskId};
use fanout_batch::CallId;
use jiff::{SignedDuration, Timestamp};

use super::{ExecutionKey, Service};

/// How long a worker's question is kept open (service model, GetActivityTask).
const LONG_POLL: SignedDuration = SignedDuration::from_secs(60);
/// How the tokens of this engine begin.
const TOKEN: &str = "AQC";

/// Tasks by their tokens, and activities' work and workers.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    tokens: BTreeMap<Arc<str>, (ExecutionKey, TaskId)>,
    by_task: BTreeMap<(ExecutionKey, TaskId), Arc<str>>,
    /// Work that no worker has taken, by activity.
    offers: BTreeMap<String, VecDeque<(ExecutionKey, TaskId, Payload)>>,
    /// Workers that wait for work, by activity.
    workers: BTreeMap<String, VecDeque<Worker>>,
}

#[derive(Debug)]
struct Worker {
    call: CallId,
    name: Option<String>,
    until: Timestamp,
}

impl Service {
    /// A task is to be answered with this token.
    pub(crate) fn expect_answer(&mut self, token: Arc<str>, execution: ExecutionKey, task: TaskId) {
        self.waiting.tokens.insert(Arc::clone(&token), (execution, task));
        self.waiting.by_task.insert((execution, task), token);
    }

    /// Work for an activity.
    pub(crate) fn offer(&mut self, activity: &str, execution: ExecutionKey, task: TaskId, input: Payload) {
        self.waiting.offers.entry(activity.to_owned()).or_default().push_back((execution, task, input));
        self.match_workers(activity);
    }

    /// Nobody waits for this task any more.
    pub(crate) fn withdraw(&mut self, execution: ExecutionKey, task: TaskId) {
        if let Some(token) = self.waiting.by_task.remove(&(execution, task)) {
            self.waiting.tokens.remove(&token);
        }
        for offers in self.waiting.offers.values_mut() {
            offers.retain(|(owner, offered, _)| (*owner, *offered) != (execution, task));
        }
    }

    /// A worker asks for work; it is answered when there is some, or after a minute.
    pub(super) fn get_activity_task(&mut self, id: CallId, call: GetActivityTask, now: Timestamp) -> Result<(), ApiError> {
        self.activity(&call.activity_arn)?;
        let until = now.checked_add(LONG_POLL).unwrap_or(Timestamp::MAX);
        let worker = Worker { call: id, name: call.worker_name, until };
        self.waiting.workers.entry(call.activity_arn.clone()).or_default().push_back(worker);
        self.match_workers(&call.activity_arn);
        Ok(())
    }

    fn match_workers(&mut self, activity: &str) {
        loop {
            let Tasks { offers, workers, .. } = &mut self.waiting;
            let (Some(offers), Some(workers)) = (offers.get_mut(activity), workers.get_mut(activity)) else { return };
            if offers.is_empty() || workers.is_empty() {
                return;
            }
            let (Some((execution, task, input)), Some(worker)) = (offers.pop_front(), workers.pop_front()) else { return };
            let token: Arc<str> = format!("{TOKEN}{}{}", self.ids.uuid().simple(), self.ids.uuid().simple()).into();
            self.expect_answer(Arc::clone(&token), execution, task);
            let answer = ActivityTask { task_token: Some(token.to_string()), input: Some(input.text().to_owned()) };
            self.replies.push_back((worker.call, Ok(Reply::ActivityTask(answer))));
            self.pending.push_back(super::running::Pending::Report(execution, Input::ActivityStarted { task, worker: worker.name }));
        }
    }

    /// The activity is gone: its workers hear of it.
    pub(super) fn dismiss_workers(&mut self, activity: &str, error: &ApiError) {
        for worker in self.waiting.workers.remove(activity).into_iter().flatten() {
            self.replies.push_back((worker.call, Err(error.clone())));
        }
    }

    /// Workers that have waited for a minute are sent away without work.
    pub(super) fn dismiss_patient_workers(&mut self, now: Timestamp) {
        for workers in self.waiting.workers.values_mut() {
            while workers.front().is_some_and(|worker| worker.until <= now) {
                if let Some(worker) = workers.pop_front() {
                    let nothing = ActivityTask { task_token: None, input: None };
                    self.replies.push_back((worker.call, Ok(Reply::ActivityTask(nothing))));
                }
            }
        }
    }

    /// When the next worker has waited for a minute.
    pub(super) fn patience_ends(&self) -> Option<Timestamp> {
        self.waiting.workers.values().filter_map(VecDeque::front).map(|worker| worker.until).min()
    }

    /// `SendTaskSuccess`.
    pub(super) fn send_task_success(&mut self, call: SendTaskSuccess, now: Timestamp) -> Result<Reply, ApiError> {
        let invalid = |problem: String| ApiError::new("InvalidOutput", format!("Invalid Output: '{problem}'"));
        if call.output.len() > PAYLOAD_BYTES {
            return Err(invalid(format!("the output is longer than {PAYLOAD_BYTES} bytes")));
        }
        let output = Payload::parse(call.output).map_err(|error| invalid(error.to_string()))?;
        let (execution, task) = self.close(&call.task_token)?;
        self.report(execution, Input::TaskSucceeded { task, output }, now);
        Ok(Reply::Done)
    }

    /// `SendTaskFailure`.
    pub(super) fn send_task_failure(&mut self, call: SendTaskFailure, now: Timestamp) -> Result<Reply, ApiError> {
        let (execution, task) = self.close(&call.task_token)?;
        let error = call.error.unwrap_or_default();
        self.report(execution, Input::TaskFailed { task, stage: FailureStage::Run, error, cause: call.cause }, now);
        Ok(Reply::Done)
    }

    /// `SendTaskHeartbeat`.
    pub(super) fn send_task_heartbeat(&mut self, call: &SendTaskHeartbeat, now: Timestamp) -> Result<Reply, ApiError> {
        let (execution, task) = self.task_of(&call.task_token)?;
        self.report(execution, Input::Heartbeat { task }, now);
        Ok(Reply::Done)
    }

    fn close(&mut self, token: &str) -> Result<(ExecutionKey, TaskId), ApiError> {
        let of = self.task_of(token)?;
        self.withdraw(of.0, of.1);
        Ok(of)
    }

    /// A token that was given out and names no task any more is told from one that was not.
    fn task_of(&self, token: &str) -> Result<(ExecutionKey, TaskId), ApiError> {
        match self.waiting.tokens.get(token) {
            Some(of) => Ok(*of),
            None if token.starts_with(TOKEN) && token.len() >= 67 => {
                Err(ApiError::new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"))
            }
            None => Err(ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'")),
        }
    }
}
