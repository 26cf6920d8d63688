//! AWS Batch as a pure state machine: no I/O, no clock, no randomness of its own.

pub mod api;
mod port;

pub use port::{AttemptEnd, AttemptId, AttemptView, CallId, Deadline, Effect, Input, Launch};
use jiff::Timestamp;

/// How a scheduler is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Of job ids, task ids and instance ids.
    pub seed: u64,
    /// MiB that a compute environment offers for each of its vCPUs; `None`: memory is not limited.
    pub memory_mib_per_environment: Option<u64>,
}

/// AWS Batch.
#[derive(Debug)]
pub struct Scheduler {}

impl Scheduler {
    /// An account without anything in it.
    pub fn new(_settings: Settings) -> Self {
        Self {}
    }
    /// Takes in what happened.
    pub fn handle(&mut self, _input: Input, _now: Timestamp) {}
    /// What the caller has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        None
    }
    /// When a tick is wanted.
    pub fn poll_deadline(&self) -> Option<Deadline> {
        None
    }
    /// What an attempt in flight runs.
    pub fn launch(&self, _attempt: AttemptId) -> Option<Launch> {
        None
    }
    /// The little that a simulation wants to know of an attempt in flight.
    pub fn attempt(&self, _attempt: AttemptId) -> Option<AttemptView<'_>> {
        None
    }
    /// A job as `DescribeJobs` shows it.
    pub fn job(&self, _job_id: &str) -> Option<api::JobDetail> {
        None
    }
}
