//! What an attempt runs: the definition, the submission and Batch's own variables together.

use std::borrow::Cow;

use crate::api::{ContainerProperties, KeyValue};
use crate::job::{Job, Spec};
use crate::limits;
use crate::port::{AttemptId, AttemptView, Launch};
use crate::scheduler::Scheduler;

impl Scheduler {
    /// What an attempt in flight runs.
    pub fn launch(&self, attempt: AttemptId) -> Option<Launch> {
        let key = self.in_flight(attempt)?;
        let unit = &self.units[key];
        let job = &self.jobs[unit.job];
        let environment = &self.environments.all[unit.latest.environment];
        let job_id = job.unit_id(key);
        let mut variables: Vec<_> = job.spec.environment().into_iter().map(|v| (v.name.clone(), v.value.clone())).collect();
        let mut add = |name: &str, value: String| variables.push((name.into(), value));
        add("AWS_BATCH_CE_NAME", environment.name().into());
        add("AWS_BATCH_JQ_NAME", self.queues.all[job.queue].name().into());
        add("AWS_BATCH_JOB_ID", job_id.clone());
        add("AWS_BATCH_JOB_ATTEMPT", unit.attempts.to_string());
        if let (Some(index), Some(array)) = (job.index(key), &job.array) {
            add("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string());
            add("AWS_BATCH_JOB_ARRAY_SIZE", array.size.to_string());
        }
        Some(Launch {
            job_id,
            job_name: job.spec.name.as_ref().into(),
            attempt_number: unit.attempts.into(),
            image: job.spec.container().image.clone(),
            command: job.spec.command(),
            environment: variables,
            execution_environment: if environment.is_fargate() { "AWS_ECS_FARGATE" } else { "AWS_ECS_EC2" },
            vcpus: job.spec.size.vcpus(),
            memory_mib: job.spec.size.memory_mib,
            log_stream: self.log_stream(job, attempt),
        })
    }

    /// The little that a simulation wants to know of an attempt in flight.
    pub fn attempt(&self, attempt: AttemptId) -> Option<AttemptView<'_>> {
        let key = self.in_flight(attempt)?;
        let unit = &self.units[key];
        let job = &self.jobs[unit.job];
        Some(AttemptView {
            job_name: &job.spec.name,
            array_index: job.index(key),
            attempt_number: unit.attempts.into(),
            vcpus: job.spec.size.vcpus(),
            memory_mib: job.spec.size.memory_mib,
        })
    }

    /// The log stream of an attempt. Source: BUG job_states.
    pub(crate) fn log_stream(&self, job: &Job, attempt: AttemptId) -> String {
        let name = job.spec.definition.name();
        let prefix = name.get(..limits::LOG_PREFIX_CHARS).unwrap_or(name);
        [prefix, "/default/", &self.ids.task(attempt)].concat()
    }
}

impl Spec {
    pub(crate) fn container(&self) -> Cow<'_, ContainerProperties> {
        match &self.definition.registered.container_properties {
            Some(properties) => Cow::Borrowed(properties),
            None => Cow::Owned(ContainerProperties::default()),
        }
    }

    /// The arguments, with the submission's parameters or else the definition's filled in.
    pub(crate) fn command(&self) -> Vec<String> {
        let overriding = self.overrides.as_ref().and_then(|overrides| overrides.command.as_ref());
        let defined = self.definition.registered.container_properties.as_ref().and_then(|p| p.command.as_ref());
        let command = overriding.or(defined).map(Vec::as_slice).unwrap_or_default();
        command.iter().map(|element| self.filled_in(element).to_owned()).collect()
    }

    /// Only a whole element `Ref::name` is replaced; an unknown one stays. Source: BUG job_definition_parameters.
    fn filled_in<'a>(&'a self, element: &'a str) -> &'a str {
        element.strip_prefix("Ref::").and_then(|name| self.parameter(name)).unwrap_or(element)
    }

    /// The definition's variables, replaced or followed by the submission's.
    pub(crate) fn environment(&self) -> Vec<&KeyValue> {
        let defined = self.definition.registered.container_properties.as_ref().and_then(|p| p.environment.as_ref());
        let mut variables: Vec<&KeyValue> = defined.into_iter().flatten().collect();
        for variable in self.overrides.iter().flat_map(|overrides| &overrides.environment) {
            match variables.iter_mut().find(|known| known.name == variable.name) {
                Some(known) => *known = variable,
                None => variables.push(variable),
            }
        }
        variables
    }
}
