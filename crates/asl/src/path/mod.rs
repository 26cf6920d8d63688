//! JSONPath in the dialect of Step Functions (Jayway's): what a path is and what it can be asked.

mod budget;
mod evaluate;
mod filter;
mod parse;
mod reference;

use std::fmt;

use filter::Filter;
pub(crate) use reference::{CannotApply, ReferencePath};

/// One way down into a document.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// `.name` or `['name']`.
    Name(Box<str>),
    /// `['a','b']`: an object of those members that exist.
    Names(Box<[Box<str>]>),
    /// `[3]`, or `[-1]` from the end.
    Index(i64),
    /// `[0,2]`.
    Indices(Box<[i64]>),
    /// `[1:3]`: the end is exclusive, both may count from the end.
    Slice(Option<i64>, Option<i64>),
    /// `[*]` or `.*`.
    All,
    /// `..`: this node and everything below it.
    Descend,
    /// `[?(…)]`.
    Filter(Filter),
    /// `.length()`.
    Length,
}

/// A parsed path below `$`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    text: Box<str>,
    steps: Box<[Step]>,
    definite: bool,
}

/// A definite path that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// Why, in Jayway's words.
    pub(crate) reason: String,
}

/// Text that is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a JSONPath, at byte {at}")]
pub(crate) struct NotAPath {
    /// Where the parser gave up.
    pub(crate) at: usize,
}

impl Path {
    /// Whether this is the whole document.
    pub(crate) fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether this is made of names and indices only, and so names one place.
    pub(crate) fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Name(_) | Step::Index(0..)))
    }

    /// The path as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The names that lead down from the root, as long as they are plain names.
    pub(crate) fn leading_names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map_while(|step| if let Step::Name(name) = step { Some(&**name) } else { None })
    }

    /// The same path without its first `count` steps.
    pub(crate) fn without_leading(&self, count: usize) -> Self {
        Self { text: self.text.clone(), steps: self.steps[count.min(self.steps.len())..].into(), definite: self.definite }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
