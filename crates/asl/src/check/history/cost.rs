//! The fewest events of states and machines, counted from recorded histories.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::call::Pattern;
use crate::check::machine::{Machine, State};

/// Which ways through a machine are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// Those on which every state succeeds.
    Good,
    /// Those over a Catch too.
    All,
}

/// The fewest events between a machine's start and its success; `None` if it cannot succeed.
pub(super) fn of_machine(machine: &Machine<'_>, ways: Ways) -> Option<u64> {
    let start = machine.start_at.and_then(|name| machine.position(name))?;
    let mut best: Vec<Option<u64>> = vec![None; machine.states.len()];
    let mut waiting = BTreeSet::from([(0, start)]);
    let mut least: Option<u64> = None;
    while let Some((before, position)) = waiting.pop_first() {
        if best[position].is_some_and(|best| best <= before) {
            continue;
        }
        best[position] = Some(before);
        let state = &machine.states[position];
        let behind = before.saturating_add(of_state(state, ways));
        if state.is_end() && !state.is("Fail") {
            least = Some(least.map_or(behind, |least| least.min(behind)));
        }
        for target in state.targets().iter().filter(|target| ways == Ways::All || !target.by_error) {
            // A state that fails at once, and is caught, is entered and left.
            let behind = if target.by_error { before.saturating_add(2) } else { behind };
            if let Some(next) = machine.position(target.name) {
                waiting.insert((behind, next));
            }
        }
    }
    least
}

/// The fewest events of a state that succeeds.
pub(super) fn of_state(state: &State<'_>, ways: Ways) -> u64 {
    let inner = |machine: &Machine<'_>| of_machine(machine, ways).unwrap_or(0);
    match state.kind() {
        "Task" => match state.call().map(|call| call.pattern) {
            Some(Pattern::Job | Pattern::Token) => 6,
            Some(Pattern::Response | Pattern::Activity) | None => 5,
        },
        "Parallel" => state.inner.iter().map(inner).fold(4, u64::saturating_add),
        "Map" if state.is_distributed_map() => 6,
        "Map" => {
            let each = state.inner.first().map_or(0, inner).saturating_add(2);
            items(state).unwrap_or(0).saturating_mul(each).saturating_add(4)
        }
        "Fail" => 1,
        _ => 2,
    }
}

/// How many items an inline Map has, if the document says so: a list, or a range of numbers.
pub(super) fn items(map: &State<'_>) -> Option<u64> {
    match map.get("Items")? {
        Value::Array(items) => Some(items.len() as u64),
        Value::String(text) => {
            let range = text.strip_prefix("{%")?.strip_suffix("%}")?.trim().strip_prefix('[')?.strip_suffix(']')?;
            let (first, last) = range.split_once("..")?;
            let (first, last) = (first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?);
            u64::try_from(last.checked_sub(first)?.checked_add(1)?).ok()
        }
        _ => None,
    }
}
