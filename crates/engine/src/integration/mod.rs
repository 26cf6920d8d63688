//! What Task states do in other services: which resource leads where.

mod batch;
mod nested;
mod objects;
mod pascal;
mod resource;
mod sdk;
mod submit;

use std::collections::{BTreeMap, VecDeque};

use fanout_asl::mocks::{Mocked, Mocks};
use fanout_asl::{Effect, FailureStage, Input, Payload, TaskId};
use fanout_batch::api::{ApiError, Reply};
use fanout_batch::{CallId, Scheduler};
use jiff::Timestamp;
use uuid::Uuid;

use crate::chaos::Throttle;
use crate::objects::{ObjectCall, ObjectCallId};
use crate::states::{ExecutionKey, Service};
use resource::{Pattern, Resource};

/// Calls that the integrations make themselves have this bit.
const INTERNAL: u64 = 1 << 63;

/// Whether an answer belongs to an integration rather than to a client.
pub(crate) fn is_internal(id: CallId) -> bool {
    id.0 & INTERNAL != 0
}

/// One task of one execution.
type Waiting = (ExecutionKey, TaskId);

/// Tasks under way and what is to be reported of them.
#[derive(Debug)]
pub(crate) struct Integration {
    ids: crate::states::Ids,
    strict: bool,
    /// Of calls to services, whoever makes them.
    pub(crate) throttle: Throttle,
    /// Tasks that are answered instead of being run.
    pub(crate) mocks: Mocks,
    next_call: u64,
    /// Submissions on their way: the task and whether it waits for the job.
    submitting: BTreeMap<CallId, (Waiting, bool)>,
    /// Jobs whose end a task waits for.
    jobs: BTreeMap<Uuid, Waiting>,
    /// The same from the task's side.
    tasks: BTreeMap<Waiting, Uuid>,
    /// Calls to Batch whose answer is the task's.
    calling: BTreeMap<CallId, (Waiting, Pattern)>,
    /// Executions whose end a task waits for.
    children: BTreeMap<ExecutionKey, (Waiting, Pattern)>,
    /// The same from the task's side.
    parents: BTreeMap<Waiting, ExecutionKey>,
    /// Odd: those of Map Runs are even.
    next_object: u64,
    reading: BTreeMap<ObjectCallId, Waiting>,
    object_calls: VecDeque<(ObjectCallId, ObjectCall)>,
    reports: VecDeque<(ExecutionKey, Input)>,
}

impl Integration {
    pub(crate) fn new(seed: u64, strict: bool, throttle: Throttle) -> Self {
        Self {
            ids: crate::states::Ids::new(seed ^ 0x1263_5000),
            strict,
            throttle,
            mocks: Mocks::default(),
            next_call: INTERNAL,
            submitting: BTreeMap::new(),
            jobs: BTreeMap::new(),
            tasks: BTreeMap::new(),
            calling: BTreeMap::new(),
            children: BTreeMap::new(),
            parents: BTreeMap::new(),
            next_object: 1,
            reading: BTreeMap::new(),
            object_calls: VecDeque::new(),
            reports: VecDeque::new(),
        }
    }

    /// Does what an execution wants.
    pub(crate) fn task(&mut self, execution: ExecutionKey, effect: Effect, batch: &mut Scheduler, states: &mut Service, now: Timestamp) {
        match effect {
            Effect::StartTask { task, state, attempt, resource, parameters, token } => {
                let waiting = (execution, task);
                if let Some(mocked) = self.mocks.answer(&state, attempt) {
                    return self.answer_mocked(waiting, &resource, mocked);
                }
                if let Some(token) = token {
                    states.expect_answer(token, execution, task);
                }
                match Resource::of(&resource) {
                    Resource::SubmitJob { sync } => self.submit_job(waiting, &parameters, sync, batch, now),
                    Resource::StartExecution(pattern) => self.start_execution(waiting, pattern, &parameters, states, now),
                    Resource::States { operation, pattern } => self.call_states(waiting, (operation, pattern), &parameters, states, now),
                    Resource::Batch { operation, pattern } => self.call_batch(waiting, (operation, pattern), &parameters, batch, now),
                    Resource::Objects { operation } => self.call_objects(waiting, operation, &parameters),
                    Resource::Activity { arn } => states.offer(arn, execution, task, parameters),
                    Resource::Unknown => self.unknown_resource(waiting, &resource),
                }
            }
            Effect::CancelTask { task } => {
                self.cancel((execution, task), batch, now);
                states.withdraw(execution, task);
                states.stop_map_run(execution, task);
                if let Some(child) = self.parents.remove(&(execution, task)) {
                    self.children.remove(&child);
                    states.stop_child(child, now);
                }
            }
            Effect::StartMapRun { .. } | Effect::RedriveMapRun { .. } | Effect::Record(_) | Effect::Ended(_) => {}
        }
    }

    /// What is to be asked of S3 next.
    pub(crate) fn poll_object_call(&mut self) -> Option<(ObjectCallId, ObjectCall)> {
        self.object_calls.pop_front()
    }

    /// What is to be told to an execution next.
    pub(crate) fn poll_report(&mut self) -> Option<(ExecutionKey, Input)> {
        self.reports.pop_front()
    }

    /// Batch has answered a submission.
    pub(crate) fn job_submitted(&mut self, id: CallId, result: Result<Reply, ApiError>) {
        if let Some(call) = self.calling.remove(&id) {
            return self.batch_answered(call, result);
        }
        let Some((waiting, sync)) = self.submitting.remove(&id) else { return };
        match result {
            Ok(Reply::SubmitJob(job)) => self.accepted(waiting, sync, job),
            Ok(_) => {}
            Err(error) => self.refused(waiting, sync, &error),
        }
    }

    /// The task is not run. An activity's history has a worker all the same.
    fn answer_mocked(&mut self, waiting: Waiting, resource: &str, mocked: Mocked) {
        if let Resource::Activity { .. } = Resource::of(resource) {
            self.reports.push_back((waiting.0, Input::ActivityStarted { task: waiting.1, worker: None }));
        }
        match mocked {
            Mocked::Return(output) => self.report_success(waiting, output),
            Mocked::Throw { error, cause } => {
                let failed = Input::TaskFailed { task: waiting.1, stage: FailureStage::Run, error, cause };
                self.reports.push_back((waiting.0, failed));
            }
        }
    }

    fn unknown_resource(&mut self, (execution, task): Waiting, resource: &str) {
        let cause = format!(
            "The resource '{resource}' is not available in this engine: it runs batch:submitJob, states:startExecution, activities, \
             aws-sdk calls to batch and sfn, and those to s3 that are about buckets, whole objects and their tags"
        );
        let input = Input::TaskFailed { task, stage: FailureStage::Start, error: "States.Runtime".into(), cause: Some(cause) };
        self.reports.push_back((execution, input));
    }

    /// The task fails before it starts. These are AWS's words, as users report them.
    fn not_startable(&mut self, waiting: Waiting, parameters: &Payload, problem: &str) {
        let cause = format!("The Parameters '{}' could not be used to start the Task: [{problem}]", parameters.text());
        self.report_failure(waiting, FailureStage::Start, "States.Runtime", cause);
    }

    fn report_success(&mut self, (execution, task): Waiting, output: Payload) {
        self.reports.push_back((execution, Input::TaskSucceeded { task, output }));
    }

    fn report_failure(&mut self, (execution, task): Waiting, stage: FailureStage, error: impl Into<String>, cause: String) {
        self.reports.push_back((execution, Input::TaskFailed { task, stage, error: error.into(), cause: Some(cause) }));
    }
}
