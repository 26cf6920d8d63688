//! What Task states do in other services: which resource leads where.

mod batch;
mod pascal;
mod submit;

use std::collections::{BTreeMap, VecDeque};

use fanout_asl::{Effect, FailureStage, Input, Payload, TaskId};
use fanout_batch::api::{ApiError, Reply};
use fanout_batch::{CallId, Scheduler};
use jiff::Timestamp;
use uuid::Uuid;

use crate::states::ExecutionKey;

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
    next_call: u64,
    /// Submissions on their way: the task and whether it waits for the job.
    submitting: BTreeMap<CallId, (Waiting, bool)>,
    /// Jobs whose end a task waits for.
    jobs: BTreeMap<Uuid, Waiting>,
    /// The same from the task's side.
    tasks: BTreeMap<Waiting, Uuid>,
    reports: VecDeque<(ExecutionKey, Input)>,
}

impl Integration {
    pub(crate) fn new(seed: u64, strict: bool) -> Self {
        Self {
            ids: crate::states::Ids::new(seed ^ 0x1263_5000),
            strict,
            next_call: INTERNAL,
            submitting: BTreeMap::new(),
            jobs: BTreeMap::new(),
            tasks: BTreeMap::new(),
            reports: VecDeque::new(),
        }
    }

    /// Does what an execution wants.
    pub(crate) fn task(&mut self, execution: ExecutionKey, effect: Effect, batch: &mut Scheduler, now: Timestamp) {
        match effect {
            Effect::StartTask { task, resource, parameters } => match &*resource {
                "arn:aws:states:::batch:submitJob.sync" => self.submit_job((execution, task), &parameters, true, batch, now),
                "arn:aws:states:::batch:submitJob" => self.submit_job((execution, task), &parameters, false, batch, now),
                other => self.unknown_resource((execution, task), other),
            },
            Effect::CancelTask { task } => self.cancel((execution, task), batch, now),
            Effect::Record(_) | Effect::Ended(_) => {}
        }
    }

    /// What is to be told to an execution next.
    pub(crate) fn poll_report(&mut self) -> Option<(ExecutionKey, Input)> {
        self.reports.pop_front()
    }

    /// Batch has answered a submission.
    pub(crate) fn job_submitted(&mut self, id: CallId, result: Result<Reply, ApiError>) {
        let Some((waiting, sync)) = self.submitting.remove(&id) else { return };
        match result {
            Ok(Reply::SubmitJob(job)) => self.accepted(waiting, sync, job),
            Ok(_) => {}
            Err(error) => self.refused(waiting, sync, &error),
        }
    }

    fn unknown_resource(&mut self, (execution, task): Waiting, resource: &str) {
        let cause = format!(
            "The resource '{resource}' is not available in this engine: it runs arn:aws:states:::batch:submitJob and \
             arn:aws:states:::batch:submitJob.sync"
        );
        let input = Input::TaskFailed { task, stage: FailureStage::Start, error: "States.Runtime".into(), cause: Some(cause) };
        self.reports.push_back((execution, input));
    }

    fn report_success(&mut self, (execution, task): Waiting, output: Payload) {
        self.reports.push_back((execution, Input::TaskSucceeded { task, output }));
    }

    fn report_failure(&mut self, (execution, task): Waiting, stage: FailureStage, error: impl Into<String>, cause: String) {
        self.reports.push_back((execution, Input::TaskFailed { task, stage, error: error.into(), cause: Some(cause) }));
    }
}
