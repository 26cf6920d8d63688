//! A Map or Parallel at work: its iterations or branches come and go, and its end is theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::strand::{Doing, Place};
use crate::Payload;
use crate::context::{Item, STATE_DATA};
use crate::document::{ResultPath, State, StateId};
use crate::history::{Fault, Happening, Phase, StateType};

/// Iterations or branches under way.
#[derive(Debug)]
pub(super) struct Fan {
    /// The strand whose state this is.
    pub(super) owner: Key,
    /// The state's name.
    pub(super) name: Arc<str>,
    /// A Map's items; a Parallel has none.
    pub(super) items: Option<Payload>,
    /// The effective input.
    pub(super) input: Payload,
    /// A Map's processor; a Parallel's branches have their own.
    pub(super) start: Option<StateId>,
    pub(super) length: u32,
    /// How many may run at once.
    pub(super) limit: u32,
    /// The first that has not begun.
    pub(super) next: u32,
    pub(super) running: BTreeMap<u32, Key>,
    pub(super) done: u32,
    /// In order; `None` if nobody will read them.
    pub(super) results: Option<Vec<Option<Payload>>>,
}

impl Fan {
    /// A fan in which nothing has begun.
    pub(super) fn new(owner: Key, state: &State, input: Payload, length: u32) -> Self {
        let flow = &state.flow;
        let read = !matches!(flow.result, ResultPath::Discard) || flow.selector.is_some() || flow.leaving.assign.is_some();
        Self {
            owner,
            name: state.name.clone(),
            items: None,
            input,
            start: None,
            length,
            limit: u32::MAX,
            next: 0,
            running: BTreeMap::new(),
            done: 0,
            results: read.then(|| vec![None; length as usize]),
        }
    }

    /// A Map's item.
    pub(super) fn item(&self, index: u32) -> Option<Item<'_>> {
        let value = self.items.as_ref()?.value().as_array()?.get(index as usize)?;
        Some(Item { index, value, key: None, source: STATE_DATA })
    }

    /// Whether another one may begin.
    pub(super) fn has_room(&self) -> bool {
        self.next < self.length && self.running.len() < self.limit as usize
    }

    pub(super) fn is_map(&self) -> bool {
        self.items.is_some()
    }
}

impl Execution {
    /// An iteration or branch has ended well; `last` is its last event.
    pub(super) fn child_succeeded(&mut self, place: Place, output: Payload, last: u64) {
        let Some(fan) = self.fans.get_mut(place.fan) else {
            return;
        };
        fan.running.remove(&place.index);
        fan.done += 1;
        if let Some(result) = fan.results.as_mut().and_then(|results| results.get_mut(place.index as usize)) {
            *result = Some(output);
        }
        let (finished, map) = (fan.done == fan.length, fan.is_map().then(|| fan.name.clone()));
        let mut previous = last;
        if let Some(name) = map {
            previous = self.record_iteration(&name, place.index, Phase::Succeeded, last);
            if self.start_iterations(place.fan, last).is_err() {
                return;
            }
        }
        if finished {
            self.fan_succeeded(place.fan, previous);
        }
    }

    /// All have ended well.
    pub(super) fn fan_succeeded(&mut self, fan: Key, previous: u64) {
        let Some(fan) = self.fans.remove(fan) else {
            return;
        };
        let definition = Arc::clone(&self.definition);
        let Some(owner) = self.strands.get_mut(fan.owner) else {
            return;
        };
        owner.doing = Doing::Turning;
        owner.last = previous;
        let state = definition.state(owner.state);
        let results = fan.results.unwrap_or_default().into_iter();
        let result = Payload::from_value(results.map(|result| result.map_or(Value::Null, Payload::into_value)).collect());
        let checked = self.within_limits(&state.name, result);
        match checked.and_then(|result| self.left(fan.owner, state, result)) {
            Ok(left) => {
                self.record(previous, || Happening::State { state: state.kind.as_type(), phase: Phase::Succeeded });
                self.leave(fan.owner, left, state.next);
            }
            Err(fault) => self.state_failed(fan.owner, state, fault, true),
        }
    }

    /// An iteration or branch has failed: the others are ended and the state fails with the same fault.
    pub(super) fn child_failed(&mut self, place: Place, child: Key, fault: Fault, last: u64) {
        let Some(fan) = self.fans.remove(place.fan) else {
            return;
        };
        let definition = Arc::clone(&self.definition);
        let failed = self.strands.get(child).map(|strand| definition.state(strand.state).kind.as_type());
        if fan.is_map() {
            self.record_iteration(&fan.name, place.index, Phase::Failed, last);
            if failed == Some(StateType::Task) {
                self.record(last, || Happening::State { state: StateType::Task, phase: Phase::Aborted });
            }
        }
        let name = fan.is_map().then(|| fan.name.clone());
        self.abort_running(name.as_ref(), &fan.running, Some(place.index), last);
        let owner = fan.owner;
        let wreck = self.wreck_of_fan(fan);
        if let Some(strand) = self.strands.get_mut(owner) {
            strand.doing = Doing::Turning;
            strand.last = last;
            strand.wreck = Some(Box::new(wreck));
            let state = definition.state(strand.state);
            self.state_failed(owner, state, fault, true);
        }
    }

    /// Ends what still runs in a Map (whose name is given) or a Parallel because of the event `cause`.
    pub(super) fn abort_running(&mut self, map: Option<&Arc<str>>, running: &BTreeMap<u32, Key>, except: Option<u32>, cause: u64) {
        for (index, child) in running.iter().filter(|(index, _)| Some(**index) != except) {
            if let Some(name) = map {
                self.record_iteration(name, *index, Phase::Aborted, cause);
            }
            self.abort_strand(*child, cause);
        }
    }

    /// An event of an iteration, under the Map's name.
    pub(super) fn record_iteration(&mut self, name: &Arc<str>, index: u32, phase: Phase, previous: u64) -> u64 {
        self.record(previous, || Happening::MapIteration { name: name.clone(), index: index.into(), phase })
    }
}
