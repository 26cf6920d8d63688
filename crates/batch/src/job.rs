//! What a client submitted: a plain job, an array or a job of several nodes, and what all its units share.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use uuid::Uuid;

use crate::api::{ContainerOverrides, JobDependency, NodeOverrides, RetryStrategy};
use crate::array::Array;
use crate::definition::Definition;
use crate::gang::Gang;
use crate::keyed::{JobKey, QueueKey, UnitKey};
use crate::names::{Part, uuid_text};
use crate::size::Size;
use crate::unit::Cause;

/// A plain job or an array.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    pub(crate) created_at: i64,
    pub(crate) queue: QueueKey,
    /// Its place in the queue's list of shares.
    pub(crate) share: u16,
    /// Its unit, behind which its nodes lie if it has any; or the first of its children, side by side.
    pub(crate) first: UnitKey,
    /// Whole jobs it waits for that have not settled.
    pub(crate) gates: u8,
    /// Its time is over: nobody can find it any more.
    pub(crate) is_forgotten: bool,
    pub(crate) spec: Box<Spec>,
    pub(crate) array: Option<Box<Array>>,
    pub(crate) gang: Option<Box<Gang>>,
    /// Who waits for it; `None` for nearly all.
    pub(crate) links: Option<Box<Links>>,
}

/// What was submitted.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) name: Box<str>,
    pub(crate) definition: Arc<Definition>,
    pub(crate) size: Size,
    pub(crate) attempts: u8,
    /// Why it can never start, though it was accepted.
    pub(crate) flaw: Option<Cause>,
    /// Of its scheduling priority within its share: the less, the sooner.
    pub(crate) rank: u16,
    pub(crate) timeout_seconds: Option<i32>,
    /// Where the submission has its own.
    pub(crate) retry: Option<Box<RetryStrategy>>,
    pub(crate) overrides: Option<Box<ContainerOverrides>>,
    pub(crate) rare: Option<Box<Rare>>,
}

/// What most submissions do not have.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rare {
    pub(crate) propagate_tags: Option<bool>,
    pub(crate) scheduling_priority: Option<i32>,
    pub(crate) share_identifier: Option<Arc<str>>,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) depends_on: Vec<JobDependency>,
    pub(crate) node_overrides: Option<Box<NodeOverrides>>,
}

impl Spec {
    /// The strategy that decides: the submission's or else the definition's.
    pub(crate) fn retry(&self) -> Option<&RetryStrategy> {
        self.retry.as_deref().or(self.definition.registered.retry_strategy.as_ref())
    }

    pub(crate) fn share_identifier(&self) -> Option<&str> {
        self.rare.as_ref().and_then(|rare| rare.share_identifier.as_deref())
    }

    /// The submission's own tags.
    pub(crate) fn tags(&self) -> Option<&BTreeMap<String, String>> {
        self.rare.as_ref().map(|rare| &rare.tags)
    }

    /// The definition's parameters, replaced or followed by the submission's.
    pub(crate) fn parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.definition.registered.parameters.clone();
        parameters.extend(self.rare.iter().flat_map(|rare| rare.parameters.clone()));
        parameters
    }

    /// One parameter, the submission's before the definition's.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let own = self.rare.as_ref().and_then(|rare| rare.parameters.get(name));
        own.or_else(|| self.definition.registered.parameters.get(name)).map(String::as_str)
    }
}

/// The jobs that wait for a job.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// For all of it.
    pub(crate) whole: Vec<JobKey>,
    /// Child for child.
    pub(crate) paired: Vec<JobKey>,
}

impl Job {
    /// How many units wait for their turns.
    pub(crate) fn len(&self) -> u32 {
        self.array.as_ref().map_or(1, |array| array.size)
    }

    /// The units that wait for their turns: not the nodes.
    pub(crate) fn units(&self) -> impl Iterator<Item = UnitKey> + use<> {
        let Range { start, end } = self.first.0..self.first.0 + self.len();
        (start..end).map(UnitKey)
    }

    /// The child with this index; for a plain job only `None` is right.
    pub(crate) fn unit(&self, index: Option<u32>) -> Option<UnitKey> {
        match (index, &self.array) {
            (None, None) => Some(self.first),
            (Some(index), Some(array)) if index < array.size => Some(UnitKey(self.first.0 + index)),
            _ => None,
        }
    }

    /// Which child a unit is.
    pub(crate) fn index(&self, unit: UnitKey) -> Option<u32> {
        self.array.as_ref().map(|_| unit.0 - self.first.0)
    }

    /// The id of a unit as clients know it.
    pub(crate) fn unit_id(&self, unit: UnitKey) -> String {
        match self.part(unit) {
            Part::Child(index) => format!("{}:{index}", self.id),
            Part::Node(index) => format!("{}#{index}", self.id),
            Part::Whole => uuid_text(self.id),
        }
    }

    /// What of the job a unit is.
    pub(crate) fn part(&self, unit: UnitKey) -> Part {
        match (self.index(unit), self.node(unit)) {
            (Some(index), _) => Part::Child(index),
            (None, Some(node)) => Part::Node(node),
            (None, None) => Part::Whole,
        }
    }
}
