//! How a task that waits for a call is told of its end.

use super::shapes::shapes;

shapes! {
    /// `SendTaskSuccess`.
    SendTaskSuccess {
        /// Which task: 1–2,048 characters.
        task_token: String,
        /// JSON as text, at most 256 KiB.
        output: String,
    }
    /// `SendTaskFailure`.
    SendTaskFailure {
        /// Which task: 1–2,048 characters.
        task_token: String,
        /// At most 256 characters.
        error: opt String,
        /// At most 32,768 characters.
        cause: opt String,
    }
    /// `SendTaskHeartbeat`.
    SendTaskHeartbeat {
        /// Which task: 1–2,048 characters.
        task_token: String,
    }
}
