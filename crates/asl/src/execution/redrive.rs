//! Redrive: an execution that ended without success goes on where it was (Developer Guide, Restarting state machine
//! executions with redrive). What has succeeded is kept; what failed, was aborted or timed out is done again.

use super::arena::Key;
use super::fan::Fan;
use super::strand::{Doing, Place, Strand};
use super::timers::Owner;
use super::{Execution, Phase, Stage};
use crate::document::{Kind, State};
use crate::history::Happening;
use crate::port::{Effect, TaskId};

/// What was left of a line of states when it ended.
#[derive(Debug)]
pub(super) struct Wreck {
    strand: Strand,
    fan: Option<FanWreck>,
}

/// What was left of a Map or Parallel: its results so far, and what had no result yet.
#[derive(Debug)]
pub(super) struct FanWreck {
    fan: Fan,
    children: Vec<(u32, Wreck)>,
}

impl Execution {
    /// Takes a line of states, and what runs within it, out of the execution.
    pub(super) fn wreck_of(&mut self, key: Key) -> Option<Wreck> {
        let mut strand = self.strands.remove(key)?;
        let fan = match (strand.wreck.take(), &strand.doing) {
            (Some(fan), _) => Some(*fan),
            (None, Doing::Fanning(fan)) => {
                let fan = self.fans.remove(*fan)?;
                Some(self.wreck_of_fan(fan))
            }
            (None, _) => None,
        };
        Some(Wreck { strand, fan })
    }

    /// The same for a Map or Parallel.
    pub(super) fn wreck_of_fan(&mut self, mut fan: Fan) -> FanWreck {
        let running = std::mem::take(&mut fan.running);
        let children = running.into_iter().filter_map(|(index, child)| Some((index, self.wreck_of(child)?))).collect();
        FanWreck { fan, children }
    }

    /// Starts again what the end has left.
    pub(super) fn redrive(&mut self) {
        let Some(wreck) = self.wreck.take() else {
            return;
        };
        self.phase = Phase::Running;
        self.redrives = (self.redrives.0 + 1, Some(self.now));
        let (count, previous) = (self.redrives.0, self.journal.last_id());
        let redriven = self.record(previous, || Happening::ExecutionRedriven { count });
        if let Some(seconds) = self.definition.timeout_seconds() {
            self.timers.set(self.now, seconds as f64, Owner::Execution, "the execution's TimeoutSeconds");
        }
        self.root = self.revive(wreck, None, None, redriven);
    }

    fn revive(&mut self, wreck: Wreck, place: Option<Place>, item: Option<Place>, last: u64) -> Key {
        let Wreck { strand, fan } = wreck;
        let entered = strand.entered != 0;
        let map_run = strand.map_run.clone();
        let strand = Strand {
            entered: strand.entered,
            entered_at: strand.entered_at,
            before: strand.before,
            variables: strand.variables,
            map_run: strand.map_run,
            last,
            place,
            item,
            ..Strand::new(strand.state, strand.input)
        };
        let key = self.strands.insert(strand);
        match (fan, map_run) {
            (Some(fan), _) => self.revive_fan(key, fan, last),
            (None, Some(arn)) => {
                let id = TaskId(self.next_task);
                self.next_task += 1;
                self.tasks.insert(id, key);
                let count = self.redrives.0;
                let told = self.record(last, || Happening::MapRunRedriven { arn: arn.clone(), count });
                if let Some(strand) = self.strands.get_mut(key) {
                    strand.last = told;
                    strand.doing = Doing::Task { id };
                }
                self.effects.push_back(Effect::RedriveMapRun { task: id, arn });
            }
            (None, None) => self.push(key, if entered && !self.reenters(key) { Stage::Retry } else { Stage::Enter }),
        }
        key
    }

    /// Only a Fail is entered again.
    fn reenters(&self, key: Key) -> bool {
        let state = |strand: &Strand| matches!(self.definition.state(strand.state), State { kind: Kind::Fail(_), .. });
        self.strands.get(key).is_some_and(state)
    }

    fn revive_fan(&mut self, owner: Key, wreck: FanWreck, last: u64) {
        let FanWreck { fan, children } = wreck;
        let is_map = fan.items.is_some();
        let around = self.strands.get(owner).and_then(|owner| owner.item);
        let key = self.fans.insert(Fan { owner, ..fan });
        if let Some(strand) = self.strands.get_mut(owner) {
            strand.doing = Doing::Fanning(key);
        }
        for (index, child) in children {
            let place = Place { fan: key, index };
            let child = self.revive(child, Some(place), if is_map { Some(place) } else { around }, last);
            if let Some(fan) = self.fans.get_mut(key) {
                fan.running.insert(index, child);
            }
        }
        if is_map {
            // A failure has already been dealt with.
            _ = self.start_iterations(key, last);
        }
    }
}
