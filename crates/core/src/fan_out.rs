//! A fan-out: one worker, its run list, and how the runs are to be made.

use serde::{Deserialize, Serialize};

use crate::limits::SHORTEST_TIMEOUT_SECONDS;
use crate::max_fails::MaxFails;
use crate::retries::Retries;
use crate::run_list::RunList;

/// The image of a fan-out that names none: on this machine there is none.
pub const NO_IMAGE: &str = "local";
/// The bucket of a fan-out that names none: on this machine it is made.
pub const NO_BUCKET: &str = "fanout";
/// The role of a fan-out that names none: on this machine nobody looks it up.
pub const NO_ROLE: &str = "arn:aws:iam::123456789012:role/fanout";

/// vCPUs of a run of which none are said.
pub const VCPUS: u32 = 1;
/// MiB of a run of which none are said.
pub const MEMORY_MIB: u64 = 2048;

/// Everything a strategy turns into a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FanOut {
    /// Names this fan-out everywhere: `FANOUT_RUN_ID`, job names, the state machine.
    pub run_id: String,
    /// Which retry of it this is, for some of its runs; 0: none, all runs.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
    /// What the user calls it; part of the job names. Letters, digits, `-` and `_`.
    pub name: String,
    /// What every run executes.
    pub worker: Worker,
    /// One item per run; written elsewhere, for there may be many.
    #[serde(skip)]
    pub runs: RunList,
    /// How many runs may be in flight at one time; `None`: as many as the strategy and the queue allow.
    pub max_concurrency: Option<usize>,
    /// Attempts after the first that a failing run gets.
    pub retries: Retries,
    /// How many runs may fail before the rest is given up; `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_fails: Option<MaxFails>,
    /// Seconds that one attempt may take.
    pub timeout_seconds: Option<u32>,
    /// Name or ARN of the job queue.
    pub job_queue: String,
    /// The bucket for items that no state's input holds.
    pub bucket: String,
    /// The role that a state machine acts under.
    pub role_arn: String,
}

impl FanOut {
    /// Runs of a command, with everything else as when nothing is said of it.
    pub fn of(run_id: &str, command: &[&str], runs: RunList) -> Self {
        Self {
            run_id: run_id.into(),
            round: 0,
            name: "fanout".into(),
            worker: Worker {
                command: command.iter().map(|word| (*word).to_owned()).collect(),
                image: NO_IMAGE.into(),
                environment: Vec::new(),
                env_name: "RunNumber".into(),
                vcpus: VCPUS,
                memory_mib: MEMORY_MIB,
                injection: Injection::Shell,
                hosting: Hosting::default(),
            },
            runs,
            max_concurrency: None,
            retries: Retries::default(),
            max_fails: None,
            timeout_seconds: None,
            job_queue: "fanout".into(),
            bucket: NO_BUCKET.into(),
            role_arn: NO_ROLE.into(),
        }
    }

    /// Whether the injected script ends an attempt that takes too long, because Batch would not, or would not let it be retried.
    pub fn script_keeps_time(&self) -> bool {
        self.timeout_seconds.is_some_and(|seconds| seconds < SHORTEST_TIMEOUT_SECONDS || self.retries.want_timeouts())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(round: &u32) -> bool {
    *round == 0
}

/// What every run executes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Worker {
    /// The command as typed, placeholders included.
    pub command: Vec<String>,
    /// The container image that holds it.
    pub image: String,
    /// Variables that are the same for all runs.
    pub environment: Vec<(String, String)>,
    /// The variable that holds a run's item: `RunNumber` unless told otherwise.
    pub env_name: String,
    /// vCPUs of one run.
    pub vcpus: u32,
    /// MiB of one run.
    pub memory_mib: u64,
    /// What puts a run's variables and arguments in place before the command.
    pub injection: Injection,
    /// What AWS is told of the container beside its image.
    #[serde(default)]
    pub hosting: Hosting,
}

/// What AWS is told of a container beside its image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hosting {
    /// A job definition that is there already: the fan-out registers none, and all that it has to say goes into the jobs' overrides.
    pub definition: Option<ExistingDefinition>,
    /// What the container runs on.
    pub platform: Platform,
    /// Whether a container on Fargate gets a public address, which it needs to pull its image where there is no NAT.
    pub assign_public_ip: bool,
    /// The role that the program acts under.
    pub job_role_arn: Option<String>,
    /// The role under which the image is pulled and logs are written; Fargate needs one.
    pub execution_role_arn: Option<String>,
}

/// A job definition that is there already, and what of it is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExistingDefinition {
    /// Name, name and revision, or ARN.
    pub name: String,
    /// vCPUs of one run, if not the definition's.
    pub vcpus: Option<u32>,
    /// MiB of one run, if not the definition's.
    pub memory_mib: Option<u64>,
}

/// What containers run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Platform {
    /// Instances.
    #[default]
    Ec2,
    /// Fargate.
    Fargate,
}

/// What puts a run's variables and arguments in place before the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Injection {
    /// A short script: needs `sh` in the image.
    Shell,
    /// The `fanout-worker` program, at this path or name in the image: needs no shell.
    Worker(String),
}
