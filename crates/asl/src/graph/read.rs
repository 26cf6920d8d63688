//! From any JSON to the model: what can be drawn is, what is wrong is marked, and nothing is refused.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{Edge, Kind, Machine, Node, Role};
use super::text::readable;
use super::{condition, notes};

/// Machines nested deeper are left out, so that no document exhausts the stack.
const DEEPEST: usize = 128;

/// The machine that a document describes.
pub(super) fn document(document: &Value) -> Machine {
    machine(document, 0)
}

/// What a document says about itself.
pub(super) fn title(document: &Value) -> String {
    let comment = document.get("Comment").and_then(Value::as_str);
    comment.map_or_else(|| "State machine".to_owned(), |comment| format!("State machine: {}", readable(comment)))
}

fn machine(written: &Value, depth: usize) -> Machine {
    let mut reader = Reader::default();
    let start = written.get("StartAt");
    if start.is_some() {
        reader.node(Kind::Start, "");
    }
    let states = written.get("States").and_then(Value::as_object);
    for (name, state) in states.into_iter().flatten() {
        let kind = Kind::of(state.get("Type").and_then(Value::as_str).unwrap_or_default());
        let id = reader.node(kind, name);
        reader.names.insert(name, id);
        let node = &mut reader.machine.nodes[id];
        node.notes = notes::of(kind, state).iter().map(|note| readable(note)).collect();
        node.machines = inner(state, depth, &mut node.notes);
    }
    if let Some(start) = start {
        reader.edge(0, start, Role::Next, String::new());
    }
    for (name, state) in states.into_iter().flatten() {
        reader.transitions(reader.names[name.as_str()], state);
    }
    if reader.machine.nodes.is_empty() {
        reader.node(Kind::Missing, "no states");
    }
    reader.machine
}

/// The machines within a state.
fn inner(state: &Value, depth: usize, notes: &mut Vec<String>) -> Vec<Machine> {
    let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
    let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
    let mut all = processors.chain(branches).peekable();
    if depth >= DEEPEST {
        notes.extend(all.peek().map(|_| "more, nested too deep to draw".to_owned()));
        return Vec::new();
    }
    all.map(|written| machine(written, depth + 1)).collect()
}

/// A machine while it is read.
#[derive(Default)]
struct Reader<'d> {
    machine: Machine,
    names: BTreeMap<&'d str, usize>,
    missing: BTreeMap<String, usize>,
    end: Option<usize>,
}

impl<'d> Reader<'d> {
    fn node(&mut self, kind: Kind, name: &str) -> usize {
        let is_invisible = name.trim().is_empty() && !matches!(kind, Kind::Start | Kind::End);
        let name = if is_invisible { format!("\"{name}\"") } else { name.to_owned() };
        self.machine.nodes.push(Node { kind, name: readable(&name), notes: Vec::new(), machines: Vec::new() });
        self.machine.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, target: &'d Value, role: Role, label: String) {
        let known = target.as_str().and_then(|name| self.names.get(name).copied());
        let to = known.unwrap_or_else(|| self.missing(condition::bare(target), "missing state"));
        self.machine.edges.push(Edge { from, to, role, label: readable(&label) });
    }

    fn missing(&mut self, name: String, note: &str) -> usize {
        if let Some(known) = self.missing.get(&name) {
            return *known;
        }
        let id = self.node(Kind::Missing, &name);
        self.machine.nodes[id].notes.push(note.to_owned());
        self.missing.insert(name, id);
        id
    }

    /// The transition of a rule or a catcher, which must say where it leads.
    fn rule(&mut self, from: usize, written: &'d Value, role: Role, label: String) {
        if let Some(target) = written.get("Next") {
            return self.edge(from, target, role, label);
        }
        let to = self.missing("?".to_owned(), "no Next");
        self.machine.edges.push(Edge { from, to, role, label: readable(&label) });
    }

    fn transitions(&mut self, from: usize, state: &'d Value) {
        let list = |field| state.get(field).and_then(Value::as_array).into_iter().flatten();
        for rule in list("Choices") {
            self.rule(from, rule, Role::Choice, condition::words(rule));
        }
        if let Some(target) = state.get("Default") {
            self.edge(from, target, Role::Choice, "default".to_owned());
        }
        if let Some(target) = state.get("Next") {
            self.edge(from, target, Role::Next, String::new());
        }
        if state.get("End") == Some(&Value::Bool(true)) {
            let to = self.end.unwrap_or_else(|| self.node(Kind::End, ""));
            self.end = Some(to);
            self.machine.edges.push(Edge { from, to, role: Role::Next, label: String::new() });
        }
        for catcher in list("Catch") {
            self.rule(from, catcher, Role::Catch, format!("catch {}", notes::errors(catcher)));
        }
    }
}
