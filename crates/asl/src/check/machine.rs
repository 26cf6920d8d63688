//! The document as the rules see it: whatever looks like a machine or a state, right or wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::call::Call;
use super::pointer::Pointer;

/// The document, a branch, or a Map's processor.
#[derive(Debug)]
pub(super) struct Machine<'d> {
    pub(super) at: Pointer,
    pub(super) start_at: Option<&'d str>,
    pub(super) states: Vec<State<'d>>,
    pub(super) has_timeout: bool,
    names: BTreeMap<&'d str, usize>,
}

/// A state.
#[derive(Debug)]
pub(super) struct State<'d> {
    pub(super) name: &'d str,
    pub(super) at: Pointer,
    pub(super) fields: &'d Map<String, Value>,
    pub(super) is_jsonata: bool,
    /// Branches, or the one processor.
    pub(super) inner: Vec<Machine<'d>>,
}

/// A state, and what is around it.
#[derive(Clone, Debug)]
pub(super) struct Place<'m, 'd> {
    pub(super) state: &'m State<'d>,
    pub(super) machine: &'m Machine<'d>,
    /// The states around the machine, outermost first.
    pub(super) around: Vec<&'m State<'d>>,
}

/// A way out of a state.
#[derive(Debug)]
pub(super) struct Target<'d> {
    pub(super) at: Pointer,
    pub(super) name: &'d str,
    pub(super) by_error: bool,
}

impl<'d> Machine<'d> {
    pub(super) fn of_document(root: &'d Value) -> Self {
        Self::read(root, Pointer::default(), false)
    }

    fn read(value: &'d Value, at: Pointer, around_is_jsonata: bool) -> Self {
        let is_jsonata = value.get("QueryLanguage").and_then(Value::as_str).map_or(around_is_jsonata, |language| language == "JSONata");
        let all = at.key("States");
        let states = value.get("States").and_then(Value::as_object).into_iter().flatten();
        let states: Vec<State<'d>> = states
            .filter_map(|(name, state)| Some((name, state.as_object()?)))
            .map(|(name, fields)| State::read(name, fields, all.key(name), is_jsonata))
            .collect();
        let names = states.iter().enumerate().map(|(position, state)| (state.name, position)).collect();
        let has_timeout = value.get("TimeoutSeconds").is_some();
        Self { at, start_at: value.get("StartAt").and_then(Value::as_str), states, has_timeout, names }
    }

    /// The state of that name.
    pub(super) fn state(&self, name: &str) -> Option<&State<'d>> {
        self.position(name).map(|position| &self.states[position])
    }

    /// The place in `states` of the state of that name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The state that it begins with.
    pub(super) fn start(&self) -> Option<&State<'d>> {
        self.start_at.and_then(|name| self.state(name))
    }

    /// Every state, here and below, in the order of the document.
    pub(super) fn places(&self) -> Vec<Place<'_, 'd>> {
        let mut places = Vec::new();
        self.add_places(&[], &mut places);
        places
    }

    fn add_places<'m>(&'m self, around: &[&'m State<'d>], places: &mut Vec<Place<'m, 'd>>) {
        for state in &self.states {
            places.push(Place { state, machine: self, around: around.to_vec() });
            let around: Vec<&State<'d>> = around.iter().copied().chain([state]).collect();
            for inner in &state.inner {
                inner.add_places(&around, places);
            }
        }
    }

    /// This machine and all below it, those within first.
    pub(super) fn machines(&self) -> Vec<&Self> {
        let mut found: Vec<&Self> = self.states.iter().flat_map(|state| &state.inner).flat_map(Self::machines).collect();
        found.push(self);
        found
    }
}

impl<'d> State<'d> {
    fn read(name: &'d str, fields: &'d Map<String, Value>, at: Pointer, around_is_jsonata: bool) -> Self {
        let language = fields.get("QueryLanguage").and_then(Value::as_str);
        let is_jsonata = language.map_or(around_is_jsonata, |language| language == "JSONata");
        let mut inner = Vec::new();
        for field in ["ItemProcessor", "Iterator"] {
            inner.extend(fields.get(field).map(|processor| Machine::read(processor, at.key(field), around_is_jsonata)));
        }
        let branches = fields.get("Branches").and_then(Value::as_array).into_iter().flatten().enumerate();
        let all = at.key("Branches");
        inner.extend(branches.map(|(position, branch)| Machine::read(branch, all.index(position), around_is_jsonata)));
        Self { name, at, fields, is_jsonata, inner }
    }

    /// Its `Type`; empty if there is none.
    pub(super) fn kind(&self) -> &'d str {
        self.text("Type").unwrap_or_default()
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind() == kind
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    pub(super) fn get(&self, field: &str) -> Option<&'d Value> {
        self.fields.get(field)
    }

    pub(super) fn text(&self, field: &str) -> Option<&'d str> {
        self.get(field).and_then(Value::as_str)
    }

    /// The elements of a list, with their places.
    pub(super) fn list(&self, field: &str) -> impl Iterator<Item = (Pointer, &'d Value)> + use<'d> {
        let all = self.at.key(field);
        let elements = self.get(field).and_then(Value::as_array).into_iter().flatten().enumerate();
        elements.map(move |(position, element)| (all.index(position), element))
    }

    /// What a Task calls.
    pub(super) fn call(&self) -> Option<Call<'d>> {
        if self.is("Task") { self.text("Resource").and_then(Call::parse) } else { None }
    }

    /// Whether its iterations are executions of their own.
    pub(super) fn is_distributed_map(&self) -> bool {
        self.config("Mode") == Some("DISTRIBUTED")
    }

    /// A member of the processor's configuration.
    pub(super) fn config(&self, name: &str) -> Option<&'d str> {
        let processor = self.get("ItemProcessor").or_else(|| self.get("Iterator")).filter(|_| self.is("Map"))?;
        processor.get("ProcessorConfig")?.get(name)?.as_str()
    }

    /// Where the parameters of the call are: `Arguments` or `Parameters`.
    pub(super) fn parameters(&self) -> (&'static str, Option<&'d Value>) {
        let field = if self.is_jsonata { "Arguments" } else { "Parameters" };
        (field, self.get(field))
    }

    /// Whether it ends its machine.
    pub(super) fn is_end(&self) -> bool {
        matches!(self.kind(), "Succeed" | "Fail") || self.get("End") == Some(&Value::Bool(true))
    }

    /// All states that it can lead to.
    pub(super) fn targets(&self) -> Vec<Target<'d>> {
        let mut targets = Vec::new();
        let mut add = |at: &Pointer, value: Option<&'d Value>, field: &str, by_error: bool| {
            if let Some(name) = value.and_then(|value| value.get(field)).and_then(Value::as_str) {
                targets.push(Target { at: at.key(field), name, by_error });
            }
        };
        for (field, by_error) in [("Choices", false), ("Catch", true)] {
            for (at, element) in self.list(field) {
                add(&at, Some(element), "Next", by_error);
            }
        }
        for field in ["Next", "Default"] {
            if let Some(name) = self.text(field) {
                targets.push(Target { at: self.at.key(field), name, by_error: false });
            }
        }
        targets
    }

    /// Every plain value in its fields, without its machines and comments.
    pub(super) fn leaves(&self) -> Vec<Leaf<'d>> {
        let mut leaves = Vec::new();
        for (field, value) in self.fields.iter().filter(|(field, _)| !matches!(field.as_str(), "Comment" | "Branches")) {
            let at = self.at.key(field);
            match (field.as_str(), value) {
                ("ItemProcessor" | "Iterator", _) => {}
                _ => add_leaves(value, at, &[field], false, &mut leaves),
            }
        }
        leaves
    }
}

/// A plain value somewhere in a state.
#[derive(Debug)]
pub(super) struct Leaf<'d> {
    pub(super) at: Pointer,
    /// The names that lead to it from the state, without positions in lists.
    pub(super) names: Vec<&'d str>,
    /// Whether it is an element of a list.
    pub(super) is_element: bool,
    pub(super) value: &'d Value,
}

impl<'d> Leaf<'d> {
    /// The field of the state.
    pub(super) fn field(&self) -> &'d str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The member that it is, or whose list it is in.
    pub(super) fn name(&self) -> &'d str {
        self.names.last().copied().unwrap_or_default()
    }

    /// Whether it is a path or a call in a JSONPath state, by the name of its member.
    pub(super) fn is_computed(&self) -> bool {
        let name = self.name();
        !self.is_element && name != "ResultPath" && (name.ends_with(".$") || name.ends_with("Path") || name == "Variable")
    }
}

fn add_leaves<'d>(value: &'d Value, at: Pointer, names: &[&'d str], is_element: bool, leaves: &mut Vec<Leaf<'d>>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let names: Vec<&str> = names.iter().copied().chain([name.as_str()]).collect();
                add_leaves(member, at.key(name), &names, false, leaves);
            }
        }
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                add_leaves(element, at.index(position), names, true, leaves);
            }
        }
        _ => leaves.push(Leaf { at, names: names.to_vec(), is_element, value }),
    }
}
