//! Tasks that may wait for ever.

use std::collections::BTreeMap;

use super::call::{Call, Pattern};
use super::machine::{Place, State};
use super::pointer::Pointer;
use super::report::Report;
use super::rules;

/// So many tasks side by side are named one by one; of more only the first, with their number.
const NAMED: usize = 3;

/// What is told together: where it stands side by side, and what it waits for.
type Alike<'d> = (Pointer, &'d str, &'d str, bool);

/// Notes tasks without an end.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    let whole = places.first().is_some_and(|place| place.machine.has_timeout);
    let mut alike: BTreeMap<Alike<'_>, Vec<(&State<'_>, Call<'_>)>> = BTreeMap::new();
    for place in places {
        // The timeout of the document does not hold for the child executions of a distributed Map.
        if whole && !place.around.iter().any(|around| around.is_distributed_map()) {
            continue;
        }
        if let Some(call) = place.state.call().filter(|call| call.exists() && is_endless(place.state, call)) {
            let parallel = place.around.last().filter(|around| around.is("Parallel"));
            let side_by_side = parallel.map_or(&place.machine.at, |parallel| &parallel.at).clone();
            let key = (side_by_side, call.service, call.action, call.pattern == Pattern::Job);
            alike.entry(key).or_default().push((place.state, call));
        }
    }
    for tasks in alike.values() {
        let named = if tasks.len() > NAMED { 1 } else { tasks.len() };
        for (state, call) in &tasks[..named] {
            report_one(state, call, tasks.len() - named, report);
        }
    }
}

fn is_endless(state: &State<'_>, call: &Call<'_>) -> bool {
    let has = |names: [&str; 2]| names.into_iter().any(|name| state.has(name));
    let has_heartbeat = has(["HeartbeatSeconds", "HeartbeatSecondsPath"]);
    let waits = match call.pattern {
        Pattern::Response => false,
        Pattern::Job => true,
        Pattern::Token | Pattern::Activity => !has_heartbeat,
    };
    waits && !has(["TimeoutSeconds", "TimeoutSecondsPath"])
}

fn report_one(state: &State<'_>, call: &Call<'_>, others: usize, report: &mut Report<'_>) {
    let who = match others {
        0 => format!("'{}' waits", state.name),
        others => format!("'{}' and {others} more tasks beside it wait", state.name),
    };
    if call.pattern == Pattern::Job {
        let message = format!("{who} for {}:{} without a timeout, up to a year if the job gets stuck", call.service, call.action);
        let queue = if call.submits_batch_job() { "; Batch's own Timeout does not count the time in the queue" } else { "" };
        let help = format!("add \"TimeoutSeconds\" to the task, or to the whole machine{queue}");
        report.add(&rules::TASK_WITHOUT_TIMEOUT, &state.at, message, help);
    } else {
        let message = format!("{who} for an answer without a timeout or a heartbeat, up to a year if none comes");
        let help = "add \"HeartbeatSeconds\" if the worker can say that it lives, else \"TimeoutSeconds\"";
        report.add(&rules::CALLBACK_WITHOUT_HEARTBEAT, &state.at, message, help);
    }
}
