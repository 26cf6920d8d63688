//! Executions: describe, stop, list.

use fanout_asl::api::{
    ApiError, DataIncluded, DescribeExecution, ExecutionDescription, ExecutionList, ExecutionListItem, ExecutionStopped, ListExecutions,
    Reply, StopExecution,
};
use fanout_asl::history::HistoryEvent;
use fanout_asl::{Execution, Input, Outcome, Payload};
use jiff::Timestamp;

use super::kind::Kind;
use super::machine::not_found;
use super::target::Target;
use super::{ExecutionKey, Service, arn, list};
use crate::CallId;

/// One execution.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) target: Target,
    pub(super) input: Payload,
    pub(super) trace_header: Option<String>,
    pub(super) started: Timestamp,
    /// How it ended and when.
    pub(super) outcome: Option<(Outcome, Timestamp)>,
    pub(super) history: Vec<HistoryEvent>,
    /// Gone once it has ended.
    pub(super) machine: Option<Box<Execution>>,
    pub(super) deadline: Option<Timestamp>,
    pub(super) deadline_reason: &'static str,
    /// When it is over in any case.
    pub(super) limit: Option<Timestamp>,
    /// Who waits for its end.
    pub(super) caller: Option<Caller>,
}

/// A call that is answered when the execution has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) id: CallId,
    /// Whether input and output are wanted.
    pub(super) data: bool,
}

impl Record {
    pub(super) fn status(&self) -> &'static str {
        match &self.outcome {
            None => "RUNNING",
            Some((Outcome::Succeeded { .. }, _)) => "SUCCEEDED",
            Some((Outcome::Failed { .. }, _)) => "FAILED",
            Some((Outcome::TimedOut { .. }, _)) => "TIMED_OUT",
            Some((Outcome::Aborted { .. }, _)) => "ABORTED",
        }
    }

    pub(super) fn stopped(&self) -> Option<Timestamp> {
        self.outcome.as_ref().map(|(_, at)| *at)
    }

    /// When a tick is wanted, and for what.
    pub(super) fn next_deadline(&self) -> (Option<Timestamp>, &'static str) {
        if self.outcome.is_some() {
            return (None, "");
        }
        let own = self.machine.as_ref().and_then(|machine| machine.poll_deadline());
        match (own, self.limit) {
            (Some(own), None) => (Some(own.at), own.why),
            (Some(own), Some(limit)) if own.at < limit => (Some(own.at), own.why),
            (_, Some(limit)) => (Some(limit), "the end of an express execution's five minutes"),
            (None, None) => (None, ""),
        }
    }

    /// Output, error and cause.
    pub(super) fn result(&self) -> (Option<String>, Option<String>, Option<String>) {
        match self.outcome.as_ref().map(|(outcome, _)| outcome) {
            None => (None, None, None),
            Some(Outcome::Succeeded { output }) => (Some(output.text().to_owned()), None, None),
            Some(Outcome::Failed { error, cause } | Outcome::TimedOut { error, cause } | Outcome::Aborted { error, cause }) => {
                (None, error.clone(), cause.clone())
            }
        }
    }

    /// Service model, ListExecutions: running ones are sorted by their start, others by their end.
    fn sorted_by(&self) -> Timestamp {
        self.stopped().unwrap_or(self.started)
    }

    fn line(&self) -> ExecutionListItem {
        ExecutionListItem {
            execution_arn: self.arn.clone(),
            state_machine_arn: self.target.machine_arn.clone(),
            name: self.name.clone(),
            status: self.status().into(),
            start_date: self.started,
            stop_date: self.stopped(),
            map_run_arn: None,
            item_count: None,
            state_machine_version_arn: self.target.version_arn.clone(),
            state_machine_alias_arn: self.target.alias_arn.clone(),
            redrive_count: Some(0),
            redrive_date: None,
        }
    }

    /// Whether it was started on what this ARN names.
    fn is_of(&self, arn: &str) -> bool {
        let target = &self.target;
        target.machine_arn == arn || target.version_arn.as_deref() == Some(arn) || target.alias_arn.as_deref() == Some(arn)
    }
}

/// What is included of data: the data and the word for it.
pub(super) fn included(data: Option<String>, wanted: bool) -> (Option<String>, Option<DataIncluded>) {
    let details = data.as_ref().map(|_| DataIncluded { included: wanted });
    (data.filter(|_| wanted), details)
}

impl Service {
    pub(super) fn execution(&self, execution_arn: &str) -> Result<ExecutionKey, ApiError> {
        arn::check(execution_arn, "execution")?;
        let missing = || ApiError::new("ExecutionDoesNotExist", format!("Execution Does Not Exist: '{execution_arn}'"));
        self.by_arn.get(execution_arn).copied().ok_or_else(missing)
    }

    pub(super) fn record(&self, key: ExecutionKey) -> &Record {
        &self.executions[key]
    }

    pub(super) fn describe_execution(&self, call: &DescribeExecution) -> Result<Reply, ApiError> {
        let record = self.record(self.execution(&call.execution_arn)?);
        let status = record.status();
        let data = call.included_data.as_deref() != Some("METADATA_ONLY");
        let (output, error, cause) = record.result();
        let (input, input_details) = included(Some(record.input.text().to_owned()), data);
        let (output, output_details) = included(output, data);
        let redrivable = matches!(status, "FAILED" | "TIMED_OUT" | "ABORTED");
        Ok(Reply::ExecutionDescription(ExecutionDescription {
            execution_arn: record.arn.clone(),
            state_machine_arn: record.target.machine_arn.clone(),
            name: record.name.clone(),
            status: status.into(),
            start_date: record.started,
            stop_date: record.stopped(),
            input,
            input_details,
            output,
            output_details,
            trace_header: record.trace_header.clone(),
            map_run_arn: None,
            error,
            cause,
            state_machine_version_arn: record.target.version_arn.clone(),
            state_machine_alias_arn: record.target.alias_arn.clone(),
            redrive_count: Some(0),
            redrive_date: None,
            redrive_status: Some(if redrivable { "REDRIVABLE" } else { "NOT_REDRIVABLE" }.into()),
            redrive_status_reason: (!redrivable).then(|| format!("Execution is {status} and cannot be redriven")),
        }))
    }

    pub(super) fn stop_execution(&mut self, call: StopExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.execution(&call.execution_arn)?;
        self.report(key, Input::Stop { error: call.error, cause: call.cause }, now);
        let stop_date = self.record(key).stopped().unwrap_or(now);
        Ok(Reply::ExecutionStopped(ExecutionStopped { stop_date }))
    }

    pub(super) fn list_executions(&self, call: &ListExecutions) -> Result<Reply, ApiError> {
        let refused = |message: &str| ApiError::new("ValidationException", message);
        let arn = match (&call.state_machine_arn, &call.map_run_arn) {
            (Some(arn), None) => arn,
            (None, Some(map_run)) => {
                arn::check(map_run, "mapRun")?;
                return Err(not_found());
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err(refused("1 validation error detected: Must specify exactly one of state machine ARN and map run ARN"));
            }
        };
        self.found(arn, 0)?.machine.kind.must_be(Kind::Standard)?;
        if call.status_filter.as_deref() == Some("PENDING_REDRIVE") {
            return Err(refused("The PENDING_REDRIVE status filter can only be used with a map run ARN"));
        }
        let redriven = |_: &Record| call.redrive_filter.as_deref() != Some("REDRIVEN");
        let status = |record: &Record| call.status_filter.as_deref().is_none_or(|status| status == record.status());
        let mut records: Vec<&Record> =
            self.executions.iter().rev().filter(|record| record.is_of(arn) && status(record) && redriven(record)).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.sorted_by()));
        let lines = records.into_iter().map(Record::line);
        let (executions, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::ExecutionList(ExecutionList { executions, next_token }))
    }
}
