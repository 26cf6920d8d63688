//! Why a run has no job: read from the execution's history.

use std::collections::BTreeMap;

use fanout_asl::api as states;
use serde_json::Value;

use super::calls::Purpose;
use super::{Client, Watch, ledger};
use crate::call::{Answer, Call};
use crate::event::RunStatus;

/// Which run each event belongs to, and what went wrong in it.
#[derive(Debug, Default)]
pub(super) struct HistoryReader {
    owners: BTreeMap<u64, usize>,
    errors: BTreeMap<usize, String>,
}

impl HistoryReader {
    /// Takes in one event as the wire has it.
    fn read(&mut self, event: &Value) {
        let number = |name: &str| event.get(name).and_then(Value::as_u64);
        let (Some(id), Some(previous)) = (number("id"), number("previousEventId")) else { return };
        let iteration = event.pointer("/mapIterationStartedEventDetails/index").and_then(Value::as_u64).map(|index| index as usize);
        let state = event.pointer("/stateEnteredEventDetails/name").and_then(Value::as_str);
        let branch = state.and_then(|name| name.strip_prefix("Run ")).and_then(|index| index.parse().ok());
        let Some(owner) = iteration.or(branch).or_else(|| self.owners.get(&previous).copied()) else { return };
        self.owners.insert(id, owner);
        for details in ["taskSubmitFailedEventDetails", "taskFailedEventDetails", "taskTimedOutEventDetails", "taskStartFailedEventDetails"]
        {
            if let Some(details) = event.get(details) {
                let text = |name: &str| details.get(name).and_then(Value::as_str).unwrap_or_default();
                self.errors.insert(owner, format!("{}: {}", text("error"), text("cause")));
            }
        }
    }
}

impl Client {
    pub(super) fn read_history(&mut self, next_token: Option<String>) {
        let Watch::Execution(watch) = &self.watch else { return };
        let Some(execution_arn) = watch.execution().map(str::to_owned) else { return };
        let request = states::GetExecutionHistory {
            execution_arn,
            max_results: Some(1000),
            reverse_order: None,
            include_execution_data: Some(true),
            next_token,
        };
        self.calls.make(Purpose::History, Call::States(states::Request::GetExecutionHistory(request)), &mut self.out);
    }

    pub(super) fn history_read(&mut self, answer: Answer) {
        let Answer::States(states::Reply::History(page)) = answer else { return };
        let Watch::Execution(watch) = &mut self.watch else { return };
        for event in &page.events {
            watch.history.read(event);
        }
        match page.next_token {
            Some(token) => self.read_history(Some(token)),
            None => self.fail_jobless(),
        }
    }

    /// Ends the runs of which there is no job, each with what is known of it.
    pub(super) fn fail_jobless(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        let general = watch.end().map(|end| {
            let part = |part: &Option<String>| part.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
            format!("the execution {} before this run had a job{}{}", end.status, part(&end.error), part(&end.cause))
        });
        let general = general.unwrap_or_else(|| "it was never submitted".into());
        for run in 0..self.ledger.len() {
            if !self.ledger.is_settled(run) && self.ledger.job(run).is_none() {
                let own = watch.history.errors.get(&run);
                let status = if own.is_some() { RunStatus::Fail } else { RunStatus::Skip };
                self.ledger.end(ledger::without_job(run, status, own.unwrap_or(&general)), &mut self.out);
            }
        }
    }
}
