//! Step Functions and Batch as one pure machine: no I/O, no clock, no randomness of its own.

use jiff::Timestamp;

/// How an engine is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Of every id and every jitter.
    pub seed: u64,
    /// AWS's limits on executions.
    pub quotas: fanout_asl::Quotas,
    /// MiB that a compute environment offers; `None`: memory is not limited.
    pub memory_mib_per_environment: Option<u64>,
    /// Whether histories are kept.
    pub record_history: bool,
    /// Refuse what AWS documents but tolerates: numbers where strings are due.
    pub strict: bool,
}

pub use fanout_batch::{AttemptEnd, AttemptId, AttemptView, CallId, Launch};

/// A call to either service.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// To AWS Batch.
    Batch(fanout_batch::api::Request),
    /// To Step Functions.
    States(fanout_asl::api::Request),
}

/// The answer of either service.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Of AWS Batch.
    Batch(Result<fanout_batch::api::Reply, fanout_batch::api::ApiError>),
    /// Of Step Functions.
    States(Result<fanout_asl::api::Reply, fanout_asl::api::ApiError>),
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A client asks for something. It is answered by one [`Effect::Reply`].
    Call {
        /// Comes back with the answer.
        id: CallId,
        /// What is asked.
        request: Request,
    },
    /// The attempt's program runs now.
    AttemptStarted {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// The attempt is over.
    AttemptEnded {
        /// Which attempt.
        attempt: AttemptId,
        /// How.
        end: AttemptEnd,
    },
    /// A deadline has passed.
    Tick,
}

/// Something for the driver to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Hand this answer to the client that made the call.
    Reply {
        /// Which call.
        id: CallId,
        /// Boxed: answers can be large.
        reply: Box<Reply>,
    },
    /// Start this attempt's program ([`Engine::launch`] says which).
    StartAttempt {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// Stop this attempt's program: SIGTERM, later SIGKILL. Its end is still awaited.
    StopAttempt {
        /// Which attempt.
        attempt: AttemptId,
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

/// The two services of one account.
#[derive(Debug)]
pub struct Engine {}

impl Engine {
    /// An account without anything in it.
    pub fn new(_settings: Settings) -> Self {
        Self {}
    }
    /// Takes in what happened.
    pub fn handle(&mut self, _input: Input, _now: Timestamp) {}
    /// What the driver has to do next.
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
}
