//! The Pass state at work, and the Succeed state, which passes its input on as well.

use super::Execution;
use super::arena::Key;
use crate::document::{Next, Pass, State};

impl Execution {
    /// The result, the parameters or the input becomes the result.
    pub(super) fn pass(&mut self, key: Key, state: &State, pass: &Pass) {
        let result = self.effective_input(key, state).map(|input| pass.result.clone().unwrap_or(input));
        match result.and_then(|result| self.output(key, state, result)) {
            Ok(output) => self.leave(key, output, state.next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    /// InputPath and OutputPath, and on.
    pub(super) fn pass_input_on(&mut self, key: Key, state: &State, next: Next) {
        let output = self.selected_input(key, state).and_then(|input| self.outgoing(key, state, &input));
        match output {
            Ok(output) => self.leave(key, output, next),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }
}
