//! The Choice state as it is written.

use jiff::Timestamp;
use serde_json::Value;

use super::StateId;
use super::fields::{Fields, Given};
use super::flow::{self, Leaving};
use super::graph::Machine;
use super::problems::Problems;
use super::timestamp;
use crate::expression::Expression;
use crate::jsonata::Known;

/// What only a Choice has.
pub(super) const FIELDS: [&str; 2] = ["Choices", "Default"];

/// A Choice's own part.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) rules: Vec<Alternative>,
    pub(crate) default: Option<StateId>,
}

/// A rule and what follows from it.
#[derive(Debug)]
pub(crate) struct Alternative {
    pub(crate) rule: Rule,
    pub(crate) leaving: Leaving,
    pub(crate) next: StateId,
}

/// A condition.
#[derive(Debug)]
pub(crate) enum Rule {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Test {
        variable: Expression,
        test: Test,
    },
    /// JSONata's `Condition`.
    Condition(Given<bool>),
}

/// What a variable is tested for.
#[derive(Debug)]
pub(crate) enum Test {
    Text(Order, Comparand<Box<str>>),
    Number(Order, Comparand<f64>),
    Time(Order, Comparand<Timestamp>),
    Boolean(Comparand<bool>),
    /// A pattern with `*`.
    Matches(Box<str>),
    Is(Type, bool),
}

/// What a variable is compared with.
#[derive(Debug)]
pub(crate) enum Comparand<T> {
    Fixed(T),
    Path(Expression),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// What a variable may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Present,
    Numeric,
    String,
    Boolean,
    Timestamp,
}

const ORDERS: [(&str, Order); 5] = [
    ("Equals", Order::Equals),
    ("LessThan", Order::LessThan),
    ("GreaterThan", Order::GreaterThan),
    ("LessThanEquals", Order::LessThanEquals),
    ("GreaterThanEquals", Order::GreaterThanEquals),
];

const TYPES: [(&str, Type); 6] = [
    ("IsNull", Type::Null),
    ("IsPresent", Type::Present),
    ("IsNumeric", Type::Numeric),
    ("IsString", Type::String),
    ("IsBoolean", Type::Boolean),
    ("IsTimestamp", Type::Timestamp),
];

/// Reads a Choice.
pub(super) fn read<'d>(fields: &Fields<'d>, machine: &mut Machine<'d>, problems: &mut Problems) -> Option<Choice> {
    fields.require(&["Choices"], problems);
    let default = fields.string("Default", problems).and_then(|name| machine.target(name, fields.location("Default")));
    let choices = fields.array("Choices", problems)?;
    if choices.is_empty() {
        problems.schema(&fields.location("Choices"), "Value cannot be empty");
    }
    let mut rules = Vec::new();
    for (position, choice) in choices.iter().enumerate() {
        let Some(choice) = fields.element("Choices", position, choice, problems) else {
            continue;
        };
        choice.require(&["Next"], problems);
        let next = choice.string("Next", problems).and_then(|name| machine.target(name, choice.location("Next")));
        let leaving = flow::leaving(&choice, Known::Neither, problems);
        let rule = if choice.is_jsonata() { condition(&choice, problems) } else { rule(&choice, true, problems) };
        if let (Some(rule), Some(next)) = (rule, next) {
            rules.push(Alternative { rule, leaving, next });
        }
    }
    Some(Choice { rules, default })
}

fn condition(fields: &Fields<'_>, problems: &mut Problems) -> Option<Rule> {
    fields.allow_only(&[&["Condition", "Next", "Comment", "Assign", "Output"]], problems);
    fields.require(&["Condition"], problems);
    let boolean = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.boolean(name, problems);
    fields.given(["Condition", "Condition"], problems, boolean).map(Rule::Condition)
}

fn rule(fields: &Fields<'_>, outermost: bool, problems: &mut Problems) -> Option<Rule> {
    let around: &[&str] = if outermost { &["Next", "Assign"] } else { &[] };
    if !outermost && fields.has("Next") {
        problems.unsupported_field(fields.at(), "Next");
    }
    for field in ["Condition", "Output", "Assign"] {
        if fields.has(field) && !around.contains(&field) {
            problems.unsupported_field(fields.at(), field);
            return None;
        }
    }
    let mut operators = fields.object.keys().filter(|key| !matches!(key.as_str(), "Next" | "Comment" | "Variable" | "Assign"));
    let Some(operator) = operators.next() else {
        problems.schema(fields.at(), "A choice rule needs a comparison");
        return None;
    };
    if operators.next().is_some() {
        problems.schema(fields.at(), "Each choice rule can only have one comparison");
        return None;
    }
    match operator.as_str() {
        "And" => rules(fields, "And", problems).map(Rule::All),
        "Or" => rules(fields, "Or", problems).map(Rule::Any),
        "Not" => rule(&fields.object("Not", problems)?, false, problems).map(|inner| Rule::Not(Box::new(inner))),
        operator => {
            fields.require(&["Variable"], problems);
            let variable = fields.path("Variable", problems);
            let test = test(fields, operator, problems);
            Some(Rule::Test { variable: variable?, test: test? })
        }
    }
}

fn rules(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Option<Vec<Rule>> {
    let list = fields.array(field, problems)?;
    if list.is_empty() {
        problems.schema(&fields.location(field), "Value cannot be empty");
        return None;
    }
    let mut rules = Vec::new();
    for (position, element) in list.iter().enumerate() {
        let element = fields.element(field, position, element, problems);
        rules.extend(element.and_then(|element| rule(&element, false, problems)));
    }
    Some(rules)
}

fn test(fields: &Fields<'_>, operator: &str, problems: &mut Problems) -> Option<Test> {
    if let Some((_, kind)) = TYPES.iter().find(|(name, _)| *name == operator) {
        return fields.boolean(operator, problems).map(|expected| Test::Is(*kind, expected));
    }
    if operator == "StringMatches" {
        return fields.string(operator, problems).map(|pattern| Test::Matches(pattern.into()));
    }
    let (kind, rest) = ["String", "Numeric", "Timestamp", "Boolean"]
        .iter()
        .find_map(|kind| Some((*kind, operator.strip_prefix(kind)?)))
        .unwrap_or_default();
    let order = rest.strip_suffix("Path").unwrap_or(rest);
    let order = ORDERS.iter().find(|(name, _)| *name == order).map(|(_, order)| *order);
    match (kind, order) {
        ("String", Some(order)) => comparand(fields, operator, "String", problems, text).map(|with| Test::Text(order, with)),
        ("Numeric", Some(order)) => comparand(fields, operator, "Number", problems, Value::as_f64).map(|with| Test::Number(order, with)),
        ("Timestamp", Some(order)) => comparand(fields, operator, "Timestamp", problems, time).map(|with| Test::Time(order, with)),
        ("Boolean", Some(Order::Equals)) => comparand(fields, operator, "Boolean", problems, Value::as_bool).map(Test::Boolean),
        _ => {
            problems.unsupported_field(fields.at(), operator);
            None
        }
    }
}

fn comparand<T>(
    fields: &Fields<'_>,
    operator: &str,
    what: &str,
    problems: &mut Problems,
    read: fn(&Value) -> Option<T>,
) -> Option<Comparand<T>> {
    if operator.ends_with("Path") {
        return fields.path(operator, problems).map(Comparand::Path);
    }
    let fixed = fields.get(operator).and_then(read);
    if fixed.is_none() {
        if what == "Timestamp" {
            problems.schema(&fields.location(operator), "String does not match RFC3339 timestamp");
        } else {
            problems.expected(&fields.location(operator), what);
        }
    }
    fixed.map(Comparand::Fixed)
}

fn text(value: &Value) -> Option<Box<str>> {
    value.as_str().map(Into::into)
}

fn time(value: &Value) -> Option<Timestamp> {
    timestamp::parse(value.as_str()?)
}
