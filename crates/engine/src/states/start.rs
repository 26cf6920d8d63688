//! `StartExecution`, `StartSyncExecution`.

use std::sync::Arc;

use fanout_asl::api::{ApiError, ExecutionStarted, Reply, StartExecution, StartSyncExecution, not_json};
use fanout_asl::{Execution, Input, Payload, Quotas, StartedAs};
use jiff::{SignedDuration, Timestamp};

use super::execution::{Caller, Record};
use super::kind::Kind;
use super::running::Pending;
use super::target::Target;
use super::{ExecutionKey, Service, names};
use crate::CallId;

/// An express execution takes no longer (Step Functions quotas).
const EXPRESS_LIMIT: SignedDuration = SignedDuration::from_mins(5);

/// What is common to both ways to start.
struct Start {
    target: Target,
    name: Option<String>,
    input: Payload,
    trace_header: Option<String>,
}

impl Service {
    pub(super) fn start_execution(&mut self, call: StartExecution, now: Timestamp) -> Result<Reply, ApiError> {
        let (key, fresh) = self.create_execution(call, now)?;
        if fresh {
            self.report(key, Input::Start, now);
        }
        Ok(self.started(key))
    }

    /// Starts an execution whose end is told if it is `watched`.
    pub(crate) fn start_watched(&mut self, call: StartExecution, watched: bool, now: Timestamp) -> Result<(Reply, ExecutionKey), ApiError> {
        let (key, fresh) = self.create_execution(call, now)?;
        self.executions[key].watched = watched;
        if fresh {
            self.pending.push_back(Pending::Start(key));
        }
        Ok((self.started(key), key))
    }

    fn started(&self, key: ExecutionKey) -> Reply {
        let record = self.record(key);
        Reply::ExecutionStarted(ExecutionStarted { execution_arn: record.arn.clone(), start_date: record.started })
    }

    /// An execution that has not begun, or one that runs already; whether it is new.
    fn create_execution(&mut self, call: StartExecution, now: Timestamp) -> Result<(ExecutionKey, bool), ApiError> {
        let StartExecution { state_machine_arn, name, input, trace_header } = call;
        let start = self.start(&state_machine_arn, name, input, trace_header)?;
        if let (Kind::Standard, Some(name)) = (start.target.kind, &start.name)
            && let Some(key) = self.by_arn.get(&self.execution_arn(&start.target.machine_name, name)).copied()
        {
            return self.started_again(key, &start.input).map(|()| (key, false));
        }
        Ok((self.create(start, None, now), true))
    }

    /// The answer comes when the execution has ended.
    pub(super) fn start_sync(&mut self, id: CallId, call: StartSyncExecution, now: Timestamp) -> Result<(), ApiError> {
        let StartSyncExecution { state_machine_arn, name, input, trace_header, included_data } = call;
        let start = self.start(&state_machine_arn, name, input, trace_header)?;
        start.target.kind.must_be(Kind::Express)?;
        let caller = Caller { id, data: included_data.as_deref() != Some("METADATA_ONLY") };
        let key = self.create(start, Some(caller), now);
        self.report(key, Input::Start, now);
        Ok(())
    }

    /// The same for a task, which is told of the end.
    pub(crate) fn start_sync_watched(&mut self, call: StartSyncExecution, now: Timestamp) -> Result<ExecutionKey, ApiError> {
        let StartSyncExecution { state_machine_arn, name, input, trace_header, included_data: _ } = call;
        let start = self.start(&state_machine_arn, name, input, trace_header)?;
        start.target.kind.must_be(Kind::Express)?;
        let key = self.create(start, None, now);
        self.executions[key].watched = true;
        self.pending.push_back(Pending::Start(key));
        Ok(key)
    }

    fn start(&mut self, arn: &str, name: Option<String>, input: Option<String>, trace_header: Option<String>) -> Result<Start, ApiError> {
        let target = self.target(arn)?;
        name.as_deref().map_or(Ok(()), names::check)?;
        let input = input.map_or_else(|| parse("{}"), |text| parse(&text))?;
        Ok(Start { target, name, input, trace_header })
    }

    fn create(&mut self, start: Start, caller: Option<Caller>, now: Timestamp) -> ExecutionKey {
        let Start { target, name, input, trace_header } = start;
        let name = name.unwrap_or_else(|| self.ids.uuid().to_string());
        let (arn, settings) = self.execution_settings(&target, &name, input.clone());
        let machine = Execution::new(Arc::clone(&target.revision.definition), settings);
        self.keep(Record { trace_header, caller, ..Record::new(arn, name, target, input, now, machine) }, now)
    }

    /// The ARN and the settings of a new execution.
    pub(super) fn execution_settings(&mut self, target: &Target, name: &str, input: Payload) -> (String, fanout_asl::Settings) {
        let express = target.kind == Kind::Express;
        let arn = if express {
            let uuid = self.ids.uuid().to_string();
            self.express_arn(&target.machine_name, name, &uuid)
        } else {
            self.execution_arn(&target.machine_name, name)
        };
        let quotas = self.settings.quotas.clone();
        let settings = fanout_asl::Settings {
            execution_arn: arn.clone(),
            execution_name: name.into(),
            state_machine_arn: target.machine_arn.clone(),
            state_machine_name: target.machine_name.clone(),
            role_arn: target.revision.role_arn.clone(),
            input,
            seed: self.ids.seed(),
            quotas: if express { Quotas { history_events: None, ..quotas } } else { quotas },
            // Nobody can read an express execution's history.
            record_history: self.settings.record_history && !express,
            started_as: StartedAs {
                version_arn: target.version_arn.as_deref().map(Into::into),
                alias_arn: target.alias_arn.as_deref().map(Into::into),
            },
        };
        (arn, settings)
    }

    /// Keeps a new execution.
    pub(super) fn keep(&mut self, mut record: Record, now: Timestamp) -> ExecutionKey {
        let key = self.executions.len();
        if record.target.kind == Kind::Express {
            record.limit = Some(now.saturating_add(EXPRESS_LIMIT).unwrap_or(Timestamp::MAX));
        } else {
            self.by_arn.insert(record.arn.clone(), key);
        }
        self.executions.push(record);
        key
    }

    /// Starting the same execution twice is one start while it runs (service model, StartExecution).
    fn started_again(&self, key: ExecutionKey, input: &Payload) -> Result<(), ApiError> {
        let record = self.record(key);
        if record.outcome.is_none() && record.input == *input {
            return Ok(());
        }
        Err(ApiError::new("ExecutionAlreadyExists", format!("Execution Already Exists: '{}'", record.arn)))
    }
}

fn parse(text: &str) -> Result<Payload, ApiError> {
    let refused = |words: &str| ApiError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{words}'"));
    if text.trim().is_empty() {
        return Err(refused("Invalid execution input."));
    }
    Payload::parse(text).map_err(|error| refused(&not_json(text).unwrap_or_else(|| error.to_string())))
}
