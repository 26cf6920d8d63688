//! Runs of distributed Maps.

use super::shapes::shapes;

shapes! {
    /// `DescribeMapRun`.
    DescribeMapRun {
        /// Which map run.
        map_run_arn: String,
    }
    /// Answer of `DescribeMapRun`.
    MapRunDescription {
        /// Which map run.
        map_run_arn: String,
        /// The execution whose Map it is.
        execution_arn: String,
        /// `RUNNING`, `SUCCEEDED`, `FAILED` or `ABORTED`.
        status: String,
        /// When it started.
        start_date: Timestamp,
        /// When it ended.
        stop_date: opt Timestamp,
        /// How many child executions may run at a time; 0: as many as AWS allows.
        max_concurrency: i32,
        /// Percent of items that may fail.
        tolerated_failure_percentage: f32,
        /// How many items may fail.
        tolerated_failure_count: i64,
        /// Of items.
        item_counts: MapRunCounts,
        /// Of child executions.
        execution_counts: MapRunCounts,
        /// How often it was redriven.
        redrive_count: opt i32,
        /// When it was last redriven.
        redrive_date: opt Timestamp,
    }
    /// How many items or child executions there are of each status (`MapRunItemCounts`, `MapRunExecutionCounts`).
    MapRunCounts {
        /// Not started.
        pending: i64,
        /// Running.
        running: i64,
        /// Succeeded.
        succeeded: i64,
        /// Failed.
        failed: i64,
        /// Timed out.
        timed_out: i64,
        /// Aborted.
        aborted: i64,
        /// All of them.
        total: i64,
        /// Whose results are written.
        results_written: i64,
        /// Failed, and cannot be redriven.
        failures_not_redrivable: opt i64,
        /// To be redriven.
        pending_redrive: opt i64,
    }
    /// `ListMapRuns`.
    ListMapRuns {
        /// Of which execution.
        execution_arn: String,
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
        /// Where the last page ended.
        next_token: opt String,
    }
    /// Answer of `ListMapRuns`.
    MapRunList {
        /// Newest first.
        map_runs: Vec<MapRunListItem>,
        /// Present if there is more.
        next_token: opt String,
    }
    /// One line of `ListMapRuns`.
    MapRunListItem {
        /// The execution whose Map it is.
        execution_arn: String,
        /// Which map run.
        map_run_arn: String,
        /// Of which machine.
        state_machine_arn: String,
        /// When it started.
        start_date: Timestamp,
        /// When it ended.
        stop_date: opt Timestamp,
    }
    /// `UpdateMapRun`.
    UpdateMapRun {
        /// Which map run.
        map_run_arn: String,
        /// How many child executions may run at a time.
        max_concurrency: opt i32,
        /// Percent of items that may fail.
        tolerated_failure_percentage: opt f32,
        /// How many items may fail.
        tolerated_failure_count: opt i64,
    }
}
