//! The document as the interpreter wants it: states in one list, names resolved to places in it, expressions compiled.

mod choice;
mod distributed;
mod fail;
mod fields;
mod flow;
mod graph;
mod handlers;
mod map;
mod parallel;
mod pass;
mod problems;
mod service_types;
mod states;
mod task;
mod timestamp;
mod wait;

use std::sync::Arc;

use serde_json::Value;

use crate::api::ValidationDiagnostic;
pub(crate) use choice::{Choice, Comparand, Order, Rule, Test, Type};
pub(crate) use distributed::{Batcher, Distributed, Format, InputType, Transformation, Writer};
pub(crate) use fail::Fail;
use fields::Fields;
pub(crate) use fields::Given;
pub(crate) use flow::{Flow, Leaving, ResultPath, Select};
pub(crate) use handlers::{Catcher, Handlers};
pub(crate) use map::{Items, Map};
pub(crate) use parallel::Parallel;
pub(crate) use pass::Pass;
pub use task::Resource;
pub(crate) use task::{ResourceKind, Task};
pub(crate) use timestamp::parse as parse_timestamp;
pub(crate) use wait::Wait;

/// The type of a state machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// Up to a year, with a history.
    #[default]
    Standard,
    /// Up to five minutes; nothing that waits for somebody else.
    Express,
}

/// A place in the list of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateId(pub(crate) u32);

/// Where a state leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    State(StateId),
    End,
}

/// One state of the document or of a machine within it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) flow: Flow,
    pub(crate) handlers: Handlers,
    /// Of a state that chooses for itself: unused.
    pub(crate) next: Next,
}

/// The type of a state, with what only that type has.
#[derive(Debug)]
pub(crate) enum Kind {
    Task(Task),
    Map(Map),
    Parallel(Parallel),
    Pass(Pass),
    Wait(Wait),
    Choice(Choice),
    Succeed,
    Fail(Fail),
}

/// What a distributed Map runs for each of its items.
#[derive(Clone, Debug)]
pub struct Processor {
    pub(crate) definition: Arc<Definition>,
    pub(crate) start: StateId,
}

/// A parsed and checked document.
#[derive(Debug)]
pub struct Definition {
    start: StateId,
    states: Vec<State>,
    timeout_seconds: Option<u64>,
}

impl Definition {
    /// Reads and checks a document of a STANDARD machine.
    ///
    /// # Errors
    /// All problems at once, in AWS's words.
    pub fn parse(text: &str) -> Result<Self, Vec<ValidationDiagnostic>> {
        Self::parse_as(text, MachineType::Standard)
    }

    /// Reads and checks a document.
    ///
    /// # Errors
    /// All problems at once, in AWS's words. Of transitions only if all fields are as they should be.
    pub fn parse_as(text: &str, kind: MachineType) -> Result<Self, Vec<ValidationDiagnostic>> {
        Self::read(text, kind).map_err(problems::told)
    }

    /// Reads and checks a document.
    ///
    /// # Errors
    /// All that is wrong, also what AWS does not tell before the rest is mended.
    pub(crate) fn read(text: &str, kind: MachineType) -> Result<Self, Vec<ValidationDiagnostic>> {
        let document: Value = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => return Err(vec![problems::not_json(&crate::api::not_json(text).unwrap_or_else(|| error.to_string()))]),
        };
        let Value::Object(document) = &document else {
            return Err(vec![problems::not_json("Definition must be a valid JSON object")]);
        };
        states::read(Fields::root(document), kind)
    }

    /// The names of its Task states, at every depth.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &str> {
        self.states.iter().filter(|state| matches!(state.kind, Kind::Task(_))).map(|state| &*state.name)
    }

    /// Where an execution begins.
    pub(crate) fn start(&self) -> StateId {
        self.start
    }

    /// The state at a place.
    pub(crate) fn state(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    /// How long an execution may take.
    pub(crate) fn timeout_seconds(&self) -> Option<u64> {
        self.timeout_seconds
    }
}

#[cfg(test)]
mod tests;
