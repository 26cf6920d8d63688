//! What AWS refuses when a machine is created: its codes and words, with the place in the text and a way out.

mod help;
mod integrations;
mod location;

use std::collections::BTreeMap;

use serde_json::Value;

use super::machine::{Machine, Place, State};
use super::pointer::Pointer;
use super::report::Report;
use super::source::Source;
use crate::{Definition, MachineType};
use location::Exact;

/// Problems for which a way out is looked for; nobody reads more.
const MOST_HELPED: usize = 50;

/// Notes everything that AWS refuses.
pub(super) fn check(machine: &Machine<'_>, places: &[Place<'_, '_>], report: &mut Report<'_>) {
    let Err(diagnostics) = Definition::read(report.source().text(), MachineType::Standard) else { return };
    let context = Context { machines: machine.machines(), places, source: report.source() };
    let mut endless = context.machines.iter().filter(|machine| is_endless(machine)).map(|machine| machine.at.clone());
    let mut seen = BTreeMap::new();
    for (position, diagnostic) in diagnostics.into_iter().enumerate() {
        let root = report.source().root();
        let around = match &diagnostic.location {
            Some(location) => location::resolve(root, location),
            None if diagnostic.code == "MISSING_END_STATE" => endless.next().unwrap_or_default(),
            None => Pointer::default(),
        };
        if let Some(value) = location::value(root, &around)
            && is_placeholder(value)
        {
            continue;
        }
        let places = seen
            .entry((around.clone(), diagnostic.message.clone()))
            .or_insert_with(|| location::refine(root, &around, &diagnostic.message).into_iter());
        let exact = places.next().unwrap_or(Exact { at: around, key: None });
        let help = if position < MOST_HELPED { help::of(&diagnostic, &exact.at, &context) } else { None };
        let range = match &exact.key {
            Some((object, key)) => report.source().key_range(object, key),
            None => report.source().range(&exact.at),
        };
        report.refuse(&diagnostic.code, &exact.at, range, diagnostic.message, help);
    }
}

/// What a way out is looked for in.
struct Context<'c, 'd> {
    machines: Vec<&'c Machine<'d>>,
    places: &'c [Place<'c, 'd>],
    source: &'c Source<'c>,
}

/// Something like `${FunctionArn}`, which is filled in before AWS sees it.
fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("${"))
}

fn is_endless(machine: &Machine<'_>) -> bool {
    !machine.states.is_empty() && !machine.states.iter().any(State::is_end)
}
