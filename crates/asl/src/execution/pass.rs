//! The Pass state at work, and the Succeed state, which passes its input on as well.

use super::Execution;
use super::arena::Key;
use crate::document::{Leaving, Next, Pass, State};
use crate::language::QueryLanguage;

impl Execution {
    /// The result, the parameters or the input becomes the result.
    pub(super) fn pass(&mut self, key: Key, state: &State, pass: &Pass) {
        if state.flow.language == QueryLanguage::Jsonata {
            return self.pass_input_on(key, state, &state.flow.leaving, state.next);
        }
        let result = self.effective_input(key, state).map(|input| pass.result.clone().unwrap_or(input));
        match result.and_then(|result| self.left(key, state, result)) {
            Ok(left) => self.leave(key, left, state.next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    /// InputPath and OutputPath, or Output, and on.
    pub(super) fn pass_input_on(&mut self, key: Key, state: &State, leaving: &Leaving, next: Next) {
        match self.left_without_result(key, state, leaving) {
            Ok(left) => self.leave(key, left, next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }
}
