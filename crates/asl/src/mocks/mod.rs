//! Answers that tasks get instead of being run: which state gets which, at which of its attempts.
//!
//! They are read from a file in either of two forms. The short one names states, and what each is answered with:
//! `{"Etl": {"Return": {"Rows": 7}}}`, or by attempt, `{"Etl": {"0-1": {"Throw": {"Error": "Lambda.SdkClientException"}}, "2": {"Return": 1}}}`.
//! The long one is that of Step Functions Local: `StateMachines` with their `TestCases`, and `MockedResponses`
//! (Developer Guide, Mock configuration file).

mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::{Definition, Payload};

/// Mocked answers by state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mocks {
    states: BTreeMap<String, Vec<Response>>,
}

/// One answer and the attempts that get it.
#[derive(Clone, Debug, PartialEq)]
struct Response {
    /// From 0, the first.
    attempts: RangeInclusive<u32>,
    answer: Mocked,
}

/// What a task is answered with.
#[derive(Clone, Debug, PartialEq)]
pub enum Mocked {
    /// It succeeds.
    Return(Payload),
    /// It fails.
    Throw {
        /// The error's name.
        error: String,
        /// Its cause.
        cause: Option<String>,
    },
}

/// Why mocks cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MockError {
    /// The text is not JSON.
    #[error("{0}")]
    NotJson(String),
    /// Something in it is not as it has to be.
    #[error("{at}: {problem}")]
    Misshapen {
        /// A JSON pointer.
        at: String,
        /// What, and what was expected.
        problem: String,
    },
    /// There are several test cases, or none of the name.
    #[error("{problem}{}", list_of(.cases))]
    Case {
        /// What was asked.
        problem: String,
        /// As `MACHINE.CASE`.
        cases: Vec<String>,
    },
    /// An answer for a state that the definition does not have as a Task.
    #[error("{state:?} is no Task state of the definition: it has {}", .tasks.join(", "))]
    NoTask {
        /// As the file names it.
        state: String,
        /// Those that there are.
        tasks: Vec<String>,
    },
}

impl Mocks {
    /// Reads a file of either form; `case` names a test case of the long one, as `CASE` or `MACHINE.CASE`.
    ///
    /// # Errors
    /// The first problem.
    pub fn parse(text: &str, case: Option<&str>) -> Result<Self, MockError> {
        read::mocks(text, case)
    }

    /// Refuses answers that no Task of `definition` would ever get.
    ///
    /// # Errors
    /// [`MockError::NoTask`].
    pub fn check(&self, definition: &Definition) -> Result<(), MockError> {
        let tasks: Vec<&str> = definition.tasks().collect();
        match self.states.keys().find(|state| !tasks.contains(&state.as_str())) {
            None => Ok(()),
            Some(state) => {
                let tasks = if tasks.is_empty() { vec!["no Task".to_owned()] } else { tasks.into_iter().map(str::to_owned).collect() };
                Err(MockError::NoTask { state: state.clone(), tasks })
            }
        }
    }

    /// What a state's task is answered with at an attempt, counted from 0; `None` for a state that is not mocked.
    /// A mocked state is never run, so an attempt without an answer fails.
    pub fn answer(&self, state: &str, attempt: u32) -> Option<Mocked> {
        let responses = self.states.get(state)?;
        let found = responses.iter().find(|response| response.attempts.contains(&attempt));
        Some(found.map_or_else(|| Self::none(state, attempt), |response| response.answer.clone()))
    }

    fn none(state: &str, attempt: u32) -> Mocked {
        let cause = format!("The state '{state}' is mocked, but there is no answer for its attempt {attempt} (the first is 0)");
        Mocked::Throw { error: "States.Runtime".into(), cause: Some(cause) }
    }
}

fn list_of(cases: &[String]) -> String {
    if cases.is_empty() { String::new() } else { format!(": it has {}", cases.join(", ")) }
}
