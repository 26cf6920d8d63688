//! Typed history events.

use jiff::Timestamp;
use serde_json::Value;

/// One event of an execution's history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// From 1, without gaps.
    pub id: u64,
    /// The logical parent; 0: none.
    pub previous: u64,
    /// When.
    pub at: Timestamp,
}

impl HistoryEvent {
    /// As `GetExecutionHistory` shows it.
    pub fn to_json(&self, _include_data: bool) -> Value {
        Value::Null
    }
}
