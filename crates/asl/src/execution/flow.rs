//! How data flows through a state: InputPath, Parameters, ResultSelector, ResultPath, OutputPath, and the size of it all.

use super::Execution;
use super::arena::Key;
use crate::Payload;
use crate::document::{Flow, ResultPath, Select, State};
use crate::expression::{EvaluationError, Template};
use crate::history::Fault;
use crate::path::CannotApply;
use crate::payload::MAX_DEPTH;

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

impl Execution {
    /// The input as a state's work sees it: InputPath, then Parameters.
    pub(super) fn effective_input(&mut self, key: Key, state: &State) -> Result<Payload, Fault> {
        let input = self.selected_input(key, state)?;
        match &state.flow.parameters {
            Some(template) => self.filled(key, state, template, &input),
            None => Ok(input),
        }
    }

    /// The input after InputPath.
    pub(super) fn selected_input(&mut self, key: Key, state: &State) -> Result<Payload, Fault> {
        let raw = self.raw_input(key);
        self.selected(key, state, &state.flow.input, &raw)
    }

    /// The state's output, made of its result: ResultSelector, ResultPath, OutputPath.
    pub(super) fn output(&mut self, key: Key, state: &State, result: Payload) -> Result<Payload, Fault> {
        let Flow { selector, result: path, output, .. } = &state.flow;
        if matches!((selector, path, output), (None, ResultPath::Discard, Select::Whole)) {
            return Ok(self.raw_input(key));
        }
        let result = match selector {
            Some(template) => self.filled(key, state, template, &result)?,
            None => result,
        };
        let raw = self.raw_input(key);
        let merged = put_result(path, &raw, result).map_err(|misfit| self.misfit_fault(key, state, &misfit))?;
        self.outgoing(key, state, &merged)
    }

    /// OutputPath, and the limits of what may leave a state.
    pub(super) fn outgoing(&mut self, key: Key, state: &State, merged: &Payload) -> Result<Payload, Fault> {
        let output = self.selected(key, state, &state.flow.output, merged)?;
        if output.depth() > MAX_DEPTH {
            return Err(self.runtime_fault(key, state, &format!("The data is nested more than {MAX_DEPTH} levels deep.")));
        }
        self.within_limits(&state.name, output)
    }

    fn raw_input(&self, key: Key) -> Payload {
        self.strands.get(key).map_or_else(Payload::null, |strand| strand.input.clone())
    }

    fn selected(&mut self, key: Key, state: &State, select: &Select, from: &Payload) -> Result<Payload, Fault> {
        match select {
            Select::Whole => Ok(from.clone()),
            Select::Nothing => Ok(Payload::from_value(serde_json::Map::new().into())),
            Select::Part(path) => {
                let found = self.with_scope(key, state, from, None, |scope| path.evaluate(scope).map(std::borrow::Cow::into_owned));
                match found {
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
    pub(super) fn filled(&mut self, key: Key, state: &State, template: &Template, input: &Payload) -> Result<Payload, Fault> {
        match self.with_scope(key, state, input, None, |scope| template.evaluate(scope)) {
            Some(Ok(value)) => self.within_limits(&state.name, Payload::from_value(value)),
            Some(Err((field, error))) => Err(self.field_fault(key, state, &field, input, &error)),
            None => Ok(Payload::null()),
        }
    }

    /// The payload itself if it is not too big.
    pub(super) fn within_limits(&self, who: &str, payload: Payload) -> Result<Payload, Fault> {
        if self.settings.quotas.payload_bytes.is_some_and(|most| payload.exceeds(most)) {
            let words =
                format!("The state/task '{who}' returned a result with a size exceeding the maximum number of bytes service limit.");
            return Err(Fault::new("States.DataLimitExceeded", Some(&words)));
        }
        Ok(payload)
    }

    /// States.ResultPathMatchFailure.
    pub(super) fn misfit_fault(&self, key: Key, state: &State, misfit: &CannotApply) -> Fault {
        let words = format!("Unable to apply step \"{}\" to input {}", misfit.step, misfit.input);
        self.fault(key, state, "States.ResultPathMatchFailure", &words)
    }
}
