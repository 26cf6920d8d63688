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
    /// Some runs of another list, each with the index that it has there.
    Picked(Picked),
}

/// Some runs of another list.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    /// Their indexes in the other list, ascending.
    indexes: Vec<usize>,
    items: Vec<Item>,
    /// How many runs the other list has.
    of: usize,
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
            Self::Picked(picked) => picked.items.len(),
        }
    }

    /// How many runs there are, also those that were not picked.
    pub fn whole(&self) -> usize {
        match self {
            Self::Range(_) | Self::Items(_) => self.len(),
            Self::Picked(picked) => picked.of,
        }
    }

    /// Some of these runs, by their places in this list. They keep their indexes.
    ///
    /// # Panics
    /// If a place is not below [`len`](Self::len).
    #[must_use]
    pub fn pick(&self, places: &std::collections::BTreeSet<usize>) -> Self {
        let items = places.iter().map(|place| self.item(*place).into_owned()).collect();
        Self::Picked(Picked { indexes: places.iter().map(|place| self.index(*place)).collect(), items, of: self.whole() })
    }

    /// The index of the run at this place: what the run itself is told.
    ///
    /// # Panics
    /// If `place` is not below [`len`](Self::len) and the list was picked.
    pub fn index(&self, place: usize) -> usize {
        self.indexes().map_or(place, |indexes| indexes[place])
    }

    /// Where the run of this index is, if it is in the list.
    pub fn place(&self, index: usize) -> Option<usize> {
        match self.indexes() {
            Some(indexes) => indexes.binary_search(&index).ok(),
            None => (index < self.len()).then_some(index),
        }
    }

    /// The index of each run, where it is not its place.
    pub fn indexes(&self) -> Option<&[usize]> {
        match self {
            Self::Range(_) | Self::Items(_) => None,
            Self::Picked(picked) => Some(&picked.indexes),
        }
    }

    /// The items, where they are not computed.
    pub fn listed(&self) -> Option<&[Item]> {
        match self {
            Self::Range(_) => None,
            Self::Items(items) | Self::Picked(Picked { items, .. }) => Some(items),
        }
    }

    /// Never true of a list that was parsed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at this place.
    ///
    /// # Panics
    /// If `place` is not below [`len`](Self::len).
    pub fn item(&self, place: usize) -> Cow<'_, Item> {
        match self {
            Self::Range(range) => {
                assert!(place < range.count, "run {place} of {}", range.count);
                Cow::Owned(range.item(place))
            }
            Self::Items(items) | Self::Picked(Picked { items, .. }) => Cow::Borrowed(&items[place]),
        }
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Item>> {
        (0..self.len()).map(|place| self.item(place))
    }

    /// The names of all fields that any item has, in order of first appearance.
    pub fn field_names(&self) -> Vec<String> {
        let Some(items) = self.listed() else { return Vec::new() };
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
