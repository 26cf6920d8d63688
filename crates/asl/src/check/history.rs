//! How many events an execution has at least, and how many items an inline Map can have before its history is full.

mod cost;

use super::machine::{Machine, Place, State};
use super::report::Report;
use super::rules;
use crate::HISTORY_EVENTS;

/// ExecutionStarted and ExecutionSucceeded.
const EXECUTION: u64 = 2;
/// MapStateEntered, Started, Succeeded, Exited.
const MAP: u64 = 4;

/// Notes histories that are full before the end.
pub(super) fn check(document: &Machine<'_>, places: &[Place<'_, '_>], report: &mut Report<'_>) {
    overflow(document, report);
    for place in places {
        let state = place.state;
        if state.is_distributed_map() && state.config("ExecutionType") != Some("EXPRESS") {
            state.inner.iter().for_each(|processor| overflow(processor, report));
        }
        note_limit(place, report);
    }
}

/// A machine whose shortest way has too many events.
fn overflow(machine: &Machine<'_>, report: &mut Report<'_>) {
    let Some(events) = cost::of_machine(machine).map(|events| events.saturating_add(EXECUTION)).filter(|events| *events > HISTORY_EVENTS)
    else {
        return;
    };
    let Some(largest) = machine.states.iter().max_by_key(|state| cost::of_state(state)) else { return };
    let message = format!(
        "an execution that succeeds has {events} events at least, {} of them in '{}'; a history has room for {HISTORY_EVENTS}, then the execution fails",
        cost::of_state(largest),
        largest.name
    );
    let help = "put a part into executions of its own: a distributed Map, or states:startExecution.sync:2";
    report.add(&rules::HISTORY_OVERFLOW, &largest.at, message, help);
}

/// The number of items at which the history is full, for Maps over an input.
fn note_limit(place: &Place<'_, '_>, report: &mut Report<'_>) {
    let state = place.state;
    let is_inline = |state: &State<'_>| state.is("Map") && !state.is_distributed_map();
    let inside = place.around.iter().rev().take_while(|around| !around.is_distributed_map()).any(|around| is_inline(around));
    let in_express = place.around.iter().rev().find(|around| around.is_distributed_map());
    if in_express.is_some_and(|map| map.config("ExecutionType") == Some("EXPRESS")) {
        return;
    }
    let Some(iteration) = state.inner.first().and_then(cost::of_machine).filter(|_| is_inline(state) && !inside) else { return };
    if cost::items(state).is_some() {
        return;
    }
    let each = iteration.saturating_add(2);
    let most = (HISTORY_EVENTS - EXECUTION - MAP) / each;
    let message = format!(
        "each iteration of '{}' has {each} events at least, so with more than {most} items the history's {HISTORY_EVENTS} are full and the execution \
         fails; retries and other states leave less",
        state.name
    );
    let help = "for more items use a distributed Map, or batches of items";
    report.add(&rules::MAP_HISTORY_LIMIT, &state.at, message, help);
}
