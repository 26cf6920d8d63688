//! The conditions of `[?(…)]`: comparisons with `== != < <= > >=`, `&&`, `||`, `!` and parentheses.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

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
    pub(super) fn matches(&self, node: &Value, root: &Value) -> bool {
        match self {
            Self::Any(any) => any.iter().any(|inner| inner.matches(node, root)),
            Self::All(all) => all.iter().all(|inner| inner.matches(node, root)),
            Self::Not(inner) => !inner.matches(node, root),
            Self::Exists(operand) => operand.value(node, root).is_some(),
            Self::Compare(left, operator, right) => operator.holds(left.value(node, root).as_deref(), right.value(node, root).as_deref()),
        }
    }
}

impl Operand {
    fn value<'v>(&'v self, node: &'v Value, root: &'v Value) -> Option<Cow<'v, Value>> {
        match self {
            Self::Node(path) => path.find(node).ok(),
            Self::Root(path) => path.find(root).ok(),
            Self::Literal(value) => Some(Cow::Borrowed(value)),
        }
    }
}

impl Operator {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        let order = || compare(left?, right?);
        match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Less => order().is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order().is_some_and(Ordering::is_le),
            Self::Greater => order().is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        }
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
