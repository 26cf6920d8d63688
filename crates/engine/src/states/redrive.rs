//! RedriveExecution: an execution that ended without success goes on where it failed.

use fanout_asl::Input;
use fanout_asl::api::{ApiError, ExecutionRedriven, RedriveExecution, Reply};
use jiff::{SignedDuration, Timestamp};

use super::execution::Record;
use super::running::Pending;
use super::{ExecutionKey, Service};

/// How long after the end of its first run (Step Functions quotas, redrivable period).
const REDRIVABLE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Events that leave room for two more (ibid.).
const MOST_EVENTS: usize = 24_999;
/// How many client tokens are remembered for an execution, and for how long (service model, RedriveExecution).
const TOKENS: usize = 10;
const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);

impl Service {
    /// `RedriveExecution`.
    pub(super) fn redrive_execution(&mut self, call: &RedriveExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.execution(&call.execution_arn)?;
        if let Some(redrive_date) = call.client_token.as_deref().and_then(|token| self.record(key).redriven_with(token, now)) {
            return Ok(Reply::ExecutionRedriven(ExecutionRedriven { redrive_date }));
        }
        let of_map_run = || self.record(key).map_child.is_some().then(|| "It is redriven by its Map Run".to_owned());
        if let Some(reason) = self.not_redrivable(key, now).or_else(of_map_run) {
            let message = format!("Execution is not redrivable: '{}'. {reason}", call.execution_arn);
            return Err(ApiError::new("ExecutionNotRedrivable", message));
        }
        self.redrive_record(key, now);
        if let Some(token) = call.client_token.clone() {
            let tokens = &mut self.executions[key].redrive_tokens;
            tokens.push_back((token, now));
            tokens.drain(..tokens.len().saturating_sub(TOKENS));
        }
        Ok(Reply::ExecutionRedriven(ExecutionRedriven { redrive_date: now }))
    }

    /// Why an execution cannot be redriven (words: service model, `redriveStatusReason`).
    pub(super) fn not_redrivable(&self, key: ExecutionKey, now: Timestamp) -> Option<String> {
        let record = self.record(key);
        let status = record.status();
        if matches!(status, "RUNNING" | "SUCCEEDED") {
            return Some(format!("Execution is {status} and cannot be redriven"));
        }
        if record.history.len() >= MOST_EVENTS {
            return Some("Execution history event limit exceeded".into());
        }
        let expired = record.first_stopped.is_some_and(|stopped| now.duration_since(stopped) > REDRIVABLE);
        expired.then(|| "Execution redrivable period exceeded".into())
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

impl Record {
    /// When it was redriven by a call with this token that still counts.
    fn redriven_with(&self, token: &str, now: Timestamp) -> Option<Timestamp> {
        let (_, at) = self.redrive_tokens.iter().find(|(known, _)| known == token)?;
        Some(*at).filter(|at| now.duration_since(*at) <= TOKEN_LIFE)
    }
}
