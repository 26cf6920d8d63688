//! The end of an express execution: what `StartSyncExecution` answers.

use fanout_asl::api::{BillingDetails, Reply, SyncExecution};
use fanout_asl::{Input, Outcome};
use jiff::Timestamp;

use super::execution::{Record, included};
use super::{ExecutionKey, Service};

/// Memory is charged in steps of 64 MB; what a workflow holds in memory is not counted here.
const BILLED_MEMORY_MB: i64 = 64;
/// Time is charged in steps of 100 ms (Step Functions pricing).
const BILLING_STEP_MS: i64 = 100;

impl Service {
    /// Ends an execution whose time is over.
    pub(super) fn expire(&mut self, key: ExecutionKey, now: Timestamp) {
        let outcome = Outcome::TimedOut { error: Some("States.Timeout".into()), cause: None };
        self.executions[key].outcome = Some((outcome, now));
        self.report(key, Input::Stop { error: None, cause: None }, now);
    }

    /// What StartSyncExecution answers of this execution.
    pub(crate) fn sync_answer(&self, key: ExecutionKey) -> Reply {
        Reply::SyncExecution(ended(&self.executions[key], true))
    }

    /// Answers whoever waits for this execution's end.
    pub(super) fn answer_caller(&mut self, key: ExecutionKey) {
        let record = &mut self.executions[key];
        if let Some(caller) = record.caller.take() {
            self.replies.push_back((caller.id, Ok(Reply::SyncExecution(ended(record, caller.data)))));
        }
    }
}

fn ended(record: &Record, data: bool) -> SyncExecution {
    let (output, error, cause) = record.result();
    let (input, input_details) = included(Some(record.input.text().to_owned()), data);
    let (output, output_details) = included(output, data);
    let stop_date = record.stopped().unwrap_or(record.started);
    SyncExecution {
        execution_arn: record.arn.clone(),
        state_machine_arn: Some(record.target.machine_arn.clone()),
        name: Some(record.name.clone()),
        start_date: record.started,
        stop_date,
        status: record.status().into(),
        error,
        cause,
        input,
        input_details,
        output,
        output_details,
        trace_header: record.trace_header.clone(),
        billing_details: Some(BillingDetails {
            billed_memory_used_in_mb: Some(BILLED_MEMORY_MB),
            billed_duration_in_milliseconds: Some(billed(stop_date.as_millisecond() - record.started.as_millisecond())),
        }),
    }
}

/// What is charged for so many milliseconds.
fn billed(milliseconds: i64) -> i64 {
    (milliseconds.max(1) + BILLING_STEP_MS - 1) / BILLING_STEP_MS * BILLING_STEP_MS
}

#[cfg(test)]
mod tests {
    #[test]
    fn time_is_charged_in_steps_that_have_begun() {
        for (took, charged) in [(0, 100), (1, 100), (100, 100), (101, 200), (2_000, 2_000)] {
            assert_eq!(super::billed(took), charged);
        }
    }
}
