//! What an execution is told at its birth.

use crate::Payload;

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

impl Default for Quotas {
    fn default() -> Self {
        Self { history_events: Some(25_000), payload_bytes: Some(262_144), inline_map_concurrency: Some(40) }
    }
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
