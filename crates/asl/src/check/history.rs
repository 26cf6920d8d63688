//! How many events an execution has at least, and how many items an inline Map can have before its history is full.

mod cost;

use super::machine::{Machine, Place, State};
use super::report::Report;
use super::rules;
use crate::HISTORY_EVENTS;
use cost::Ways;

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
    let Some(events) = cost::of_machine(machine, Ways::All).map(|events| events.saturating_add(EXECUTION)) else { return };
    if events <= HISTORY_EVENTS {
        return;
    }
    let Some(largest) = machine.states.iter().max_by_key(|state| cost::of_state(state, Ways::All)) else { return };
    let message = format!(
        "an execution that succeeds has {events} events at least, {} of them in '{}'; a history has room for {HISTORY_EVENTS}, then the execution fails",
        cost::of_state(largest, Ways::All),
        largest.name
    );
    let help = "put a part into executions of its own: a distributed Map, or states:startExecution.sync:2";
    report.add(&rules::HISTORY_OVERFLOW, &largest.at, message, help);
}

/// The number of items at which the history is full, for Maps over an input.
fn note_limit(place: &Place<'_, '_>, report: &mut Report<'_>) {
    let state = place.state;
    let is_inline = |state: &State<'_>| state.is("Map") && !state.is_distributed_map();
    let execution = place.around.iter().rev().take_while(|around| !around.is_distributed_map());
    let is_child_of_express = place.around.iter().rev().any(|around| around.config("ExecutionType") == Some("EXPRESS"));
    if !is_inline(state) || cost::items(state).is_some() || is_child_of_express || execution.copied().any(is_inline) {
        return;
    }
    let Some(iteration) = state.inner.first().and_then(|processor| cost::of_machine(processor, Ways::Good)) else { return };
    let each = iteration.saturating_add(2);
    let most = (HISTORY_EVENTS - EXECUTION - MAP) / each;
    let message = format!(
        "an iteration of '{}' in which all goes well has {each} events, so with more than {most} items the history's {HISTORY_EVENTS} are full \
         and the execution fails; retries and other states leave less",
        state.name
    );
    let help = "for more items use a distributed Map, or batches of items";
    report.add(&rules::MAP_HISTORY_LIMIT, &state.at, message, help);
}
