//! Job queues: what a client asks of them, and which jobs they hold in which order.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::api::{
    ComputeEnvironmentOrder, CreateJobQueue, DeleteJobQueue, DescribeJobQueues, Empty, JobQueueDetail, JobQueueRef, JobQueues,
    UpdateJobQueue,
};
use crate::checks;
use crate::keyed::{EnvironmentKey, JobKey, Keyed, PolicyKey, QueueKey, UnitKey};
use crate::limits;
use crate::names;
use crate::overstay::{self, TimeLimit};
use crate::page;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::share::Share;
use crate::tags;
use crate::unit::Status;

/// A job queue, also after its deletion: its jobs still name it.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) enabled: bool,
    /// In the order in which they are tried.
    pub(crate) environments: Vec<EnvironmentKey>,
    /// Who decides between shares; without one there is a single share.
    pub(crate) policy: Option<PolicyKey>,
    /// What becomes of jobs that are stuck.
    pub(crate) time_limits: Vec<TimeLimit>,
    /// RUNNABLE units, share by share.
    pub(crate) shares: Vec<Share>,
    /// RUNNABLE units that no environment could ever hold: out of the others' way.
    pub(crate) misfits: BTreeSet<(u64, UnitKey)>,
    /// All its jobs, oldest first.
    pub(crate) jobs: BTreeSet<JobKey>,
    /// The same by status, in the order of [`Status::ALL`].
    pub(crate) by_status: [BTreeSet<JobKey>; 7],
    /// As described, apart from the state.
    pub(crate) detail: JobQueueDetail,
}

impl Queue {
    pub(crate) fn name(&self) -> &str {
        &self.detail.job_queue_name
    }

    /// A job went from one status to another. A new one is SUBMITTED and stands nowhere yet.
    pub(crate) fn moved(&mut self, job: JobKey, from: Status, to: Status) {
        if from != Status::Submitted {
            self.by_status[from as usize].remove(&job);
        }
        self.by_status[to as usize].insert(job);
    }
}

/// All queues of an account.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    pub(crate) all: Keyed<QueueKey, Queue>,
    pub(crate) by_name: BTreeMap<String, QueueKey>,
    /// Highest priority first, then oldest first.
    pub(crate) by_priority: Vec<QueueKey>,
}

impl Queues {
    fn sort(&mut self) {
        self.by_priority = self.by_name.values().copied().collect();
        self.by_priority.sort_by_key(|key| (std::cmp::Reverse(self.all[*key].detail.priority), *key));
    }
}

impl Scheduler {
    /// The queue that a client means by a name or ARN.
    pub(crate) fn find_queue(&self, given: &str) -> Option<QueueKey> {
        self.queues.by_name.get(self.names.bare("job-queue", given)).copied()
    }

    fn queue_or_refusal(&self, given: &str) -> Result<QueueKey, Refusal> {
        self.find_queue(given).ok_or_else(|| Refusal::NotFound(given.into()))
    }

    pub(crate) fn create_job_queue(&mut self, call: CreateJobQueue) -> Result<JobQueueRef, Refusal> {
        let name = call.job_queue_name;
        if !names::is_name(&name) {
            return Err(Refusal::Name(name));
        }
        let enabled = checks::state(call.state.as_deref())?;
        checks::range("priority", &(0..=i32::MAX), call.priority)?;
        tags::check(&call.tags)?;
        let policy = self.policy_in(&call.rest)?;
        let time_limits = overstay::read(&call.rest)?.unwrap_or_default();
        let (environments, order) = self.environment_order(&call.compute_environment_order)?;
        let kind = self.queue_type(&environments, call.rest.get("jobQueueType"))?;
        if self.queues.by_name.contains_key(&name) {
            return Err(Refusal::Exists);
        }
        if self.queues.by_name.len() >= limits::QUEUES {
            return Err(Refusal::Quota("job queues"));
        }
        let mut detail = JobQueueDetail {
            job_queue_arn: self.names.queue(&name),
            job_queue_name: name.clone(),
            state: String::new(),
            status: "VALID".into(),
            status_reason: "JobQueue Healthy".into(),
            priority: call.priority,
            compute_environment_order: order,
            tags: call.tags,
            rest: call.rest,
        };
        describe_rest(&mut detail.rest, kind);
        let reference = reference(&detail);
        let key = self.queues.all.push(Queue {
            enabled,
            environments,
            policy,
            time_limits,
            shares: if policy.is_some() { Vec::new() } else { vec![Share::default()] },
            misfits: BTreeSet::new(),
            jobs: BTreeSet::new(),
            by_status: Default::default(),
            detail,
        });
        self.queues.by_name.insert(name, key);
        self.queues.sort();
        Ok(reference)
    }

    pub(crate) fn update_job_queue(&mut self, call: UpdateJobQueue) -> Result<JobQueueRef, Refusal> {
        let key = self.queue_or_refusal(&call.job_queue)?;
        let enabled = call.state.as_deref().map(|state| checks::state(Some(state))).transpose()?;
        if let Some(priority) = call.priority {
            checks::range("priority", &(0..=i32::MAX), priority)?;
        }
        let order = match call.compute_environment_order.as_slice() {
            [] => None,
            given => Some(self.environment_order(given)?),
        };
        let policy = self.policy_in(&call.rest)?;
        let environments = order.as_ref().map_or(&self.queues.all[key].environments, |(environments, _)| environments);
        let kind = self.queue_type(environments, None)?;
        let time_limits = overstay::read(&call.rest)?;
        if call.rest.contains_key("schedulingPolicyArn") && policy.is_some() != self.queues.all[key].policy.is_some() {
            return Err(Refusal::PolicyChange);
        }
        let queue = &mut self.queues.all[key];
        queue.policy = policy.or(queue.policy);
        if let Some(limits) = time_limits {
            queue.time_limits = limits;
        }
        queue.enabled = enabled.unwrap_or(queue.enabled);
        queue.detail.priority = call.priority.unwrap_or(queue.detail.priority);
        if let Some((environments, order)) = order {
            queue.environments = environments;
            queue.detail.compute_environment_order = order;
        }
        queue.detail.rest.extend(call.rest);
        describe_rest(&mut queue.detail.rest, kind);
        let reference = reference(&queue.detail);
        self.queues.sort();
        self.weigh(key);
        self.reconsider();
        Ok(reference)
    }

    pub(crate) fn delete_job_queue(&mut self, call: &DeleteJobQueue, now: i64) -> Result<Empty, Refusal> {
        let key = self.queue_or_refusal(&call.job_queue)?;
        let queue = &self.queues.all[key];
        if queue.enabled {
            return Err(Refusal::NotDisabled(queue.name().into()));
        }
        let name = queue.name().to_owned();
        self.queues.by_name.remove(&name);
        self.queues.sort();
        self.stop_all_of(key, now);
        Ok(Empty {})
    }

    pub(crate) fn describe_job_queues(&self, call: &DescribeJobQueues) -> Result<JobQueues, Refusal> {
        if call.job_queues.len() > limits::DESCRIBED_ITEMS {
            return Err(Refusal::Quota("job queues in one call"));
        }
        let found: Vec<QueueKey> = if call.job_queues.is_empty() {
            self.queues.by_name.values().copied().collect()
        } else {
            call.job_queues.iter().filter_map(|given| self.find_queue(given)).collect()
        };
        let page = page::cut(&found, call.max_results, limits::DESCRIBED_ITEMS, call.next_token.as_deref())?;
        let describe = |key: &QueueKey| {
            let queue = &self.queues.all[*key];
            JobQueueDetail { state: checks::state_name(queue.enabled), ..queue.detail.clone() }
        };
        Ok(JobQueues { job_queues: page.items.iter().map(describe).collect(), next_token: page.next_token })
    }

    /// The scheduling policy that a call names.
    fn policy_in(&self, rest: &Map<String, Value>) -> Result<Option<PolicyKey>, Refusal> {
        if rest.get("serviceEnvironmentOrder").is_some_and(|value| !value.is_null()) {
            return Err(Refusal::NotSupported("serviceEnvironmentOrder".into()));
        }
        match rest.get("schedulingPolicyArn") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(arn)) if arn.is_empty() => Ok(None),
            Some(Value::String(arn)) => self.find_policy(arn).map(Some),
            Some(other) => Err(Refusal::Value { field: "schedulingPolicyArn", value: other.to_string() }),
        }
    }

    /// Which type of queue it is, which its environments decide. Source: BM CreateJobQueue.jobQueueType.
    fn queue_type(&self, environments: &[EnvironmentKey], wanted: Option<&Value>) -> Result<&'static str, Refusal> {
        let on_fargate = environments.iter().any(|key| self.environments.all[*key].is_fargate());
        let kind = if on_fargate { "ECS_FARGATE" } else { "ECS" };
        match wanted {
            Some(Value::String(other)) if ["EKS", "SAGEMAKER_TRAINING", "ECS_MANAGED_INSTANCES"].contains(&other.as_str()) => {
                Err(Refusal::NotSupported(format!("jobQueueType {other}")))
            }
            None | Some(Value::Null) => Ok(kind),
            Some(given) if given == kind => Ok(kind),
            Some(other) => Err(Refusal::Value { field: "jobQueueType", value: other.to_string() }),
        }
    }

    /// The environments of a queue in the order in which they are tried, and as they are described.
    fn environment_order(&self, given: &[ComputeEnvironmentOrder]) -> Result<(Vec<EnvironmentKey>, Vec<ComputeEnvironmentOrder>), Refusal> {
        let most = limits::ENVIRONMENTS_PER_QUEUE;
        if !(1..=most).contains(&given.len()) {
            return Err(Refusal::Range { field: "computeEnvironmentOrder", least: 1, most: most as i64, got: given.len() as i64 });
        }
        let mut ordered = Vec::with_capacity(given.len());
        for entry in given {
            let key = self.find_environment(&entry.compute_environment)?;
            if ordered.iter().any(|(_, other)| *other == key) {
                return Err(Refusal::Value { field: "computeEnvironmentOrder", value: entry.compute_environment.clone() });
            }
            ordered.push((entry.order, key));
        }
        ordered.sort_by_key(|(order, _)| *order);
        let fargate = |(_, key): &(i32, EnvironmentKey)| self.environments.all[*key].is_fargate();
        if ordered.iter().any(fargate) && !ordered.iter().all(fargate) {
            return Err(Refusal::MixedEnvironments);
        }
        let describe = |(order, key): &(i32, EnvironmentKey)| ComputeEnvironmentOrder {
            order: *order,
            compute_environment: self.environments.all[*key].detail.compute_environment_arn.clone(),
        };
        let described = ordered.iter().map(describe).collect();
        Ok((ordered.into_iter().map(|(_, key)| key).collect(), described))
    }
}

/// What a queue shows that is not given in the same form.
fn describe_rest(rest: &mut Map<String, Value>, kind: &str) {
    rest.insert("jobQueueType".into(), kind.into());
    if rest.get("schedulingPolicyArn").is_some_and(|arn| arn == "") {
        rest.shift_remove("schedulingPolicyArn");
    }
}

fn reference(detail: &JobQueueDetail) -> JobQueueRef {
    JobQueueRef { job_queue_name: detail.job_queue_name.clone(), job_queue_arn: detail.job_queue_arn.clone() }
}
