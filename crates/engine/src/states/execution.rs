//! Executions: describe, stop, list.

use std::collections::VecDeque;
use std::sync::Arc;

use fanout_asl::api::{
    ApiError, DataIncluded, DescribeExecution, ExecutionDescription, ExecutionList, ExecutionListItem, ExecutionStopped, ListExecutions,
    Reply, StopExecution,
};
use fanout_asl::history::HistoryEvent;
use fanout_asl::map_run::{ChildEnd, ChildId};
use fanout_asl::{Execution, Input, Outcome, Payload};
use jiff::Timestamp;

use super::kind::Kind;
use super::map_run::MapRunKey;
use super::running::Ended;
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
    /// Whether a task waits for its end.
    pub(super) watched: bool,
    /// Of which Map Run it is a child.
    pub(super) map_child: Option<MapChild>,
    /// What may be redriven after an end without success.
    pub(super) wreck: Option<Box<Execution>>,
    pub(super) redrives: i32,
    pub(super) redriven: Option<Timestamp>,
    /// The end of its first run.
    pub(super) first_stopped: Option<Timestamp>,
    /// The latest redrives that named a client token.
    pub(super) redrive_tokens: VecDeque<(String, Timestamp)>,
}

/// A child's place in its Map Run.
#[derive(Clone, Debug)]
pub(super) struct MapChild {
    pub(super) run: MapRunKey,
    pub(super) child: ChildId,
    pub(super) items: u64,
    pub(super) map_run_arn: Arc<str>,
}

/// A call that is answered when the execution has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) id: CallId,
    /// Whether input and output are wanted.
    pub(super) data: bool,
}

impl Record {
    /// An execution that has not begun.
    pub(super) fn new(arn: String, name: String, target: Target, input: Payload, started: Timestamp, machine: Execution) -> Self {
        Self {
            arn,
            name,
            target,
            input,
            trace_header: None,
            started,
            outcome: None,
            history: Vec::new(),
            machine: Some(Box::new(machine)),
            deadline: None,
            deadline_reason: "",
            limit: None,
            caller: None,
            watched: false,
            map_child: None,
            wreck: None,
            redrives: 0,
            redriven: None,
            first_stopped: None,
            redrive_tokens: VecDeque::new(),
        }
    }

    /// What its Map Run wants to know of its end.
    pub(super) fn child_end(&self) -> ChildEnd {
        let (outcome, stopped) = self.outcome.clone().unwrap_or((Outcome::Aborted { error: None, cause: None }, self.started));
        ChildEnd { arn: self.arn.clone(), name: self.name.clone(), started: self.started, stopped, outcome }
    }

    /// What a task that waited for it wants to know of its end.
    pub(super) fn end(&self) -> Ended {
        let (output, error, cause) = self.result();
        Ended {
            arn: self.arn.clone(),
            name: self.name.clone(),
            machine_arn: self.target.machine_arn.clone(),
            input: self.input.text().to_owned(),
            status: self.status(),
            output,
            error,
            cause,
            started: self.started,
            stopped: self.stopped().unwrap_or(self.started),
        }
    }

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

    /// Whether it could go on at once and lets others have their turn first.
    pub(super) fn is_paused(&self) -> bool {
        self.machine.as_ref().is_some_and(|machine| machine.is_paused())
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

    fn line(&self, status: &str) -> ExecutionListItem {
        ExecutionListItem {
            execution_arn: self.arn.clone(),
            state_machine_arn: self.target.machine_arn.clone(),
            name: self.name.clone(),
            status: status.into(),
            start_date: self.started,
            stop_date: self.stopped(),
            map_run_arn: self.map_run_arn(),
            item_count: self.map_child.as_ref().map(|child| i32::try_from(child.items).unwrap_or(i32::MAX)),
            state_machine_version_arn: self.target.version_arn.clone(),
            state_machine_alias_arn: self.target.alias_arn.clone(),
            redrive_count: Some(self.redrives),
            redrive_date: self.redriven,
        }
    }

    fn map_run_arn(&self) -> Option<String> {
        self.map_child.as_ref().map(|child| child.map_run_arn.to_string())
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

    /// As it is shown: a Map Run's child that is to be redriven has a status of its own until there is room for it.
    fn status(&self, record: &Record) -> &'static str {
        let waits = |child: &MapChild| self.map_runs[child.run].machine.is_to_be_redriven(child.child);
        let of_standard = record.map_child.as_ref().filter(|_| record.target.kind == Kind::Standard);
        if of_standard.is_some_and(waits) { "PENDING_REDRIVE" } else { record.status() }
    }

    pub(super) fn describe_execution(&self, call: &DescribeExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.execution(&call.execution_arn)?;
        let record = self.record(key);
        let status = self.status(record);
        let data = call.included_data.as_deref() != Some("METADATA_ONLY");
        let (output, error, cause) = record.result();
        let (input, input_details) = included(Some(record.input.text().to_owned()), data);
        let (output, output_details) = included(output, data);
        let reason = self.not_redrivable(key, now);
        let redrive_status = match (&reason, &record.map_child) {
            (Some(_), _) => "NOT_REDRIVABLE",
            (None, Some(_)) => "REDRIVABLE_BY_MAP_RUN",
            (None, None) => "REDRIVABLE",
        };
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
            map_run_arn: record.map_run_arn(),
            error,
            cause,
            state_machine_version_arn: record.target.version_arn.clone(),
            state_machine_alias_arn: record.target.alias_arn.clone(),
            redrive_count: Some(record.redrives),
            redrive_date: record.redriven,
            redrive_status: Some(redrive_status.into()),
            redrive_status_reason: reason,
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
        let of: Box<dyn Fn(&Record) -> bool> = match (&call.state_machine_arn, &call.map_run_arn) {
            (Some(arn), None) => {
                self.found(arn, 0)?.machine.kind.must_be(Kind::Standard)?;
                if call.status_filter.as_deref() == Some("PENDING_REDRIVE") {
                    return Err(refused("The PENDING_REDRIVE status filter can only be used with a map run ARN"));
                }
                Box::new(|record| record.map_child.is_none() && record.is_of(arn))
            }
            (None, Some(map_run)) => {
                let run = self.map_run(map_run)?;
                Box::new(move |record| record.map_child.as_ref().is_some_and(|child| child.run == run))
            }
            (Some(_), Some(_)) | (None, None) => {
                return Err(refused("1 validation error detected: Must specify exactly one of state machine ARN and map run ARN"));
            }
        };
        let redriven = |record: &Record| match call.redrive_filter.as_deref() {
            Some("REDRIVEN") => record.redrives > 0,
            Some("NOT_REDRIVEN") => record.redrives == 0,
            _ => true,
        };
        let status = |record: &Record| call.status_filter.as_deref().is_none_or(|status| status == self.status(record));
        let mut records: Vec<&Record> =
            self.executions.iter().rev().filter(|record| of(record) && status(record) && redriven(record)).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.sorted_by()));
        let lines = records.into_iter().map(|record| record.line(self.status(record)));
        let (executions, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::ExecutionList(ExecutionList { executions, next_token }))
    }
}
