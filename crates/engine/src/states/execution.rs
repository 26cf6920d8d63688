//! Executions: start, describe, stop, list.

use std::sync::Arc;

use fanout_asl::api::{
    ApiError, DataIncluded, DescribeExecution, ExecutionDescription, ExecutionList, ExecutionListItem, ExecutionStarted, ExecutionStopped,
    ListExecutions, Reply, StartExecution, StopExecution,
};
use fanout_asl::history::HistoryEvent;
use fanout_asl::map_run::{ChildEnd, ChildId};
use fanout_asl::{Execution, Input, Outcome, PAYLOAD_BYTES, Payload, StartedAs};
use jiff::Timestamp;

use super::map_run::MapRunKey;
use super::running::{Ended, Pending, parts};
use super::{ExecutionKey, Service, arn, list, names};

/// One execution.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) machine_arn: String,
    pub(super) role_arn: String,
    pub(super) input: Payload,
    pub(super) started: Timestamp,
    /// How it ended and when.
    pub(super) outcome: Option<(Outcome, Timestamp)>,
    pub(super) history: Vec<HistoryEvent>,
    /// Gone once it has ended.
    pub(super) machine: Option<Box<Execution>>,
    pub(super) deadline: Option<Timestamp>,
    pub(super) deadline_reason: &'static str,
    /// Whether a task waits for its end.
    pub(super) watched: bool,
    /// Of which Map Run it is a child.
    pub(super) map_child: Option<(MapRunKey, ChildId)>,
    pub(super) map_run_arn: Option<Arc<str>>,
    /// What may be redriven after an end without success.
    pub(super) wreck: Option<Box<Execution>>,
    pub(super) redrives: i32,
    pub(super) redriven: Option<Timestamp>,
}

impl Record {
    pub(super) fn new(
        arn: String,
        name: String,
        machine_arn: String,
        role_arn: String,
        input: Payload,
        started: Timestamp,
        machine: Box<Execution>,
    ) -> Self {
        Self {
            arn,
            name,
            machine_arn,
            role_arn,
            input,
            started,
            outcome: None,
            history: Vec::new(),
            machine: Some(machine),
            deadline: None,
            deadline_reason: "",
            watched: false,
            map_child: None,
            map_run_arn: None,
            wreck: None,
            redrives: 0,
            redriven: None,
        }
    }

    /// What its Map Run wants to know of its end.
    pub(super) fn child_end(&self) -> ChildEnd {
        let (outcome, stopped) = self.outcome.clone().unwrap_or((Outcome::Aborted { error: None, cause: None }, self.started));
        ChildEnd { arn: self.arn.clone(), name: self.name.clone(), started: self.started, stopped, outcome }
    }

    /// What a task that waited for it wants to know of its end.
    pub(super) fn end(&self) -> Ended {
        let (output, error, cause) = parts(self.outcome.as_ref().map(|(outcome, _)| outcome));
        Ended {
            arn: self.arn.clone(),
            name: self.name.clone(),
            machine_arn: self.machine_arn.clone(),
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
}

impl Service {
    pub(super) fn start_execution(&mut self, call: StartExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let (reply, key, fresh) = self.create_execution(call, now)?;
        if fresh {
            self.report(key, Input::Start, now);
        }
        Ok(reply)
    }

    /// Starts an execution whose end is told if it is `watched`.
    pub(crate) fn start_watched(&mut self, call: StartExecution, watched: bool, now: Timestamp) -> Result<(Reply, ExecutionKey), ApiError> {
        let (reply, key, fresh) = self.create_execution(call, now)?;
        self.executions[key].watched = watched;
        if fresh {
            self.pending.push_back(Pending::Start(key));
        }
        Ok((reply, key))
    }

    /// An execution that has not begun; whether it is new.
    fn create_execution(&mut self, call: StartExecution, now: Timestamp) -> Result<(Reply, ExecutionKey, bool), ApiError> {
        let machine = self.machine(&call.state_machine_arn)?;
        let (machine_name, role_arn, definition) = (machine.name.clone(), machine.role_arn.clone(), Arc::clone(&machine.definition));
        if let Some(name) = &call.name {
            names::check(name)?;
        }
        let text = call.input.unwrap_or_else(|| "{}".into());
        if text.len() > PAYLOAD_BYTES {
            let message = "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144";
            return Err(ApiError::new("InvalidExecutionInput", message));
        }
        let input = Payload::parse(text)
            .map_err(|error| ApiError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{error}'")))?;
        let name = call.name.unwrap_or_else(|| self.ids.uuid().to_string());
        let execution_arn = self.execution_arn(&machine_name, &name);
        if let Some(key) = self.by_arn.get(&execution_arn) {
            return self.started_again(*key, &input).map(|reply| (reply, *key, false));
        }
        let settings = fanout_asl::Settings {
            execution_arn: execution_arn.clone(),
            execution_name: name.clone(),
            state_machine_arn: call.state_machine_arn.clone(),
            state_machine_name: machine_name,
            role_arn: role_arn.clone(),
            input: input.clone(),
            seed: self.ids.seed(),
            quotas: self.settings.quotas.clone(),
            record_history: self.settings.record_history,
            started_as: StartedAs::default(),
        };
        let key = self.executions.len();
        let machine = Box::new(Execution::new(definition, settings));
        self.executions.push(Record::new(execution_arn.clone(), name, call.state_machine_arn, role_arn, input, now, machine));
        self.by_arn.insert(execution_arn.clone(), key);
        Ok((Reply::ExecutionStarted(ExecutionStarted { execution_arn, start_date: now }), key, true))
    }

    /// Starting the same execution twice is one start while it runs (service model, StartExecution).
    fn started_again(&self, key: ExecutionKey, input: &Payload) -> Result<Reply, ApiError> {
        let record = &self.executions[key];
        if record.outcome.is_none() && record.input == *input {
            return Ok(Reply::ExecutionStarted(ExecutionStarted { execution_arn: record.arn.clone(), start_date: record.started }));
        }
        Err(ApiError::new("ExecutionAlreadyExists", format!("Execution Already Exists: '{}'", record.arn)))
    }

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
        let (output, error, cause) = match record.outcome.as_ref().map(|(outcome, _)| outcome) {
            None => (None, None, None),
            Some(Outcome::Succeeded { output }) => (Some(output.text().to_owned()), None, None),
            Some(Outcome::Failed { error, cause } | Outcome::TimedOut { error, cause } | Outcome::Aborted { error, cause }) => {
                (None, error.clone(), cause.clone())
            }
        };
        let redrivable = matches!(status, "FAILED" | "TIMED_OUT" | "ABORTED");
        Ok(Reply::ExecutionDescription(ExecutionDescription {
            execution_arn: record.arn.clone(),
            state_machine_arn: record.machine_arn.clone(),
            name: record.name.clone(),
            status: status.into(),
            start_date: record.started,
            stop_date: record.stopped(),
            input: Some(record.input.text().to_owned()),
            input_details: Some(DataIncluded { included: true }),
            output_details: output.as_ref().map(|_| DataIncluded { included: true }),
            output,
            error,
            cause,
            redrive_count: Some(0),
            redrive_status: Some(if redrivable { "REDRIVABLE" } else { "NOT_REDRIVABLE" }.into()),
            redrive_status_reason: (!redrivable).then(|| format!("Execution is {status} and cannot be redriven")),
            ..ExecutionDescription::default()
        }))
    }

    pub(super) fn stop_execution(&mut self, call: StopExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let key = self.execution(&call.execution_arn)?;
        self.report(key, Input::Stop { error: call.error, cause: call.cause }, now);
        let stop_date = self.record(key).stopped().unwrap_or(now);
        Ok(Reply::ExecutionStopped(ExecutionStopped { stop_date }))
    }

    pub(super) fn list_executions(&self, call: &ListExecutions) -> Result<Reply, ApiError> {
        let Some(machine_arn) = &call.state_machine_arn else {
            let message = "1 validation error detected: Must specify exactly one of state machine ARN and map run ARN";
            return Err(ApiError::new("ValidationException", message));
        };
        self.machine(machine_arn)?;
        let wanted = |record: &&Record| {
            record.machine_arn == *machine_arn && call.status_filter.as_deref().is_none_or(|status| status == record.status())
        };
        let lines = self.executions.iter().rev().filter(wanted).map(|record| ExecutionListItem {
            execution_arn: record.arn.clone(),
            state_machine_arn: record.machine_arn.clone(),
            name: record.name.clone(),
            status: record.status().into(),
            start_date: record.started,
            stop_date: record.stopped(),
            ..ExecutionListItem::default()
        });
        let (executions, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::ExecutionList(ExecutionList { executions, next_token }))
    }
}
