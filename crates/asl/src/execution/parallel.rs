//! The Parallel state at work.

use super::arena::Key;
use super::fan::Fan;
use super::strand::{Doing, Place, Strand};
use super::{Execution, Stage};
use crate::document::{Parallel, State};
use crate::history::{Happening, Phase, StateType};

impl Execution {
    /// Starts all branches, each with the effective input.
    pub(super) fn start_parallel(&mut self, key: Key, state: &State, parallel: &Parallel) {
        let input = match self.effective_input(key, state) {
            Ok(input) => input,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let length = parallel.branches.len() as u32;
        let Some(owner) = self.strands.get_mut(key) else {
            return;
        };
        let started = || Happening::State { state: StateType::Parallel, phase: Phase::Started };
        let id = self.journal.record(&mut self.effects, self.now, owner.last, started);
        owner.last = id;
        let (item, variables) = (owner.item, owner.variables.within());
        let fan_key = self.fans.insert(Fan { next: length, ..Fan::new(key, state, input.clone(), length) });
        owner.doing = Doing::Fanning(fan_key);
        for (index, start) in (0..).zip(&parallel.branches) {
            let place = Some(Place { fan: fan_key, index });
            let child =
                self.strands.insert(Strand { last: id, place, item, variables: variables.clone(), ..Strand::new(*start, input.clone()) });
            if let Some(fan) = self.fans.get_mut(fan_key) {
                fan.running.insert(index, child);
            }
            self.push(child, Stage::Enter);
        }
    }
}
