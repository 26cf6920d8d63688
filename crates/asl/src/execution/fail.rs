//! The Fail state at work.

use std::sync::Arc;

use super::Execution;
use super::arena::Key;
use crate::document::{Fail, State, Words};
use crate::history::Fault;

impl Execution {
    /// Fails with the error and cause that are written or looked up.
    pub(super) fn fail(&mut self, key: Key, state: &State, fail: &Fail) {
        let error = self.words(key, state, fail.error.as_ref(), "ErrorPath");
        let fault = error.and_then(|error| Ok(Fault { error, cause: self.words(key, state, fail.cause.as_ref(), "CausePath")? }));
        match fault {
            Ok(fault) | Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    fn words(&mut self, key: Key, state: &State, words: Option<&Words>, field: &str) -> Result<Option<Arc<str>>, Fault> {
        let path = match words {
            None => return Ok(None),
            Some(Words::Fixed(text)) => return Ok(Some((**text).into())),
            Some(Words::Path(path)) => path,
        };
        let value = self.looked_up(key, state, path, field)?;
        if let Some(text) = value.as_str() {
            return Ok(Some(text.into()));
        }
        let words = format!("The {field} field must refer to a string, but {} refers to {value}", path.text());
        Err(self.runtime_fault(key, state, &words))
    }
}
