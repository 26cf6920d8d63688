//! DescribeJobs: a job, an array or a child in AWS's words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::api::{
    ArrayDetail, AttemptContainer, AttemptDetail, ContainerDetail, DescribeJobs, JobDetail, JobTimeout, Jobs, NodeDetails, NodeProperties,
    NodeSummary, RetryStrategy,
};
use crate::array::Array;
use crate::cancel::QUEUE_DELETED;
use crate::job::{Job, Spec};
use crate::keyed::{JobKey, UnitKey};
use crate::limits;
use crate::names::{Part, uuid_text};
use crate::placement::Fit;
use crate::port::AttemptId;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::unit::{Attempt, Cause, Outcome, Status, Stop, Unit, attempt_id};
use crate::words;

/// What is said of a whole array, of a child or of a plain job.
#[derive(Default)]
pub(crate) struct Summary {
    pub(crate) stop: Option<Stop>,
    pub(crate) reason: Option<String>,
    pub(crate) started_at: Option<i64>,
    pub(crate) stopped_at: Option<i64>,
}

impl Summary {
    pub(crate) fn is_cancelled(&self) -> Option<bool> {
        (self.stop == Some(Stop::Cancelled)).then_some(true)
    }

    pub(crate) fn is_terminated(&self) -> Option<bool> {
        (self.stop == Some(Stop::Terminated)).then_some(true)
    }
}

impl Scheduler {
    pub(crate) fn describe_jobs(&self, call: &DescribeJobs) -> Result<Jobs, Refusal> {
        if call.jobs.len() > limits::DESCRIBED_JOBS {
            return Err(Refusal::DescribedJobs);
        }
        Ok(Jobs { jobs: call.jobs.iter().filter_map(|id| self.describe(id)).collect() })
    }

    /// What an attempt's end is called. Source: public outputs.
    pub(crate) fn attempt_reason(&self, attempt: &Attempt, id: AttemptId) -> Cow<'static, str> {
        match attempt.outcome {
            Outcome::Open => "".into(),
            Outcome::Exited { .. } => words::EXITED.into(),
            Outcome::FailedToStart { .. } => "Task failed to start".into(),
            Outcome::HostLost => self.environments.all[attempt.environment].host_lost(&self.ids.instance(id)).into(),
        }
    }

    pub(crate) fn describe(&self, id: &str) -> Option<JobDetail> {
        let (key, child) = self.find_job(id)?;
        let job = &self.jobs[key];
        let unit = child.or_else(|| job.unit(None));
        let summary = self.summary(key, unit);
        let spec = &job.spec;
        let registered = &spec.definition.registered;
        let rare = spec.rare.as_deref();
        let is_gang = job.gang.is_some() && unit == Some(job.first);
        let task = spec.definition.task.as_ref();
        // Others have their containers elsewhere.
        let container = if is_gang || task.is_some() { None } else { Some(self.container_detail(job, unit)) };
        Some(JobDetail {
            array_properties: array_detail(job, unit),
            attempts: unit.map(|unit| self.attempt_details(self.speaker(unit))).unwrap_or_default(),
            container,
            created_at: job.created_at,
            depends_on: rare.map(|rare| rare.depends_on.clone()).unwrap_or_default(),
            ecs_properties: task.map(|task| task.detail(self.container_detail(job, unit))),
            is_cancelled: summary.is_cancelled(),
            is_terminated: summary.is_terminated(),
            job_arn: self.names.job(job.id, unit.map_or(Part::Whole, |unit| job.part(unit))),
            job_definition: spec.definition.arn.clone(),
            job_id: unit.map_or_else(|| uuid_text(job.id), |unit| job.unit_id(unit)),
            job_name: spec.name.as_ref().into(),
            job_queue: self.queues.all[job.queue].detail.job_queue_arn.clone(),
            node_details: unit.and_then(|unit| node_details(job, unit)),
            node_properties: if is_gang { node_properties(job) } else { None },
            parameters: spec.parameters(),
            platform_capabilities: registered.platform_capabilities.clone(),
            propagate_tags: rare.and_then(|rare| rare.propagate_tags).or(registered.propagate_tags),
            retry_strategy: Some(retry_detail(spec)),
            scheduling_priority: rare.and_then(|rare| rare.scheduling_priority).or_else(|| spec.definition.scheduling_priority()),
            share_identifier: spec.share_identifier().map(Into::into),
            started_at: summary.started_at,
            status: self.unit_status(key, unit).name().into(),
            status_reason: summary.reason,
            stopped_at: summary.stopped_at,
            tags: rare.map(|rare| rare.tags.clone()).unwrap_or_default(),
            timeout: spec.timeout_seconds.map(|seconds| JobTimeout { attempt_duration_seconds: Some(seconds) }),
        })
    }

    /// The status of a unit, or of the whole job.
    pub(crate) fn unit_status(&self, job: JobKey, unit: Option<UnitKey>) -> Status {
        unit.map_or_else(|| self.status(job), |unit| self.units[unit].status)
    }

    /// What `DescribeJobs` and `ListJobs` both say; `unit` is `None` for a whole array.
    pub(crate) fn summary(&self, job: JobKey, unit: Option<UnitKey>) -> Summary {
        match (unit, &self.jobs[job].array) {
            (Some(unit), _) => self.unit_summary(unit),
            (None, Some(array)) => array_summary(array),
            (None, None) => Summary::default(),
        }
    }

    fn unit_summary(&self, key: UnitKey) -> Summary {
        let unit = &self.units[key];
        let shows_attempt = unit.status.is_in_flight() || unit.status.is_terminal();
        let attempt = unit.attempt().filter(|_| shows_attempt);
        let stopped_at = unit.ended_at.get().or_else(|| attempt.and_then(|attempt| attempt.stopped_at.get()));
        Summary {
            stop: unit.stop,
            reason: self.status_reason(key),
            started_at: attempt.and_then(|attempt| attempt.started_at.get()),
            stopped_at: stopped_at.filter(|_| unit.status.is_terminal()),
        }
    }

    fn status_reason(&self, key: UnitKey) -> Option<String> {
        let unit = &self.units[key];
        let attempt = |unit: &Unit| self.attempt_reason(&unit.latest, attempt_id(self.speaker(key), unit.attempts)).into_owned();
        let job = &self.jobs[unit.job];
        if job.node(key).is_some() && unit.ended_at.get().is_some() {
            // It never came to run, or not again: its job says why.
            return self.status_reason(job.first);
        }
        match (unit.status, unit.stop, unit.cause) {
            (Status::Failed, Some(stop), _) => Some(self.stop_reason(key, stop)),
            (Status::Succeeded, ..) | (Status::Failed, None, Cause::Attempt) => Some(attempt(unit)),
            (Status::Failed, None, Cause::Dependency) => Some("Dependent Job failed".into()),
            (Status::Failed, None, Cause::OverridesTooLong) => {
                Some(format!("Container Overrides length must be at most {}", limits::OVERRIDES_CHARS))
            }
            (Status::Failed, None, Cause::TooManyTags) => Some("The job and its job definition have more than 50 tags together".into()),
            (Status::Runnable, ..) => self.misfit_reason(key).map(Into::into),
            _ => None,
        }
    }

    fn stop_reason(&self, key: UnitKey, stop: Stop) -> String {
        match stop {
            Stop::TimedOut => "Job attempt duration exceeded timeout".into(),
            Stop::QueueDeleted => QUEUE_DELETED.into(),
            Stop::Cancelled | Stop::Terminated => {
                let array = self.jobs[self.units[key].job].array.as_ref();
                let of_array = || array.and_then(|array| array.stop.as_ref()).map(|(_, reason)| reason);
                let leader = self.jobs[self.units[key].job].first;
                self.stop_reasons
                    .get(&key)
                    .or_else(of_array)
                    .or_else(|| self.stop_reasons.get(&leader))
                    .map(|reason| reason.as_ref().into())
                    .unwrap_or_default()
            }
        }
    }

    /// Why a RUNNABLE unit will never be placed as things are. Source: BUG job_stuck_in_runnable.
    pub(crate) fn misfit_reason(&self, key: UnitKey) -> Option<&'static str> {
        let job = &self.jobs[self.units[key].job];
        let queue = &self.queues.all[job.queue];
        let size = job.spec.size;
        if !matches!(self.fit(queue, &job.spec, 0.0), Fit::Never) {
            return None;
        }
        let offers = || queue.environments.iter().map(|key| self.environments.all[*key].offers);
        if queue.environments.iter().any(|key| self.environments.all[*key].could_hold(&job.spec)) {
            return None;
        }
        if offers().all(|offer| size.milli_vcpus > offer.milli_vcpus) {
            return Some(
                "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU \
                 requirement of the job.",
            );
        }
        Some(
            "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be \
             met by the CE(s) attached to the job queue.",
        )
    }

    /// Whose attempts tell of a unit: those of a job of several nodes are its main node's.
    /// Source: BUG multi-node-parallel-jobs.
    fn speaker(&self, key: UnitKey) -> UnitKey {
        let job = &self.jobs[self.units[key].job];
        job.main_node().filter(|_| key == job.first).unwrap_or(key)
    }

    fn attempt_details(&self, key: UnitKey) -> Vec<AttemptDetail> {
        let unit = &self.units[key];
        let latest = unit.attempt().filter(|attempt| attempt.stopped_at.get().is_some());
        let attempts = unit.earlier.iter().chain(latest);
        attempts.zip(1..).map(|(attempt, number)| self.attempt_detail(key, attempt, number)).collect()
    }

    fn attempt_detail(&self, key: UnitKey, attempt: &Attempt, number: u8) -> AttemptDetail {
        let unit = &self.units[key];
        let id = attempt_id(key, number);
        let stop = unit.stop.filter(|_| number == unit.attempts);
        let reason = match stop {
            Some(stop) if unit.ended_at.get().is_none() => self.stop_reason(key, stop),
            _ => self.attempt_reason(attempt, id).into_owned(),
        };
        let container = AttemptContainer {
            container_instance_arn: self.container_instance(attempt, id),
            exit_code: attempt.outcome.exit_code(),
            log_stream_name: attempt.started_at.get().map(|_| self.log_stream(&self.jobs[unit.job], key, id)),
            network_interfaces: Vec::new(),
            reason: attempt.outcome.container_reason().map(Into::into),
            task_arn: Some(self.task_arn(attempt, id)),
        };
        let task = self.jobs[unit.job].spec.definition.task.as_ref();
        AttemptDetail {
            task_properties: task.map(|task| task.attempt(&container)).into_iter().collect(),
            container: if task.is_none() { container } else { AttemptContainer::default() },
            started_at: attempt.started_at.get(),
            status_reason: Some(reason),
            stopped_at: attempt.stopped_at.get(),
        }
    }

    fn task_arn(&self, attempt: &Attempt, id: AttemptId) -> String {
        let cluster = &self.environments.all[attempt.environment].detail.ecs_cluster_arn;
        self.names.task(cluster, &self.ids.task(id))
    }

    fn container_instance(&self, attempt: &Attempt, id: AttemptId) -> Option<String> {
        let environment = &self.environments.all[attempt.environment];
        let arn = || self.names.container_instance(&environment.detail.ecs_cluster_arn, &self.ids.container_instance(id));
        (!environment.is_fargate()).then(arn)
    }

    fn container_detail(&self, job: &Job, key: Option<UnitKey>) -> ContainerDetail {
        let mut detail = job.container(key).detail();
        let Some(key) = key else { return detail };
        let unit = &self.units[key];
        let shown = unit.status.is_in_flight() || unit.status.is_terminal();
        let Some(attempt) = unit.attempt().filter(|_| shown) else { return detail };
        let id = attempt_id(key, unit.attempts);
        detail.container_instance_arn = self.container_instance(attempt, id);
        detail.exit_code = attempt.outcome.exit_code();
        detail.log_stream_name = attempt.started_at.get().map(|_| self.log_stream(job, key, id));
        detail.reason = attempt.outcome.container_reason().map(Into::into);
        detail.task_arn = Some(self.task_arn(attempt, id));
        detail
    }
}

fn array_summary(array: &Array) -> Summary {
    let status = array.status();
    let stop = array.stop.as_ref();
    let given = stop.map_or("Array Child Job failed", |(_, reason)| reason.as_ref());
    Summary {
        stop: stop.map(|(stop, _)| *stop),
        reason: (status == Status::Failed).then(|| given.into()),
        started_at: None,
        stopped_at: status.is_terminal().then_some(array.changed_at),
    }
}

/// A parent's size and summary, a child's index.
pub(crate) fn array_detail(job: &Job, unit: Option<UnitKey>) -> Option<ArrayDetail> {
    let array = job.array.as_ref()?;
    if let Some(unit) = unit {
        return Some(ArrayDetail { index: job.index(unit).map(|index| index as i32), ..ArrayDetail::default() });
    }
    let summary: BTreeMap<String, i32> = Status::ALL.into_iter().map(|status| (status.name().into(), array.count(status) as i32)).collect();
    Some(ArrayDetail {
        index: None,
        size: Some(array.size as i32),
        status_summary: summary,
        status_summary_last_updated_at: Some(array.changed_at),
    })
}

fn node_details(job: &Job, unit: UnitKey) -> Option<NodeDetails> {
    let (node, gang) = (job.node(unit)?, job.gang.as_ref()?);
    Some(NodeDetails { node_index: node as i32, is_main_node: node == gang.main })
}

/// The definition's nodes, as many as the submission wants.
fn node_properties(job: &Job) -> Option<NodeProperties> {
    let (gang, nodes) = (job.gang.as_ref()?, job.spec.definition.nodes.as_ref()?);
    Some(NodeProperties { num_nodes: gang.sizes.len() as i32, ..nodes.clone() })
}

/// A job's number of nodes, a node's index.
pub(crate) fn node_summary(job: &Job, unit: Option<UnitKey>) -> Option<NodeSummary> {
    let gang = job.gang.as_ref()?;
    let node = unit.and_then(|unit| job.node(unit));
    Some(NodeSummary {
        is_main_node: node.map(|node| node == gang.main),
        num_nodes: gang.sizes.len() as i32,
        node_index: node.map(|node| node as i32),
    })
}

fn retry_detail(spec: &Spec) -> RetryStrategy {
    spec.retry().cloned().unwrap_or(RetryStrategy { attempts: Some(1), evaluate_on_exit: Vec::new() })
}
