//! Text to path.

use std::collections::BTreeSet;

use super::filter::{self, Filter};
use super::{NotAPath, Path, Step};

/// Filters within filters.
const MAX_NESTING: usize = 16;
/// `..` in one path: each multiplies what is found.
const MAX_DESCENTS: usize = 3;

impl Path {
    /// Reads a path that begins with `$`, such as `$.a['b'][0]`.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAPath> {
        let mut cursor = Cursor::new(text);
        cursor.expect(b'$')?;
        let steps = steps(&mut cursor, 0)?;
        if !cursor.at_end() {
            return Err(cursor.error());
        }
        Ok(Self::new(text, steps))
    }

    fn new(text: &str, steps: Vec<Step>) -> Self {
        let definite = definite(&steps);
        Self { text: text.into(), steps: steps.into(), definite }
    }

    /// Reads the longest path that begins at `*at`, behind its `$`, and moves `*at` behind it.
    pub(super) fn parse_prefix(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Self, NotAPath> {
        let start = cursor.at;
        let steps = steps(cursor, nesting)?;
        Ok(Self::new(&cursor.text[start..cursor.at], steps))
    }
}

fn definite(steps: &[Step]) -> bool {
    steps.iter().enumerate().all(|(position, step)| match step {
        Step::Name(_) | Step::Index(_) | Step::Length => true,
        Step::Names(_) => position + 1 == steps.len(),
        Step::Indices(_) | Step::Slice(..) | Step::All | Step::Descend | Step::Filter(_) => false,
    })
}

fn steps(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Vec<Step>, NotAPath> {
    let mut steps = Vec::new();
    loop {
        match cursor.peek() {
            Some(b'.') => {
                cursor.at += 1;
                if cursor.eat(b'.') {
                    if steps.iter().filter(|step| **step == Step::Descend).count() == MAX_DESCENTS {
                        return Err(cursor.error());
                    }
                    steps.push(Step::Descend);
                }
                steps.push(after_dot(cursor, nesting)?);
            }
            Some(b'[') => steps.push(bracket(cursor, nesting)?),
            _ => return Ok(steps),
        }
    }
}

fn after_dot(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Step, NotAPath> {
    match cursor.peek() {
        Some(b'[') => bracket(cursor, nesting),
        Some(b'*') => {
            cursor.at += 1;
            Ok(Step::All)
        }
        _ => {
            let in_filter = nesting > 0;
            let ends = |c| match c {
                '=' | '!' | '<' | '>' | '&' | '|' => in_filter,
                _ => matches!(c, '.' | '[' | ']' | '(' | ')' | ',' | '\'' | '"' | ' ' | '\t' | '\n' | '\r'),
            };
            let name = cursor.take_while(|c| !ends(c));
            if name.is_empty() || name.starts_with('$') {
                return Err(cursor.error());
            }
            if name == "length" && cursor.rest().starts_with("()") {
                cursor.at += 2;
                return Ok(Step::Length);
            }
            Ok(Step::Name(name.into()))
        }
    }
}

fn bracket(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Step, NotAPath> {
    cursor.expect(b'[')?;
    cursor.skip_blanks();
    let step = match cursor.peek() {
        Some(b'\'' | b'"') => names(cursor)?,
        Some(b'*') => {
            cursor.at += 1;
            Step::All
        }
        Some(b'?') if nesting < MAX_NESTING => {
            cursor.at += 1;
            cursor.skip_blanks();
            Step::Filter(filter_in_parentheses(cursor, nesting)?)
        }
        _ => numbers(cursor)?,
    };
    cursor.skip_blanks();
    cursor.expect(b']')?;
    Ok(step)
}

fn filter_in_parentheses(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Filter, NotAPath> {
    cursor.expect(b'(')?;
    let filter = filter::parse(cursor, nesting + 1)?;
    cursor.skip_blanks();
    cursor.expect(b')')?;
    Ok(filter)
}

fn names(cursor: &mut Cursor<'_>) -> Result<Step, NotAPath> {
    let first = cursor.quoted()?;
    let (mut names, mut seen, mut alone) = (vec![first.into()], BTreeSet::from([first]), true);
    loop {
        cursor.skip_blanks();
        if !cursor.eat(b',') {
            break;
        }
        cursor.skip_blanks();
        alone = false;
        let name = cursor.quoted()?;
        if seen.insert(name) {
            names.push(name.into());
        }
    }
    Ok(if alone { Step::Name(names.remove(0)) } else { Step::Names(names.into()) })
}

fn numbers(cursor: &mut Cursor<'_>) -> Result<Step, NotAPath> {
    let first = cursor.integer()?;
    cursor.skip_blanks();
    if cursor.eat(b':') {
        cursor.skip_blanks();
        return Ok(Step::Slice(first, cursor.integer()?));
    }
    let mut indices = vec![first.ok_or_else(|| cursor.error())?];
    while cursor.eat(b',') {
        cursor.skip_blanks();
        indices.push(cursor.integer()?.ok_or_else(|| cursor.error())?);
        cursor.skip_blanks();
    }
    Ok(if indices.len() == 1 { Step::Index(indices[0]) } else { Step::Indices(indices.into()) })
}

/// A place in a text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn error(&self) -> NotAPath {
        NotAPath { at: self.at }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), NotAPath> {
        if self.eat(byte) { Ok(()) } else { Err(self.error()) }
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    }

    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A quoted name. A backslash keeps the next character from ending it and stays in the name, as AWS recorded it.
    pub(super) fn quoted(&mut self) -> Result<&'t str, NotAPath> {
        let quote = self.peek().filter(|byte| matches!(byte, b'\'' | b'"')).ok_or_else(|| self.error())?;
        let rest = &self.rest()[1..];
        let mut escaped = false;
        for (position, byte) in rest.bytes().enumerate() {
            if !escaped && byte == quote {
                self.at += position + 2;
                return Ok(&rest[..position]);
            }
            escaped = !escaped && byte == b'\\';
        }
        Err(self.error())
    }

    fn integer(&mut self) -> Result<Option<i64>, NotAPath> {
        let digits = self.take_while(|c| c == '-' || c.is_ascii_digit());
        if digits.is_empty() {
            return Ok(None);
        }
        digits.parse().map(Some).map_err(|_| self.error())
    }
}
