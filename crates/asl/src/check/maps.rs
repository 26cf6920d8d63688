//! Maps: how many iterations run at once, and where their item is read.

use serde_json::Value;

use super::machine::{Leaf, Place};
use super::report::Report;
use super::rules;
use crate::INLINE_MAP_CONCURRENCY;

/// Elements that States.ArrayRange makes (Developer Guide, intrinsic functions).
const RANGE: i64 = 1_000;

/// Notes what Maps get wrong.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for place in places {
        concurrency(place, report);
        for leaf in place.state.leaves() {
            let Some(text) = leaf.value.as_str() else { continue };
            item(place, &leaf, text, report);
            range(&leaf, text, report);
        }
    }
}

fn concurrency(place: &Place<'_, '_>, report: &mut Report<'_>) {
    let state = place.state;
    let asked = state.get("MaxConcurrency").and_then(Value::as_u64).filter(|_| state.is("Map") && !state.is_distributed_map());
    if let Some(asked) = asked.filter(|asked| *asked > INLINE_MAP_CONCURRENCY as u64) {
        let message = format!("{asked} iterations at one time are asked for; an inline Map runs about {INLINE_MAP_CONCURRENCY}");
        let help = "for more, set \"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", …}: up to 10000 child executions at one time";
        report.add_unless_refused(&rules::MAP_CONCURRENCY_LIMIT, &state.at.key("MaxConcurrency"), message, help);
    }
}

fn item(place: &Place<'_, '_>, leaf: &Leaf<'_>, text: &str, report: &mut Report<'_>) {
    let state = place.state;
    let name = if state.is_jsonata { "$states.context.Map.Item" } else { "$$.Map.Item" };
    let computed = if state.is_jsonata { text.contains("{%") } else { leaf.is_computed() };
    let selects = state.is("Map") && matches!(leaf.field(), "ItemSelector" | "Parameters");
    if !computed || selects || !text.contains(name) {
        return;
    }
    if place.around.iter().any(|around| around.is("Map")) {
        let message = format!("'{name}' is read inside the Map's states, but AWS documents it for the Map's ItemSelector only");
        let example =
            if state.is_jsonata { "\"item\": \"{% $states.context.Map.Item.Value %}\"" } else { "\"item.$\": \"$$.Map.Item.Value\"" };
        report.add(&rules::MAP_ITEM_IN_STATES, &leaf.at, message, format!("hand it in by \"ItemSelector\": {{{example}}}"));
    } else {
        let message = format!("'{name}' is read where no Map is: there is no such thing, and the execution fails");
        report.add(&rules::MAP_ITEM_OUTSIDE_MAP, &leaf.at, message, "read it in the ItemSelector of a Map state");
    }
}

/// A range that is too long by its own numbers.
fn range(leaf: &Leaf<'_>, text: &str, report: &mut Report<'_>) {
    if !leaf.is_computed() {
        return;
    }
    for (_, rest) in text.match_indices("States.ArrayRange(").map(|(at, call)| text.split_at(at + call.len())) {
        let arguments = rest.split_once(')').map_or(rest, |(arguments, _)| arguments);
        let numbers: Option<Vec<i64>> = arguments.split(',').map(|number| number.trim().parse().ok()).collect();
        let Some([first, last, step]) = numbers.as_deref() else { continue };
        let count = match last.checked_sub(*first).and_then(|length| length.checked_div(*step)) {
            Some(steps @ 0..) => steps.saturating_add(1),
            _ => continue,
        };
        if count > RANGE {
            let message = format!("this range has {count} elements; States.ArrayRange makes {RANGE} at most and fails");
            report.add(&rules::ARRAY_RANGE_LIMIT, &leaf.at, message, "join several ranges, or pass the numbers in");
        }
    }
}
