//! The run list: one item per run, in order.
//!
//! A range of integers is kept as a range, so that a million numbers cost nothing and a strategy
//! can compute an item from its index instead of carrying it.

mod file;
mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use file::{Format, parse_file};
pub use words::parse_words;

use crate::item::Item;

/// The items of a fan-out, one per run. Never empty.
#[derive(Clone, Debug, PartialEq)]
pub enum RunList {
    /// Consecutive integers.
    Range(Range),
    /// Items of any kind.
    Items(Vec<Item>),
}

/// `first`, `first + step`, …: `count` integers, padded with zeros to `width` digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first integer.
    pub first: i64,
    /// The difference between neighbours, at least 1.
    pub step: i64,
    /// How many.
    pub count: usize,
    /// 0: no padding, items are numbers. Otherwise items are strings of at least this many digits.
    pub width: usize,
}

impl Range {
    fn item(self, index: usize) -> Item {
        let number = self.first + self.step * index as i64;
        if self.width == 0 {
            Item::new(Value::from(number))
        } else {
            Item::new(Value::from(format!("{number:0width$}", width = self.width)))
        }
    }
}

impl RunList {
    /// How many runs.
    pub fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.count,
            Self::Items(items) => items.len(),
        }
    }

    /// Never true of a list that was parsed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of one run, by index from 0.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    pub fn item(&self, index: usize) -> Cow<'_, Item> {
        match self {
            Self::Range(range) => {
                assert!(index < range.count, "run {index} of {}", range.count);
                Cow::Owned(range.item(index))
            }
            Self::Items(items) => Cow::Borrowed(&items[index]),
        }
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Item>> {
        (0..self.len()).map(|index| self.item(index))
    }

    /// The names of all fields that any item has, in order of first appearance.
    pub fn field_names(&self) -> Vec<String> {
        let Self::Items(items) = self else { return Vec::new() };
        let mut names: Vec<String> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for name in items.iter().flat_map(Item::field_names) {
            if seen.insert(name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// No list yet.
impl Default for RunList {
    fn default() -> Self {
        Self::Items(Vec::new())
    }
}

/// A run list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunListError {
    /// Nothing to run.
    #[error("{origin} holds no items: there is nothing to run")]
    Empty {
        /// Where the list came from.
        origin: String,
    },
    /// A word of `--items` that means nothing.
    #[error("--items: {word:?} (character {column}): {problem}")]
    Word {
        /// The word as typed.
        word: String,
        /// Its first character, from 1.
        column: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A place in a file that means nothing.
    #[error("{origin}:{line}:{column}: {problem}")]
    Syntax {
        /// The file.
        origin: String,
        /// From 1.
        line: u64,
        /// From 1.
        column: u64,
        /// What is wrong there.
        problem: String,
    },
}
