//! Variables: those that are read where nothing assigns them, and those that nobody reads.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::machine::{Machine, Place, State};
use super::nearest::nearest;
use super::pointer::Pointer;
use super::report::Report;
use super::rules;
use crate::reads;

/// A member of an Assign.
struct Assignment<'d> {
    name: &'d str,
    /// The Assign, and the member as it is written.
    object: Pointer,
    key: &'d str,
}

/// Names for which a similar one is looked for; nobody reads more.
const MOST_GUESSES: usize = 100;

/// Notes variables that do not meet.
pub(super) fn check(document: &Machine<'_>, places: &[Place<'_, '_>], report: &mut Report<'_>) {
    let mut assigned: BTreeMap<&Pointer, BTreeSet<&str>> = BTreeMap::new();
    let mut assignments: Vec<Assignment<'_>> = Vec::new();
    for place in places {
        for assignment in assignments_of(place.state) {
            assigned.entry(&place.machine.at).or_default().insert(assignment.name);
            assignments.push(assignment);
        }
    }
    let names: BTreeSet<&str> = assignments.iter().map(|assignment| assignment.name).collect();
    let (mut read, mut guesses): (BTreeSet<String>, usize) = (BTreeSet::new(), MOST_GUESSES);
    for place in places {
        let visible = visible(document, place, &assigned);
        for leaf in place.state.leaves() {
            let Some(text) = leaf.value.as_str() else { continue };
            let names_here = match place.state.is_jsonata {
                true => reads::in_jsonata(text),
                false if leaf.is_computed() => reads::in_path(text),
                false => continue,
            };
            for name in names_here {
                if !visible.iter().any(|names| names.contains(&*name)) && !is_given(&name) {
                    unassigned(place, &leaf.at, &name, &names, &mut guesses, report);
                }
                read.insert(name);
            }
        }
    }
    for assignment in assignments.iter().filter(|assignment| !read.contains(assignment.name)) {
        let message = format!("the variable '{}' is assigned, but nothing reads it", assignment.name);
        report.add_key(
            &rules::UNUSED_VARIABLE,
            &assignment.object,
            assignment.key,
            message,
            "remove it, or read it as $".to_owned() + assignment.name,
        );
    }
}

/// Whether a name is there without being assigned.
fn is_given(name: &str) -> bool {
    name == "states" || reads::is_function(name)
}

fn assignments_of<'d>(state: &State<'d>) -> Vec<Assignment<'d>> {
    let mut found = Vec::new();
    let mut add = |object: Pointer, value: Option<&'d Value>| {
        for key in value.and_then(Value::as_object).into_iter().flat_map(|members| members.keys()) {
            found.push(Assignment { name: key.strip_suffix(".$").unwrap_or(key), object: object.clone(), key });
        }
    };
    add(state.at.key("Assign"), state.get("Assign"));
    for field in ["Catch", "Choices"] {
        for (at, element) in state.list(field) {
            add(at.key("Assign"), element.get("Assign"));
        }
    }
    found
}

/// The names that a state can see: those of its machine and of the machines around, up to a distributed Map.
fn visible<'a>(
    document: &Machine<'_>,
    place: &Place<'_, '_>,
    assigned: &'a BTreeMap<&Pointer, BTreeSet<&'a str>>,
) -> Vec<&'a BTreeSet<&'a str>> {
    let mut machines = vec![place.machine.at.clone()];
    let within = place.around.iter().rev().take_while(|around| !around.is_distributed_map());
    machines.extend(within.map(|around| around.at.parent().parent()));
    machines.iter().filter(|machine| document.at.holds(machine)).filter_map(|machine| assigned.get(machine)).collect()
}

fn unassigned(place: &Place<'_, '_>, at: &Pointer, name: &str, names: &BTreeSet<&str>, guesses: &mut usize, report: &mut Report<'_>) {
    let elsewhere = names.contains(name);
    let distributed = place.around.iter().any(|around| around.is_distributed_map());
    let (message, help) = match (elsewhere, distributed) {
        (true, true) => (
            format!("the variable '${name}' is assigned outside the distributed Map, and its child executions do not see it"),
            "hand it in by the ItemSelector".into(),
        ),
        (true, false) => (
            format!("the variable '${name}' is assigned in another branch or processor only, and not seen here"),
            "return it as a result, and assign it here".into(),
        ),
        (false, _) => {
            let close = (*guesses > 0).then(|| nearest(name, names.iter().copied())).flatten();
            *guesses = guesses.saturating_sub(1);
            let help =
                close.map_or_else(|| "assign it with \"Assign\" in a state before".to_owned(), |close| format!("did you mean '${close}'?"));
            (format!("the variable '${name}' is read, but nothing assigns it"), help)
        }
    };
    report.add_unless_refused(&rules::UNASSIGNED_VARIABLE, at, message, help);
}
