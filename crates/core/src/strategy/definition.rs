//! What all strategies share: the job definition, the names, the checks that do not depend on the strategy.

use fanout_asl::api::CreateStateMachine;
use fanout_asl::api::Tag;
use fanout_batch::api::{
    ContainerOverrides, ContainerProperties, JobTimeout, KeyValue, RegisterJobDefinition, Request, ResourceRequirement, RetryStrategy,
    SubmitJob,
};
use fanout_batch::{is_fargate_size, is_job_name};
use serde_json::{Map, Value, json};

use crate::assignment::{Assignment, fixed_variables};
use crate::fan_out::{ExistingDefinition, FanOut, Hosting, Injection, Platform};
use crate::limits::{self, Violation};
use crate::plan::{Additions, JobDefinition, Nested, Plan, Submission, Work};

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

/// `fanout:run=<run id>`: the job definition and the state machines.
fn tag(fan_out: &FanOut) -> (String, String) {
    ("fanout:run".to_owned(), fan_out.run_id.clone())
}

/// What every job of the fan-out runs, and how it is tried again.
pub(super) fn job_definition(fan_out: &FanOut, command: Option<Vec<String>>) -> JobDefinition {
    match &fan_out.worker.hosting.definition {
        Some(existing) => JobDefinition::Existing(Box::new(additions(fan_out, existing, command))),
        None => JobDefinition::Own(Box::new(own(fan_out, command))),
    }
}

fn additions(fan_out: &FanOut, existing: &ExistingDefinition, command: Option<Vec<String>>) -> Additions {
    let ExistingDefinition { name, vcpus, memory_mib } = existing;
    let vcpus = vcpus.map(|vcpus| requirement("VCPU", vcpus.to_string()));
    let memory = memory_mib.map(|memory| requirement("MEMORY", memory.to_string()));
    Additions {
        definition: name.clone(),
        command,
        resource_requirements: vcpus.into_iter().chain(memory).collect(),
        retry_strategy: retry_strategy(fan_out),
        timeout: timeout(fan_out),
    }
}

fn requirement(kind: &str, value: String) -> ResourceRequirement {
    ResourceRequirement { kind: kind.into(), value }
}

fn timeout(fan_out: &FanOut) -> Option<JobTimeout> {
    let seconds = fan_out.timeout_seconds.filter(|_| !fan_out.script_keeps_time());
    seconds.map(|seconds| JobTimeout { attempt_duration_seconds: Some(seconds as i32) })
}

/// A definition of the fan-out's own.
pub(super) fn own(fan_out: &FanOut, command: Option<Vec<String>>) -> RegisterJobDefinition {
    let worker = &fan_out.worker;
    let Hosting { definition: _, platform, assign_public_ip, job_role_arn, execution_role_arn } = &worker.hosting;
    let environment = fixed_variables(fan_out).into_iter().map(|(name, value)| KeyValue { name, value }).collect();
    let mut rest = Map::new();
    for (member, role) in [("jobRoleArn", job_role_arn), ("executionRoleArn", execution_role_arn)] {
        rest.extend(role.as_ref().map(|role| (member.to_owned(), role.as_str().into())));
    }
    if *assign_public_ip {
        rest.insert("networkConfiguration".into(), json!({"assignPublicIp": "ENABLED"}));
    }
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
            rest,
            ..ContainerProperties::default()
        }),
        retry_strategy: Some(retry_strategy(fan_out)),
        timeout: timeout(fan_out),
        platform_capabilities: match platform {
            // Batch's own default.
            Platform::Ec2 => Vec::new(),
            Platform::Fargate => vec!["FARGATE".into()],
        },
        tags: [tag(fan_out)].into(),
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
    job_definition: JobDefinition,
    document: String,
    input: String,
    nested: Option<Box<Nested>>,
) -> Plan {
    let name = resource_name(fan_out);
    let state_machine = machine(fan_out, name.clone(), document);
    let work = Work::Execution { nested, state_machine, name, input, job_name_prefix: job_name_prefix(fan_out) };
    plan(strategy, fan_out, job_definition, work)
}

/// The plan of a strategy whose runs are submitted by the client.
pub(super) fn jobs_plan(strategy: &'static str, fan_out: &FanOut, job_definition: JobDefinition, submissions: Vec<Submission>) -> Plan {
    let max_in_flight = fan_out.max_concurrency.filter(|most| *most < fan_out.runs.len());
    plan(strategy, fan_out, job_definition, Work::Jobs { submissions, max_in_flight })
}

fn plan(strategy: &'static str, fan_out: &FanOut, job_definition: JobDefinition, work: Work) -> Plan {
    Plan {
        run_id: fan_out.run_id.clone(),
        strategy,
        size: fan_out.runs.len(),
        job_definition,
        job_queue: fan_out.job_queue.clone(),
        objects: Vec::new(),
        work,
        notes: Vec::new(),
        max_fails: fan_out.max_fails,
    }
}

/// What an execution of the plan's machine starts.
pub(super) fn nested(fan_out: &FanOut, document: String, firsts: Vec<usize>) -> Box<Nested> {
    Box::new(Nested { state_machine: machine(fan_out, format!("{}{NESTED}", resource_name(fan_out)), document), firsts })
}

fn machine(fan_out: &FanOut, name: String, document: String) -> CreateStateMachine {
    let (key, value) = tag(fan_out);
    CreateStateMachine {
        name,
        definition: document,
        role_arn: fan_out.role_arn.clone(),
        kind: None,
        tags: vec![Tag { key, value }],
        options: Box::default(),
    }
}

/// A job of that definition, with what it has to say beside it.
pub(super) fn job_of(definition: &JobDefinition, overrides: ContainerOverrides, job: SubmitJob) -> SubmitJob {
    let job = SubmitJob { job_definition: definition.name().to_owned(), ..job };
    let Some(additions) = definition.additions() else { return SubmitJob { container_overrides: Some(overrides), ..job } };
    let Additions { definition: _, command, resource_requirements, retry_strategy, timeout } = additions.clone();
    SubmitJob {
        container_overrides: Some(ContainerOverrides { command: overrides.command.or(command), resource_requirements, ..overrides }),
        retry_strategy: Some(retry_strategy),
        timeout,
        ..job
    }
}

/// The same in the words of a task: members of its `ContainerOverrides`, and of its parameters.
pub(super) struct Written {
    pub(super) overrides: Map<String, Value>,
    pub(super) parameters: Map<String, Value>,
}

impl Written {
    pub(super) fn of(additions: &Additions) -> Self {
        let Additions { definition: _, command, resource_requirements, retry_strategy, timeout } = additions;
        let mut written = Self { overrides: Map::new(), parameters: Map::new() };
        if let Some(command) = command {
            written.overrides.insert("Command".into(), json!(command));
        }
        if !resource_requirements.is_empty() {
            let asked: Vec<Value> = resource_requirements.iter().map(|asked| json!({"Type": asked.kind, "Value": asked.value})).collect();
            written.overrides.insert("ResourceRequirements".into(), asked.into());
        }
        written.parameters.insert("RetryStrategy".into(), in_pascal_case(&json!(retry_strategy)));
        if let Some(timeout) = timeout {
            written.parameters.insert("Timeout".into(), in_pascal_case(&json!(timeout)));
        }
        written
    }
}

fn in_pascal_case(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let pascal = |name: &str| name.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect();
            Value::Object(members.iter().map(|(name, value)| (pascal(name), in_pascal_case(value))).collect())
        }
        Value::Array(elements) => elements.iter().map(in_pascal_case).collect(),
        other => other.clone(),
    }
}

/// Says in a task's parameters which definition its job has, and what its container is told: its input holds the variables.
pub(super) fn say(fan_out: &FanOut, parameters: &mut Value) {
    const OVERRIDES: &str = "ContainerOverrides";
    let command = || Assignment::of(fan_out).ok().map(|assignment| command_with_variables(fan_out, &assignment));
    let Some(existing) = &fan_out.worker.hosting.definition else {
        parameters["JobDefinition"] = resource_name(fan_out).into();
        parameters[format!("{OVERRIDES}.$")] = format!("$.{OVERRIDES}").into();
        return;
    };
    let Written { mut overrides, parameters: more } = Written::of(&additions(fan_out, existing, command()));
    overrides.insert("Environment.$".into(), format!("$.{OVERRIDES}.Environment").into());
    parameters["JobDefinition"] = existing.name.as_str().into();
    parameters[OVERRIDES] = overrides.into();
    for (name, value) in more {
        parameters[name] = value;
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
pub(super) fn check(fan_out: &FanOut, definition: &JobDefinition, violations: &mut Vec<Violation>) {
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
    let JobDefinition::Own(own) = definition else { return };
    check_fargate(fan_out, violations);
    let size = Request::RegisterJobDefinition((**own).clone()).to_json().to_string().len() as u64;
    if size > limits::JOB_DEFINITION.most {
        violations.push(Violation::over(
            limits::JOB_DEFINITION,
            size,
            "the command and the --env variables",
            "shorten the command or the --env values, or put them into a file in the image",
        ));
    }
}

/// What Fargate takes, and what it needs.
fn check_fargate(fan_out: &FanOut, violations: &mut Vec<Violation>) {
    let Hosting { platform, assign_public_ip, execution_role_arn, .. } = &fan_out.worker.hosting;
    if *platform != Platform::Fargate {
        if *assign_public_ip {
            violations.push(Violation::invalid(
                "--assign-public-ip",
                "instances have the addresses of their subnet",
                "add --platform fargate, or leave it out",
            ));
        }
        return;
    }
    let (vcpus, memory) = (fan_out.worker.vcpus, fan_out.worker.memory_mib);
    if !is_fargate_size(&vcpus.to_string(), &memory.to_string()) {
        violations.push(Violation::invalid(
            format!("--vcpus {vcpus} --memory {memory}M"),
            "Fargate has no such size (Batch API, ResourceRequirement)",
            "as in --vcpus 1 --memory 2G: 1 vCPU has 2 to 8 GiB, 2 have 4 to 16, 4 have 8 to 30, 8 have 16 to 60 in steps of 4, 16 have 32 to 120 in steps of 8",
        ));
    }
    if execution_role_arn.is_none() {
        violations.push(Violation::invalid(
            "--platform fargate",
            "Fargate pulls images and writes logs under a role, and none is named",
            "name one that trusts ecs-tasks.amazonaws.com and has AmazonECSTaskExecutionRolePolicy with --execution-role ARN",
        ));
    }
}
