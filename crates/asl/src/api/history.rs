//! Histories.

use serde_json::Value;

use super::shapes::shapes;

shapes! {
    /// `GetExecutionHistory`.
    GetExecutionHistory {
        /// Which execution.
        execution_arn: String,
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
        /// Newest first.
        reverse_order: opt bool,
        /// Whether inputs and outputs are included; they are if absent.
        include_execution_data: opt bool,
        /// Where the last page ended.
        next_token: opt String,
    }
    /// Answer of `GetExecutionHistory`.
    History {
        /// Each as the wire has it (`id`, `previousEventId`, `timestamp`, `type`, details).
        events: Vec<Value>,
        /// Present if there is more.
        next_token: opt String,
    }
}
