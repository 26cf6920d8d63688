//! A plan: what AWS is asked to do for one fan-out, as data.
//!
//! What `fanout run` submits is this value; `fanout asl` and `--dry-run` print it.

use crate::max_fails::MaxFails;
use fanout_asl::api::CreateStateMachine;
use fanout_batch::api::{JobTimeout, RegisterJobDefinition, ResourceRequirement, RetryStrategy, SubmitJob};
use serde_json::{Value, json};

use crate::call::PutObject;

/// What AWS is asked to do for one fan-out.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Names the fan-out.
    pub run_id: String,
    /// Which strategy made it.
    pub strategy: &'static str,
    /// How many runs.
    pub size: usize,
    /// What every job runs.
    pub job_definition: JobDefinition,
    /// Where the jobs go.
    pub job_queue: String,
    /// What the work reads from S3: put there before it starts, removed after it.
    pub objects: Vec<PutObject>,
    /// What starts the runs.
    pub work: Work,
    /// What the user should know before the start, one sentence each.
    pub notes: Vec<String>,
    /// How many runs may fail before the rest is given up.
    pub max_fails: Option<MaxFails>,
}

/// What every job runs.
#[derive(Clone, Debug, PartialEq)]
pub enum JobDefinition {
    /// The fan-out's own: registered first, and deregistered last.
    Own(Box<RegisterJobDefinition>),
    /// One that is there and stays, and what every job says beside it.
    Existing(Box<Additions>),
}

/// What jobs say beside a definition that is not the fan-out's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Additions {
    /// Name, name and revision, or ARN of the definition.
    pub definition: String,
    /// The command, if it is the same for all jobs.
    pub command: Option<Vec<String>>,
    /// What is asked for instead of what the definition asks for.
    pub resource_requirements: Vec<ResourceRequirement>,
    /// How jobs are tried again.
    pub retry_strategy: RetryStrategy,
    /// How long an attempt may take.
    pub timeout: Option<JobTimeout>,
}

impl JobDefinition {
    /// What jobs call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Own(own) => &own.job_definition_name,
            Self::Existing(additions) => &additions.definition,
        }
    }

    /// Attempts of a job, the first included.
    pub fn attempts(&self) -> i32 {
        let strategy = match self {
            Self::Own(own) => own.retry_strategy.as_ref(),
            Self::Existing(additions) => Some(&additions.retry_strategy),
        };
        strategy.and_then(|strategy| strategy.attempts).unwrap_or(1)
    }

    /// What jobs say beside it.
    pub fn additions(&self) -> Option<&Additions> {
        match self {
            Self::Own(_) => None,
            Self::Existing(additions) => Some(additions),
        }
    }
}

/// What starts the runs, and how a job leads back to its run.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// An execution submits one job per run.
    Execution {
        /// What the execution starts, if the runs are not its own.
        nested: Option<Box<Nested>>,
        /// The machine to create.
        state_machine: CreateStateMachine,
        /// The execution's name.
        name: String,
        /// The execution's input: JSON.
        input: String,
        /// A run's job is called this and the run's index.
        job_name_prefix: String,
    },
    /// The client submits arrays and jobs.
    Jobs {
        /// In order.
        submissions: Vec<Submission>,
        /// How many runs may be in flight; `None`: all.
        max_in_flight: Option<usize>,
    },
}

/// Executions that the plan's execution starts and waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// Their machine: created before the other, removed after it.
    pub state_machine: CreateStateMachine,
    /// The first run of each. Nested execution `i` is called like the execution that starts it, `-` and `i`.
    pub firsts: Vec<usize>,
}

/// One `SubmitJob` and the runs it stands for: child `i`, or node `i + 1`, is run `first + i`.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The call.
    pub request: SubmitJob,
    /// The first run's index.
    pub first: usize,
    /// How many runs.
    pub count: usize,
    /// Whether the runs are nodes of the job from 1 on. Node 0, the main one, is no run: it waits until the client ends
    /// the job, because Batch stops all nodes with it.
    pub nodes: bool,
}

/// In a printed plan: filled in from the answer to `CreateStateMachine`.
const MACHINE_ARN: &str = "<stateMachineArn of CreateStateMachine>";

impl Plan {
    /// The state machines in the order of their creation, if the strategy has any.
    pub fn state_machines(&self) -> Vec<&CreateStateMachine> {
        match &self.work {
            Work::Execution { nested, state_machine, .. } => {
                nested.iter().map(|nested| &nested.state_machine).chain([state_machine]).collect()
            }
            Work::Jobs { .. } => Vec::new(),
        }
    }

    /// The calls in order, as JSON: `{run, strategy, size, calls: [{service, operation, input}]}`.
    pub fn to_json(&self) -> Value {
        let call = |service: &str, operation: &str, input: Value| json!({"service": service, "operation": operation, "input": input});
        let request = |request: fanout_batch::api::Request| call("batch", request.operation(), request.to_json());
        let mut calls = Vec::new();
        if let JobDefinition::Own(own) = &self.job_definition {
            calls.push(request(fanout_batch::api::Request::RegisterJobDefinition((**own).clone())));
        }
        for PutObject { bucket, key, body } in &self.objects {
            calls.push(call("s3", "PutObject", json!({"Bucket": bucket, "Key": key, "Body": &**body})));
        }
        match &self.work {
            Work::Execution { name, input, .. } => {
                for state_machine in self.state_machines() {
                    let create = fanout_asl::api::Request::CreateStateMachine(state_machine.clone());
                    calls.push(call("states", create.operation(), create.to_json()));
                }
                calls.push(call("states", "StartExecution", json!({"stateMachineArn": MACHINE_ARN, "name": name, "input": input})));
            }
            Work::Jobs { submissions, .. } => {
                let submit = |submission: &Submission| request(fanout_batch::api::Request::SubmitJob(submission.request.clone()));
                calls.extend(submissions.iter().map(submit));
            }
        }
        json!({"run": self.run_id, "strategy": self.strategy, "size": self.size, "calls": calls})
    }
}
