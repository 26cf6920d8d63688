//! SubmitJob: what a submission has to look like, and how it becomes a job.

use std::sync::Arc;

use serde_json::Value;

use crate::api::{ContainerOverrides, JobSubmitted, SubmitJob};
use crate::array::Array;
use crate::checks;
use crate::definition::Definition;
use crate::fargate;
use crate::job::{Job, Rare, Spec};
use crate::keyed::{JobKey, QueueKey};
use crate::limits;
use crate::names;
use crate::names::uuid_text;
use crate::policy::is_share;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::share::Share;
use crate::size::{self, Size};
use crate::tags;
use crate::unit::{Cause, Status, Unit};

/// Members that ask for kinds of jobs that do not exist here.
const OTHER_KINDS: [&str; 4] = ["nodeOverrides", "eksPropertiesOverride", "ecsPropertiesOverride", "consumableResourcePropertiesOverride"];

impl Scheduler {
    pub(crate) fn submit_job(&mut self, call: SubmitJob, now: i64) -> Result<JobSubmitted, Refusal> {
        check(&call)?;
        let queue = self.find_queue(&call.job_queue).ok_or_else(|| Refusal::QueueNotFound(call.job_queue.clone()))?;
        if !self.queues.all[queue].enabled {
            return Err(Refusal::QueueDisabled(call.job_queue));
        }
        let definition = self.find_definition(&call.job_definition)?;
        let children = call.array_properties.as_ref().and_then(|array| array.size).map(|size| size as u32);
        let waits = self.read_dependencies(&call.depends_on, children)?;
        let size = size_of(&call, &definition)?;

        let share = self.share_of(queue, call.share_identifier.as_deref(), now)?;
        let flaw = self.flaw(&call, &definition);
        let spec = spec(call, definition, size, flaw);
        let name = String::from(&*spec.name);
        let job = self.add_job(spec, queue, share, children, now);
        self.wait_for(job, &waits, now);
        let id = self.jobs[job].id;
        Ok(JobSubmitted { job_arn: self.names.job(id, None), job_name: name, job_id: uuid_text(id) })
    }

    /// The share that a job counts to; a new one if it has to be.
    fn share_of(&mut self, queue: QueueKey, given: Option<&str>, now: i64) -> Result<u16, Refusal> {
        let queue = &mut self.queues.all[queue];
        let (policy, name) = match (queue.policy, given) {
            (None, None) => return Ok(0),
            (None, Some(_)) => return Err(Refusal::ShareWithoutPolicy),
            (Some(_), None) => return Err(Refusal::ShareMissing),
            (Some(policy), Some(name)) => (self.policies.all[policy].fairshare_policy.clone().unwrap_or_default(), name),
        };
        if !is_share(name) {
            return Err(Refusal::Value { field: "shareIdentifier", value: name.into() });
        }
        if let Some(known) = queue.shares.iter().position(|share| &*share.name == name) {
            return Ok(known as u16);
        }
        let share = Share { name: name.into(), weight: policy.weight(name), ..Share::default() };
        match queue.shares.iter().position(|share| !share.is_active(now, policy.window())) {
            Some(idle) => {
                queue.shares[idle] = share;
                Ok(idle as u16)
            }
            None if queue.shares.len() >= limits::ACTIVE_SHARES => Err(Refusal::Quota("active share identifiers")),
            None => {
                queue.shares.push(share);
                Ok(queue.shares.len() as u16 - 1)
            }
        }
    }

    /// Why a job that is accepted all the same can never start.
    fn flaw(&self, call: &SubmitJob, definition: &Definition) -> Option<Cause> {
        if call.container_overrides.as_ref().is_some_and(is_too_long) {
            return Some(Cause::OverridesTooLong);
        }
        let bare = self.names.bare("job-definition", &definition.arn);
        let defined = self.definitions.tags(bare).into_iter().flat_map(|tags| tags.keys());
        let together = call.tags.len() + defined.filter(|key| !call.tags.contains_key(*key)).count();
        let propagated = call.propagate_tags.or(definition.registered.propagate_tags).unwrap_or(false);
        (propagated && together > limits::TAGS).then_some(Cause::TooManyTags)
    }

    fn add_job(&mut self, spec: Spec, queue: QueueKey, share: u16, children: Option<u32>, now: i64) -> JobKey {
        let id = self.ids.uuid();
        let job = self.jobs.push(Job {
            id,
            created_at: now,
            queue,
            share,
            first: self.units.next(),
            gates: 0,
            spec: Box::new(spec),
            array: children.map(|size| Box::new(Array::new(size, now))),
            links: None,
        });
        for _ in 0..children.unwrap_or(1) {
            self.units.push(Unit::new(job));
        }
        self.by_id.insert(id.as_u128(), job);
        let queue = &mut self.queues.all[queue];
        queue.jobs.push(job);
        queue.shares[usize::from(share)].unfinished += 1;
        if children.is_some() {
            // A parent is PENDING from the moment it has children.
            queue.moved(job, Status::Submitted, Status::Pending);
        }
        job
    }
}

fn check(call: &SubmitJob) -> Result<(), Refusal> {
    if !names::is_job_name(&call.job_name) {
        return Err(Refusal::JobName);
    }
    if call.depends_on.len() > limits::DEPENDENCIES {
        return Err(Refusal::Dependencies);
    }
    if !is_surely_small(call) {
        let kib = checks::json_len(call).div_ceil(1024);
        if kib > limits::SUBMIT_KIB {
            return Err(Refusal::JobTooBig { limit: limits::SUBMIT_KIB, got: kib });
        }
    }
    if let Some(size) = call.array_properties.as_ref().and_then(|array| array.size)
        && !limits::ARRAY_SIZES.contains(&size)
    {
        return Err(Refusal::ArraySize(size));
    }
    tags::check(&call.tags)?;
    checks::retry(call.retry_strategy.as_ref())?;
    checks::timeout(call.timeout.as_ref())?;
    if let Some(priority) = call.scheduling_priority_override {
        checks::range("schedulingPriorityOverride", &limits::SCHEDULING_PRIORITIES, priority)?;
    }
    if let Some(overrides) = &call.container_overrides {
        checks::command(overrides.command.as_ref())?;
        checks::environment(&overrides.environment)?;
    }
    match OTHER_KINDS.iter().find(|name| call.rest.get(**name).is_some_and(|value| *value != Value::Null)) {
        Some(name) => Err(Refusal::NotSupported((*name).into())),
        None => Ok(()),
    }
}

/// Whether the call is far from every limit on its length: then nobody has to write it out to count.
fn is_surely_small(call: &SubmitJob) -> bool {
    call.rest.is_empty()
        && call.tags.is_empty()
        && call.parameters.is_empty()
        && call.job_queue.len() + call.job_definition.len() < limits::SUBMIT_KIB * 64
        && call.share_identifier.as_ref().is_none_or(|share| share.len() < limits::SUBMIT_KIB * 64)
        && call.depends_on.iter().all(|dependency| dependency.job_id.as_ref().is_none_or(|id| id.len() < 64))
        && call.container_overrides.as_ref().is_none_or(is_surely_short)
}

/// Whether overrides are far from their limit, even if every character had to be escaped.
fn is_surely_short(overrides: &ContainerOverrides) -> bool {
    let command = overrides.command.iter().flatten().map(|element| element.len() + 3);
    let variables = overrides.environment.iter().map(|variable| variable.name.len() + variable.value.len() + 24);
    let requirements = overrides.resource_requirements.iter().map(|requirement| requirement.kind.len() + requirement.value.len() + 24);
    let rest = overrides.instance_type.as_ref().map_or(0, String::len) + 200;
    (command.chain(variables).chain(requirements).sum::<usize>() + rest) * 6 < limits::OVERRIDES_CHARS
}

/// What each of the job's attempts needs.
fn size_of(call: &SubmitJob, definition: &Definition) -> Result<Size, Refusal> {
    let properties = match &definition.registered.container_properties {
        Some(properties) if definition.registered.kind == "container" => properties,
        _ => return Err(Refusal::NotSupported(format!("A job definition of type {}", definition.registered.kind))),
    };
    let overrides = call.container_overrides.as_ref();
    let vcpus = size::asked_vcpus(properties, overrides).ok_or(Refusal::ResourceMissing("VCPU"))?;
    let memory = size::asked_memory(properties, overrides).ok_or(Refusal::ResourceMissing("MEMORY"))?;
    if definition.may_run_on_fargate() { fargate::size(&vcpus, &memory) } else { size::on_ec2(&vcpus, &memory) }
}

fn is_too_long(overrides: &ContainerOverrides) -> bool {
    !is_surely_short(overrides) && checks::json_len(overrides) > limits::OVERRIDES_CHARS
}

fn spec(call: SubmitJob, definition: Arc<Definition>, size: Size, flaw: Option<Cause>) -> Spec {
    let registered = &definition.registered;
    let retry = call.retry_strategy.as_ref().or(registered.retry_strategy.as_ref());
    let priority = call.scheduling_priority_override.or_else(|| definition.scheduling_priority()).unwrap_or(0);
    let mut overrides = call.container_overrides;
    if let Some(overrides) = &mut overrides {
        overrides.environment.shrink_to_fit();
        overrides.resource_requirements.shrink_to_fit();
    }
    let rare = Rare {
        propagate_tags: call.propagate_tags,
        scheduling_priority: call.scheduling_priority_override,
        share_identifier: call.share_identifier,
        parameters: call.parameters,
        tags: call.tags,
        depends_on: call.depends_on,
    };
    Spec {
        size,
        attempts: retry.and_then(|retry| retry.attempts).map_or(1, |attempts| attempts as u8),
        flaw,
        rank: (limits::SCHEDULING_PRIORITIES.end() - priority.clamp(0, *limits::SCHEDULING_PRIORITIES.end())) as u16,
        timeout_seconds: call.timeout.as_ref().or(registered.timeout.as_ref()).and_then(|timeout| timeout.attempt_duration_seconds),
        retry: call.retry_strategy.map(Box::new),
        overrides: overrides.map(Box::new),
        rare: (rare != Rare::default()).then(|| Box::new(rare)),
        name: call.job_name.into(),
        definition,
    }
}
