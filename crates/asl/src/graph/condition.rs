//! The condition of a Choice rule as a short sentence.

use serde_json::Value;

use super::text::shortened;

/// Deeper conditions are left out, and so are comparands beyond this length.
const DEEPEST: usize = 32;
const LONGEST: usize = 200;

const ORDERS: [(&str, &str); 5] =
    [("LessThanEquals", "<="), ("GreaterThanEquals", ">="), ("LessThan", "<"), ("GreaterThan", ">"), ("Equals", "==")];

const TYPES: [(&str, &str); 6] = [
    ("IsNull", "null"),
    ("IsPresent", "present"),
    ("IsNumeric", "numeric"),
    ("IsString", "a string"),
    ("IsBoolean", "boolean"),
    ("IsTimestamp", "a timestamp"),
];

/// Such as `$.n > 5 and $.s matches "log-*"`, for JSONPath rules and for JSONata conditions.
pub(super) fn words(rule: &Value) -> String {
    compound(rule, 0).0
}

/// What a JSONata expression says, without its delimiters; anything else as JSON, strings bare.
pub(super) fn bare(value: &Value) -> String {
    let Some(text) = value.as_str() else { return value.to_string() };
    let expression = text.trim().strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
    expression.map_or(text, str::trim).to_owned()
}

/// The words, and whether they need parentheses within others.
fn compound(rule: &Value, depth: usize) -> (String, bool) {
    if depth > DEEPEST {
        return ("…".to_owned(), false);
    }
    let within = |rule: &Value| match compound(rule, depth + 1) {
        (words, true) => format!("({words})"),
        (words, false) => words,
    };
    let joined = |rules: &[Value], word: &str| {
        let all: Vec<String> = rules.iter().map(within).collect();
        (all.join(word), rules.len() > 1)
    };
    if let Some(condition) = rule.get("Condition") {
        return (bare(condition), true);
    }
    if let Some(rules) = rule.get("And").and_then(Value::as_array) {
        return joined(rules, " and ");
    }
    if let Some(rules) = rule.get("Or").and_then(Value::as_array) {
        return joined(rules, " or ");
    }
    if let Some(inner) = rule.get("Not") {
        let (words, _) = compound(inner, depth + 1);
        return (format!("not ({words})"), false);
    }
    (comparison(rule), false)
}

fn comparison(rule: &Value) -> String {
    let variable = rule.get("Variable").map_or_else(|| "?".to_owned(), bare);
    let mut fields = rule.as_object().into_iter().flatten();
    let operator = fields.find(|(field, _)| !matches!(field.as_str(), "Variable" | "Next" | "Comment" | "Assign" | "Output"));
    let Some((operator, with)) = operator else { return variable };
    if let Some((_, kind)) = TYPES.iter().find(|(name, _)| name == operator) {
        let not = if *with == Value::Bool(false) { "not " } else { "" };
        return format!("{variable} is {not}{kind}");
    }
    let path = operator.strip_suffix("Path");
    let with = if path.is_some() { bare(with) } else { with.to_string() };
    let with = shortened(&with, LONGEST);
    if operator == "StringMatches" {
        return format!("{variable} matches {with}");
    }
    let known = ["String", "Numeric", "Timestamp", "Boolean"].iter().find_map(|kind| path.unwrap_or(operator).strip_prefix(kind));
    let sign = known.and_then(|order| ORDERS.iter().find(|(name, _)| *name == order)).map_or(operator.as_str(), |(_, sign)| sign);
    format!("{variable} {sign} {with}")
}
