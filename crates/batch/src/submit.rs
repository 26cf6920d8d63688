//! SubmitJob: how a submission becomes a job.

use std::sync::Arc;

use crate::admission::{self, Form, is_too_long};
use crate::api::{JobSubmitted, SubmitJob};
use crate::array::Array;
use crate::definition::Definition;
use crate::job::{Job, Rare, Spec};
use crate::keyed::{JobKey, QueueKey};
use crate::limits;
use crate::names::{Part, uuid_text};
use crate::policy::is_share;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::share::Share;
use crate::unit::{Cause, Status, Unit};

impl Scheduler {
    pub(crate) fn submit_job(&mut self, call: SubmitJob, now: i64) -> Result<JobSubmitted, Refusal> {
        admission::check(&call)?;
        let queue = self.find_queue(&call.job_queue).ok_or_else(|| Refusal::QueueNotFound(call.job_queue.clone()))?;
        if !self.queues.all[queue].enabled {
            return Err(Refusal::QueueDisabled(call.job_queue));
        }
        let definition = self.find_definition(&call.job_definition)?;
        let mut form = Form::of(&call, &definition)?;
        if form.gang.is_some() && !self.queues.all[queue].environments.iter().any(|key| self.environments.all[*key].takes_nodes()) {
            return Err(Refusal::NodesNowhere);
        }
        let waits = self.read_dependencies(&call.depends_on, form.children)?;

        let share = self.share_of(queue, call.share_identifier.as_deref(), now)?;
        let share_name = call.share_identifier.is_some().then(|| Arc::clone(&self.queues.all[queue].shares[usize::from(share)].name));
        let flaw = self.flaw(&call, &form, &definition);
        let spec = spec(call, definition, &mut form, flaw, share_name);
        let name = String::from(&*spec.name);
        let job = self.add_job(spec, queue, share, form, now);
        self.wait_for(job, &waits, now);
        let id = self.jobs[job].id;
        Ok(JobSubmitted { job_arn: self.names.job(id, Part::Whole), job_name: name, job_id: uuid_text(id) })
    }

    /// The share that a job counts to; a new one if it has to be.
    fn share_of(&mut self, queue: QueueKey, given: Option<&str>, now: i64) -> Result<u16, Refusal> {
        let queue = &mut self.queues.all[queue];
        let (policy, name) = match (queue.policy, given) {
            (None, None) => return Ok(0),
            (None, Some(_)) => return Err(Refusal::ShareWithoutPolicy),
            (Some(_), None) => return Err(Refusal::ShareMissing),
            (Some(policy), Some(name)) => (&self.policies.all[policy].fairshare_policy, name),
        };
        if !is_share(name) {
            return Err(Refusal::Value { field: "shareIdentifier", value: name.into() });
        }
        if let Some(known) = queue.shares.iter().position(|share| &*share.name == name) {
            return Ok(known as u16);
        }
        let policy = policy.clone().unwrap_or_default();
        let (weight, window) = (policy.weight(name), policy.window());
        let share = Share { name: name.into(), weight, ..Share::default() };
        match queue.shares.iter().position(|share| !share.is_active(now, window)) {
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
    fn flaw(&self, call: &SubmitJob, form: &Form, definition: &Definition) -> Option<Cause> {
        let of_nodes = form.node_overrides.iter().flat_map(|overrides| &overrides.node_property_overrides);
        let of_nodes = of_nodes.filter_map(|range| range.container_overrides.as_ref());
        let mut overrides = of_nodes.chain(&form.task_overrides).chain(&call.container_overrides);
        if overrides.any(is_too_long) {
            return Some(Cause::OverridesTooLong);
        }
        if !call.propagate_tags.or(definition.registered.propagate_tags).unwrap_or(false) {
            return None;
        }
        let bare = self.names.bare("job-definition", &definition.arn);
        let defined = self.definitions.tags(bare).into_iter().flat_map(|tags| tags.keys());
        let together = call.tags.len() + defined.filter(|key| !call.tags.contains_key(*key)).count();
        (together > limits::TAGS).then_some(Cause::TooManyTags)
    }

    fn add_job(&mut self, spec: Spec, queue: QueueKey, share: u16, form: Form, now: i64) -> JobKey {
        let Form { children, gang, .. } = form;
        let id = self.ids.uuid();
        let nodes = gang.as_ref().map_or(0, |gang| gang.sizes.len() as u32);
        let job = self.jobs.push(Job {
            id,
            created_at: now,
            queue,
            share,
            first: self.units.next(),
            gates: 0,
            is_forgotten: false,
            spec: Box::new(spec),
            array: children.map(|size| Box::new(Array::new(size, now))),
            gang: gang.map(Box::new),
            links: None,
        });
        for _ in 0..children.unwrap_or(1) + nodes {
            self.units.push(Unit::new(job));
        }
        self.by_id.insert(id.as_u128(), job);
        let queue = &mut self.queues.all[queue];
        queue.jobs.insert(job);
        queue.shares[usize::from(share)].unfinished += 1;
        if children.is_some() {
            // A parent is PENDING from the moment it has children.
            queue.moved(job, Status::Submitted, Status::Pending);
        }
        job
    }
}

/// What the units of a job share; takes the overrides out of `form`.
fn spec(call: SubmitJob, definition: Arc<Definition>, form: &mut Form, flaw: Option<Cause>, share_identifier: Option<Arc<str>>) -> Spec {
    let registered = &definition.registered;
    let retry = call.retry_strategy.as_ref().or(registered.retry_strategy.as_ref());
    let priority = call.scheduling_priority_override.or_else(|| definition.scheduling_priority()).unwrap_or(0);
    let mut overrides = form.task_overrides.take().or(call.container_overrides);
    if let Some(overrides) = &mut overrides {
        overrides.environment.shrink_to_fit();
        overrides.resource_requirements.shrink_to_fit();
    }
    let rare = Rare {
        propagate_tags: call.propagate_tags,
        scheduling_priority: call.scheduling_priority_override,
        share_identifier,
        parameters: call.parameters,
        tags: call.tags,
        depends_on: call.depends_on,
        node_overrides: form.node_overrides.take().map(Box::new),
    };
    Spec {
        size: form.size,
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
