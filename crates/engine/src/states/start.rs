//! `StartExecution`, `StartSyncExecution`.

use std::sync::Arc;

use fanout_asl::api::{ApiError, ExecutionStarted, Reply, StartExecution, StartSyncExecution, not_json};
use fanout_asl::{Execution, Input, Payload, Quotas};
use jiff::{SignedDuration, Timestamp};

use super::execution::{Caller, Record};
use super::kind::Kind;
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
        let StartExecution { state_machine_arn, name, input, trace_header } = call;
        let start = self.start(&state_machine_arn, name, input, trace_header)?;
        if let (Kind::Standard, Some(name)) = (start.target.kind, &start.name)
            && let Some(key) = self.by_arn.get(&self.execution_arn(&start.target.machine_name, name))
        {
            return self.started_again(*key, &start.input);
        }
        let key = self.begin(start, None, now);
        let record = self.record(key);
        Ok(Reply::ExecutionStarted(ExecutionStarted { execution_arn: record.arn.clone(), start_date: record.started }))
    }

    /// The answer comes when the execution has ended.
    pub(super) fn start_sync(&mut self, id: CallId, call: StartSyncExecution, now: Timestamp) -> Result<(), ApiError> {
        let StartSyncExecution { state_machine_arn, name, input, trace_header, included_data } = call;
        let start = self.start(&state_machine_arn, name, input, trace_header)?;
        start.target.kind.must_be(Kind::Express)?;
        let caller = Caller { id, data: included_data.as_deref() != Some("METADATA_ONLY") };
        self.begin(start, Some(caller), now);
        Ok(())
    }

    fn start(&mut self, arn: &str, name: Option<String>, input: Option<String>, trace_header: Option<String>) -> Result<Start, ApiError> {
        let target = self.target(arn)?;
        name.as_deref().map_or(Ok(()), names::check)?;
        let input = input.map_or_else(|| parse("{}"), |text| parse(&text))?;
        Ok(Start { target, name, input, trace_header })
    }

    fn begin(&mut self, start: Start, caller: Option<Caller>, now: Timestamp) -> ExecutionKey {
        let Start { target, name, input, trace_header } = start;
        let name = name.unwrap_or_else(|| self.ids.uuid().to_string());
        let express = target.kind == Kind::Express;
        let arn = if express {
            let uuid = self.ids.uuid().to_string();
            self.express_arn(&target.machine_name, &name, &uuid)
        } else {
            self.execution_arn(&target.machine_name, &name)
        };
        let quotas = self.settings.quotas.clone();
        let settings = fanout_asl::Settings {
            execution_arn: arn.clone(),
            execution_name: name.clone(),
            state_machine_arn: target.machine_arn.clone(),
            state_machine_name: target.machine_name.clone(),
            role_arn: target.revision.role_arn.clone(),
            input: input.clone(),
            seed: self.ids.seed(),
            quotas: if express { Quotas { history_events: None, ..quotas } } else { quotas },
            // Nobody can read an express execution's history.
            record_history: self.settings.record_history && !express,
        };
        let machine = Box::new(Execution::new(Arc::clone(&target.revision.definition), settings));
        let key = self.executions.len();
        if !express {
            self.by_arn.insert(arn.clone(), key);
        }
        let limit = express.then(|| now.saturating_add(EXPRESS_LIMIT).unwrap_or(Timestamp::MAX));
        self.executions.push(Record {
            arn,
            name,
            target,
            input,
            trace_header,
            started: now,
            outcome: None,
            history: Vec::new(),
            machine: Some(machine),
            deadline: None,
            deadline_reason: "",
            limit,
            caller,
        });
        self.report(key, Input::Start, now);
        key
    }

    /// Starting the same execution twice is one start while it runs (service model, StartExecution).
    fn started_again(&self, key: ExecutionKey, input: &Payload) -> Result<Reply, ApiError> {
        let record = self.record(key);
        if record.outcome.is_none() && record.input == *input {
            return Ok(Reply::ExecutionStarted(ExecutionStarted { execution_arn: record.arn.clone(), start_date: record.started }));
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
