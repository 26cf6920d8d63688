//! One machine's transitions: which names it has, where they are, and whether all can be reached.

use std::collections::BTreeMap;

use super::StateId;
use super::problems::Problems;

/// A machine while it is read: the document itself, a branch, or a Map's processor.
#[derive(Debug)]
pub(super) struct Machine<'d> {
    names: BTreeMap<&'d str, StateId>,
    /// States in the document's order, with their locations.
    order: Vec<(StateId, &'d str, String)>,
    edges: BTreeMap<StateId, Vec<StateId>>,
    missing: Vec<(&'d str, String)>,
    reading: StateId,
    has_end: bool,
}

impl<'d> Machine<'d> {
    /// A machine with states at known places.
    pub(super) fn new(order: Vec<(StateId, &'d str, String)>) -> Self {
        let names = order.iter().map(|(id, name, _)| (*name, *id)).collect();
        Self { names, order, edges: BTreeMap::new(), missing: Vec::new(), reading: StateId(u32::MAX), has_end: false }
    }

    /// Says whose transitions follow.
    pub(super) fn reading(&mut self, state: StateId) {
        self.reading = state;
    }

    /// Notes that the machine can end.
    pub(super) fn ends(&mut self) {
        self.has_end = true;
    }

    /// The state called `name`; its absence is noted.
    pub(super) fn target(&mut self, name: &'d str, at: String) -> Option<StateId> {
        let Some(id) = self.names.get(name).copied() else {
            self.missing.push((name, at));
            return None;
        };
        self.edges.entry(self.reading).or_default().push(id);
        Some(id)
    }

    /// Notes missing targets, then a missing end or else what cannot be reached, in AWS's order.
    pub(super) fn check(self, names_start: bool, start: Option<StateId>, problems: &mut Problems) {
        for (name, at) in &self.missing {
            problems.missing_target(at, name);
        }
        if !self.has_end {
            problems.no_end();
            return;
        }
        // Recorded: without a StartAt nothing is said of what cannot be reached.
        if !names_start {
            return;
        }
        let mut reached = vec![false; self.order.len()];
        let first = self.order.first().map_or(0, |(id, ..)| id.0);
        let mut waiting: Vec<StateId> = start.into_iter().collect();
        while let Some(state) = waiting.pop() {
            if let Some(flag) = reached.get_mut((state.0 - first) as usize).filter(|flag| !**flag) {
                *flag = true;
                waiting.extend(self.edges.get(&state).into_iter().flatten());
            }
        }
        for ((_, name, at), _) in self.order.iter().zip(reached).filter(|(_, reached)| !reached) {
            problems.unreachable(at, name);
        }
    }
}
