//! Choices without a Default, unless their rules leave nothing out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::machine::Place;
use super::report::Report;
use super::rules;

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;

/// Orders by the ends of their operators' names; longer ends first.
const ORDERS: [(&str, u8); 5] = [
    ("LessThanEquals", LESS | EQUAL),
    ("GreaterThanEquals", GREATER | EQUAL),
    ("LessThan", LESS),
    ("GreaterThan", GREATER),
    ("Equals", EQUAL),
];

/// Notes Choices that may choose nothing.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for state in places.iter().map(|place| place.state).filter(|state| state.is("Choice") && !state.has("Default")) {
        let rules: Vec<&Value> = state.list("Choices").map(|(_, rule)| rule).collect();
        if rules.is_empty() || leaves_nothing_out(&rules) {
            continue;
        }
        let which = if rules.len() == 1 { "its rule does not match".into() } else { format!("none of its {} rules matches", rules.len()) };
        let message = format!("'{}' has no Default: if {which}, the execution fails with States.NoChoiceMatched", state.name);
        let help = "add \"Default\", to a Fail state that says what was unexpected if there is nothing else to do";
        report.add(&rules::CHOICE_WITHOUT_DEFAULT, &state.at, message, help);
    }
}

fn leaves_nothing_out(rules: &[&Value]) -> bool {
    let mut orders: BTreeMap<String, u8> = BTreeMap::new();
    let mut plain: Vec<String> = Vec::new();
    for rule in rules.iter().filter_map(|rule| rule.as_object()) {
        if let Some(condition) = rule.get("Condition").and_then(Value::as_str) {
            let inner = condition.trim_start_matches("{%").trim_end_matches("%}").trim();
            if inner == "true" {
                return true;
            }
            plain.push(inner.to_owned());
            continue;
        }
        let test = test(rule);
        plain.push(Value::Object(test.clone()).to_string());
        for (subject, order) in order(&test) {
            *orders.entry(subject).or_default() |= order;
        }
    }
    orders.values().any(|orders| *orders == LESS | EQUAL | GREATER) || plain.iter().any(|one| plain.iter().any(|other| is_not(one, other)))
}

/// A rule without what happens when it matches, its members in order.
fn test(rule: &Map<String, Value>) -> Map<String, Value> {
    let mut members: Vec<_> = rule.iter().filter(|(name, _)| !matches!(name.as_str(), "Next" | "Comment" | "Assign" | "Output")).collect();
    members.sort_by_key(|(name, _)| *name);
    members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(test(members)),
        other => other.clone(),
    }
}

/// What is compared with what, and which outcomes match.
fn order(test: &Map<String, Value>) -> Vec<(String, u8)> {
    let variable = test.get("Variable").and_then(Value::as_str).unwrap_or_default();
    let mut orders = Vec::new();
    for (operator, value) in test {
        let (name, path) = operator.strip_suffix("Path").map_or((operator.as_str(), ""), |name| (name, "Path"));
        let of_type = |kind: &&str| name.starts_with(kind);
        if let Some(kind) = ["String", "Numeric", "Timestamp"].iter().find(|kind| of_type(kind))
            && let Some((_, order)) = ORDERS.iter().find(|(end, _)| name[kind.len()..] == **end)
        {
            orders.push((format!("{variable} {kind}{path} {value}"), *order));
        }
        if (operator.starts_with("Is") || operator == "BooleanEquals") && value.is_boolean() {
            let order = if value == &Value::Bool(true) { LESS | EQUAL } else { GREATER };
            orders.push((format!("{variable} {operator}"), order));
        }
    }
    orders
}

/// Whether one test is the other's contrary by its form.
fn is_not(one: &str, other: &str) -> bool {
    *one == format!("{{\"Not\":{other}}}") || *one == format!("$not({other})")
}
