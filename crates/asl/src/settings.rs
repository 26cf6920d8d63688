//! What an execution is told at its birth.

use std::sync::Arc;

use crate::Payload;

/// Events of one execution's history (Step Functions quotas).
pub const HISTORY_EVENTS: u64 = 25_000;
/// Bytes of the input or output of a state or an execution (Step Functions quotas).
pub const PAYLOAD_BYTES: usize = 262_144;
/// Iterations of an inline Map in flight (Developer Guide, Map state in Inline mode).
pub const INLINE_MAP_CONCURRENCY: usize = 40;

/// Child executions of one Map Run in flight (Developer Guide, Map state in Distributed mode).
pub const MAP_RUN_CONCURRENCY: usize = 10_000;
/// Bytes of all variables of an execution (Developer Guide, Passing data with variables).
pub const VARIABLES_BYTES: usize = 10 << 20;

/// AWS's limits; `None` switches one off for study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Events of a history: [`HISTORY_EVENTS`].
    pub history_events: Option<u64>,
    /// Bytes of a state's input or output: [`PAYLOAD_BYTES`].
    pub payload_bytes: Option<usize>,
    /// Concurrent iterations of an inline Map: [`INLINE_MAP_CONCURRENCY`].
    pub inline_map_concurrency: Option<usize>,
    /// Concurrent children of a Map Run: [`MAP_RUN_CONCURRENCY`].
    pub map_run_concurrency: Option<usize>,
    /// Bytes of all variables: [`VARIABLES_BYTES`].
    pub variables_bytes: Option<usize>,
}

impl Quotas {
    /// No limit at all, for study.
    pub fn off() -> Self {
        Self { history_events: None, payload_bytes: None, inline_map_concurrency: None, map_run_concurrency: None, variables_bytes: None }
    }
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            history_events: Some(HISTORY_EVENTS),
            payload_bytes: Some(PAYLOAD_BYTES),
            inline_map_concurrency: Some(INLINE_MAP_CONCURRENCY),
            map_run_concurrency: Some(MAP_RUN_CONCURRENCY),
            variables_bytes: Some(VARIABLES_BYTES),
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
    /// The version and the alias that were started, if it was one of them.
    pub started_as: StartedAs,
}

/// Through which of a machine's names an execution was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartedAs {
    /// `arn:aws:states:…:stateMachine:<machine>:<number>`.
    pub version_arn: Option<Arc<str>>,
    /// `arn:aws:states:…:stateMachine:<machine>:<alias>`.
    pub alias_arn: Option<Arc<str>>,
}
