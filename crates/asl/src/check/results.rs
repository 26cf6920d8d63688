//! What iterations give back to their Map, and whether all of it has room.

use std::collections::BTreeMap;

use serde_json::Value;

use super::handlers::catches;
use super::machine::{Machine, Place, State};
use super::report::Report;
use super::rules;
use crate::PAYLOAD_BYTES;

/// The description of a job: as measured, and what is usual.
const MEASURED: usize = 2_394;
const LARGE: usize = 3_000;

/// Notes Maps whose result grows too large.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for state in places.iter().map(|place| place.state).filter(|state| state.is("Map") && keeps_results(state)) {
        if items(state).is_some_and(|items| items * LARGE <= PAYLOAD_BYTES) {
            continue;
        }
        if let Some(job) = state.inner.first().and_then(returned_job) {
            overflow(state, job, report);
        }
        data_limit(state, report);
    }
}

/// Whether the results of all iterations come together, as they are.
fn keeps_results(map: &State<'_>) -> bool {
    let whole_output = map.get("Output").is_none_or(|output| is_expression(output, "$states.result"));
    !map.has("ResultWriter") && !map.has("ResultSelector") && map.get("ResultPath") != Some(&Value::Null) && whole_output
}

/// How many items there are at most, if the document says so.
fn items(map: &State<'_>) -> Option<usize> {
    let read = map.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")?.get("MaxItems")?.as_u64());
    let written = map.get("Items").and_then(Value::as_array).map(Vec::len);
    written.or(read.map(|read| read as usize))
}

fn overflow(map: &State<'_>, job: &State<'_>, report: &mut Report<'_>) {
    let message = format!(
        "each iteration of '{}' returns the whole description of its Batch job, some 1500 to {LARGE} bytes ({MEASURED} measured); \
         {PAYLOAD_BYTES} bytes are full after 90 to 170 items, and the Map then fails with States.DataLimitExceeded when all jobs have run",
        map.name
    );
    let help = match (job.is_jsonata, job.name) {
        (true, name) => format!("give '{name}' an \"Output\" of a few bytes, such as \"{{% $states.result.JobId %}}\""),
        (false, name) => format!("give '{name}' \"ResultPath\": null, or a \"ResultSelector\" of a few bytes"),
    };
    report.add(&rules::MAP_RESULT_OVERFLOW, &map.at, message, help);
}

fn data_limit(map: &State<'_>, report: &mut Report<'_>) {
    let grows = |place: &Place<'_, '_>| {
        let state = place.state;
        matches!(state.kind(), "Task" | "Map" | "Parallel") && state.get("ResultPath") != Some(&Value::Null)
    };
    let mut all = map.list("Catch").filter(|(_, catcher)| {
        catcher.get("ErrorEquals").and_then(Value::as_array).is_some_and(|errors| errors.iter().any(|error| error == "States.ALL"))
    });
    let Some((at, _)) = all.next().filter(|_| !catches(map, "States.DataLimitExceeded")) else { return };
    if !map.inner.iter().flat_map(Machine::places).any(|place| grows(&place)) {
        return;
    }
    let message = format!(
        "States.ALL does not catch States.DataLimitExceeded, with which '{}' fails if its result has more than {PAYLOAD_BYTES} bytes",
        map.name
    );
    report.add(
        &rules::CATCH_MISSES_DATA_LIMIT,
        &at.key("ErrorEquals"),
        message,
        "add a catcher for \"States.DataLimitExceeded\" before it",
    );
}

/// The Task whose job description the machine gives back, if it does.
fn returned_job<'m, 'd>(machine: &'m Machine<'d>) -> Option<&'m State<'d>> {
    let mut inputs: BTreeMap<usize, Option<&State<'d>>> = BTreeMap::new();
    let mut waiting = vec![(machine.position(machine.start_at?)?, None)];
    while let Some((position, input)) = waiting.pop() {
        let known = inputs.get(&position).copied();
        if known.is_some_and(|known| known.is_some() || input.is_none()) {
            continue;
        }
        inputs.insert(position, input);
        let state = &machine.states[position];
        let output = output(state, input);
        if state.is_end() && !state.is("Fail") && output.is_some() {
            return output;
        }
        let targets = state.targets();
        let nexts = targets.iter().filter(|target| !target.by_error).filter_map(|target| machine.position(target.name));
        waiting.extend(nexts.map(|next| (next, output)));
    }
    None
}

/// Whose description a state's output holds, if its input holds that of `input`.
fn output<'m, 'd>(state: &'m State<'d>, input: Option<&'m State<'d>>) -> Option<&'m State<'d>> {
    let result = match state.kind() {
        "Task" => Some(state).filter(|state| state.call().is_some_and(|call| call.awaits_batch_job())),
        "Parallel" => state.inner.iter().find_map(returned_job),
        "Map" => None,
        "Pass" if state.has("Parameters") || state.has("Result") => None,
        _ if is_whole(state, "InputPath") => input,
        _ => None,
    };
    if state.is_jsonata {
        let result = if matches!(state.kind(), "Task" | "Map" | "Parallel") { result } else { input };
        return match state.get("Output") {
            None => result,
            Some(output) if is_expression(output, "$states.result") => result,
            Some(output) if is_expression(output, "$states.input") => input,
            Some(_) => None,
        };
    }
    let result = result.filter(|_| !state.has("ResultSelector"));
    let kept = match state.get("ResultPath") {
        None => result,
        Some(Value::Null) => input,
        Some(path) if path == "$" => result,
        Some(_) => input.or(result),
    };
    let shows_result = state.has("ResultPath") && state.get("ResultPath") == state.get("OutputPath");
    if is_whole(state, "OutputPath") { kept } else { result.filter(|_| shows_result) }
}

fn is_whole(state: &State<'_>, field: &str) -> bool {
    state.get(field).is_none_or(|path| path == "$")
}

fn is_expression(value: &Value, wanted: &str) -> bool {
    let inner = value.as_str().and_then(|text| text.strip_prefix("{%")?.strip_suffix("%}"));
    inner.is_some_and(|inner| inner.trim() == wanted)
}
