//! The conditions of `[?(…)]`: comparisons with `== != < <= > >=`, `&&`, `||`, `!` and parentheses.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::budget::{Budget, Spent};
use super::parse::Cursor;
use super::{NotAPath, Path};

/// Parentheses within parentheses.
const MAX_NESTING: usize = 32;

/// A condition on one node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Exists(Operand),
    Compare(Operand, Operator, Operand),
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// `@…`: below the node.
    Node(Path),
    /// `$…`: below the document.
    Root(Path),
    Literal(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

pub(super) fn parse(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Filter, NotAPath> {
    if nesting > MAX_NESTING {
        return Err(cursor.error());
    }
    let mut any = vec![conjunction(cursor, nesting)?];
    while accept(cursor, "||") {
        any.push(conjunction(cursor, nesting)?);
    }
    Ok(Filter::Any(any))
}

fn conjunction(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Filter, NotAPath> {
    let mut all = vec![term(cursor, nesting)?];
    while accept(cursor, "&&") {
        all.push(term(cursor, nesting)?);
    }
    Ok(Filter::All(all))
}

fn term(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Filter, NotAPath> {
    cursor.skip_blanks();
    if cursor.eat(b'!') {
        cursor.skip_blanks();
        return Ok(Filter::Not(Box::new(if cursor.eat(b'(') {
            closed(cursor, nesting)?
        } else {
            Filter::Exists(operand(cursor, nesting)?)
        })));
    }
    if cursor.eat(b'(') {
        return closed(cursor, nesting);
    }
    let left = operand(cursor, nesting)?;
    cursor.skip_blanks();
    match operator(cursor) {
        Some(operator) => {
            cursor.skip_blanks();
            Ok(Filter::Compare(left, operator, operand(cursor, nesting)?))
        }
        None => Ok(Filter::Exists(left)),
    }
}

fn closed(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Filter, NotAPath> {
    let inner = parse(cursor, nesting + 1)?;
    cursor.skip_blanks();
    cursor.expect(b')')?;
    Ok(inner)
}

fn accept(cursor: &mut Cursor<'_>, word: &str) -> bool {
    cursor.skip_blanks();
    let found = cursor.rest().starts_with(word);
    cursor.at += if found { word.len() } else { 0 };
    found
}

fn operator(cursor: &mut Cursor<'_>) -> Option<Operator> {
    const OPERATORS: [(&str, Operator); 6] = [
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    OPERATORS.iter().find(|(word, _)| accept(cursor, word)).map(|(_, operator)| *operator)
}

fn operand(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Operand, NotAPath> {
    match cursor.peek() {
        Some(b'@') => {
            cursor.at += 1;
            Path::parse_prefix(cursor, nesting).map(Operand::Node)
        }
        Some(b'$') => {
            cursor.at += 1;
            Path::parse_prefix(cursor, nesting).map(Operand::Root)
        }
        Some(b'\'' | b'"') => cursor.quoted().map(|text| Operand::Literal(text.into())),
        _ => {
            let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
            let literal = serde_json::from_str::<Value>(word).map_err(|_| cursor.error())?;
            Ok(Operand::Literal(literal))
        }
    }
}

impl Filter {
    /// Whether the condition holds for a node.
    pub(super) fn matches(&self, node: &Value, root: &Value, budget: &Budget) -> Result<bool, Spent> {
        budget.visit()?;
        match self {
            Self::Any(any) => first(any, node, root, budget, true),
            Self::All(all) => first(all, node, root, budget, false).map(|found| !found),
            Self::Not(inner) => inner.matches(node, root, budget).map(|held| !held),
            Self::Exists(operand) => operand.value(node, root, budget).map(|value| value.is_some()),
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.value(node, root, budget)?, right.value(node, root, budget)?);
                operator.holds(left.as_deref(), right.as_deref(), budget)
            }
        }
    }
}

/// Whether one of the conditions comes out like this.
fn first(conditions: &[Filter], node: &Value, root: &Value, budget: &Budget, wanted: bool) -> Result<bool, Spent> {
    for condition in conditions {
        if condition.matches(node, root, budget)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Operand {
    /// Its value if it has one.
    fn value<'v>(&'v self, node: &'v Value, root: &'v Value, budget: &Budget) -> Result<Option<Cow<'v, Value>>, Spent> {
        match self {
            Self::Node(path) => path.look(node, root, budget),
            Self::Root(path) => path.look(root, root, budget),
            Self::Literal(value) => Ok(Some(Cow::Borrowed(value))),
        }
    }
}

impl Operator {
    fn holds(self, left: Option<&Value>, right: Option<&Value>, budget: &Budget) -> Result<bool, Spent> {
        if let Some(left) = left {
            budget.copy(left)?;
        }
        let order = || compare(left?, right?);
        Ok(match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Less => order().is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order().is_some_and(Ordering::is_le),
            Self::Greater => order().is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        })
    }
}

fn equal(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => a.as_f64() == b.as_f64(),
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
