//! Loops without a way out, and loops that never pause.

use std::collections::BTreeSet;

use serde_json::Value;

use super::call::Pattern;
use super::machine::{Machine, State};
use super::report::Report;
use super::rules;
use crate::HISTORY_EVENTS;

/// Notes loops that go wrong.
pub(super) fn check(document: &Machine<'_>, report: &mut Report<'_>) {
    for machine in document.machines() {
        endless(machine, report);
        for state in machine.states.iter().filter(|state| state.is("Choice")) {
            self_loop(state, report);
        }
        polling(machine, report);
    }
}

/// States from which no end can be reached, named once for each loop.
fn endless(machine: &Machine<'_>, report: &mut Report<'_>) {
    let states = &machine.states;
    // Without any end AWS refuses the document itself.
    if !states.iter().any(State::is_end) {
        return;
    }
    let nexts: Vec<Vec<Option<usize>>> =
        states.iter().map(|state| state.targets().iter().map(|target| machine.position(target.name)).collect()).collect();
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); states.len()];
    let mut waiting: Vec<usize> = Vec::new();
    let mut ends = vec![false; states.len()];
    for (position, nexts) in nexts.iter().enumerate() {
        // What leads to nothing known is refused by AWS, and may yet lead to an end.
        if states[position].is_end() || nexts.is_empty() || nexts.contains(&None) {
            ends[position] = true;
            waiting.push(position);
        }
        nexts.iter().flatten().for_each(|next| sources[*next].push(position));
    }
    while let Some(position) = waiting.pop() {
        for source in &sources[position] {
            if !std::mem::replace(&mut ends[*source], true) {
                waiting.push(*source);
            }
        }
    }
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for position in (0..states.len()).filter(|position| !ends[*position]) {
        let circle = reachable(position, &nexts);
        if !circle.contains(&position) || !told.insert(position) {
            continue;
        }
        let way = match circle.len() - 1 {
            0 => "it leads only to itself".into(),
            1 => "it leads only to one more state, and back".into(),
            others => format!("it leads only to {others} more states, and back"),
        };
        told.extend(circle);
        let message = format!("once '{}' is entered, the execution never ends: {way}", states[position].name);
        let help = "add a Choice that leads out of the loop, or an \"End\": true";
        report.add(&rules::ENDLESS_LOOP, &states[position].at, message, help);
    }
}

/// What a state leads to; itself only if something leads back to it.
fn reachable(start: usize, nexts: &[Vec<Option<usize>>]) -> Vec<usize> {
    let (mut found, mut seen) = (Vec::new(), vec![false; nexts.len()]);
    let mut waiting = vec![start];
    while let Some(position) = waiting.pop() {
        for next in nexts[position].iter().flatten() {
            if !std::mem::replace(&mut seen[*next], true) {
                found.push(*next);
                waiting.push(*next);
            }
        }
    }
    found
}

/// A Choice that leads to itself chooses the same again, unless it changes what it sees.
fn self_loop(state: &State<'_>, report: &mut Report<'_>) {
    let changes = ["Assign", "Output", "InputPath", "OutputPath"].iter().any(|field| state.has(field));
    let looks_elsewhere = |leaf: &super::machine::Leaf<'_>| {
        let text = leaf.value.as_str().unwrap_or_default();
        ["$$", "$states.context", "$random", "$millis", "$now", "$uuid"].iter().any(|source| text.contains(source))
    };
    let assigns = state.list("Choices").any(|(_, rule)| rule.get("Assign").is_some() || rule.get("Output").is_some());
    if changes || assigns || state.leaves().iter().any(looks_elsewhere) {
        return;
    }
    for target in state.targets().iter().filter(|target| target.name == state.name) {
        let message = format!(
            "'{}' leads to itself and changes nothing, so it chooses this again and again until its {HISTORY_EVENTS} events are full",
            state.name
        );
        report.add(&rules::SELF_LOOP, &target.at, message, "lead to a Wait first, and then to whatever looks again");
    }
}

/// Loops of quick states that ask for a status.
fn polling(machine: &Machine<'_>, report: &mut Report<'_>) {
    let asking: Vec<usize> = (0..machine.states.len()).filter(|position| asks_for_status(&machine.states[*position])).collect();
    if asking.is_empty() {
        return;
    }
    let quick: Vec<bool> = machine.states.iter().map(is_quick).collect();
    let next = |name: &str| machine.position(name).filter(|next| quick[*next]);
    let nexts: Vec<Vec<Option<usize>>> = machine
        .states
        .iter()
        .map(|state| state.targets().iter().filter(|target| !target.by_error).map(|target| next(target.name)).collect())
        .collect();
    for position in asking.into_iter().filter(|position| reachable(*position, &nexts).contains(position)) {
        let state = &machine.states[position];
        let message = format!(
            "'{}' asks again and again without a pause; each lap costs transitions, and after {HISTORY_EVENTS} events the execution fails",
            state.name
        );
        report.add(&rules::POLL_WITHOUT_WAIT, &state.at, message, "put a Wait into the loop");
    }
}

fn is_quick(state: &State<'_>) -> bool {
    match state.kind() {
        "Pass" | "Choice" => true,
        "Task" => state.call().is_some_and(|call| call.service.starts_with("aws-sdk:") && call.pattern == Pattern::Response),
        _ => false,
    }
}

/// Whether this is a call like `DescribeJobs` that looks at one thing, and not at page after page.
fn asks_for_status(state: &State<'_>) -> bool {
    let describes = state.call().is_some_and(|call| {
        call.service.starts_with("aws-sdk:") && call.pattern == Pattern::Response && call.action.starts_with("describe")
    });
    let pages = |value: &Value| ["Token", "Marker"].iter().any(|word| value.to_string().contains(word));
    describes && !state.parameters().1.is_some_and(pages)
}
