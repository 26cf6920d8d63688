//! The injection for images without a shell: the assignment as JSON, for the `fanout-worker` program.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ATTEMPT, Assignment, BATCH_ATTEMPT, BATCH_INDEX, BATCH_NODE, Field, INDEX, ITEM, Place};
use crate::command::Command;
use crate::item::Item;
use crate::run_list::{Range, RunList};

/// What `fanout-worker` is given as its first argument; the command as typed follows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WireAssignment {
    /// Changes when a worker of an older fanout could not read it.
    version: u32,
    env_name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fields: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<u32>,
    /// Absent: the run's variables are set already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items: Option<WireItems>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WireItems {
    offset: usize,
    /// Whether the runs are nodes from 1 on, and not an array's children.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    nodes: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<(i64, i64, usize, usize)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<Value>,
    /// The runs' indexes, where they do not follow from the offset.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indexes: Vec<usize>,
}

const VERSION: u32 = 2;

/// What the worker program has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// To set beside what is set already.
    pub variables: Vec<(String, String)>,
    /// The program and its arguments.
    pub arguments: Vec<String>,
    /// Seconds after which to stop it.
    pub timeout_seconds: Option<u32>,
}

/// Why a worker does not know what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The first argument is not an assignment.
    #[error("the assignment does not parse: {0}")]
    Syntax(String),
    /// The assignment was written by another fanout.
    #[error(
        "the assignment has version {0}, this fanout-worker reads version {VERSION}: use the fanout-worker of the same release as fanout"
    )]
    Version(u32),
    /// A variable is missing or is no number.
    #[error("the variable {0} is {1:?}; is this program running under AWS Batch or fanout?")]
    Variable(&'static str, Option<String>),
    /// The array is larger than the list.
    #[error("child {0} has no item: the assignment holds {1}")]
    NoItem(usize, usize),
    /// Nothing to run.
    #[error("no command follows the assignment")]
    NoCommand,
}

impl Assignment {
    /// The command of a run whose variables are set already.
    pub fn worker_with_variables(&self, program: &str) -> Vec<String> {
        self.worker_command(program, None)
    }

    /// The command of a run that finds its item by its place in the job among the runs
    /// `offset..offset + count`.
    pub fn worker_with_items(&self, program: &str, place: Place, runs: &RunList, offset: usize, count: usize) -> Vec<String> {
        let (range, list) = match runs {
            RunList::Range(Range { first, step, width, .. }) => (Some((first + step * offset as i64, *step, count, *width)), Vec::new()),
            RunList::Items(_) | RunList::Picked(_) => {
                (None, (offset..offset + count).map(|place| runs.item(place).value().clone()).collect())
            }
        };
        let indexes = runs.indexes().map(|indexes| indexes[offset..offset + count].to_vec()).unwrap_or_default();
        self.worker_command(program, Some(WireItems { offset, nodes: place == Place::Node, range, list, indexes }))
    }

    fn worker_command(&self, program: &str, items: Option<WireItems>) -> Vec<String> {
        let wire = WireAssignment {
            version: VERSION,
            env_name: self.env_name.clone(),
            fields: self.fields.iter().map(|field| (field.name.clone(), field.variable.clone())).collect(),
            timeout_seconds: self.short_timeout,
            items,
        };
        let mut command = vec![program.to_owned(), serde_json::to_string(&wire).unwrap_or_default()];
        command.extend(self.typed.iter().cloned());
        command
    }
}

impl WireAssignment {
    /// Reads the worker's arguments and environment.
    ///
    /// # Errors
    /// What is missing or does not parse.
    pub fn resolve(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Result<Resolved, ResolveError> {
        let (json, typed) = arguments.split_first().ok_or(ResolveError::NoCommand)?;
        let probe: Value = serde_json::from_str(json).map_err(|error| ResolveError::Syntax(error.to_string()))?;
        match probe.get("version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            version => return Err(ResolveError::Version(version.unwrap_or_default() as u32)),
        }
        let wire: Self = serde_json::from_value(probe).map_err(|error| ResolveError::Syntax(error.to_string()))?;
        if typed.first().is_none_or(String::is_empty) {
            return Err(ResolveError::NoCommand);
        }
        let (index, item) = wire.item(&variable)?;
        let names: Vec<String> = wire.fields.iter().map(|(name, _)| name.clone()).collect();
        let assignment = Assignment {
            env_name: wire.env_name,
            fields: wire.fields.into_iter().map(|(name, variable)| Field { name, variable }).collect(),
            fixed: Vec::new(),
            typed: typed.to_vec(),
            command: Command::parse(typed, &names),
            short_timeout: wire.timeout_seconds,
        };
        let mut variables = assignment.variables(index, &item);
        variables.push((ATTEMPT.to_owned(), variable(BATCH_ATTEMPT).unwrap_or_else(|| "1".into())));
        Ok(Resolved { variables, arguments: assignment.command.fill(index, &item), timeout_seconds: assignment.short_timeout })
    }

    fn item(&self, variable: &impl Fn(&str) -> Option<String>) -> Result<(usize, Item), ResolveError> {
        let Some(items) = &self.items else {
            let json = variable(ITEM);
            let value = json.as_deref().and_then(|json| serde_json::from_str(json).ok());
            return Ok((number(INDEX, variable(INDEX))?, Item::new(value.ok_or(ResolveError::Variable(ITEM, json))?)));
        };
        let child = match (items.nodes, variable(BATCH_INDEX)) {
            (true, _) => {
                let text = variable(BATCH_NODE);
                number(BATCH_NODE, text.clone())?.checked_sub(1).ok_or(ResolveError::Variable(BATCH_NODE, text))?
            }
            (false, Some(text)) => number(BATCH_INDEX, Some(text))?,
            (false, None) => 0,
        };
        let runs = match items.range {
            Some((first, step, count, width)) => RunList::Range(Range { first, step, count, width }),
            None => RunList::Items(items.list.iter().cloned().map(Item::new).collect()),
        };
        if child >= runs.len() {
            return Err(ResolveError::NoItem(child, runs.len()));
        }
        Ok((items.indexes.get(child).copied().unwrap_or(items.offset + child), runs.item(child).into_owned()))
    }
}

fn number(name: &'static str, text: Option<String>) -> Result<usize, ResolveError> {
    let parsed = text.as_deref().and_then(|text| text.parse().ok());
    parsed.ok_or(ResolveError::Variable(name, text))
}
