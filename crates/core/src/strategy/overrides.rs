//! Whether a run's variables fit the container overrides of its job.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::definition;
use crate::assignment::{Assignment, MANAGED};
use crate::fan_out::FanOut;
use crate::item::Item;
use crate::limits::{self, Violation};

/// The environment of the run that needs most.
pub(super) fn check(fan_out: &FanOut, assignment: &Assignment, violations: &mut Vec<Violation>) {
    let command = fan_out.worker.hosting.definition.as_ref().map(|_| definition::command_with_variables(fan_out, assignment));
    let length = |(index, item): (usize, Cow<'_, Item>)| (overrides_length(assignment, command.as_deref(), index, &item), index);
    let Some((length, index)) = fan_out.runs.iter().enumerate().map(length).max() else { return };
    if length > limits::OVERRIDES.most {
        violations.push(too_long(length, index));
    }
}

/// Characters of a run's container overrides as JSON, the command among them if it is no part of the job definition. Short ones are not written out to be counted:
/// JSON makes at most six characters of one.
fn overrides_length(assignment: &Assignment, command: Option<&[String]>, index: usize, item: &Item) -> u64 {
    const FRAME: usize = 64;
    let mut variables = assignment.variables(index, item);
    variables.extend_from_slice(assignment.fixed());
    variables.push((MANAGED.0.to_owned(), MANAGED.1.to_owned()));
    let words: usize = command.unwrap_or_default().iter().map(|word| FRAME + 6 * word.len()).sum();
    let rough: usize = words + variables.iter().map(|(name, value)| FRAME + 6 * (name.len() + value.len())).sum::<usize>();
    if rough as u64 <= limits::OVERRIDES.most {
        return rough as u64;
    }
    let environment: Vec<Value> = variables.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({"command": command, "environment": environment}).to_string().chars().count() as u64
}

fn too_long(length: u64, index: usize) -> Violation {
    Violation::over(
        limits::OVERRIDES,
        length,
        format!("the variables of run {index}"),
        "shorten that item: put what is large into a file or S3 and let the item name it",
    )
}
