//! What goes into the scheduler and what comes out of it.

use jiff::Timestamp;

use crate::api::{ApiError, Reply, Request};

/// Names one call, so that its answer can be told from others. Chosen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Names one attempt of one job for as long as it is in flight. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub u64);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "inputs are handed over one at a time, never stored in numbers")]
pub enum Input {
    /// A client asks for something. It is answered by one [`Effect::Reply`] before `handle` returns.
    Call {
        /// Comes back with the answer.
        id: CallId,
        /// What is asked.
        request: Request,
    },
    /// The attempt's program runs now (STARTING to RUNNING).
    AttemptStarted {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// The attempt is over, whether or not it ever ran.
    AttemptEnded {
        /// Which attempt.
        attempt: AttemptId,
        /// How.
        end: AttemptEnd,
    },
    /// A deadline has passed.
    Tick,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The program ended by itself or was stopped.
    Exited {
        /// 0–255; 128 + n for signal n.
        code: i32,
        /// The container's reason, such as `OutOfMemoryError: Container killed due to memory usage`.
        reason: Option<String>,
    },
    /// The program could not be started: status reason `Task failed to start`.
    FailedToStart {
        /// The container's reason, such as `CannotPullContainerError: …`.
        reason: String,
    },
    /// The machine under it went away: status reason `Host EC2 (instance …) terminated.`, on Fargate Spot
    /// `Your Spot Task was interrupted.`
    HostLost,
}

/// Something for the caller to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Hand this answer to the client that made the call.
    Reply {
        /// Which call.
        id: CallId,
        /// Boxed: answers can be large.
        result: Box<Result<Reply, ApiError>>,
    },
    /// Start this attempt's program ([`Scheduler::launch`](crate::Scheduler::launch) says which), then
    /// report `AttemptStarted` and `AttemptEnded`, or `AttemptEnded` alone.
    Start {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// Stop this attempt's program: SIGTERM, later SIGKILL. Its `AttemptEnded` is still awaited.
    Stop {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// A job that is nobody's child has come to its end: AWS announces it on the event bus.
    JobEnded {
        /// Which job.
        job_id: uuid::Uuid,
        /// SUCCEEDED, or else FAILED.
        succeeded: bool,
    },
}

/// The next moment at which [`Input::Tick`] is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// For what.
    pub why: &'static str,
}

/// All that is needed to run one attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// UUID, or `<parent>:<index>`.
    pub job_id: String,
    /// As submitted.
    pub job_name: String,
    /// From 1.
    pub attempt_number: u32,
    /// As in the definition.
    pub image: Option<String>,
    /// Arguments, parameters filled in; empty means what the image says.
    pub command: Vec<String>,
    /// What the job sets and what Batch sets, in this order.
    pub environment: Vec<(String, String)>,
    /// What ECS gives the program as `AWS_EXECUTION_ENV`; not part of `environment`.
    pub execution_environment: &'static str,
    /// vCPUs reserved.
    pub vcpus: f64,
    /// MiB reserved.
    pub memory_mib: u64,
    /// `<definition>/default/<task id>`, in group `/aws/batch/job`.
    pub log_stream: String,
}

/// The little that a simulation wants to know of an attempt; costs no allocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttemptView<'a> {
    /// As submitted.
    pub job_name: &'a str,
    /// How many jobs were submitted before its own; an array is one.
    pub order: u32,
    /// Of an array's child.
    pub array_index: Option<u32>,
    /// Of a node.
    pub node_index: Option<u32>,
    /// From 1.
    pub attempt_number: u32,
    /// vCPUs reserved.
    pub vcpus: f64,
    /// MiB reserved.
    pub memory_mib: u64,
    /// Whether AWS may take its host away: `SPOT` and `FARGATE_SPOT`.
    pub is_spot: bool,
}
