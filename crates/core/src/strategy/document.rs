//! The states that `parallel` writes, once per run: a document of a megabyte is printed from these
//! without being built as a JSON value first.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A document, or one branch of a Parallel state.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Machine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<String>,
    pub(super) start_at: String,
    #[serde(serialize_with = "as_map")]
    pub(super) states: Vec<(String, State<'a>)>,
}

/// A state.
#[derive(Debug, Serialize)]
#[serde(tag = "Type")]
pub(super) enum State<'a> {
    Task(Box<Task<'a>>),
    Pass(Pass),
    Parallel(Parallel<'a>),
}

/// A job to submit and to wait for. Nothing that it returns stays in the state.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Task<'a> {
    pub(super) resource: &'static str,
    pub(super) parameters: Parameters<'a>,
    pub(super) result_path: (),
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_path: Option<()>,
    pub(super) retry: [&'a Value; 1],
    pub(super) catch: [Catch; 1],
    #[serde(flatten)]
    pub(super) then: Then,
}

/// Where a state leads.
#[derive(Debug, Serialize)]
pub(super) enum Then {
    Next(String),
    End(bool),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters<'a> {
    pub(super) job_name: String,
    pub(super) job_queue: &'a str,
    pub(super) job_definition: &'a str,
    pub(super) container_overrides: Overrides<'a>,
    #[serde(flatten)]
    pub(super) additions: Option<&'a Map<String, Value>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Overrides<'a> {
    pub(super) environment: Vec<Variable>,
    #[serde(flatten)]
    pub(super) additions: Option<&'a Map<String, Value>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Catch {
    pub(super) error_equals: [&'static str; 1],
    pub(super) result_path: (),
    pub(super) next: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pass {
    pub(super) output_path: (),
    pub(super) end: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parallel<'a> {
    pub(super) branches: Vec<Machine<'a>>,
    pub(super) result_path: (),
    pub(super) end: bool,
}

fn as_map<S: Serializer>(states: &[(String, State<'_>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(states.iter().map(|(name, state)| (name, state)))
}
