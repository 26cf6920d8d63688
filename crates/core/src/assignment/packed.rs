//! Items packed into one job's command, for the children of an array.
//!
//! Each run has the same number of words (columns). A word begins with a dot: Batch refuses empty
//! words, and one that begins with `Ref::` would be taken for a parameter.

use super::{Assignment, ITEM};
use crate::item::Item;
use crate::run_list::{Range, RunList};

/// Some consecutive items, as an array's children find them.
#[derive(Clone, Debug, PartialEq)]
pub enum Pack {
    /// Computed from the index.
    Range(Range),
    /// Looked up by the index.
    Words {
        /// Words per item.
        columns: usize,
        /// How an item's JSON is found.
        json: JsonForm,
        /// Whether the last column holds the run's index, because it does not follow from the child's.
        indexed: bool,
        /// All words.
        words: Vec<String>,
    },
}

/// How an item's JSON is found beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonForm {
    /// It is the text: numbers, objects.
    Text,
    /// It is the text in quotes: strings in which nothing is escaped.
    Quoted,
    /// It has a column of its own.
    Column,
}

impl JsonForm {
    /// The form that suits all `runs`.
    pub fn of(runs: &RunList) -> Self {
        let Some(items) = runs.listed() else { return Self::Text };
        let same = |item: &Item| item.text() == item.json();
        let quoted = |item: &Item| item.value().is_string() && item.json().len() == item.text().len() + 2;
        if items.iter().all(same) {
            Self::Text
        } else if items.iter().all(quoted) {
            Self::Quoted
        } else {
            Self::Column
        }
    }
}

impl Pack {
    /// Packs the runs `first..first + count`.
    pub fn of(assignment: &Assignment, runs: &RunList, json: JsonForm, first: usize, count: usize) -> Self {
        match runs {
            RunList::Range(range) => Self::Range(Range { first: range.first + range.step * first as i64, count, ..*range }),
            RunList::Items(items) => {
                let words = items[first..first + count].iter().flat_map(|item| words(assignment, json, item)).collect();
                Self::Words { columns: columns(assignment, json), json, indexed: false, words }
            }
            RunList::Picked(_) => {
                let places = first..first + count;
                let words = places.flat_map(|place| {
                    let index = format!(".{}", runs.index(place));
                    words(assignment, json, &runs.item(place)).into_iter().chain([index])
                });
                Self::Words { columns: columns(assignment, json) + 1, json, indexed: true, words: words.collect() }
            }
        }
    }

    /// The shell's way to an item's JSON once its text is in `env_name`.
    pub(super) fn shell_item(&self, env_name: &str) -> String {
        match self {
            Self::Words { json: JsonForm::Quoted, .. } => format!("export {ITEM}=\"\\\"${env_name}\\\"\""),
            Self::Words { json: JsonForm::Column, .. } => format!("export {ITEM}=\"${{2#.}}\""),
            Self::Words { json: JsonForm::Text, .. } | Self::Range(_) => format!("export {ITEM}=\"${env_name}\""),
        }
    }

    /// The first column that holds a field, from 1.
    pub(super) fn first_field_column(&self) -> usize {
        if matches!(self, Self::Words { json: JsonForm::Column, .. }) { 3 } else { 2 }
    }
}

/// The words of one item.
fn words(assignment: &Assignment, json: JsonForm, item: &Item) -> Vec<String> {
    let mut words = vec![format!(".{}", item.text())];
    if json == JsonForm::Column {
        words.push(format!(".{}", item.json()));
    }
    words.extend(assignment.fields().iter().map(|field| format!(".{}", item.field(&field.name))));
    words
}

fn columns(assignment: &Assignment, json: JsonForm) -> usize {
    1 + usize::from(json == JsonForm::Column) + assignment.fields().len()
}
