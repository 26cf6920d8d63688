//! The Fail state at work.

use std::sync::Arc;

use super::Execution;
use super::arena::Key;
use crate::document::{Fail, Given, State};
use crate::history::Fault;

impl Execution {
    /// Fails with the error and cause that are written or looked up.
    pub(super) fn fail(&mut self, key: Key, state: &State, fail: &Fail) {
        let error = self.words(key, state, fail.error.as_ref(), "Error");
        let fault = error.and_then(|error| {
            let cause = self.words(key, state, fail.cause.as_ref(), "Cause")?;
            Ok(Fault { error, cause, evaluation: None })
        });
        match fault {
            Ok(fault) | Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    fn words(&mut self, key: Key, state: &State, words: Option<&Given<Box<str>>>, field: &str) -> Result<Option<Arc<str>>, Fault> {
        let lookup = match words {
            None => return Ok(None),
            Some(Given::Fixed(text)) => return Ok(Some((**text).into())),
            Some(Given::Looked(lookup)) => lookup,
        };
        let written = if lookup.is_jsonata() { field.to_owned() } else { format!("{field}Path") };
        let value = self.looked_up(key, state, lookup, &written)?;
        if let Some(text) = value.as_str() {
            return Ok(Some(text.into()));
        }
        if lookup.is_jsonata() {
            return Err(self.unexpected(key, state, lookup, field, "string", &value));
        }
        let words = format!("The {written} field must refer to a string, but {} refers to {value}", lookup.text());
        Err(self.runtime_fault(key, state, &words))
    }
}
