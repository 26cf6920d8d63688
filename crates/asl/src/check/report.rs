//! Findings as they are collected, and where they stand.

use std::collections::BTreeSet;
use std::ops::Range;

use super::finding::{Finding, Severity, Span};
use super::pointer::Pointer;
use super::rules::Rule;
use super::source::Source;

/// The findings so far.
#[derive(Debug)]
pub(super) struct Report<'s> {
    source: &'s Source<'s>,
    found: Vec<Finding>,
    refused: BTreeSet<String>,
}

impl<'s> Report<'s> {
    pub(super) fn new(source: &'s Source<'s>) -> Self {
        Self { source, found: Vec::new(), refused: BTreeSet::new() }
    }

    pub(super) fn source(&self) -> &'s Source<'s> {
        self.source
    }

    /// Something that a rule found.
    pub(super) fn add(&mut self, rule: &Rule, at: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        self.add_range(rule, at, self.source.range(at), message.into(), Some(help.into()));
    }

    /// Something about a value that AWS may have refused already: then nothing is added.
    pub(super) fn add_unless_refused(&mut self, rule: &Rule, at: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        if !self.refused.contains(at.as_str()) {
            self.add(rule, at, message, help);
        }
    }

    /// Something that a rule found about the name of a member.
    pub(super) fn add_key(&mut self, rule: &Rule, object: &Pointer, key: &str, message: String, help: impl Into<String>) {
        let range = self.source.key_range(object, key);
        self.add_range(rule, &object.key(key), range, message, Some(help.into()));
    }

    /// Something with a place in the text of its own.
    pub(super) fn add_range(&mut self, rule: &Rule, at: &Pointer, range: Range<usize>, message: String, help: Option<String>) {
        self.push(rule.severity, rule.code, at, range, message, help);
    }

    /// Something that AWS refuses, in its words.
    pub(super) fn refuse(&mut self, code: &str, at: &Pointer, range: Range<usize>, message: String, help: Option<String>) {
        self.refused.insert(at.as_str().to_owned());
        self.push(Severity::Error, code, at, range, message, help);
    }

    fn push(&mut self, severity: Severity, code: &str, at: &Pointer, range: Range<usize>, message: String, help: Option<String>) {
        let span = Span { start: range.start, end: range.end, ..Span::default() };
        self.found.push(Finding { severity, code: code.into(), message, pointer: at.as_str().into(), span, help });
    }

    /// All of them in the order of the text, with lines and columns.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.found.sort_by(|one, other| {
            (one.span.start, other.severity, &one.code, &one.message).cmp(&(other.span.start, one.severity, &other.code, &other.message))
        });
        self.found.dedup();
        let mut cursor = Cursor { text: self.source.text(), at: 0, line: 1, column: 1 };
        for finding in &mut self.found {
            finding.span = cursor.span(finding.span.start..finding.span.end);
        }
        self.found
    }
}

/// Counts lines and columns, going forward only: one pass for all findings.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Cursor<'_> {
    /// The place of a range that does not begin before the last one.
    pub(super) fn span(&mut self, range: Range<usize>) -> Span {
        for c in self.text[self.at..range.start].chars() {
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at = range.start;
        let end_column = self.column + self.text[range.clone()].chars().count();
        Span { start: range.start, end: range.end, line: self.line, column: self.column, end_column }
    }
}
