//! The parameters of batch:submitJob: numbers where Batch takes text, and numbers that Batch refuses.

mod kinds;

use serde_json::Value;

use super::machine::{Leaf, Place, State};
use super::report::Report;
use super::rules;
use kinds::Kind;

/// Numbers with their bounds (AWS Batch quotas; SubmitJob).
const BOUNDS: [(&[&str], u64, u64); 3] = [
    (&["ArrayProperties", "Size"], 2, 10_000),
    (&["Timeout", "AttemptDurationSeconds"], 60, i32::MAX as u64),
    (&["RetryStrategy", "Attempts"], 1, 10),
];

/// Notes what Batch will not take.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for place in places.iter().filter(|place| place.state.call().is_some_and(|call| call.submits_batch_job())) {
        let (field, _) = place.state.parameters();
        for leaf in place.state.leaves().iter().filter(|leaf| leaf.field() == field) {
            bounds(leaf, report);
            if let Some(what) = wants_text(leaf) {
                text(place, leaf, what, report);
            }
        }
    }
}

fn bounds(leaf: &Leaf<'_>, report: &mut Report<'_>) {
    let bounds = BOUNDS.iter().find(|(names, ..)| leaf.names[1..] == **names);
    let Some((&(names, least, most), number)) = bounds.zip(leaf.value.as_u64()) else { return };
    if !(least..=most).contains(&number) {
        let limit = if number < least { format!("at least {least}") } else { format!("at most {most}") };
        let message = format!("{} is {number}, but Batch takes {limit} and refuses the job", names.join("."));
        report.add_unless_refused(&rules::BATCH_LIMIT, &leaf.at, message, format!("write a number from {least} to {most}"));
    }
}

/// What a leaf is, if Batch takes only text there.
fn wants_text(leaf: &Leaf<'_>) -> Option<&'static str> {
    let names: Vec<&str> = leaf.names[1..].iter().map(|name| name.strip_suffix(".$").unwrap_or(name)).collect();
    match names[..] {
        ["ContainerOverrides", "Environment", "Value"] => Some("the value of an environment variable"),
        ["ContainerOverrides", "ResourceRequirements", "Value"] => Some("the value of a resource requirement"),
        ["ContainerOverrides", "Command"] => Some("a word of the command"),
        ["Parameters", _] => Some("a parameter of the job"),
        ["Tags", _] => Some("the value of a tag"),
        ["JobName" | "JobQueue" | "JobDefinition" | "ShareIdentifier"] => Some("this"),
        _ => None,
    }
}

fn text(place: &Place<'_, '_>, leaf: &Leaf<'_>, what: &str, report: &mut Report<'_>) {
    let state = place.state;
    let Some((kind, expression)) = kind_of(place, leaf) else { return };
    let sort = match kind {
        Kind::Number => "a number",
        Kind::Boolean => "a boolean",
        Kind::Item => "passed as it is: a number if the items are numbers",
    };
    let message = format!(
        "'{expression}' is {sort}, but Batch takes {what} as a string only; AWS may fail the task with States.Runtime, which nothing catches"
    );
    let help = match (leaf.value.is_string(), state.is_jsonata) {
        (false, _) => format!("write it in quotes: \"{expression}\""),
        (true, true) => format!("write \"{{% $string({expression}) %}}\""),
        (true, false) => format!("write \"States.Format('{{}}', {expression})\""),
    };
    report.add_unless_refused(&rules::BATCH_VALUE_NOT_STRING, &leaf.at, message, help);
}

/// What sort of value a leaf surely has, and the expression that makes it.
fn kind_of(place: &Place<'_, '_>, leaf: &Leaf<'_>) -> Option<(Kind, String)> {
    match leaf.value {
        Value::Number(number) => return Some((Kind::Number, number.to_string())),
        Value::Bool(value) => return Some((Kind::Boolean, value.to_string())),
        _ => {}
    }
    let text = leaf.value.as_str()?;
    if place.state.is_jsonata {
        let expression = text.strip_prefix("{%")?.strip_suffix("%}")?.trim();
        let input = expression.strip_prefix("$states.input.").and_then(|name| selected(place, name));
        let kind = kinds::of_jsonata(expression).or_else(|| kinds::of_jsonata(input?))?;
        return Some((kind, expression.to_owned())).filter(|_| kind != Kind::Item || may_be_numbers(place));
    }
    if !leaf.is_computed() {
        return None;
    }
    let input = text.strip_prefix("$.").and_then(|name| selected(place, name));
    let kind = kinds::of_path(text).or_else(|| kinds::of_path(input?))?;
    Some((kind, text.to_owned()))
}

/// What the Map's ItemSelector hands to the first state of its processor under this name.
fn selected<'d>(place: &Place<'_, 'd>, name: &str) -> Option<&'d str> {
    let map = place.around.last().filter(|around| around.is("Map"))?;
    let is_first = place.machine.start().is_some_and(|start| start.at == place.state.at);
    let selector = map.get("ItemSelector").or_else(|| map.get("Parameters")).filter(|_| is_first && untouched(place.state))?;
    if map.is_jsonata {
        return Some(selector.get(name)?.as_str()?.strip_prefix("{%")?.strip_suffix("%}")?.trim()).filter(|_| place.state.is_jsonata);
    }
    selector.get(format!("{name}.$"))?.as_str().filter(|_| !place.state.is_jsonata)
}

fn untouched(state: &State<'_>) -> bool {
    state.get("InputPath").is_none_or(|path| path == "$")
}

/// False if the document itself lists the items, and none is a number or a boolean.
fn may_be_numbers(place: &Place<'_, '_>) -> bool {
    let map = place.around.iter().rev().find(|around| around.is("Map"));
    let items = map.and_then(|map| map.get("Items")).and_then(Value::as_array);
    items.is_none_or(|items| items.iter().any(|item| item.is_number() || item.is_boolean()))
}
