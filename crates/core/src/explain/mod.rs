//! Why a run is not running: in words, with what would help.

mod account;

use std::collections::BTreeMap;

use fanout_batch::api::{DescribeJobs, Filter, JobDetail, ListJobs, Reply, Request};
use fanout_batch::{Explanation, Room};
use serde::Serialize;

use crate::call::{Answer, Call};
use crate::event::{Event, EventKind, RunEnd};
use crate::fan_out::FanOut;
use crate::limits::grouped;
use crate::plan::{Plan, Work};
use crate::survey::queue::enable_by_name;

pub use account::Account;

/// Why a run is not running, or that it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// A sentence.
    pub cause: String,
    /// Jobs whose turn comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// What would help; `None`: nothing but waiting, or nothing is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Who says so.
    pub source: String,
}

/// What the record alone knows of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// It is over.
    Ended(Box<RunEnd>),
    /// It waits for something that the client knows.
    Waits(Why),
    /// It is or was in Batch's hands.
    Submitted(Job),
}

/// A run's job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Its id.
    Id(String),
    /// Its name: an execution submits it.
    Name(String),
}

impl Why {
    fn new(cause: impl Into<String>, fix: Option<&str>, source: &str) -> Self {
        Self { cause: cause.into(), before: None, fix: fix.map(str::to_owned), source: source.into() }
    }
}

/// What the client of a plan told of the run at `place`, up to now.
pub fn known(plan: &Plan, fan_out: &FanOut, told: &[Event], place: usize) -> Known {
    let client = "the record of the fan-out";
    let mut submitted: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
    let (mut stopping, mut execution, mut begun, mut asked) = (false, false, 0, false);
    for event in told {
        match &event.kind {
            EventKind::RunEnded(end) if end.index == place => return Known::Ended(Box::new(end.clone())),
            EventKind::RunEnded(_) => begun -= 1,
            EventKind::Submitting { first, count } => {
                begun += i64::try_from(*count).unwrap_or(i64::MAX);
                asked |= (*first..first + count).contains(&place);
            }
            EventKind::Submitted { id, first, count } => {
                execution = true;
                _ = submitted.insert(*first, (id, *count));
            }
            EventKind::Cancelling { .. } | EventKind::TooManyFailed { .. } => stopping = true,
            _ => {}
        }
    }
    match &plan.work {
        Work::Execution { job_name_prefix, .. } if execution => Known::Submitted(Job::Name(format!("{job_name_prefix}{place}"))),
        Work::Execution { .. } => Known::Waits(Why::new("the execution has not been started yet", None, client)),
        Work::Jobs { max_in_flight, .. } => match submitted.range(..=place).next_back() {
            Some((first, (id, count))) if place < first + count => {
                Known::Submitted(Job::Id(if *count > 1 { format!("{id}:{}", place - first) } else { (*id).to_owned() }))
            }
            _ if stopping => Known::Waits(Why::new("the fan-out is being stopped, and it will not be submitted", None, client)),
            _ if asked => Known::Waits(Why::new("its job is being submitted, and Batch has not answered", None, client)),
            _ => Known::Waits(match (max_in_flight, fan_out.max_concurrency) {
                (Some(most), _) if begun > 0 => Why::new(
                    format!("-j {most}: {begun} runs are in flight, and it is submitted when there is room"),
                    Some("a larger --max-concurrency"),
                    client,
                ),
                _ => Why::new("its turn to be submitted has not come: Batch takes 50 submissions a second", None, client),
            }),
        },
    }
}

/// The question for a job's id, by its name.
pub fn ask_for_id(plan: &Plan, name: &str) -> Call {
    let filters = vec![Filter { name: "JOB_NAME".into(), values: vec![name.to_owned()] }];
    Call::Batch(Request::ListJobs(ListJobs { job_queue: Some(plan.job_queue.clone()), filters, ..ListJobs::default() }))
}

/// The answer to it: the id of the job, if there is one.
pub fn id_in(answer: Answer) -> Option<String> {
    match answer {
        Answer::Batch(Reply::ListJobs(reply)) => reply.job_summary_list.into_iter().next().map(|job| job.job_id),
        _ => None,
    }
}

/// The question for a job.
pub fn ask_for_job(id: &str) -> Call {
    Call::Batch(Request::DescribeJobs(DescribeJobs { jobs: vec![id.to_owned()] }))
}

/// The answer to it: the job, if there is one.
pub fn job_in(answer: Answer) -> Option<JobDetail> {
    match answer {
        Answer::Batch(Reply::DescribeJobs(reply)) => reply.jobs.into_iter().next(),
        _ => None,
    }
}

/// Of a run whose execution has not submitted its job.
pub fn not_submitted_by_execution(fan_out: &FanOut, strategy: &str) -> Why {
    let source = "no job of its name is in the queue";
    match (fan_out.max_concurrency, strategy) {
        (Some(most), _) => Why::new(
            format!("-j {most}: the execution submits it when one of those in flight is over"),
            Some("a larger --max-concurrency"),
            source,
        ),
        (None, "map") => Why::new(
            "the execution submits it when its iteration's turn comes: an inline Map has 40 at a time",
            Some("-j N above 40 cascades to nested executions; --strategy array submits all at once"),
            source,
        ),
        (None, _) => Why::new("the execution has not submitted its job yet", None, source),
    }
}

/// What the scheduler says of a job.
pub fn of_scheduler(explanation: &Explanation) -> Why {
    let source = |word: &str| format!("the scheduler of the engine ({word})");
    match explanation {
        Explanation::Ended { succeeded } => {
            let cause = if *succeeded { "its job has succeeded" } else { "its job has failed" };
            Why::new(cause, None, &source("Ended"))
        }
        Explanation::InFlight => Why::new("it is starting or running", None, &source("InFlight")),
        Explanation::Dependencies { unsettled } => {
            Why::new(format!("{unsettled} other jobs have to end first"), None, &source("Dependencies"))
        }
        Explanation::EnvironmentsDisabled { environments } => Why {
            cause: format!("all environments of the queue that could hold it are disabled: {}", environments.join(", ")),
            before: None,
            fix: environments.first().map(|name| enable_by_name(name)),
            source: source("EnvironmentsDisabled"),
        },
        Explanation::TooBig { vcpus, memory_mib, environments } => Why::new(
            format!(
                "it needs {}, and no environment of the queue offers so much: {}",
                size(*vcpus, *memory_mib),
                rooms(environments, "in all")
            ),
            Some("ask for less with --vcpus and --memory, or add an environment that is large enough"),
            &source("TooBig"),
        ),
        Explanation::Capacity { ahead, vcpus, memory_mib, environments } => {
            let why = Why::new(
                format!("it needs {}, which others have: {}", size(*vcpus, *memory_mib), rooms(environments, "free")),
                Some("more vCPUs in the environment (here: a larger --max-concurrency), or runs that need less (--vcpus, --memory)"),
                &source("Capacity"),
            );
            Why { before: Some(*ahead), ..why }
        }
    }
}

fn size(vcpus: f64, memory_mib: u64) -> String {
    format!("{} and {} MiB", cores(vcpus), grouped(memory_mib))
}

fn cores(vcpus: f64) -> String {
    format!("{vcpus} vCPU{}", if (vcpus - 1.0).abs() < f64::EPSILON { "" } else { "s" })
}

fn rooms(rooms: &[Room], word: &str) -> String {
    let room = |room: &Room| {
        let vcpus = room.vcpus.map(cores);
        let memory = room.memory_mib.map(|memory| format!("{} MiB", grouped(memory)));
        let parts: Vec<String> = vcpus.into_iter().chain(memory).collect();
        let parts = if parts.is_empty() { "no limit".to_owned() } else { parts.join(" and ") };
        format!("environment {} has {parts} {word}", room.environment)
    };
    rooms.iter().map(room).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Room, of_scheduler};
    use fanout_batch::Explanation;

    #[test]
    fn every_explanation_is_a_sentence_and_says_what_helps() {
        let room = Room { environment: "spot".into(), vcpus: Some(2.0), memory_mib: None };
        let too_big = of_scheduler(&Explanation::TooBig { vcpus: 4.0, memory_mib: 2048, environments: vec![room.clone()] });
        assert_eq!(
            too_big.cause,
            "it needs 4 vCPUs and 2,048 MiB, and no environment of the queue offers so much: environment spot has 2 vCPUs in all"
        );
        assert!(too_big.fix.is_some_and(|fix| fix.contains("--vcpus")));
        let capacity = of_scheduler(&Explanation::Capacity { ahead: 1, vcpus: 1.0, memory_mib: 512, environments: vec![room] });
        assert_eq!(capacity.before, Some(1));
        assert!(capacity.cause.starts_with("it needs 1 vCPU and 512 MiB, which others have"), "{}", capacity.cause);
        let disabled = of_scheduler(&Explanation::EnvironmentsDisabled { environments: vec!["a".into()] });
        assert_eq!(disabled.fix.as_deref(), Some("aws batch update-compute-environment --compute-environment a --state ENABLED"));
        assert!(of_scheduler(&Explanation::InFlight).fix.is_none());
    }
}
