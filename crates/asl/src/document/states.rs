//! From JSON to states: the document, the machines within it, and the fields that all states share.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::Fields;
use super::flow;
use super::graph::Machine;
use super::handlers;
use super::problems::Problems;
use super::{Definition, Kind, MachineType, Next, State, StateId, choice, fail, map, parallel, pass, task, wait};
use crate::api::ValidationDiagnostic;
use crate::language::QueryLanguage;

const DOCUMENT: [&str; 6] = ["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"];
const EVERY_STATE: [&str; 3] = ["Type", "Comment", "QueryLanguage"];
const TRANSITION: [&str; 2] = ["Next", "End"];
const IN_AND_OUT: [&str; 2] = ["InputPath", "OutputPath"];
const RESULT: [&str; 2] = ["ResultSelector", "ResultPath"];
const HANDLED: [&str; 2] = ["Retry", "Catch"];
const ASSIGN: [&str; 1] = ["Assign"];
const ARGUMENTS: [&str; 1] = ["Arguments"];
const OUTPUT: [&str; 1] = ["Output"];
const TYPES: &str = "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";

/// The document while it is read.
#[derive(Debug, Default)]
pub(super) struct Reader<'d> {
    states: Vec<Option<State>>,
    names: BTreeSet<&'d str>,
    labels: BTreeSet<&'d str>,
    /// What the machines around assign, outermost first.
    assigned: Vec<BTreeSet<&'d str>>,
    pub(super) express: bool,
    pub(super) problems: Problems,
}

/// Reads a whole document.
pub(super) fn read(fields: Fields<'_>, kind: MachineType) -> Result<Definition, Vec<ValidationDiagnostic>> {
    let mut reader = Reader { express: kind == MachineType::Express, ..Reader::default() };
    if let Some(version) = fields.string("Version", &mut reader.problems).filter(|version| *version != "1.0") {
        reader.problems.schema(&fields.location("Version"), format!("Version '{version}' is not supported"));
    }
    fields.allow_only(&[&DOCUMENT], &mut reader.problems);
    let language = query_language(&fields, &mut reader.problems);
    if language == QueryLanguage::Jsonata {
        reader.downgrades(&fields);
    }
    let fields = fields.in_language(language);
    let timeout_seconds = fields.integer("TimeoutSeconds", 1, 99_999_999, &mut reader.problems);
    let start = reader.machine(&fields);
    let states: Option<Vec<State>> = reader.states.into_iter().collect();
    match (start, states) {
        (Some(start), Some(states)) if reader.problems.0.is_empty() => Ok(Definition { start, states, timeout_seconds }),
        _ => Err(reader.problems.0),
    }
}

/// The query language that holds here: the one that is named, else the one around.
fn query_language(fields: &Fields<'_>, problems: &mut Problems) -> QueryLanguage {
    match fields.string("QueryLanguage", problems) {
        None => fields.language,
        Some("JSONPath") => QueryLanguage::JsonPath,
        Some("JSONata") => QueryLanguage::Jsonata,
        Some(_) => {
            let words = "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]";
            problems.schema(&fields.location("QueryLanguage"), words);
            fields.language
        }
    }
}

/// The variables that the states of a machine assign, not those of machines within it.
fn assigned<'d>(states: &Fields<'d>) -> BTreeSet<&'d str> {
    let mut names = BTreeSet::new();
    let mut take = |holder: &'d Value| {
        let variables = holder.get("Assign").and_then(Value::as_object);
        names.extend(variables.into_iter().flat_map(|variables| variables.keys()).map(|name| name.trim_end_matches(".$")));
    };
    for state in states.object.values() {
        take(state);
        for list in ["Choices", "Catch"] {
            state.get(list).and_then(Value::as_array).into_iter().flatten().for_each(&mut take);
        }
    }
    names
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
        self.scope(&states);
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
        self.assigned.pop();
        machine.reading(StateId(u32::MAX));
        let start = start_at.and_then(|name| machine.target(name, fields.location("StartAt")));
        machine.check(fields.has("StartAt"), start, &mut self.problems);
        start
    }

    /// Enters a scope of variables. Developer Guide: a name may be assigned in one of the scopes that lie within one another.
    fn scope(&mut self, states: &Fields<'d>) {
        let names = assigned(states);
        for name in names.iter().filter(|name| self.assigned.iter().any(|around| around.contains(*name))) {
            self.problems.schema(states.at(), format!("The variable '{name}' is already assigned in an outer scope"));
        }
        self.assigned.push(names);
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
        let language = query_language(fields, &mut self.problems);
        let fields = &fields.clone().in_language(language);
        let Some(known) = known_fields(kind, language) else {
            self.problems.schema(&fields.location("Type"), format!("The field 'Type' should have one of these values: {TYPES}"));
            return None;
        };
        self.allow_fields(kind, &known, fields);
        if let Some(label) = fields.get("Label").and_then(Value::as_str)
            && !self.labels.insert(label)
        {
            self.problems.schema(&fields.location("Label"), format!("Label '{label}' is not unique"));
        }
        let flow = flow::read(kind, fields, &mut self.problems);
        let handlers = handlers::read(fields, machine, &mut self.problems);
        let next = self.next(kind, fields, machine);
        let kind = self.kind(kind, fields, machine)?;
        Some(State { name: name.into(), kind, flow, handlers, next: next? })
    }

    /// Notes fields that a state of this type does not have, or only in the other language (quoted in floci-io/floci#2968).
    fn allow_fields(&mut self, kind: &str, known: &[&[&str]], fields: &Fields<'d>) {
        let (here, other, elsewhere) = match fields.language {
            QueryLanguage::JsonPath => ("JSONPath", "JSONata", QueryLanguage::Jsonata),
            QueryLanguage::Jsonata => ("JSONata", "JSONPath", QueryLanguage::JsonPath),
        };
        let known_elsewhere = known_fields(kind, elsewhere).unwrap_or_default();
        let has = |known: &[&[&str]], field: &String| known.iter().any(|known| known.contains(&field.as_str()));
        for field in fields.object.keys().filter(|field| !has(known, field)) {
            if has(&known_elsewhere, field) {
                let words =
                    format!("The QueryLanguage is set to '{here}', but field '{field}' is only supported for the '{other}' QueryLanguage");
                self.problems.schema(fields.at(), words);
            } else {
                self.problems.unsupported_field(fields.at(), field);
            }
        }
    }

    fn kind(&mut self, kind: &str, fields: &Fields<'d>, machine: &mut Machine<'d>) -> Option<Kind> {
        match kind {
            "Task" => task::read(fields, self.express, &mut self.problems).map(Kind::Task),
            "Map" => map::read(fields, self).map(Kind::Map),
            "Parallel" => parallel::read(fields, self).map(Kind::Parallel),
            "Pass" => Some(Kind::Pass(pass::read(fields))),
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

/// The fields of a state type in a language; `None` for a type that there is not.
fn known_fields(kind: &str, language: QueryLanguage) -> Option<Vec<&'static [&'static str]>> {
    let path = language == QueryLanguage::JsonPath;
    let mut known: Vec<&'static [&'static str]> = vec![&EVERY_STATE];
    known.extend(match kind {
        "Task" => [&task::FIELDS[..], &TRANSITION, &HANDLED, &ASSIGN, if path { &task::PATH_FIELDS } else { &ARGUMENTS }],
        "Map" => [&map::FIELDS[..], &TRANSITION, &HANDLED, &ASSIGN, if path { &map::PATH_FIELDS } else { &["Items"] }],
        "Parallel" => [&parallel::FIELDS[..], &TRANSITION, &HANDLED, &ASSIGN, if path { &["Parameters"] } else { &ARGUMENTS }],
        "Pass" => [&[][..], &TRANSITION, &[], &ASSIGN, if path { &pass::PATH_FIELDS } else { &[] }],
        "Wait" => [if path { &wait::FIELDS[..] } else { &wait::JSONATA_FIELDS }, &TRANSITION, &[], &ASSIGN, &[]],
        "Choice" => [&choice::FIELDS[..], &[], &[], &ASSIGN, &[]],
        "Succeed" => [&[][..], &[], &[], &[], &[]],
        "Fail" => [if path { &fail::FIELDS[..] } else { &fail::JSONATA_FIELDS }, &[], &[], &[], &[]],
        _ => return None,
    });
    if kind != "Fail" {
        known.push(if path { &IN_AND_OUT } else { &OUTPUT });
    }
    if path && matches!(kind, "Task" | "Map" | "Parallel") {
        known.push(&RESULT);
    }
    Some(known)
}
