//! What an attempt runs: the definition, the submission and Batch's own variables together.

use serde_json::Value;

use crate::job::Job;
use crate::keyed::UnitKey;
use crate::limits;
use crate::port::{AttemptId, AttemptView, Launch};
use crate::scheduler::Scheduler;

/// Where the other nodes find the main node: all are programs of one machine.
const MAIN_NODE_ADDRESS: &str = "127.0.0.1";

impl Scheduler {
    /// What an attempt in flight runs.
    pub fn launch(&self, attempt: AttemptId) -> Option<Launch> {
        let key = self.in_flight(attempt)?;
        let unit = &self.units[key];
        let job = &self.jobs[unit.job];
        let environment = &self.environments.all[unit.latest.environment];
        let job_id = job.unit_id(key);
        let container = job.container(Some(key));
        let mut variables: Vec<_> = container.environment().into_iter().map(|v| (v.name.clone(), v.value.clone())).collect();
        let mut add = |name: &str, value: String| variables.push((name.into(), value));
        add("AWS_BATCH_CE_NAME", environment.name().into());
        add("AWS_BATCH_JQ_NAME", self.queues.all[job.queue].name().into());
        add("AWS_BATCH_JOB_ID", job_id.clone());
        // The attempts of a node are those of its job.
        let attempt_number = if job.gang.is_some() { self.units[job.first].attempts } else { unit.attempts };
        add("AWS_BATCH_JOB_ATTEMPT", attempt_number.to_string());
        if let (Some(index), Some(array)) = (job.index(key), &job.array) {
            add("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string());
            add("AWS_BATCH_JOB_ARRAY_SIZE", array.size.to_string());
        }
        if let (Some(node), Some(gang)) = (job.node(key), &job.gang) {
            add("AWS_BATCH_JOB_MAIN_NODE_INDEX", gang.main.to_string());
            if node != gang.main {
                add("AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS", MAIN_NODE_ADDRESS.into());
            }
            add("AWS_BATCH_JOB_NODE_INDEX", node.to_string());
            add("AWS_BATCH_JOB_NUM_NODES", gang.sizes.len().to_string());
        }
        let size = job.size_of(key);
        Some(Launch {
            job_id,
            job_name: job.spec.name.as_ref().into(),
            attempt_number: attempt_number.into(),
            image: container.properties.image.clone(),
            command: container.command(),
            environment: variables,
            execution_environment: if environment.is_fargate() { "AWS_ECS_FARGATE" } else { "AWS_ECS_EC2" },
            vcpus: size.vcpus(),
            memory_mib: size.memory_mib,
            log_stream: self.log_stream(job, key, attempt),
        })
    }

    /// The little that a simulation wants to know of an attempt in flight.
    pub fn attempt(&self, attempt: AttemptId) -> Option<AttemptView<'_>> {
        let key = self.in_flight(attempt)?;
        let unit = &self.units[key];
        let job = &self.jobs[unit.job];
        Some(AttemptView {
            job_name: &job.spec.name,
            order: unit.job.0,
            array_index: job.index(key),
            node_index: job.node(key),
            attempt_number: unit.attempts.into(),
            vcpus: job.size_of(key).vcpus(),
            memory_mib: job.size_of(key).memory_mib,
            is_spot: self.environments.all[unit.latest.environment].is_spot(),
        })
    }

    /// The log stream of an attempt: the definition's name or the prefix that the container wants, the container's
    /// name, the task. Source: BUG job_states, using_awslogs.
    pub(crate) fn log_stream(&self, job: &Job, unit: UnitKey, attempt: AttemptId) -> String {
        let container = job.container(Some(unit));
        let options = container.properties.rest.get("logConfiguration").and_then(|logs| logs.get("options"));
        let wanted = options.and_then(|options| options.get("awslogs-stream-prefix")).and_then(Value::as_str);
        let prefix = wanted.filter(|prefix| !prefix.is_empty()).unwrap_or_else(|| job.spec.definition.name());
        let prefix = prefix.char_indices().nth(limits::LOG_PREFIX_CHARS).map_or(prefix, |(end, _)| &prefix[..end]);
        [prefix, "/default/", &self.ids.task(attempt)].concat()
    }
}
