//! The machine itself: what it holds, its three verbs, and which call goes where.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::api::{JobDetail, Reply, Request};
use crate::definition::Definitions;
use crate::environment::Environments;
use crate::ids::Ids;
use crate::job::Job;
use crate::keyed::{JobKey, Keyed, UnitKey};
use crate::names::Names;
use crate::overstay::Stuck;
use crate::policy::Policies;
use crate::port::{Deadline, Effect, Input};
use crate::queue::Queues;
use crate::refusal::Refusal;
use crate::unit::Unit;

/// How a scheduler is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Of job ids, task ids and instance ids.
    pub seed: u64,
    /// MiB that each compute environment offers in all; `None`: memory is not limited.
    pub memory_mib_per_environment: Option<u64>,
}

/// AWS Batch: one account in one region.
#[derive(Debug)]
pub struct Scheduler {
    pub(crate) names: Names,
    pub(crate) ids: Ids,
    pub(crate) memory_mib_per_environment: Option<u64>,
    pub(crate) environments: Environments,
    pub(crate) queues: Queues,
    pub(crate) definitions: Definitions,
    pub(crate) policies: Policies,
    pub(crate) jobs: Keyed<JobKey, Job>,
    pub(crate) units: Keyed<UnitKey, Unit>,
    /// Keyed by number: half the cost of comparing UUIDs byte by byte.
    pub(crate) by_id: BTreeMap<u128, JobKey>,
    /// The jobs that wait for one child of an array.
    pub(crate) waiting_for_child: BTreeMap<UnitKey, Vec<JobKey>>,
    /// Reasons that clients gave when they stopped single jobs.
    pub(crate) stop_reasons: BTreeMap<UnitKey, Arc<str>>,
    /// When attempts in flight have taken too long, in milliseconds since the epoch.
    pub(crate) timeouts: BTreeSet<(i64, UnitKey)>,
    /// RUNNABLE units that cannot start as things are, and why.
    pub(crate) stuck: BTreeMap<UnitKey, Stuck>,
    /// When those of them whose queue sets a limit have been stuck too long.
    pub(crate) overstays: BTreeSet<(i64, UnitKey)>,
    /// The running number of the next unit to become RUNNABLE.
    pub(crate) next_turn: u64,
    /// Units that have ended and whose dependents have not been told.
    pub(crate) settled: VecDeque<UnitKey>,
    /// Jobs that have ended, and when, in this order.
    pub(crate) finished: VecDeque<(i64, JobKey)>,
    pub(crate) effects: VecDeque<Effect>,
}

impl Scheduler {
    /// An account without anything in it.
    pub fn new(settings: Settings) -> Self {
        Self {
            names: Names::new(settings.account, settings.region),
            ids: Ids::new(settings.seed),
            memory_mib_per_environment: settings.memory_mib_per_environment,
            environments: Environments::default(),
            queues: Queues::default(),
            definitions: Definitions::default(),
            policies: Policies::default(),
            jobs: Keyed::default(),
            units: Keyed::default(),
            by_id: BTreeMap::new(),
            waiting_for_child: BTreeMap::new(),
            stop_reasons: BTreeMap::new(),
            timeouts: BTreeSet::new(),
            stuck: BTreeMap::new(),
            overstays: BTreeSet::new(),
            next_turn: 0,
            settled: VecDeque::new(),
            finished: VecDeque::new(),
            effects: VecDeque::new(),
        }
    }

    /// Takes in what happened. Inputs about attempts that are not in flight are ignored.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        let now = now.as_millisecond();
        self.forget_finished(now);
        match input {
            Input::Call { id, request } => {
                let place = self.effects.len();
                let mutates = request.mutates();
                let result = self
                    .answer(request, now)
                    .map_err(|refusal| refusal.into_error(|| if mutates { self.ids.uuid() } else { self.ids.transient() }));
                // The client learns of its call before anyone learns what came of it.
                self.effects.insert(place, Effect::Reply { id, result: Box::new(result) });
            }
            Input::AttemptStarted { attempt } => self.attempt_started(attempt, now),
            Input::AttemptEnded { attempt, end } => self.attempt_ended(attempt, end, now),
            Input::Tick => {
                self.stop_overdue(now);
                self.cancel_overstaying(now);
            }
        }
        self.settle(now);
        self.place(now);
    }

    /// What the caller has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When a tick is wanted.
    pub fn poll_deadline(&self) -> Option<Deadline> {
        let timeout = self.timeouts.first().map(|(millis, _)| (*millis, "timeout of a job attempt"));
        let overstay = self.overstays.first().map(|(millis, _)| (*millis, "time limit of a job that is stuck"));
        let (millis, why) = timeout.into_iter().chain(overstay).min()?;
        Some(Deadline { at: Timestamp::from_millisecond(millis).ok()?, why })
    }

    /// A job as `DescribeJobs` shows it.
    pub fn job(&self, job_id: &str) -> Option<JobDetail> {
        self.describe(job_id)
    }

    fn answer(&mut self, request: Request, now: i64) -> Result<Reply, Refusal> {
        Ok(match request {
            Request::CreateComputeEnvironment(call) => Reply::CreateComputeEnvironment(self.create_compute_environment(call)?),
            Request::UpdateComputeEnvironment(call) => Reply::UpdateComputeEnvironment(self.update_compute_environment(call)?),
            Request::DeleteComputeEnvironment(call) => Reply::DeleteComputeEnvironment(self.delete_compute_environment(&call)?),
            Request::DescribeComputeEnvironments(call) => Reply::DescribeComputeEnvironments(self.describe_compute_environments(&call)?),
            Request::CreateJobQueue(call) => Reply::CreateJobQueue(self.create_job_queue(call)?),
            Request::UpdateJobQueue(call) => Reply::UpdateJobQueue(self.update_job_queue(call)?),
            Request::DeleteJobQueue(call) => Reply::DeleteJobQueue(self.delete_job_queue(&call, now)?),
            Request::DescribeJobQueues(call) => Reply::DescribeJobQueues(self.describe_job_queues(&call)?),
            Request::GetJobQueueSnapshot(call) => Reply::GetJobQueueSnapshot(self.job_queue_snapshot(&call, now)?),
            Request::RegisterJobDefinition(call) => Reply::RegisterJobDefinition(self.register_job_definition(call)?),
            Request::DeregisterJobDefinition(call) => Reply::DeregisterJobDefinition(self.deregister_job_definition(&call)?),
            Request::DescribeJobDefinitions(call) => Reply::DescribeJobDefinitions(self.describe_job_definitions(&call)?),
            Request::SubmitJob(call) => Reply::SubmitJob(self.submit_job(call, now)?),
            Request::DescribeJobs(call) => Reply::DescribeJobs(self.describe_jobs(&call)?),
            Request::ListJobs(call) => Reply::ListJobs(self.list_jobs(&call)?),
            Request::CancelJob(call) => Reply::CancelJob(self.cancel_job(&call, now)?),
            Request::TerminateJob(call) => Reply::TerminateJob(self.terminate_job(&call, now)?),
            Request::CancelJobs(call) => Reply::CancelJobs(self.cancel_jobs(&call, now)?),
            Request::TerminateJobs(call) => Reply::TerminateJobs(self.terminate_jobs(&call, now)?),
            Request::CreateSchedulingPolicy(call) => Reply::CreateSchedulingPolicy(self.create_scheduling_policy(call)?),
            Request::UpdateSchedulingPolicy(call) => Reply::UpdateSchedulingPolicy(self.update_scheduling_policy(call)?),
            Request::DeleteSchedulingPolicy(call) => Reply::DeleteSchedulingPolicy(self.delete_scheduling_policy(&call)?),
            Request::DescribeSchedulingPolicies(call) => Reply::DescribeSchedulingPolicies(self.describe_scheduling_policies(&call)?),
            Request::ListSchedulingPolicies(call) => Reply::ListSchedulingPolicies(self.list_scheduling_policies(&call)?),
            Request::TagResource(call) => Reply::TagResource(self.tag_resource(call)?),
            Request::UntagResource(call) => Reply::UntagResource(self.untag_resource(&call)?),
            Request::ListTagsForResource(call) => Reply::ListTagsForResource(self.list_tags(&call)?),
        })
    }
}
