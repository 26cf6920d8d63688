//! What to do about something that AWS refuses.

use serde_json::Value;

use super::{Context, location};
use crate::api::ValidationDiagnostic;
use crate::check::machine::State;
use crate::check::names;
use crate::check::nearest::nearest;
use crate::check::pointer::Pointer;
use crate::services;

/// A sentence, if there is one that helps.
pub(super) fn of(diagnostic: &ValidationDiagnostic, at: &Pointer, context: &Context<'_, '_>) -> Option<String> {
    let (message, root) = (&*diagnostic.message, context.source.root());
    let named = |before: &str, behind: &str| message.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
    if let Some(name) = message.strip_prefix("Missing 'Next' target: ") {
        return Some(missing_target(name, at, context));
    }
    if message.ends_with(" is not reachable.") {
        return Some("lead to it with a Next, Default or Catch, or remove it".into());
    }
    if let Some(name) = message.strip_prefix("Duplicate State name: ") {
        return duplicate(name, at, context);
    }
    if let Some(field) = location::unsupported_field(message) {
        return unsupported(field, at, context);
    }
    if let Some(field) = named("The field \"", "\" is not supported by Step Functions") {
        return unsupported_parameter(field, at, context);
    }
    if let Some(arn) = message.strip_prefix("The resource provided ").and_then(|rest| Some(rest.split_once(" is not recognized.")?.0)) {
        return super::integrations::help(arn);
    }
    if let Some((_, values)) = message.split_once("should have one of these values: [") {
        let meant = location::value(root, at).and_then(Value::as_str)?;
        return nearest(meant, values.trim_end_matches(']').split(", ")).map(did_you_mean);
    }
    if message.starts_with("The value for the field '") && message.ends_with("' must be a STRING") {
        return Some("write the number in quotes; a computed one is made text by States.Format('{}', …) or $string(…)".into());
    }
    if message.starts_with("These fields are required: [States") && at.as_str().is_empty() && root.get("Type").is_some() {
        return Some("this is a state, not a machine; a machine is {\"StartAt\": \"S\", \"States\": {\"S\": …}}".into());
    }
    fixed(message).map(str::to_owned)
}

fn fixed(message: &str) -> Option<&'static str> {
    let helps = [
        ("Workflow has no terminal state", "give one of the states \"End\": true, or add a Succeed or Fail state"),
        ("One of these fields is required: [Next, End]", "add \"Next\": \"…\", or \"End\": true if the machine ends here"),
        ("Only one of these fields is allowed: [Next, End]", "a state with a Next does not end; remove one of the two"),
        ("States.ALL must appear alone and at the end of the list", "give States.ALL a rule of its own, behind all others"),
        (
            "Value is not a valid resource ARN",
            "it is written like arn:aws:states:::batch:submitJob.sync or arn:aws:lambda:REGION:ACCOUNT:function:NAME",
        ),
        ("State name must be between 1 and 80 characters long", "shorten it here and wherever a Next leads to it"),
        (
            "must be a valid JSONPath or a valid intrinsic function call",
            "behind .$ stands a path such as $.a.b, or a call such as States.Format('{}', $.a)",
        ),
        ("Value is not a Reference Path", "a reference path names one place, as $.a.b[0] does: without *, .., ?() and slices"),
        ("Reference to '$$' is not supported.", "the input is $states.input, the context object $states.context"),
        ("at the top level is not supported.", "there is nothing to look in: begin with $states.input, or with $ for a variable"),
        ("Field '$states.result' does not exist.", "there is a result only in Output and Assign of a Task, Map or Parallel"),
        ("Field '$states.errorOutput' does not exist.", "there is an error only in Output and Assign of a Catch"),
        ("Definition must be a valid JSON object", "a definition is an object with StartAt and States"),
        ("String does not match RFC3339 timestamp", "it is written like 2026-11-22T15:59:05Z, with a capital T and Z"),
    ];
    helps.iter().find(|(words, _)| message.contains(words)).map(|(_, help)| *help)
}

pub(super) fn did_you_mean(word: &str) -> String {
    format!("did you mean '{word}'?")
}

/// Parameters stand right in their state.
fn unsupported_parameter(field: &str, at: &Pointer, context: &Context<'_, '_>) -> Option<String> {
    let state =
        context.places.iter().map(|place| place.state).filter(|state| state.at.holds(at)).max_by_key(|state| state.at.as_str().len());
    let call = state?.call()?;
    let operation = services::operation(call.service.trim_start_matches("aws-sdk:"), call.action)?;
    nearest(field, operation.members()).map(did_you_mean)
}

fn missing_target(name: &str, at: &Pointer, context: &Context<'_, '_>) -> String {
    let machines = &context.machines;
    let own = machines.iter().filter(|machine| machine.at.holds(at)).max_by_key(|machine| machine.at.as_str().len());
    let names: Vec<&str> = own.into_iter().flat_map(|machine| &machine.states).map(|state| state.name).collect();
    if let Some(close) = nearest(name, names.iter().copied()) {
        return did_you_mean(close);
    }
    if machines.iter().any(|machine| machine.state(name).is_some()) {
        return "there is a state of this name in another machine; a state leads only to states beside it".into();
    }
    match names[..] {
        [] => "there are no states here".into(),
        _ if names.len() <= 8 => format!("the states here are {}", names.join(", ")),
        _ => format!("none of the {} states here is called so", names.len()),
    }
}

fn duplicate(name: &str, at: &Pointer, context: &Context<'_, '_>) -> Option<String> {
    let other = context.places.iter().find(|place| place.state.name == name && place.state.at != *at)?;
    let line = context.source.line(context.source.range(&other.state.at).start);
    Some(format!("the other one is on line {line}; names are unique in the whole document, also across branches and processors"))
}

fn unsupported(field: &str, at: &Pointer, context: &Context<'_, '_>) -> Option<String> {
    let object = at.parent();
    if let Some(place) = context.places.iter().find(|place| place.state.at == object) {
        return unsupported_in_state(field, place.state);
    }
    let is_handler = object.parts().any(|part| part == "Retry" || part == "Catch");
    let known: &[&str] = if is_handler { &names::OF_HANDLERS } else { &names::OF_MACHINES };
    if let Some(close) = nearest(field, known.iter().copied()) {
        return Some(did_you_mean(close));
    }
    let is_state = location::value(context.source.root(), &object).is_some_and(|object| object.get("States").is_some())
        && names::states_with(field).is_some();
    is_state.then(|| format!("{field} is a field of states; it belongs into one of them"))
}

fn unsupported_in_state(field: &str, state: &State<'_>) -> Option<String> {
    let kind = state.kind();
    if state.is_jsonata
        && let Some(instead) = names::in_jsonata(field)
    {
        return Some(format!("in a JSONata state, {instead} takes its place"));
    }
    if let Some(plain) = field.strip_suffix(".$") {
        let path = format!("{plain}Path");
        let of_state = names::of_state(kind);
        return Some(match of_state.iter().find(|known| **known == path) {
            Some(path) => format!("the field that takes a path is called {path}"),
            None => "only inside Parameters, ItemSelector, ResultSelector and Assign are names with .$ computed".into(),
        });
    }
    match names::states_with(field) {
        Some(_) if field == "TimeoutSeconds" => Some("only a Task and the whole machine have it; give it to the tasks within".into()),
        Some(["Task", "Map", "Parallel"]) => Some(format!("a {kind} state has no {field}; Task, Map and Parallel have it")),
        Some(kinds) => Some(format!("a {kind} state has no {field}; it belongs to: {}", kinds.join(", "))),
        None => nearest(field, names::of_state(kind)).map(did_you_mean),
    }
}
