//! The state that is tested, taken out of what it stands in.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::Definition;
use crate::api::{ApiError, TestState};
use crate::document::{Kind, Next, State};
use crate::execution::Seen;

/// What AWS calls a state on its own; recorded.
const NAME: &str = "StateName";

/// The state, and what is around it.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) state: Lone,
    /// The Maps and Parallels around it, the innermost first.
    pub(super) parents: Vec<Lone>,
}

/// A state as a machine of its own.
#[derive(Debug)]
pub(super) struct Lone {
    pub(super) definition: Arc<Definition>,
    /// The names of the states that it leads to.
    targets: Vec<String>,
    /// The names of the states in it.
    pub(super) inner: Vec<String>,
}

/// A state where it stands.
#[derive(Clone, Copy)]
struct Found<'d> {
    state: &'d Map<String, Value>,
    /// In which query language, if it does not say so itself.
    language: Option<&'d str>,
}

impl Subject {
    /// Finds the state.
    ///
    /// # Errors
    /// A definition with problems, or without the state.
    pub(super) fn of(call: &TestState) -> Result<Self, ApiError> {
        let Ok(Value::Object(document)) = serde_json::from_str(&call.definition) else {
            return Err(Definition::parse(&call.definition)
                .err()
                .map_or_else(not_found, |problems| ApiError::invalid_definition(&problems)));
        };
        let Some(name) = &call.state_name else {
            let state = Lone::new(Found { state: &document, language: None })?;
            return Ok(Self { state, parents: Vec::new() });
        };
        Definition::parse(&call.definition).map_err(|problems| ApiError::invalid_definition(&problems))?;
        let language = document.get("QueryLanguage").and_then(Value::as_str);
        let mut way = Vec::new();
        if !find(&document, name, language, &mut way) {
            return Err(not_found());
        }
        let mut way = way.into_iter().rev().map(Lone::new);
        let state = way.next().ok_or_else(not_found)??;
        Ok(Self { state, parents: way.collect::<Result<_, _>>()? })
    }

    /// The innermost Map around the state.
    pub(super) fn map_around(&self) -> Option<&crate::document::Map> {
        self.parents.iter().find_map(|parent| match &parent.state().kind {
            Kind::Map(map) => Some(map),
            _ => None,
        })
    }
}

impl Lone {
    fn new(found: Found<'_>) -> Result<Self, ApiError> {
        let mut state = found.state.clone();
        let mut targets = Vec::new();
        replace_targets(&mut state, &mut targets);
        let mut states = Map::from_iter([(NAME.to_owned(), Value::Object(state))]);
        states.extend((0..targets.len()).map(|position| (stand_in(position), json!({"Type": "Succeed"}))));
        let mut document = json!({"StartAt": NAME, "States": states});
        if let Some(language) = found.language.filter(|_| !found.state.contains_key("QueryLanguage")) {
            document["QueryLanguage"] = language.into();
        }
        let definition = Definition::parse(&document.to_string()).map_err(|problems| ApiError::invalid_definition(&problems))?;
        let mut inner = Vec::new();
        machines(found.state).for_each(|machine| names(machine, &mut inner));
        Ok(Self { definition: Arc::new(definition), targets, inner })
    }

    /// The state.
    pub(super) fn state(&self) -> &State {
        self.definition.state(self.definition.start())
    }

    /// The name of the state that follows, if one does.
    pub(super) fn next(&self, seen: &Seen) -> Option<String> {
        match seen.left {
            Some((_, Next::State(next))) => {
                let name = &self.definition.state(next).name;
                let position = (0..self.targets.len()).find(|position| **name == *stand_in(*position))?;
                self.targets.get(position).cloned()
            }
            Some((_, Next::End)) | None => None,
        }
    }
}

/// What stands for a state that is not there: no name of the document is like it.
fn stand_in(position: usize) -> String {
    format!("\u{1}{position}")
}

/// Lets a state lead to stand-ins; where it led is noted.
fn replace_targets(state: &mut Map<String, Value>, targets: &mut Vec<String>) {
    let mut replace = |holder: &mut Map<String, Value>, field: &str| {
        if let Some(Value::String(target)) = holder.get_mut(field) {
            let position = targets.iter().position(|known| known == target).unwrap_or(targets.len());
            if position == targets.len() {
                targets.push(target.clone());
            }
            *target = stand_in(position);
        }
    };
    replace(state, "Next");
    replace(state, "Default");
    for list in ["Choices", "Catch"] {
        let rules = state.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        rules.filter_map(Value::as_object_mut).for_each(|rule| replace(rule, "Next"));
    }
}

/// The way down to a state, if it is in the machine or in one within it.
fn find<'d>(machine: &'d Map<String, Value>, name: &str, around: Option<&'d str>, way: &mut Vec<Found<'d>>) -> bool {
    let states = machine.get("States").and_then(Value::as_object).into_iter().flatten();
    for (key, state) in states {
        let Some(state) = state.as_object() else {
            continue;
        };
        way.push(Found { state, language: around });
        let language = state.get("QueryLanguage").and_then(Value::as_str).or(around);
        if key == name || machines(state).any(|machine| find(machine, name, language, way)) {
            return true;
        }
        way.pop();
    }
    false
}

/// The machines within a state.
fn machines(state: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
    let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
    processors.chain(branches).filter_map(Value::as_object)
}

fn names(machine: &Map<String, Value>, found: &mut Vec<String>) {
    for (name, state) in machine.get("States").and_then(Value::as_object).into_iter().flatten() {
        found.push(name.clone());
        state.as_object().into_iter().flat_map(machines).for_each(|machine| names(machine, found));
    }
}

/// Recorded.
fn not_found() -> ApiError {
    ApiError::new("ValidationException", "State not found in definition")
}
