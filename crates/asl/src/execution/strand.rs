//! One line of states: the execution's own, an iteration's or a branch's.

use std::sync::Arc;

use jiff::Timestamp;

use super::Execution;
use super::arena::Key;
use super::redrive::FanWreck;
use super::timers::TimerId;
use crate::Payload;
use crate::context::{Context, Item};
use crate::document::{Kind, State, StateId};
use crate::expression::Scope;
use crate::port::TaskId;
use crate::variables::Variables;

/// A line of states.
#[derive(Debug)]
pub(super) struct Strand {
    pub(super) state: StateId,
    /// The state's raw input.
    pub(super) input: Payload,
    pub(super) entered_at: Timestamp,
    /// The event of entering the state.
    pub(super) entered: u64,
    /// The event that the event of entering follows.
    pub(super) before: u64,
    /// The event that the next one follows.
    pub(super) last: u64,
    /// What it can read and has assigned.
    pub(super) variables: Variables,
    /// Of a task that is to be answered with it.
    pub(super) token: Option<Arc<str>>,
    /// Of which Map or Parallel this is a part.
    pub(super) place: Option<Place>,
    /// The innermost Map's item.
    pub(super) item: Option<Place>,
    pub(super) doing: Doing,
    pub(super) timer: Option<TimerId>,
    /// Of a task that has to show that it lives.
    pub(super) heartbeat: Option<Heartbeat>,
    /// Retries of the state so far.
    pub(super) retries: u32,
    /// The same by retrier; empty before the first.
    pub(super) attempts: Vec<u32>,
    /// The Map Run that the state has started.
    pub(super) map_run: Option<Arc<str>>,
    /// What was left of the state's iterations or branches when one of them failed.
    pub(super) wreck: Option<Box<FanWreck>>,
}

/// One iteration or branch of a Map or Parallel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) fan: Key,
    pub(super) index: u32,
}

/// How often a task has to show that it lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heartbeat {
    pub(super) seconds: u64,
    pub(super) timer: Option<TimerId>,
}

/// What an expression sees beside what its strand has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    /// `$`, or `$states.input`.
    pub(super) input: &'a Payload,
    pub(super) result: Option<&'a Payload>,
    pub(super) error_output: Option<&'a Payload>,
    /// Instead of the strand's own.
    pub(super) item: Option<Item<'a>>,
}

impl<'a> Sight<'a> {
    /// Of an input alone.
    pub(super) fn of(input: &'a Payload) -> Self {
        Self { input, result: None, error_output: None, item: None }
    }
}

/// What a strand is about.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    /// It has a turn coming.
    Turning,
    /// It has a turn coming that starts a task.
    Scheduled { parameters: Payload, timeout_seconds: Option<u64>, heartbeat_seconds: Option<u64> },
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
            before: 0,
            last: 0,
            variables: Variables::default(),
            token: None,
            place: None,
            item: None,
            doing: Doing::Turning,
            timer: None,
            heartbeat: None,
            retries: 0,
            attempts: Vec::new(),
            map_run: None,
            wreck: None,
        }
    }

    /// Moves on to another state.
    pub(super) fn go_to(&mut self, state: StateId, input: Payload) {
        self.state = state;
        self.input = input;
        self.doing = Doing::Turning;
        self.token = None;
        self.map_run = None;
        self.wreck = None;
        self.retries = 0;
        self.attempts.clear();
    }
}

impl Execution {
    /// Evaluates something with what a strand's expressions can see.
    pub(super) fn with_scope<T>(&mut self, key: Key, state: &State, sight: Sight<'_>, work: impl FnOnce(&mut Scope<'_>) -> T) -> Option<T> {
        let strand = self.strands.get(key)?;
        let fans = &self.fans;
        let own_item = || {
            let place = strand.item?;
            fans.get(place.fan)?.item(place.index)
        };
        let tried_again = matches!(state.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_));
        let context = Context {
            execution: &self.settings,
            started_at: self.started_at,
            state: &state.name,
            entered_at: strand.entered_at,
            retries: tried_again.then_some(strand.retries),
            item: sight.item.or_else(own_item),
            task_token: strand.token.as_deref(),
            redrives: self.redrives,
        };
        Some(work(&mut Scope {
            input: sight.input,
            result: sight.result,
            error_output: sight.error_output,
            context: &context,
            variables: &strand.variables,
            random: &mut self.random,
            now: self.now,
        }))
    }
}
