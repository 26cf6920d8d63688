//! Executions.

use super::shapes::shapes;

shapes! {
    /// `StartExecution`.
    StartExecution {
        /// Which machine, version or alias.
        state_machine_arn: String,
        /// 1–80 characters; a UUID if absent.
        name: opt String,
        /// JSON as text, at most 256 KiB; `{}` if absent.
        input: opt String,
        /// For X-Ray.
        trace_header: opt String,
    }
    /// Answer of `StartExecution`.
    ExecutionStarted {
        /// The new execution.
        execution_arn: String,
        /// When it started.
        start_date: Timestamp,
    }
    /// `StartSyncExecution`.
    StartSyncExecution {
        /// Which express machine, version or alias.
        state_machine_arn: String,
        /// 1–80 characters; a UUID if absent.
        name: opt String,
        /// JSON as text, at most 256 KiB; `{}` if absent.
        input: opt String,
        /// For X-Ray.
        trace_header: opt String,
        /// `ALL_DATA` (default) or `METADATA_ONLY`.
        included_data: opt String,
    }
    /// Answer of `StartSyncExecution`.
    SyncExecution {
        /// Which execution.
        execution_arn: String,
        /// Of which machine.
        state_machine_arn: opt String,
        /// Its name.
        name: opt String,
        /// When it started.
        start_date: Timestamp,
        /// When it ended.
        stop_date: Timestamp,
        /// `SUCCEEDED`, `FAILED` or `TIMED_OUT`.
        status: String,
        /// The error's name, if it failed.
        error: opt String,
        /// The error's cause, if it failed.
        cause: opt String,
        /// As it was given.
        input: opt String,
        /// Whether the input is included.
        input_details: opt DataIncluded,
        /// What it returned.
        output: opt String,
        /// Whether the output is included.
        output_details: opt DataIncluded,
        /// As it was given.
        trace_header: opt String,
        /// What is charged for it.
        billing_details: opt BillingDetails,
    }
    /// What is charged for an express execution.
    BillingDetails {
        /// MB.
        #[serde(rename = "billedMemoryUsedInMB")]
        billed_memory_used_in_mb: opt i64,
        /// Milliseconds.
        billed_duration_in_milliseconds: opt i64,
    }
    /// `RedriveExecution`.
    RedriveExecution {
        /// Which execution.
        execution_arn: String,
        /// The same for the same request: 1–64 characters.
        client_token: opt String,
    }
    /// Answer of `RedriveExecution`.
    ExecutionRedriven {
        /// When.
        redrive_date: Timestamp,
    }
    /// `DescribeExecution`.
    DescribeExecution {
        /// Which execution.
        execution_arn: String,
        /// `ALL_DATA` (default) or `METADATA_ONLY`.
        included_data: opt String,
    }
    /// Answer of `DescribeExecution`.
    ExecutionDescription {
        /// Which execution.
        execution_arn: String,
        /// Of which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `PENDING_REDRIVE`.
        status: String,
        /// When it started.
        start_date: Timestamp,
        /// When it ended.
        stop_date: opt Timestamp,
        /// As it was given.
        input: opt String,
        /// Whether the input is included.
        input_details: opt DataIncluded,
        /// What it returned.
        output: opt String,
        /// Whether the output is included.
        output_details: opt DataIncluded,
        /// As it was given.
        trace_header: opt String,
        /// The map run that started it.
        map_run_arn: opt String,
        /// The error's name, if it failed.
        error: opt String,
        /// The error's cause, if it failed.
        cause: opt String,
        /// The version that it was started on.
        state_machine_version_arn: opt String,
        /// The alias that it was started on.
        state_machine_alias_arn: opt String,
        /// How often it was redriven.
        redrive_count: opt i32,
        /// When it was last redriven.
        redrive_date: opt Timestamp,
        /// `REDRIVABLE`, `NOT_REDRIVABLE` or `REDRIVABLE_BY_MAP_RUN`.
        redrive_status: opt String,
        /// Why it cannot be redriven.
        redrive_status_reason: opt String,
    }
    /// Whether data is part of an answer.
    DataIncluded {
        /// Whether it is.
        included: bool,
    }
    /// `StopExecution`.
    StopExecution {
        /// Which execution.
        execution_arn: String,
        /// At most 256 characters.
        error: opt String,
        /// At most 32,768 characters.
        cause: opt String,
    }
    /// Answer of `StopExecution`.
    ExecutionStopped {
        /// When it stopped.
        stop_date: Timestamp,
    }
    /// `ListExecutions`.
    ListExecutions {
        /// Of which machine, version or alias.
        state_machine_arn: opt String,
        /// Only those with this status.
        status_filter: opt String,
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
        /// Where the last page ended.
        next_token: opt String,
        /// Of which map run.
        map_run_arn: opt String,
        /// `REDRIVEN` or `NOT_REDRIVEN`.
        redrive_filter: opt String,
    }
    /// Answer of `ListExecutions`.
    ExecutionList {
        /// Newest first.
        executions: Vec<ExecutionListItem>,
        /// Present if there is more.
        next_token: opt String,
    }
    /// One line of `ListExecutions`.
    ExecutionListItem {
        /// Which execution.
        execution_arn: String,
        /// Of which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// As in `DescribeExecution`.
        status: String,
        /// When it started.
        start_date: Timestamp,
        /// When it ended.
        stop_date: opt Timestamp,
        /// The map run that started it.
        map_run_arn: opt String,
        /// How many items it has of a map run.
        item_count: opt i32,
        /// The version that it was started on.
        state_machine_version_arn: opt String,
        /// The alias that it was started on.
        state_machine_alias_arn: opt String,
        /// How often it was redriven.
        redrive_count: opt i32,
        /// When it was last redriven.
        redrive_date: opt Timestamp,
    }
}
