//! Integrations that do not exist, and tokens that nobody gets.

use serde_json::Value;

use super::call::Pattern;
use super::machine::{Leaf, Place, State};
use super::report::Report;
use super::rules;

/// Notes what tasks lack.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for place in places {
        let Some(call) = place.state.call() else { continue };
        let state = place.state;
        if !call.exists() {
            continue;
        }
        if call.pattern == Pattern::Token && !passes_token(state) {
            let (field, _) = state.parameters();
            let at = if state.has(field) { state.at.key(field) } else { state.at.clone() };
            let message =
                format!("'{}' waits for its task token, but its {field} give the token to nobody: nothing can answer", state.name);
            let token = if state.is_jsonata { "\"{% $states.context.Task.Token %}\"" } else { "\"TaskToken.$\": \"$$.Task.Token\"" };
            report.add(&rules::CALLBACK_WITHOUT_TOKEN, &at, message, format!("pass it on: {token}"));
        }
    }
}

/// Whether the parameters hold the token, or something that may hold it.
fn passes_token(state: &State<'_>) -> bool {
    let (field, _) = state.parameters();
    let holds = |leaf: &Leaf<'_>| {
        let text = leaf.value.as_str().unwrap_or_default();
        if state.is_jsonata { expression_may_hold_token(text) } else { text == "$$" || text.contains("$$") && text.contains("Task") }
    };
    // All of the parameters may be one expression that names something else.
    let is_opaque = state.get(field).is_some_and(Value::is_string);
    is_opaque || state.leaves().iter().filter(|leaf| leaf.field() == field).any(holds)
}

fn expression_may_hold_token(text: &str) -> bool {
    const HARMLESS: [&str; 6] = [".input", ".result", ".errorOutput", ".context.Execution", ".context.State", ".context.Map"];
    text.split("$states").skip(1).any(|rest| !HARMLESS.iter().any(|harmless| rest.starts_with(harmless)))
}
