//! What an execution is told at its birth.

use crate::Payload;

/// Events of one execution's history (Step Functions quotas).
pub const HISTORY_EVENTS: u64 = 25_000;
/// Bytes of the input or output of a state or an execution (Step Functions quotas).
pub const PAYLOAD_BYTES: usize = 262_144;
/// Iterations of an inline Map in flight (Developer Guide, Map state in Inline mode).
pub const INLINE_MAP_CONCURRENCY: usize = 40;

/// AWS's limits; `None` switches one off for study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Events of a history: [`HISTORY_EVENTS`].
    pub history_events: Option<u64>,
    /// Bytes of a state's input or output: [`PAYLOAD_BYTES`].
    pub payload_bytes: Option<usize>,
    /// Concurrent iterations of an inline Map: [`INLINE_MAP_CONCURRENCY`].
    pub inline_map_concurrency: Option<usize>,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            history_events: Some(HISTORY_EVENTS),
            payload_bytes: Some(PAYLOAD_BYTES),
            inline_map_concurrency: Some(INLINE_MAP_CONCURRENCY),
        }
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
