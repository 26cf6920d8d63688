//! Why a run has no job: read from the execution's history, and from those of nested executions.

use std::collections::{BTreeMap, VecDeque};

use fanout_asl::api as states;
use serde_json::Value;

use super::calls::Purpose;
use super::{Client, Watch, ledger};
use crate::call::{Answer, Call, CallError};
use crate::event::RunStatus;
use crate::plan::Work;

/// Which iteration or branch each event belongs to, and what went wrong in it.
#[derive(Debug, Default)]
pub(super) struct HistoryReader {
    owners: BTreeMap<u64, usize>,
    /// By iteration or branch of the execution that is being read.
    errors: BTreeMap<usize, String>,
    /// By run.
    of_runs: BTreeMap<usize, String>,
    /// By nested execution.
    of_nested: BTreeMap<usize, String>,
    /// Nested executions that are still to be read.
    to_read: VecDeque<usize>,
}

/// Of a run whose own child execution knows more.
const IN_A_CHILD: &str = "its job could not be submitted; the history of its child execution, in the execution's Map Run, says why";

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

    /// A history has been read whole: its iterations are runs from `first` on, or else nested executions.
    fn finish(&mut self, first: Option<usize>) {
        self.owners.clear();
        let errors = std::mem::take(&mut self.errors);
        match first {
            Some(first) => self.of_runs.extend(errors.into_iter().map(|(iteration, error)| (first + iteration, error))),
            None => self.of_nested.extend(errors),
        }
    }
}

impl Client {
    /// Reads whatever may say why runs have no job.
    pub(super) fn read_histories(&mut self) {
        let nested: VecDeque<usize> = {
            let jobless = |run: usize| !self.ledger.is_settled(run) && self.ledger.job(run).is_none();
            (0..self.nested().len()).filter(|at| self.runs_of_nested(*at).any(jobless)).collect()
        };
        let Watch::Execution(watch) = &mut self.watch else { return };
        watch.history.to_read = nested;
        self.read_history(None, None);
    }

    /// The first run of each nested execution.
    fn nested(&self) -> &[usize] {
        match &self.plan.work {
            Work::Execution { nested: Some(nested), .. } => &nested.firsts,
            Work::Execution { .. } | Work::Jobs { .. } => &[],
        }
    }

    fn runs_of_nested(&self, at: usize) -> std::ops::Range<usize> {
        let firsts = self.nested();
        firsts[at]..firsts.get(at + 1).copied().unwrap_or(self.ledger.len())
    }

    /// Of the execution, or of a nested one, whose ARN follows from its name.
    fn arn_of(&self, nested: Option<usize>) -> Option<String> {
        let Watch::Execution(watch) = &self.watch else { return None };
        let arn = watch.execution()?;
        let Work::Execution { nested: Some(machine), name, .. } = &self.plan.work else { return Some(arn.to_owned()) };
        let Some(at) = nested else { return Some(arn.to_owned()) };
        let (head, _) = arn.rsplit_once(':')?;
        let (head, _) = head.rsplit_once(':')?;
        Some(format!("{head}:{}:{name}-{at}", machine.state_machine.name))
    }

    fn read_history(&mut self, nested: Option<usize>, next_token: Option<String>) {
        let Some(execution_arn) = self.arn_of(nested) else { return };
        let request = states::GetExecutionHistory {
            execution_arn,
            max_results: Some(1000),
            reverse_order: None,
            include_execution_data: Some(true),
            next_token,
        };
        self.calls.make(Purpose::History { nested }, Call::States(states::Request::GetExecutionHistory(request)), &mut self.out);
    }

    pub(super) fn history_read(&mut self, nested: Option<usize>, answer: Answer) {
        let Answer::States(states::Reply::History(page)) = answer else { return };
        let first = match nested {
            Some(at) => Some(self.runs_of_nested(at).start),
            None if self.nested().is_empty() => Some(0),
            None => None,
        };
        let Watch::Execution(watch) = &mut self.watch else { return };
        for event in &page.events {
            watch.history.read(event);
        }
        if page.next_token.is_some() {
            self.read_history(nested, page.next_token);
            return;
        }
        watch.history.finish(first);
        self.read_next();
    }

    /// A nested execution that was never started has no history; what is known of it is in the outer one's.
    pub(super) fn history_unreadable(&mut self, nested: Option<usize>, error: &CallError) {
        if nested.is_none() {
            self.out.note(error.to_string());
        }
        self.read_next();
    }

    fn read_next(&mut self) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        match watch.history.to_read.pop_front() {
            Some(at) => self.read_history(Some(at), None),
            None => self.fail_jobless(),
        }
    }

    /// Ends the runs of which there is no job, each with what is known of it.
    fn fail_jobless(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        let general = watch.end().map(|end| {
            let part = |part: &Option<String>| part.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
            format!("the execution {} before this run had a job{}{}", end.status, part(&end.error), part(&end.cause))
        });
        let general = general.unwrap_or_else(|| "it was never submitted".into());
        // An execution that came to its end has tried every run; only the histories of a Map Run's children are not read.
        let was_tried = watch.end().is_some_and(|end| end.status == "SUCCEEDED");
        let general = if was_tried { IN_A_CHILD.into() } else { general };
        let firsts = self.nested().to_vec();
        for run in 0..self.ledger.len() {
            if !self.ledger.is_settled(run) && self.ledger.job(run).is_none() {
                let at = firsts.partition_point(|first| *first <= run).checked_sub(1);
                let own = watch.history.of_runs.get(&run).or_else(|| watch.history.of_nested.get(&at?));
                let status = if own.is_some() || was_tried { RunStatus::Fail } else { RunStatus::Skip };
                self.ledger.end(ledger::without_job(run, status, own.unwrap_or(&general)), &mut self.out);
            }
        }
    }
}
