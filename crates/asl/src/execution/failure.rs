//! What happens when a state fails: faults in AWS's words, retries, catchers, and failing upwards.

use serde_json::{Map, Value};

use super::arena::Key;
use super::flow::{Left, put_result, too_big};
use super::strand::{Doing, Sight};
use super::timers::Owner;
use super::{Execution, Stage, Turn};
use crate::Payload;
use crate::document::{Catcher, Next, State};
use crate::expression::EvaluationError;
use crate::history::{Fault, Happening, Phase, StateType};
use crate::language::QueryLanguage;
use crate::port::Outcome;

/// Characters of a cause that AWS keeps.
const MAX_CAUSE: usize = 32_768;

impl Fault {
    /// A named fault.
    pub(crate) fn new(error: &str, cause: Option<&str>) -> Self {
        let cut = |cause: &str| match cause.char_indices().nth(MAX_CAUSE) {
            Some((end, _)) => cause[..end].into(),
            None => cause.into(),
        };
        Self { error: Some(error.into()), cause: cause.map(cut), evaluation: None }
    }

    /// As a state's output when it is caught.
    pub(super) fn to_value(&self) -> Value {
        let mut output = Map::new();
        output.extend(self.error.as_deref().map(|error| ("Error".to_owned(), error.into())));
        output.extend(self.cause.as_deref().map(|cause| ("Cause".to_owned(), cause.into())));
        Value::Object(output)
    }

    /// As an outcome has it.
    pub(crate) fn into_parts(self) -> (Option<String>, Option<String>) {
        (self.error.as_deref().map(str::to_owned), self.cause.as_deref().map(str::to_owned))
    }
}

impl Execution {
    /// A fault with the words that AWS puts before every message about a state.
    pub(super) fn fault(&self, key: Key, state: &State, error: &str, words: &str) -> Fault {
        let entered = self.strands.get(key).map_or(0, |strand| strand.entered);
        let name = &state.name;
        let cause = format!("An error occurred while executing the state '{name}' (entered at the event id #{entered}). {words}");
        Fault::new(error, Some(&cause))
    }

    /// States.Runtime.
    pub(super) fn runtime_fault(&self, key: Key, state: &State, words: &str) -> Fault {
        self.fault(key, state, "States.Runtime", words)
    }

    /// The fault of an expression behind a field.
    pub(super) fn field_fault(&self, key: Key, state: &State, field: &str, input: &Payload, error: &EvaluationError) -> Fault {
        let (name, words) = match error {
            EvaluationError::Path { path, .. } => {
                let input = input.text();
                (
                    "States.Runtime",
                    format!("The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'"),
                )
            }
            EvaluationError::Argument { call, path } => {
                let reason = format!("The JsonPath argument for the field '{path}' could not be found in the input '{}'", input.text());
                ("States.Runtime", format!("The function '{call}' had the following error: {reason}"))
            }
            EvaluationError::Intrinsic { call, reason } => {
                ("States.IntrinsicFailure", format!("The function '{call}' had the following error: {reason}"))
            }
            EvaluationError::Jsonata { expression, why } => {
                let words = format!("The JSONata expression '{expression}' specified for the field '{field}' {why}");
                return self.query_fault(key, state, field, false, &words);
            }
            EvaluationError::TooBig => return too_big(&state.name),
        };
        self.fault(key, state, name, &words)
    }

    /// A state failed: it is tried again, caught, or takes its strand down. `ran` says whether a Map or Parallel had begun.
    pub(super) fn state_failed(&mut self, key: Key, state: &State, mut fault: Fault, ran: bool) {
        let ran = ran || self.tells_of_evaluation(key, state, &mut fault);
        self.watch(|seen| seen.fault = Some(fault.clone()));
        if self.tries_again(key, state, &fault) {
            return;
        }
        let kind = state.kind.as_type();
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        if ran && matches!(kind, StateType::Map | StateType::Parallel) {
            let failed = || Happening::State { state: kind, phase: Phase::Failed };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, failed);
        }
        let error = fault.error.as_deref().unwrap_or_default();
        let mut catchers = state.handlers.catchers.iter().enumerate();
        let Some((position, catcher)) = catchers.find(|(_, catcher)| catcher.errors.include(error)) else {
            self.strand_failed(key, fault);
            return;
        };
        self.watch(|seen| seen.catcher = Some(position));
        match self.caught(key, state, catcher, &fault) {
            Ok(left) => self.leave(key, left, Next::State(catcher.next)),
            Err(mut fault) => {
                self.tells_of_evaluation(key, state, &mut fault);
                self.strand_failed(key, fault);
            }
        }
    }

    /// What a state leaves whose failure is caught.
    fn caught(&mut self, key: Key, state: &State, catcher: &Catcher, fault: &Fault) -> Result<Left, Fault> {
        let (raw, error) = (self.raw_input(key), Payload::from_value(fault.to_value()));
        if state.flow.language == QueryLanguage::Jsonata {
            let sight = Sight { error_output: Some(&error), ..Sight::of(&raw) };
            return self.left_by_jsonata(key, state, &catcher.leaving, sight, &error);
        }
        let assigned = self.assigned(key, state, &catcher.leaving, Sight::of(&error))?;
        let output = put_result(&catcher.result, &raw, error).map_err(|misfit| self.misfit_fault(key, state, &misfit))?;
        Ok(Left { output, assigned })
    }

    /// Records where JSONata failed. It follows what the state's entering followed, unless something has happened since.
    fn tells_of_evaluation(&mut self, key: Key, state: &State, fault: &mut Fault) -> bool {
        let (Some(evaluation), Some(strand)) = (fault.evaluation.take(), self.strands.get_mut(key)) else {
            return false;
        };
        let untouched = strand.last == strand.entered && !evaluation.had_value;
        let previous = if untouched { strand.before } else { strand.last };
        let failed = || Happening::EvaluationFailed { state: state.name.clone(), location: evaluation.location, fault: fault.clone() };
        strand.last = self.journal.record(&mut self.effects, self.now, previous, failed);
        true
    }

    fn tries_again(&mut self, key: Key, state: &State, fault: &Fault) -> bool {
        let error = fault.error.as_deref().unwrap_or_default();
        let retriers = &state.handlers.retriers;
        let (Some(position), Some(strand)) = (retriers.iter().position(|retrier| retrier.errors.include(error)), self.strands.get_mut(key))
        else {
            return false;
        };
        strand.attempts.resize(retriers.len(), 0);
        let (retrier, attempts) = (&retriers[position], &mut strand.attempts[position]);
        if *attempts >= retrier.max_attempts {
            self.watch(|seen| seen.retrier = Some((position, None)));
            return false;
        }
        let longest = retrier.delay_seconds(*attempts);
        let delay = if retrier.full_jitter { longest * self.random.fraction() } else { longest };
        *attempts += 1;
        strand.retries += 1;
        strand.doing = Doing::Backoff;
        strand.wreck = None;
        strand.map_run = None;
        strand.timer = Some(self.timers.set(self.now, delay, Owner::Strand(key), "retry backoff"));
        self.watch(|seen| seen.retrier = Some((position, Some(delay))));
        true
    }

    /// Nothing saves the strand: its Map or Parallel fails, or the execution does.
    pub(super) fn strand_failed(&mut self, key: Key, fault: Fault) {
        let Some(strand) = self.strands.get(key) else {
            return;
        };
        let last = strand.last;
        if let Some(place) = strand.place {
            self.child_failed(place, key, fault, last);
            return;
        }
        if self.journal.is_full() {
            return;
        }
        self.watch(|seen| seen.fault = Some(fault.clone()));
        self.record_last(last, || Happening::ExecutionFailed(fault.clone()));
        let (error, cause) = fault.into_parts();
        self.end(Outcome::Failed { error, cause });
    }

    /// Gives a strand its next turn.
    pub(super) fn push(&mut self, strand: Key, stage: Stage) {
        self.turns.push_back(Turn { strand, stage });
    }
}
