//! What all strategies share: the job definition, the names, the checks that do not depend on the strategy.

use fanout_asl::api::CreateStateMachine;
use fanout_batch::api::{ContainerProperties, JobTimeout, KeyValue, RegisterJobDefinition, Request, ResourceRequirement, RetryStrategy};
use fanout_batch::is_job_name;

use crate::assignment::{Assignment, RUN_ID, SIZE};
use crate::fan_out::{FanOut, Injection};
use crate::limits::{self, Violation};
use crate::plan::{Nested, Plan, Work};

/// Digits that an index may add to a job's name.
const INDEX_DIGITS: usize = 10;

/// What the name of a nested machine ends in.
pub(super) const NESTED: &str = "-nested";

/// `fanout-<run id>`: the job definition, the state machine and the execution.
pub(super) fn resource_name(fan_out: &FanOut) -> String {
    format!("fanout-{}", round_id(fan_out))
}

/// `<name>-<run id>-`: a run's job is called this and its place in the run list.
pub(super) fn job_name_prefix(fan_out: &FanOut) -> String {
    format!("{}-{}-", fan_out.name, round_id(fan_out))
}

/// Names are the first round's or a retry's own: AWS remembers those of the rounds before.
pub(super) fn round_id(fan_out: &FanOut) -> String {
    match fan_out.round {
        0 => fan_out.run_id.clone(),
        round => format!("{}-r{round}", fan_out.run_id),
    }
}

/// What every job of the fan-out runs, and how it is tried again.
pub(super) fn job_definition(fan_out: &FanOut, command: Option<Vec<String>>) -> RegisterJobDefinition {
    let worker = &fan_out.worker;
    let mut environment: Vec<KeyValue> =
        worker.environment.iter().map(|(name, value)| KeyValue { name: name.clone(), value: value.clone() }).collect();
    environment.push((RUN_ID, fan_out.run_id.as_str()).into());
    environment.push((SIZE, fan_out.runs.whole().to_string().as_str()).into());
    let requirement = |kind: &str, value: String| ResourceRequirement { kind: kind.into(), value };
    RegisterJobDefinition {
        job_definition_name: resource_name(fan_out),
        kind: "container".into(),
        container_properties: Some(ContainerProperties {
            image: Some(worker.image.clone()),
            command,
            environment: Some(environment),
            resource_requirements: Some(vec![
                requirement("VCPU", worker.vcpus.to_string()),
                requirement("MEMORY", worker.memory_mib.to_string()),
            ]),
            ..ContainerProperties::default()
        }),
        retry_strategy: Some(retry_strategy(fan_out)),
        timeout: fan_out
            .timeout_seconds
            .filter(|_| !fan_out.script_keeps_time())
            .map(|seconds| JobTimeout { attempt_duration_seconds: Some(seconds as i32) }),
        tags: [("fanout:run".to_owned(), fan_out.run_id.clone())].into(),
        ..RegisterJobDefinition::default()
    }
}

fn retry_strategy(fan_out: &FanOut) -> RetryStrategy {
    RetryStrategy { attempts: Some(fan_out.retries.times as i32 + 1), evaluate_on_exit: fan_out.retries.rules(fan_out.script_keeps_time()) }
}

/// The plan of a strategy whose runs are submitted by an execution of `document`.
pub(super) fn execution_plan(
    strategy: &'static str,
    fan_out: &FanOut,
    job_definition: RegisterJobDefinition,
    document: String,
    input: String,
    nested: Option<Box<Nested>>,
) -> Plan {
    let name = resource_name(fan_out);
    let state_machine = machine(fan_out, name.clone(), document);
    Plan {
        run_id: fan_out.run_id.clone(),
        strategy,
        size: fan_out.runs.len(),
        job_definition,
        job_queue: fan_out.job_queue.clone(),
        objects: Vec::new(),
        work: Work::Execution { nested, state_machine, name, input, job_name_prefix: job_name_prefix(fan_out) },
        notes: Vec::new(),
        max_fails: fan_out.max_fails,
    }
}

/// What an execution of the plan's machine starts.
pub(super) fn nested(fan_out: &FanOut, document: String, firsts: Vec<usize>) -> Box<Nested> {
    Box::new(Nested { state_machine: machine(fan_out, format!("{}{NESTED}", resource_name(fan_out)), document), firsts })
}

fn machine(fan_out: &FanOut, name: String, document: String) -> CreateStateMachine {
    CreateStateMachine {
        name,
        definition: document,
        role_arn: fan_out.role_arn.clone(),
        kind: None,
        tags: Vec::new(),
        options: Box::default(),
    }
}

/// The command of a run whose variables are set per job.
pub(super) fn command_with_variables(fan_out: &FanOut, assignment: &Assignment) -> Vec<String> {
    match &fan_out.worker.injection {
        Injection::Shell => assignment.shell_with_variables(),
        Injection::Worker(program) => assignment.worker_with_variables(program),
    }
}

/// What no strategy can do anything about.
pub(super) fn check(fan_out: &FanOut, definition: &RegisterJobDefinition, violations: &mut Vec<Violation>) {
    let attempts = u64::from(fan_out.retries.times) + 1;
    if attempts > limits::ATTEMPTS.most {
        violations.push(Violation::over(
            limits::ATTEMPTS,
            attempts,
            format!("--retries {} and the first attempt", fan_out.retries.times),
            "use --retries 9 or fewer",
        ));
    }
    if !is_job_name(&format!("{}{}", job_name_prefix(fan_out), "0".repeat(INDEX_DIGITS))) {
        violations.push(Violation::invalid(
            format!("--name {}", fan_out.name),
            "a job's name has at most 128 letters, digits, - and _, and begins with a letter or digit",
            "choose a shorter or plainer --name",
        ));
    }
    let size = Request::RegisterJobDefinition(definition.clone()).to_json().to_string().len() as u64;
    if size > limits::JOB_DEFINITION.most {
        violations.push(Violation::over(
            limits::JOB_DEFINITION,
            size,
            "the command and the --env variables",
            "shorten the command or the --env values, or put them into a file in the image",
        ));
    }
}
