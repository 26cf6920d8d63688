//! Amazon States Language as pure machinery: no I/O, no clock, no randomness of its own.

pub mod api;
pub mod history;
mod payload;
mod port;

use std::sync::Arc;

use jiff::Timestamp;
pub use payload::Payload;
pub use port::{Deadline, Effect, FailureStage, Input, Outcome, TaskId};

/// A parsed document.
#[derive(Debug)]
pub struct Definition {}

impl Definition {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// All problems at once, in AWS's words.
    pub fn parse(_text: &str) -> Result<Self, Vec<api::ValidationDiagnostic>> {
        Ok(Self {})
    }
}

/// AWS's limits; `None` switches one off for study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Events of a history: 25,000.
    pub history_events: Option<u64>,
    /// Bytes of a state's input or output: 262,144.
    pub payload_bytes: Option<usize>,
    /// Concurrent iterations of an inline Map: 40.
    pub inline_map_concurrency: Option<usize>,
}

/// What an execution is told at its birth.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `arn:aws:states:…:execution:<machine>:<name>`.
    pub execution_arn: String,
    /// 1–80 characters.
    pub execution_name: String,
    /// `arn:aws:states:…:stateMachine:<machine>`.
    pub state_machine_arn: String,
    /// 1–80 characters.
    pub state_machine_name: String,
    /// The role it acts under.
    pub role_arn: String,
    /// As given, byte for byte.
    pub input: Payload,
    /// Of jitter, `States.UUID` and `States.MathRandom`.
    pub seed: u64,
    /// Limits.
    pub quotas: Quotas,
    /// Whether events are emitted; they are counted in any case.
    pub record_history: bool,
}

/// One execution of a state machine.
#[derive(Debug)]
pub struct Execution {}

impl Execution {
    /// An execution that waits for [`Input::Start`].
    pub fn new(_definition: Arc<Definition>, _settings: Settings) -> Self {
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
}
