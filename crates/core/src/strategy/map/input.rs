//! The items of a Map state, and how the document makes a job's variables of them.

use serde_json::{Value, json};

use crate::assignment::{Assignment, INDEX, ITEM};
use crate::item::Item;
use crate::run_list::RunList;

/// How the execution's input holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::strategy) enum InputForm {
    /// As it is; the document turns it into strings.
    Item,
    /// As the list of its variables' values, where Step Functions might spell a number, a nested
    /// object or an absent field in another way than fanout does.
    Values,
    /// As [`Values`](Self::Values), and the run's index after them, because it does not follow from the iteration's.
    Indexed,
}

impl InputForm {
    pub(in crate::strategy) fn of(runs: &RunList) -> Self {
        let items = match runs {
            RunList::Range(_) => return Self::Item,
            RunList::Items(items) => items,
            RunList::Picked(_) => return Self::Indexed,
        };
        let names = runs.field_names();
        let plain = |value: &Value| value.is_string() || value.is_i64();
        let uniform = |item: &Item| match item.value() {
            Value::Object(fields) => fields.len() == names.len() && fields.values().all(plain),
            value => names.is_empty() && plain(value),
        };
        if items.iter().all(uniform) { Self::Item } else { Self::Values }
    }

    pub(in crate::strategy) fn element(self, assignment: &Assignment, index: usize, item: &Item) -> Value {
        match self {
            Self::Item => item.value().clone(),
            Self::Values | Self::Indexed => {
                let variables = assignment.variables(index, item).into_iter().filter(|(name, _)| name != INDEX);
                let index = (self == Self::Indexed).then(|| index.to_string().into());
                Value::Array(variables.map(|(_, value)| Value::from(value)).chain(index).collect())
            }
        }
    }

    /// One entry of `Environment` for each variable that differs from run to run. `index` is the intrinsic that gives the run's index as a string.
    pub(in crate::strategy) fn environment(self, assignment: &Assignment, index: &str) -> Vec<Value> {
        let mut names = vec![assignment.env_name(), ITEM];
        names.extend(assignment.fields().iter().map(|field| field.variable.as_str()));
        let value = |at: usize| match (self, at) {
            (Self::Values | Self::Indexed, _) => format!("$$.Map.Item.Value[{at}]"),
            // States.Format spells an object in Java's way, not as JSON.
            (Self::Item, 0) if !assignment.fields().is_empty() => "States.JsonToString($$.Map.Item.Value)".to_owned(),
            (Self::Item, 0) => "States.Format('{}', $$.Map.Item.Value)".to_owned(),
            (Self::Item, 1) => "States.JsonToString($$.Map.Item.Value)".to_owned(),
            (Self::Item, _) => format!("States.Format('{{}}', $$.Map.Item.Value{})", step(&assignment.fields()[at - 2].name)),
        };
        let mut environment: Vec<Value> = names.iter().enumerate().map(|(at, name)| json!({"Name": name, "Value.$": value(at)})).collect();
        let listed = format!("$$.Map.Item.Value[{}]", names.len());
        environment.insert(1, json!({"Name": INDEX, "Value.$": if self == Self::Indexed { &listed } else { index }}));
        environment.extend(assignment.fixed().iter().map(|(name, value)| json!({"Name": name, "Value": value})));
        environment
    }
}

/// A field as a step of a path.
fn step(field: &str) -> String {
    let plain = field.starts_with(|c: char| c.is_ascii_alphabetic()) && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!(".{field}") } else { format!("['{}']", field.replace('\\', r"\\").replace('\'', r"\'")) }
}
