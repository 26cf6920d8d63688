//! From JSON to states: the document, the machines within it, and the fields that all states share.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::Fields;
use super::flow;
use super::graph::Machine;
use super::handlers;
use super::problems::Problems;
use super::{Definition, Kind, Next, State, StateId, choice, fail, map, parallel, pass, task, wait};
use crate::api::ValidationDiagnostic;

const DOCUMENT: [&str; 6] = ["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"];
const EVERY_STATE: [&str; 5] = ["Type", "Comment", "QueryLanguage", "Output", "Assign"];
const TRANSITION: [&str; 2] = ["Next", "End"];
const IN_AND_OUT: [&str; 2] = ["InputPath", "OutputPath"];
const HANDLED: [&str; 4] = ["ResultSelector", "ResultPath", "Retry", "Catch"];
const TYPES: &str = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";

/// The document while it is read.
#[derive(Debug, Default)]
pub(super) struct Reader<'d> {
    states: Vec<Option<State>>,
    names: BTreeSet<&'d str>,
    pub(super) problems: Problems,
}

/// Reads a whole document.
pub(super) fn read(fields: Fields<'_>) -> Result<Definition, Vec<ValidationDiagnostic>> {
    let mut reader = Reader::default();
    if let Some(version) = fields.string("Version", &mut reader.problems).filter(|version| *version != "1.0") {
        reader.problems.schema(&fields.location("Version"), format!("Version '{version}' is not supported"));
    }
    fields.allow_only(&[&DOCUMENT], &mut reader.problems);
    let language = query_language(&fields, "JSONPath", &mut reader.problems);
    if language == "JSONata" {
        reader.downgrades(&fields);
    }
    let timeout_seconds = fields.integer("TimeoutSeconds", 1, 99_999_999, &mut reader.problems);
    let start = reader.machine(&fields);
    let states: Option<Vec<State>> = reader.states.into_iter().collect();
    match (start, states) {
        (Some(start), Some(states)) if reader.problems.0.is_empty() => Ok(Definition { start, states, timeout_seconds }),
        _ => Err(reader.problems.0),
    }
}

/// Notes a query language that this engine does not run; the one that holds.
fn query_language<'d>(fields: &Fields<'d>, around: &'static str, problems: &mut Problems) -> &'d str {
    let language = fields.string("QueryLanguage", problems).unwrap_or(around);
    let at = fields.location("QueryLanguage");
    match language {
        "JSONPath" => {}
        "JSONata" => problems.not_yet(&at, "JSONata"),
        _ => problems.schema(&at, "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]"),
    }
    language
}

impl<'d> Reader<'d> {
    /// Reads a machine; where it begins.
    pub(super) fn machine(&mut self, fields: &Fields<'d>) -> Option<StateId> {
        fields.require(&["States", "StartAt"], &mut self.problems);
        let start_at = fields.string("StartAt", &mut self.problems);
        let states = fields.object("States", &mut self.problems)?;
        if states.object.is_empty() {
            self.problems.schema(states.at(), "Value cannot be empty");
            return None;
        }
        let first = self.states.len();
        self.states.resize_with(first + states.object.len(), || None);
        let places = (first as u32..).map(StateId);
        let order: Vec<_> = places.zip(states.object.keys()).map(|(id, name)| (id, name.as_str(), states.location(name))).collect();
        let mut machine = Machine::new(order.clone());
        for (id, name, at) in order {
            self.name(name, &at);
            machine.reading(id);
            if let Some(fields) = states.object(name, &mut self.problems) {
                self.states[id.0 as usize] = self.state(name, &fields, &mut machine);
            }
        }
        machine.reading(StateId(u32::MAX));
        let start = start_at.and_then(|name| machine.target(name, fields.location("StartAt")));
        machine.check(start, &mut self.problems);
        start
    }

    fn name(&mut self, name: &'d str, at: &str) {
        if !self.names.insert(name) {
            self.problems.duplicate_state(at, name);
        }
        if name.is_empty() || name.chars().count() > 80 {
            self.problems.state_name(at);
        }
    }

    fn state(&mut self, name: &str, fields: &Fields<'d>, machine: &mut Machine<'d>) -> Option<State> {
        if !fields.require(&["Type"], &mut self.problems) {
            return None;
        }
        let kind = fields.string("Type", &mut self.problems)?;
        let known: &[&[&str]] = match kind {
            "Task" => &[&EVERY_STATE, &TRANSITION, &IN_AND_OUT, &HANDLED, &task::FIELDS],
            "Map" => &[&EVERY_STATE, &TRANSITION, &IN_AND_OUT, &HANDLED, &map::FIELDS],
            "Parallel" => &[&EVERY_STATE, &TRANSITION, &IN_AND_OUT, &HANDLED, &parallel::FIELDS],
            "Pass" => &[&EVERY_STATE, &TRANSITION, &IN_AND_OUT, &pass::FIELDS],
            "Wait" => &[&EVERY_STATE, &TRANSITION, &IN_AND_OUT, &wait::FIELDS],
            "Choice" => &[&EVERY_STATE, &IN_AND_OUT, &choice::FIELDS],
            "Succeed" => &[&EVERY_STATE, &IN_AND_OUT],
            "Fail" => &[&EVERY_STATE, &fail::FIELDS],
            _ => {
                self.problems.schema(&fields.location("Type"), format!("The field 'Type' should have one of these values: {TYPES}"));
                return None;
            }
        };
        fields.allow_only(known, &mut self.problems);
        query_language(fields, "JSONPath", &mut self.problems);
        for missing in ["Output", "Assign"] {
            if fields.has(missing) {
                self.problems.not_yet(&fields.location(missing), missing);
            }
        }
        let flow = flow::read(kind, fields, &mut self.problems);
        let handlers = handlers::read(fields, machine, &mut self.problems);
        let next = self.next(kind, fields, machine);
        let kind = self.kind(kind, fields, machine)?;
        Some(State { name: name.into(), kind, flow, handlers, next: next? })
    }

    fn kind(&mut self, kind: &str, fields: &Fields<'d>, machine: &mut Machine<'d>) -> Option<Kind> {
        match kind {
            "Task" => task::read(fields, &mut self.problems).map(Kind::Task),
            "Map" => map::read(fields, self).map(Kind::Map),
            "Parallel" => parallel::read(fields, self).map(Kind::Parallel),
            "Pass" => Some(Kind::Pass(pass::read(fields, &mut self.problems))),
            "Wait" => wait::read(fields, &mut self.problems).map(Kind::Wait),
            "Choice" => choice::read(fields, machine, &mut self.problems).map(Kind::Choice),
            "Succeed" => Some(Kind::Succeed),
            _ => Some(Kind::Fail(fail::read(fields, &mut self.problems))),
        }
    }

    fn next(&mut self, kind: &str, fields: &Fields<'d>, machine: &mut Machine<'d>) -> Option<Next> {
        match kind {
            "Succeed" | "Fail" => machine.ends(),
            "Choice" => {}
            _ => return self.transition(fields, machine),
        }
        Some(Next::End)
    }

    fn transition(&mut self, fields: &Fields<'d>, machine: &mut Machine<'d>) -> Option<Next> {
        let end = fields.boolean("End", &mut self.problems);
        match (fields.has("Next"), end.unwrap_or(false)) {
            (true, true) => {
                machine.ends();
                self.problems.exclusive(fields.at(), &TRANSITION);
                None
            }
            (true, false) => {
                let name = fields.string("Next", &mut self.problems)?;
                machine.target(name, fields.location("Next")).map(Next::State)
            }
            (false, true) => {
                machine.ends();
                Some(Next::End)
            }
            (false, false) => {
                self.problems.one_of(fields.at(), &TRANSITION);
                None
            }
        }
    }

    /// Recorded: a state may not go back to JSONPath.
    fn downgrades(&mut self, fields: &Fields<'d>) {
        let states = fields.get("States").and_then(Value::as_object);
        for (name, state) in states.into_iter().flatten() {
            if state.get("QueryLanguage").and_then(Value::as_str) == Some("JSONPath") {
                let words = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
                self.problems.schema(&format!("/States/{name}"), words);
            }
        }
    }
}
