//! How data flows through a state: in JSONPath InputPath, Parameters, ResultSelector, ResultPath and OutputPath, in JSONata
//! Arguments and Output; Assign in both; and the size of it all.

use std::sync::Arc;

use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::strand::Sight;
use crate::Payload;
use crate::document::{Flow, Leaving, ResultPath, Select, State};
use crate::expression::{EvaluationError, Template};
use crate::history::Fault;
use crate::language::QueryLanguage;
use crate::path::CannotApply;
use crate::payload::MAX_DEPTH;

/// Variables and their new values.
pub(super) type Assigned = Arc<[(Arc<str>, Payload)]>;

/// What a state gives to those that follow.
#[derive(Clone, Debug)]
pub(super) struct Left {
    pub(super) output: Payload,
    pub(super) assigned: Assigned,
}

impl Left {
    /// An output alone.
    pub(super) fn plain(output: Payload) -> Self {
        Self { output, assigned: Assigned::default() }
    }
}

/// Puts a result where a ResultPath says, into the raw input.
pub(super) fn put_result(path: &ResultPath, input: &Payload, result: Payload) -> Result<Payload, CannotApply> {
    match path {
        ResultPath::Replace => Ok(result),
        ResultPath::Discard => Ok(input.clone()),
        ResultPath::Put(path) => {
            let mut merged = input.value().clone();
            path.set(&mut merged, result.into_value())?;
            Ok(Payload::from_value(merged))
        }
    }
}

/// States.DataLimitExceeded.
pub(super) fn too_big(who: &str) -> Fault {
    let words = format!("The state/task '{who}' returned a result with a size exceeding the maximum number of bytes service limit.");
    Fault::new("States.DataLimitExceeded", Some(&words))
}

impl Execution {
    /// The input as a state's work sees it: InputPath, then Parameters; in JSONata Arguments, and nothing without them.
    pub(super) fn effective_input(&mut self, key: Key, state: &State) -> Result<Payload, Fault> {
        let input = self.selected_input(key, state)?;
        let input = match &state.flow.parameters {
            Some(template) => self.filled(key, state, template, Sight::of(&input))?,
            None => input,
        };
        self.watch(|seen| seen.effective_input = Some(input.clone()));
        Ok(input)
    }

    /// The input after InputPath.
    pub(super) fn selected_input(&mut self, key: Key, state: &State) -> Result<Payload, Fault> {
        let raw = self.raw_input(key);
        let input = self.selected(key, state, &state.flow.input, &raw)?;
        self.watch(|seen| seen.selected_input = Some(input.clone()));
        Ok(input)
    }

    /// What a state leaves, made of its result.
    pub(super) fn left(&mut self, key: Key, state: &State, result: Payload) -> Result<Left, Fault> {
        let Flow { selector, result: path, output, leaving, language, .. } = &state.flow;
        let raw = self.raw_input(key);
        self.watch(|seen| seen.result = Some(result.clone()));
        if *language == QueryLanguage::Jsonata {
            let sight = Sight { result: Some(&result), ..Sight::of(&raw) };
            return self.left_by_jsonata(key, state, leaving, sight, &result);
        }
        let unread = matches!((selector, path, output, &leaving.assign), (None, ResultPath::Discard, Select::Whole, None));
        if unread && self.trial.is_none() {
            return Ok(Left::plain(raw));
        }
        let result = match selector {
            Some(template) => self.filled(key, state, template, Sight::of(&result))?,
            None => result,
        };
        self.watch(|seen| seen.selected_result = Some(result.clone()));
        let assigned = self.assigned(key, state, leaving, Sight::of(&result))?;
        let merged = put_result(path, &raw, result).map_err(|misfit| self.misfit_fault(key, state, &misfit))?;
        self.watch(|seen| seen.merged = Some(merged.clone()));
        Ok(Left { output: self.outgoing(key, state, &merged)?, assigned })
    }

    /// What a state leaves that has no result of its own.
    pub(super) fn left_without_result(&mut self, key: Key, state: &State, leaving: &Leaving) -> Result<Left, Fault> {
        let input = self.selected_input(key, state)?;
        if state.flow.language == QueryLanguage::Jsonata {
            return self.left_by_jsonata(key, state, leaving, Sight::of(&input), &input);
        }
        let assigned = self.assigned(key, state, leaving, Sight::of(&input))?;
        Ok(Left { output: self.outgoing(key, state, &input)?, assigned })
    }

    /// Output and Assign of JSONata; `otherwise` is the output of a state without Output.
    pub(super) fn left_by_jsonata(
        &mut self,
        key: Key,
        state: &State,
        leaving: &Leaving,
        sight: Sight<'_>,
        otherwise: &Payload,
    ) -> Result<Left, Fault> {
        let assigned = self.assigned(key, state, leaving, sight)?;
        let output = match &leaving.output {
            Some(template) => self.filled(key, state, template, sight)?,
            None => otherwise.clone(),
        };
        Ok(Left { output: self.within_bounds(key, state, output)?, assigned })
    }

    /// The values that Assign makes.
    pub(super) fn assigned(&mut self, key: Key, state: &State, leaving: &Leaving, sight: Sight<'_>) -> Result<Assigned, Fault> {
        let Some(template) = &leaving.assign else {
            return Ok(Assigned::default());
        };
        let values = self.filled(key, state, template, sight)?;
        let most = self.settings.quotas.variables_bytes;
        let before = self.strands.get(key).map_or(0, |strand| strand.variables.bytes());
        if most.is_some_and(|most| before + values.bytes() > most) {
            let words = "The total size of all variables exceeds the maximum number of bytes service limit.";
            return Err(Fault::new("States.DataLimitExceeded", Some(words)));
        }
        Ok(match values.into_value() {
            Value::Object(values) => values.into_iter().map(|(name, value)| (name.into(), Payload::from_value(value))).collect(),
            _ => Assigned::default(),
        })
    }

    /// OutputPath, and the limits of what may leave a state.
    fn outgoing(&mut self, key: Key, state: &State, merged: &Payload) -> Result<Payload, Fault> {
        let output = self.selected(key, state, &state.flow.output, merged)?;
        self.within_bounds(key, state, output)
    }

    fn within_bounds(&self, key: Key, state: &State, output: Payload) -> Result<Payload, Fault> {
        if output.depth() > MAX_DEPTH {
            return Err(self.runtime_fault(key, state, &format!("The data is nested more than {MAX_DEPTH} levels deep.")));
        }
        self.within_limits(&state.name, output)
    }

    pub(super) fn raw_input(&self, key: Key) -> Payload {
        self.strands.get(key).map_or_else(Payload::null, |strand| strand.input.clone())
    }

    fn selected(&mut self, key: Key, state: &State, select: &Select, from: &Payload) -> Result<Payload, Fault> {
        match select {
            Select::Whole => Ok(from.clone()),
            Select::Nothing => Ok(Payload::from_value(serde_json::Map::new().into())),
            Select::Part(path) => {
                let evaluate = |scope: &mut crate::expression::Scope<'_>| path.evaluate(scope).map(std::borrow::Cow::into_owned);
                match self.with_scope(key, state, Sight::of(from), evaluate) {
                    Some(Ok(value)) => Ok(Payload::from_value(value)),
                    Some(Err(EvaluationError::Path { path, reason })) => {
                        Err(self.runtime_fault(key, state, &format!("Invalid path '{path}' : {}", reason.reason)))
                    }
                    Some(Err(other)) => Err(self.field_fault(key, state, "InputPath", from, &other)),
                    None => Ok(from.clone()),
                }
            }
        }
    }

    /// A template's value.
    pub(super) fn filled(&mut self, key: Key, state: &State, template: &Template, sight: Sight<'_>) -> Result<Payload, Fault> {
        match self.with_scope(key, state, sight, |scope| template.evaluate(scope)) {
            Some(Ok(value)) => self.within_limits(&state.name, Payload::from_value(value)),
            Some(Err((field, error))) => Err(self.field_fault(key, state, &field, sight.input, &error)),
            None => Ok(Payload::null()),
        }
    }

    /// The payload itself if it is not too big.
    pub(super) fn within_limits(&self, who: &str, payload: Payload) -> Result<Payload, Fault> {
        if self.settings.quotas.payload_bytes.is_some_and(|most| payload.exceeds(most)) {
            return Err(too_big(who));
        }
        Ok(payload)
    }

    /// States.ResultPathMatchFailure.
    pub(super) fn misfit_fault(&self, key: Key, state: &State, misfit: &CannotApply) -> Fault {
        let words = format!("Unable to apply step \"{}\" to input {}", misfit.step, misfit.input);
        self.fault(key, state, "States.ResultPathMatchFailure", &words)
    }
}
