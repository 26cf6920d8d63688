//! One line of states: the execution's own, an iteration's or a branch's.

use jiff::Timestamp;

use super::Execution;
use super::arena::Key;
use super::timers::TimerId;
use crate::Payload;
use crate::context::{Context, Item};
use crate::document::{Kind, State, StateId};
use crate::expression::Scope;
use crate::port::TaskId;

/// A line of states.
#[derive(Debug)]
pub(super) struct Strand {
    pub(super) state: StateId,
    /// The state's raw input.
    pub(super) input: Payload,
    pub(super) entered_at: Timestamp,
    /// The event of entering the state.
    pub(super) entered: u64,
    /// The event that the next one follows.
    pub(super) last: u64,
    /// Of which Map or Parallel this is a part.
    pub(super) place: Option<Place>,
    /// The innermost Map's item.
    pub(super) item: Option<Place>,
    pub(super) doing: Doing,
    pub(super) timer: Option<TimerId>,
    /// Retries of the state so far.
    pub(super) retries: u32,
    /// The same by retrier; empty before the first.
    pub(super) attempts: Vec<u32>,
}

/// One iteration or branch of a Map or Parallel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) fan: Key,
    pub(super) index: u32,
}

/// What a strand is about.
#[derive(Debug)]
pub(super) enum Doing {
    /// It has a turn coming.
    Turning,
    /// It has a turn coming that starts a task.
    Scheduled { parameters: Payload, timeout_seconds: Option<u64> },
    /// A task runs.
    Task { id: TaskId },
    /// A Wait state waits.
    Waiting,
    /// It waits to try again.
    Backoff,
    /// Iterations or branches run.
    Fanning(Key),
}

impl Strand {
    /// A strand that begins with `state`.
    pub(super) fn new(state: StateId, input: Payload) -> Self {
        Self {
            state,
            input,
            entered_at: Timestamp::UNIX_EPOCH,
            entered: 0,
            last: 0,
            place: None,
            item: None,
            doing: Doing::Turning,
            timer: None,
            retries: 0,
            attempts: Vec::new(),
        }
    }

    /// Moves on to another state.
    pub(super) fn go_to(&mut self, state: StateId, input: Payload) {
        self.state = state;
        self.input = input;
        self.doing = Doing::Turning;
        self.retries = 0;
        self.attempts.clear();
    }
}

impl Execution {
    /// Evaluates something with what a strand's expressions can see; `item` overrides the strand's own.
    pub(super) fn with_scope<T>(
        &mut self,
        key: Key,
        state: &State,
        input: &Payload,
        item: Option<Item<'_>>,
        work: impl FnOnce(&mut Scope<'_>) -> T,
    ) -> Option<T> {
        let strand = self.strands.get(key)?;
        let fans = &self.fans;
        let own_item = || {
            let place = strand.item?;
            let value = fans.get(place.fan)?.item(place.index)?;
            Some(Item { index: place.index, value })
        };
        let context = Context {
            execution: &self.settings,
            started_at: self.started_at,
            state: &state.name,
            entered_at: strand.entered_at,
            retries: matches!(state.kind, Kind::Task(_)).then_some(strand.retries),
            item: item.or_else(own_item),
        };
        Some(work(&mut Scope { input, context: &context, random: &mut self.random }))
    }
}
