//! The queue and its compute environments.

use fanout_batch::api::{ComputeEnvironmentDetail, JobQueues};

use super::{Stage, Survey};
use crate::fan_out::Platform;
use crate::plan::{JobDefinition, Work};
use crate::strategy::KEEPER_VCPUS;

/// Names that are listed when one is not among them.
const LISTED: usize = 8;

/// What the usable environments of a queue are.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// `None` if there is no usable one, or they could not be looked at.
    pub(super) platform: Option<Platform>,
    /// The most vCPUs that one job may ask for, where that is known.
    largest: Option<i64>,
    /// vCPUs of all together.
    sum: i64,
    /// Whether AWS may take the hosts away.
    is_spot: bool,
}

impl Survey<'_> {
    pub(super) fn take_queue(&mut self, reply: JobQueues) -> Stage {
        let Some(queue) = reply.job_queues.into_iter().next() else { return Stage::Queues };
        self.found.queue_arn.clone_from(&queue.job_queue_arn);
        let name = &queue.job_queue_name;
        if queue.state != "ENABLED" {
            self.lack(
                format!("a queue that takes jobs: {name} is {}", queue.state),
                format!("aws batch update-job-queue --job-queue {name} --state ENABLED"),
            );
        }
        match queue.status.as_str() {
            "VALID" => {}
            "CREATING" | "UPDATING" => self.lack(format!("a queue that is ready: {name} is {}", queue.status), "wait until it is VALID"),
            status => {
                let reason = reason(&queue.status_reason);
                self.lack(format!("a queue that works: {name} is {status}{reason}"), "mend the queue, or name another one with --queue");
            }
        }
        if let Some(policy) = queue.rest.get("schedulingPolicyArn").and_then(|arn| arn.as_str()) {
            self.lack(
                format!("a queue without shares: {name} has the scheduling policy {policy}, so each job needs a share identifier, and fanout gives none"),
                "name a queue without a scheduling policy with --queue",
            );
        }
        let names: Vec<String> = queue.compute_environment_order.into_iter().map(|order| order.compute_environment).collect();
        if names.is_empty() {
            self.lack(
                format!("a queue with a compute environment: {name} has none"),
                format!("aws batch update-job-queue --job-queue {name} --compute-environment-order order=1,computeEnvironment=NAME"),
            );
            return self.after_queue();
        }
        Stage::Environments(names)
    }

    pub(super) fn no_queue(&mut self, names: &[String]) {
        let (known, more) = (names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", "), names.len() > LISTED);
        let known = match (names.len(), more) {
            (0, _) => String::new(),
            (_, false) => format!("; there are {known}"),
            (_, true) => format!("; there are {known} and others"),
        };
        self.lack(
            format!("the job queue {}{known}", self.plan.job_queue),
            "name one with --queue, or look into another --region or --profile",
        );
    }

    pub(super) fn take_environments(&mut self, environments: &[ComputeEnvironmentDetail]) {
        let usable: Vec<&ComputeEnvironmentDetail> = environments.iter().filter(|environment| is_usable(environment)).collect();
        if usable.is_empty() {
            let mend =
                enable(environments).unwrap_or_else(|| "mend an environment of the queue, or name another queue with --queue".into());
            self.lack(format!("a compute environment that is ENABLED and VALID: {}", states(environments)), mend);
            return;
        }
        if let Some(cluster) = usable.iter().find(|environment| environment.container_orchestration_type.as_deref() == Some("EKS")) {
            self.lack(
                format!("a compute environment of ECS: {} is one of EKS", cluster.compute_environment_name),
                "name a queue whose environments are of ECS or Fargate with --queue",
            );
            return;
        }
        let resources: Vec<_> = usable.iter().filter_map(|environment| environment.compute_resources.as_ref()).collect();
        let is_fargate = resources.iter().any(|resources| resources.kind.starts_with("FARGATE"));
        self.room = Room {
            platform: Some(if is_fargate { Platform::Fargate } else { Platform::Ec2 }),
            // Who manages an environment alone knows how much room there is.
            largest: if resources.len() == usable.len() { resources.iter().map(|resources| resources.maxv_cpus).max() } else { None },
            sum: resources.iter().map(|resources| resources.maxv_cpus).sum(),
            is_spot: resources.iter().any(|resources| resources.kind == "SPOT"),
        };
        if let JobDefinition::Own(own) = &self.plan.job_definition {
            let wants = self.fan_out.worker.hosting.platform;
            let kind = own.kind.clone();
            self.check_platform(wants, "--platform fargate and --execution-role ARN", "leave --platform fargate out");
            self.check_nodes(&kind);
            self.check_size(f64::from(self.fan_out.worker.vcpus));
        }
    }

    /// Whether what the jobs are made for is what the queue has.
    pub(super) fn check_platform(&mut self, wants: Platform, for_fargate: &str, for_instances: &str) {
        let queue = self.plan.job_queue.clone();
        match (wants, self.room.platform) {
            (Platform::Ec2, Some(Platform::Fargate)) => self.lack(
                format!("jobs for Fargate: the environments of {queue} are Fargate, and the job definition is for instances"),
                format!("{for_fargate}, or name a queue of instances with --queue"),
            ),
            (Platform::Fargate, Some(Platform::Ec2)) => self.lack(
                format!("jobs for instances: the environments of {queue} are instances, and the job definition is for Fargate"),
                format!("{for_instances}, or name a queue of Fargate with --queue"),
            ),
            _ => {}
        }
    }

    fn check_nodes(&mut self, kind: &str) {
        if kind == "multinode" && (self.room.is_spot || self.room.platform == Some(Platform::Fargate)) {
            self.lack(
                format!("On-Demand instances: nodes run on nothing else, and {} has Fargate or Spot", self.plan.job_queue),
                "name a queue of On-Demand instances with --queue, or use another strategy",
            );
            return;
        }
        let Work::Jobs { submissions, .. } = &self.plan.work else { return };
        let Some(runs) = submissions.iter().filter(|submission| submission.nodes).map(|submission| submission.count).max() else { return };
        let needed = runs as i64 * i64::from(self.fan_out.worker.vcpus) + i64::from(KEEPER_VCPUS);
        if let Some(largest) = self.room.largest.filter(|largest| *largest < needed) {
            let queue = &self.plan.job_queue;
            self.lack(
                format!(
                    "room for a job of {runs} runs and the node that waits, all at one time: {needed} vCPUs, and the largest environment of {queue} has {largest}"
                ),
                format!("-j {largest} or less makes jobs of a quarter of it, or: aws batch update-compute-environment --compute-environment NAME --compute-resources maxvCpus={needed}"),
            );
        }
    }

    /// Whether one run fits, and how many do.
    pub(super) fn check_size(&mut self, vcpus: f64) {
        let Some(largest) = self.room.largest else { return };
        let queue = &self.plan.job_queue;
        if vcpus > largest as f64 {
            self.lack(
                format!("room for one run: it needs {vcpus} vCPUs, and the largest environment of {queue} has {largest} at most"),
                "ask for less with --vcpus, or: aws batch update-compute-environment --compute-environment NAME --compute-resources maxvCpus=N",
            );
            return;
        }
        let at_once = (self.room.sum as f64 / vcpus.max(0.25)) as usize;
        let wanted = self.fan_out.max_concurrency.unwrap_or(0).min(self.plan.size);
        if at_once < wanted {
            self.found.notes.push(format!(
                "{queue} has room for {at_once} runs at a time ({} vCPUs), and {wanted} were asked for: the others wait",
                self.room.sum
            ));
        }
    }
}

/// Whether an environment takes jobs.
pub(crate) fn is_usable(environment: &ComputeEnvironmentDetail) -> bool {
    environment.state == "ENABLED" && environment.status == "VALID"
}

/// What each of them is.
pub(crate) fn states(environments: &[ComputeEnvironmentDetail]) -> String {
    let each = environments.iter().map(|environment| {
        let (name, state, status) = (&environment.compute_environment_name, &environment.state, &environment.status);
        format!("{name} is {state} and {status}{}", reason(&environment.status_reason))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// The command that enables the first one that is disabled.
pub(crate) fn enable(environments: &[ComputeEnvironmentDetail]) -> Option<String> {
    let disabled = environments.iter().find(|environment| environment.state != "ENABLED")?;
    Some(enable_by_name(&disabled.compute_environment_name))
}

/// The command that enables an environment.
pub(crate) fn enable_by_name(name: &str) -> String {
    format!("aws batch update-compute-environment --compute-environment {name} --state ENABLED")
}

/// AWS's own words after what is said of a state.
pub(crate) fn reason(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({words})") }
}
