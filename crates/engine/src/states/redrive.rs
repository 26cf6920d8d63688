//! RedriveExecution: an execution that ended without success goes on where it failed.

use fanout_asl::Input;
use fanout_asl::api::{ApiError, ExecutionRedriven, RedriveExecution, Reply};
use jiff::{SignedDuration, Timestamp};

use super::running::Pending;
use super::{ExecutionKey, Service};

/// How long after its end (Developer Guide, Redrive eligibility).
const REDRIVABLE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Events that leave room for two more (ibid.).
const MOST_EVENTS: usize = 24_999;

impl Service {
    /// `RedriveExecution`.
    pub(super) fn redrive_execution(&mut self, call: &RedriveExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.execution(&call.execution_arn)?;
        if let Some(reason) = self.not_redrivable(key, now) {
            let message = format!("Execution is not redrivable: '{}'. {reason}", call.execution_arn);
            return Err(ApiError::new("ExecutionNotRedrivable", message));
        }
        self.redrive_record(key, now);
        Ok(Reply::ExecutionRedriven(ExecutionRedriven { redrive_date: now }))
    }

    /// Why an execution cannot be redriven.
    pub(super) fn not_redrivable(&self, key: ExecutionKey, now: Timestamp) -> Option<String> {
        let record = self.record(key);
        let status = record.status();
        if matches!(status, "RUNNING" | "SUCCEEDED") {
            return Some(format!("Execution is {status} and cannot be redriven"));
        }
        if record.history.len() >= MOST_EVENTS {
            return Some("Execution event history count exceeds the limit and cannot be redriven".into());
        }
        let expired = record.stopped().is_some_and(|stopped| now.duration_since(stopped) > REDRIVABLE);
        expired.then(|| "Execution has exceeded the redrivable period and cannot be redriven".into())
    }

    /// Starts it again.
    pub(super) fn redrive_record(&mut self, key: ExecutionKey, now: Timestamp) {
        let record = &mut self.executions[key];
        record.machine = record.wreck.take();
        record.outcome = None;
        record.redriven = Some(now);
        record.redrives += 1;
        self.pending.push_back(Pending::Report(key, Input::Redrive));
    }
}
