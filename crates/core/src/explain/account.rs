//! What an account says of a job that is not running: its own words, and those of its queue and environments.
//!
//! [`Account::next_call`], [`Account::answered`], until there is no call any more; then [`Account::why`] for each job.

use fanout_batch::api::{
    ComputeEnvironmentDetail, DescribeComputeEnvironments, DescribeJobQueues, GetJobQueueSnapshot, JobDetail, JobQueueDetail,
    JobQueueSnapshot, Reply, Request,
};

use super::Why;
use crate::call::{Answer, Call, CallError};
use crate::plan::Plan;
use crate::survey::queue::{enable, is_usable, reason, states};

/// A queue and its environments. What could not be asked is missing, and what is said without it is said with less.
#[derive(Debug)]
pub struct Account {
    name: String,
    stage: Stage,
    queue: Option<JobQueueDetail>,
    environments: Vec<ComputeEnvironmentDetail>,
    snapshot: Option<JobQueueSnapshot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Queue,
    Environments,
    Snapshot,
    Done,
}

/// What Batch puts before its reason why a job stays RUNNABLE, and what helps (Batch User Guide, jobs stuck in RUNNABLE).
const STUCK: [(&str, &str); 4] = [
    ("CAPACITY:", "wait; or more instance types, another Availability Zone, or On-Demand instead of Spot in the environment"),
    ("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", "a larger maxvCpus in an environment of the queue, or a smaller --vcpus"),
    (
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
        "ask for less with --vcpus and --memory, or add larger instance types to the environment",
    ),
    ("MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS", "give the environment's service role the rights that its reason names"),
];

impl Account {
    /// Nothing is known yet of the plan's queue.
    pub fn of(plan: &Plan) -> Self {
        Self { name: plan.job_queue.clone(), stage: Stage::Queue, queue: None, environments: Vec::new(), snapshot: None }
    }

    /// What to ask; nothing once it is over.
    pub fn next_call(&self) -> Option<Call> {
        let request = match self.stage {
            Stage::Queue => Request::DescribeJobQueues(DescribeJobQueues { job_queues: vec![self.name.clone()], ..Default::default() }),
            Stage::Environments => {
                let order = self.queue.iter().flat_map(|queue| &queue.compute_environment_order);
                Request::DescribeComputeEnvironments(DescribeComputeEnvironments {
                    compute_environments: order.map(|order| order.compute_environment.clone()).collect(),
                    ..Default::default()
                })
            }
            Stage::Snapshot => Request::GetJobQueueSnapshot(GetJobQueueSnapshot { job_queue: self.name.clone() }),
            Stage::Done => return None,
        };
        Some(Call::Batch(request))
    }

    /// Takes in the answer to the last call.
    pub fn answered(&mut self, result: Result<Answer, CallError>) {
        match result {
            Ok(Answer::Batch(Reply::DescribeJobQueues(reply))) => self.queue = reply.job_queues.into_iter().next(),
            Ok(Answer::Batch(Reply::DescribeComputeEnvironments(reply))) => self.environments = reply.compute_environments,
            Ok(Answer::Batch(Reply::GetJobQueueSnapshot(reply))) => self.snapshot = Some(reply),
            Ok(_) | Err(_) => {}
        }
        self.stage = match self.stage {
            Stage::Queue if self.queue.as_ref().is_some_and(|queue| !queue.compute_environment_order.is_empty()) => Stage::Environments,
            Stage::Queue | Stage::Environments => Stage::Snapshot,
            Stage::Snapshot | Stage::Done => Stage::Done,
        };
    }

    /// Why this job is not running.
    pub fn why(&self, job: &JobDetail) -> Why {
        let reason = job.status_reason.as_deref().filter(|reason| !reason.is_empty());
        match job.status.as_str() {
            "SUCCEEDED" => Why::new("its job has succeeded", None, "DescribeJobs: status"),
            "FAILED" => {
                Why::new(format!("its job has failed: {}", reason.unwrap_or("no reason given")), None, "DescribeJobs: statusReason")
            }
            "RUNNING" => Why::new("it is running", None, "DescribeJobs: status"),
            "STARTING" => Why::new("its container is being started: a host, then the image", None, "DescribeJobs: status"),
            "SUBMITTED" => Why::new("Batch has taken it in and not looked at it yet", None, "DescribeJobs: status"),
            "PENDING" => Why::new("other jobs have to end first", None, "DescribeJobs: status"),
            _ => match reason {
                Some(reason) => {
                    let fix = STUCK.iter().find(|(prefix, _)| reason.starts_with(prefix)).map(|(_, fix)| *fix);
                    Why::new(format!("Batch says: {reason}"), fix, "DescribeJobs: statusReason")
                }
                None => self.waiting(job),
            },
        }
    }

    /// Of a job that is RUNNABLE and of which Batch says no more.
    fn waiting(&self, job: &JobDetail) -> Why {
        if let Some(queue) = self.queue.as_ref().filter(|queue| queue.status != "VALID") {
            let words = reason(&queue.status_reason);
            return Why::new(
                format!("the queue {} is {}{words}", queue.job_queue_name, queue.status),
                Some("mend the queue"),
                "DescribeJobQueues: status",
            );
        }
        if let Some(why) = self.no_environment() {
            return why;
        }
        let at = self.snapshot.as_ref().map(|snapshot| {
            let jobs = &snapshot.front_of_queue.jobs;
            (jobs.iter().position(|front| front.job_arn == job.job_arn), jobs.len())
        });
        let most: Vec<String> = self
            .environments
            .iter()
            .filter_map(|environment| Some((environment, environment.compute_resources.as_ref()?)))
            .map(|(environment, resources)| format!("{} has {} vCPUs at most", environment.compute_environment_name, resources.maxv_cpus))
            .collect();
        let room = if most.is_empty() { String::new() } else { format!(": {}", most.join(", ")) };
        let why = Why::new(
            format!("it waits for room in the environments of its queue{room}"),
            Some("a larger maxvCpus, or runs that need less (--vcpus, --memory); instances take minutes to come"),
            "GetJobQueueSnapshot, DescribeComputeEnvironments",
        );
        // Of those behind the front, it is only known that so many are before them.
        Why { before: at.map(|(place, shown)| place.unwrap_or(shown) as u64), ..why }
    }

    /// If no environment of the queue can take a job.
    fn no_environment(&self) -> Option<Why> {
        if self.environments.is_empty() || self.environments.iter().any(is_usable) {
            return None;
        }
        let fix = enable(&self.environments).unwrap_or_else(|| "mend the environment as its reason says".into());
        Some(Why::new(
            format!("no environment of its queue takes jobs: {}", states(&self.environments)),
            Some(&fix),
            "DescribeComputeEnvironments: state, status, statusReason",
        ))
    }
}

#[cfg(test)]
mod tests {
    use fanout_batch::api::{ComputeEnvironmentDetail, JobDetail, JobQueueDetail, JobQueueSnapshot};
    use serde_json::{Value, json};

    use super::{Account, Stage};

    fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("an answer of Batch")
    }

    fn job(status: &str, reason: Option<&str>) -> JobDetail {
        from(json!({
            "jobName": "n", "jobId": "a", "jobArn": "arn:a", "jobQueue": "q", "status": status, "statusReason": reason, "startedAt": 0,
            "jobDefinition": "d", "createdAt": 0, "attempts": []
        }))
    }

    fn environment(state: &str, status: &str, reason: &str) -> ComputeEnvironmentDetail {
        from(json!({
            "computeEnvironmentName": "env", "computeEnvironmentArn": "arn:env", "state": state, "status": status, "statusReason": reason,
            "type": "MANAGED", "ecsClusterArn": "arn:c", "computeResources": {"type": "EC2", "maxvCpus": 16}, "tags": {}, "uuid": "u"
        }))
    }

    fn account(environment: ComputeEnvironmentDetail, front: &[&str]) -> Account {
        let queue: JobQueueDetail = from(json!({
            "jobQueueName": "q", "jobQueueArn": "arn:q", "state": "ENABLED", "status": "VALID", "statusReason": "", "priority": 1,
            "computeEnvironmentOrder": [], "tags": {}
        }));
        let jobs: Vec<Value> = front.iter().map(|arn| json!({"jobArn": arn, "earliestTimeAtPosition": 0})).collect();
        let snapshot: JobQueueSnapshot = from(json!({"frontOfQueue": {"jobs": jobs, "lastUpdatedAt": 0}}));
        Account { name: "q".into(), stage: Stage::Done, queue: Some(queue), environments: vec![environment], snapshot: Some(snapshot) }
    }

    #[test]
    fn the_words_of_batch_come_first() {
        let account = account(environment("ENABLED", "VALID", ""), &[]);
        let why =
            account.why(&job("RUNNABLE", Some("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested")));
        assert!(why.cause.starts_with("Batch says: CAPACITY:INSUFFICIENT"), "{}", why.cause);
        assert!(why.fix.is_some_and(|fix| fix.contains("On-Demand")));
        assert_eq!(
            account.why(&job("FAILED", Some("Essential container in task exited"))).cause,
            "its job has failed: Essential container in task exited"
        );
    }

    #[test]
    fn an_environment_that_takes_no_jobs_is_named_with_its_reason() {
        let disabled = account(environment("DISABLED", "VALID", ""), &[]).why(&job("RUNNABLE", None));
        assert_eq!(disabled.cause, "no environment of its queue takes jobs: env is DISABLED and VALID");
        assert!(disabled.fix.is_some_and(|fix| fix.ends_with("--compute-environment env --state ENABLED")));
        let invalid = account(environment("ENABLED", "INVALID", "CLIENT_ERROR - no subnet"), &[]).why(&job("RUNNABLE", None));
        assert!(invalid.cause.ends_with("env is ENABLED and INVALID (CLIENT_ERROR - no subnet)"), "{}", invalid.cause);
    }

    #[test]
    fn the_place_in_the_queue_is_told_as_far_as_it_is_shown() {
        let valid = || environment("ENABLED", "VALID", "");
        let second = account(valid(), &["arn:b", "arn:a"]).why(&job("RUNNABLE", None));
        assert_eq!(
            (second.before, second.cause.as_str()),
            (Some(1), "it waits for room in the environments of its queue: env has 16 vCPUs at most")
        );
        assert_eq!(account(valid(), &["arn:b", "arn:c", "arn:d"]).why(&job("RUNNABLE", None)).before, Some(3));
    }
}
