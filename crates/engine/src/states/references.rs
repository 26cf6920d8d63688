//! Which variables a document's states read: the member `variableReferences` of a machine's description.

use std::collections::BTreeSet;

use fanout_asl::api::VariableReferences;
use fanout_asl::reads;
use serde_json::{Map, Value};

/// Fields whose values are templates: there a key that ends with `.$` has an expression.
const TEMPLATES: [&str; 8] = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "BatchInput", "Arguments", "Output"];
/// Fields that hold the user's own words.
const WORDS: [&str; 3] = ["Result", "Comment", "States"];
/// Fields that hold machines of their own.
const MACHINES: [&str; 3] = ["ItemProcessor", "Iterator", "Branches"];

/// For each state that reads variables, which ones, in order of name.
pub(super) fn of(text: &str) -> VariableReferences {
    let mut references = VariableReferences::new();
    if let Ok(Value::Object(document)) = serde_json::from_str(text) {
        let jsonata = is_jsonata(&document, false);
        machine(&document, jsonata, &mut references);
    }
    references
}

fn is_jsonata(object: &Map<String, Value>, otherwise: bool) -> bool {
    object.get("QueryLanguage").map_or(otherwise, |language| language == "JSONata")
}

/// `jsonata`: what the states of the whole document speak unless they say otherwise.
fn machine(document: &Map<String, Value>, jsonata: bool, references: &mut VariableReferences) {
    for (name, state) in document.get("States").and_then(Value::as_object).into_iter().flatten() {
        let Value::Object(state) = state else { continue };
        let mut reader = Reader { jsonata: is_jsonata(state, jsonata), found: BTreeSet::new() };
        reader.fields(state);
        if !reader.found.is_empty() {
            references.insert(name.clone(), reader.found.into_iter().collect());
        }
        for within in MACHINES.iter().filter_map(|field| state.get(*field)) {
            let machines = within.as_array().map_or_else(|| std::slice::from_ref(within), Vec::as_slice);
            machines.iter().filter_map(Value::as_object).for_each(|within| machine(within, jsonata, references));
        }
    }
}

struct Reader {
    jsonata: bool,
    found: BTreeSet<String>,
}

impl Reader {
    /// The fields of a state, of a rule, of a catcher.
    fn fields(&mut self, object: &Map<String, Value>) {
        for (name, value) in object {
            match value {
                _ if WORDS.contains(&name.as_str()) || MACHINES.contains(&name.as_str()) => {}
                _ if TEMPLATES.contains(&name.as_str()) => self.template(value),
                Value::String(path) if !self.jsonata && (name.ends_with("Path") || name == "Variable") => {
                    self.found.extend(reads::in_path(path));
                }
                Value::String(text) => self.text(text),
                Value::Object(within) => self.fields(within),
                Value::Array(items) => items.iter().filter_map(Value::as_object).for_each(|item| self.fields(item)),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }

    fn template(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().for_each(|item| self.template(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(path) if !self.jsonata && name.ends_with(".$") => self.found.extend(reads::in_path(path)),
                        _ => self.template(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// An expression only if it says so.
    fn text(&mut self, text: &str) {
        if self.jsonata {
            self.found.extend(reads::in_jsonata(text).into_iter().filter(|name| !reads::is_function(name)));
        }
    }
}

#[cfg(test)]
mod tests;
