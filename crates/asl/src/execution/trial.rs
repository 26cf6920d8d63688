//! A state on its own: entered with an input, watched at every step, given an answer instead of its work, and left for nowhere.
//!
//! What is tried is the interpreter itself. It notes what it does if somebody watches, and stops where it would go on.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::map::{Checked, Prepared};
use super::strand::Doing;
use crate::document::{Distributed, Map, Next, State};
use crate::history::Fault;
use crate::map_run::MapRun;
use crate::port::{Effect, FailureStage, Input, TaskId};
use crate::variables::Variables;
use crate::{Definition, Payload, Settings};

/// How long a state may take (API Reference, TestState).
const MOST_SECONDS: i64 = 300;

/// What a state is tried with.
#[derive(Debug)]
pub(crate) struct Setup {
    /// It begins with the state.
    pub(crate) definition: Arc<Definition>,
    pub(crate) settings: Settings,
    /// The context object.
    pub(crate) context: Value,
    pub(crate) variables: Variables,
    /// How often the state has been retried.
    pub(crate) retries: u32,
    /// Instead of the work of a Task, Map or Parallel.
    pub(crate) answer: Option<Answer>,
    /// Items of the Map that have failed.
    pub(crate) failed_items: Option<u64>,
    /// What the Map's ItemReader reads.
    pub(crate) data: Option<String>,
}

/// What comes of a state's work.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Result(Payload),
    Fault(Fault),
}

/// A trial under way.
#[derive(Debug)]
pub(super) struct Trial {
    pub(super) context: Value,
    pub(super) seen: Seen,
    answer: Option<Answer>,
    failed_items: Option<u64>,
    data: Option<String>,
}

/// What was seen of a state; `None` for steps that it did not reach or does not have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// After InputPath.
    pub(crate) selected_input: Option<Payload>,
    /// After Parameters or Arguments.
    pub(crate) effective_input: Option<Payload>,
    pub(crate) result: Option<Payload>,
    /// After ResultSelector.
    pub(crate) selected_result: Option<Payload>,
    /// After ResultPath.
    pub(crate) merged: Option<Payload>,
    /// A Map's items in the input.
    pub(crate) items: Option<Payload>,
    /// What a Map's children would get.
    pub(crate) children: Option<Children>,
    pub(crate) limits: Option<Checked>,
    /// Why it failed.
    pub(crate) fault: Option<Fault>,
    /// Which retrier took the fault, and how many seconds it would wait; not at all if its attempts are used up.
    pub(crate) retrier: Option<(usize, Option<f64>)>,
    pub(crate) catcher: Option<usize>,
    /// Its output, and where it leads.
    pub(crate) left: Option<(Payload, Next)>,
    /// As they are afterwards.
    pub(crate) variables: Variables,
}

/// The items of a Map on their way to its children.
#[derive(Clone, Debug, Default)]
pub(crate) struct Children {
    pub(crate) count: u64,
    /// What ItemsPointer leads to.
    pub(crate) pointed: Option<Value>,
    /// After ItemSelector.
    pub(crate) selected: Vec<Value>,
    /// After ItemBatcher.
    pub(crate) inputs: Vec<Value>,
}

impl Execution {
    /// Tries the first state of a definition.
    pub(crate) fn try_state(setup: Setup, now: Timestamp) -> Seen {
        let (mut execution, root) = Self::prepared_trial(setup, now);
        loop {
            match execution.poll_effect() {
                Some(Effect::StartTask { task, .. }) => execution.answer_task(task, now),
                Some(_) => {}
                None if execution.strands.get(root).is_some_and(|strand| matches!(strand.doing, Doing::Waiting)) => {
                    if !execution.waits(now) {
                        break;
                    }
                }
                None => break,
            }
        }
        execution.what_was_seen(root)
    }

    /// Tries what the Retry and Catch of the first state do with a fault.
    pub(crate) fn try_handlers(setup: Setup, fault: Fault, now: Timestamp) -> Seen {
        let (mut execution, root) = Self::prepared_trial(setup, now);
        execution.turns.clear();
        let definition = Arc::clone(&execution.definition);
        execution.state_failed(root, definition.state(definition.start()), fault, true);
        execution.what_was_seen(root)
    }

    fn prepared_trial(setup: Setup, now: Timestamp) -> (Self, Key) {
        let Setup { definition, settings, context, variables, retries, answer, failed_items, data } = setup;
        let mut execution = Self::new(definition, settings);
        let seen = Seen { variables: variables.clone(), ..Seen::default() };
        execution.trial = Some(Box::new(Trial { context, seen, answer, failed_items, data }));
        execution.handle(Input::Start, now);
        let (root, start) = (execution.root, execution.start);
        let retriers = execution.definition.state(start).handlers.retriers.len();
        if let Some(strand) = execution.strands.get_mut(root) {
            strand.variables = variables;
            strand.retries = retries;
            strand.attempts = vec![retries; retriers];
        }
        (execution, root)
    }

    fn what_was_seen(mut self, root: Key) -> Seen {
        let mut seen = self.trial.take().map(|trial| trial.seen).unwrap_or_default();
        if let Some(strand) = self.strands.remove(root) {
            seen.variables = strand.variables;
        }
        seen
    }

    fn answer_task(&mut self, task: TaskId, now: Timestamp) {
        match self.trial.as_ref().and_then(|trial| trial.answer.clone()) {
            Some(Answer::Result(output)) => self.handle(Input::TaskSucceeded { task, output }, now),
            Some(Answer::Fault(fault)) => {
                let (error, cause) = fault.into_parts();
                self.handle(Input::TaskFailed { task, stage: FailureStage::Run, error: error.unwrap_or_default(), cause }, now);
            }
            None => {}
        }
    }

    /// Lets the time of a Wait pass, if it passes before the trial's; whether it has.
    fn waits(&mut self, now: Timestamp) -> bool {
        let last = now.checked_add(SignedDuration::from_secs(MOST_SECONDS)).unwrap_or(Timestamp::MAX);
        let until = self.poll_deadline().map(|deadline| deadline.at).filter(|until| *until <= last);
        match until {
            Some(until) => self.handle(Input::Tick, until),
            None => self.watch(|seen| seen.fault = Some(Fault::new("States.Timeout", None))),
        }
        until.is_some()
    }

    /// Notes something, if anybody watches.
    pub(super) fn watch(&mut self, note: impl FnOnce(&mut Seen)) {
        if let Some(trial) = &mut self.trial {
            note(&mut trial.seen);
        }
    }

    /// Whether a Map finds its items in its input although it has an ItemReader: nothing was given that could be read.
    pub(super) fn has_items_in_input(&self) -> bool {
        self.trial.as_ref().is_some_and(|trial| trial.data.is_none())
    }

    /// What a Map does when its items and limits are known, without its iterations.
    pub(super) fn try_map(&mut self, key: Key, state: &State, map: &Map, prepared: Prepared) {
        let limits = prepared.limits;
        match self.children(key, state, map, prepared) {
            Ok(children) if self.exceeds(limits, children.count) => {
                self.watch(|seen| seen.children = Some(children));
                self.state_failed(key, state, MapRun::too_many_failures(), true);
            }
            Ok(children) => {
                self.watch(|seen| seen.children = Some(children));
                self.conclude(key, state);
            }
            Err(fault) => self.state_failed(key, state, fault, true),
        }
    }

    /// Recorded: without a limit any number of failures is tolerated, because the answer is the whole Map's.
    fn exceeds(&self, limits: Checked, items: u64) -> bool {
        let answers_well = self.trial.as_ref().is_some_and(|trial| matches!(trial.answer, Some(Answer::Result(_))));
        let failed = self.trial.as_ref().and_then(|trial| trial.failed_items).unwrap_or_default();
        let tolerance = crate::map_run::Tolerance::from(limits);
        answers_well && (tolerance.count, tolerance.percentage) != (None, None) && tolerance.is_exceeded(failed, items)
    }

    fn children(&mut self, key: Key, state: &State, map: &Map, mut prepared: Prepared) -> Result<Children, Fault> {
        let inline = Distributed { express: false, label: None, reader: None, batcher: None, writer: None };
        let distributed = map.distributed.as_deref().unwrap_or(&inline);
        let data = self.trial.as_ref().and_then(|trial| trial.data.clone());
        let reader = distributed.reader.as_ref().zip(data.as_deref());
        let mut pointed = None;
        if let Some((reader, data)) = reader {
            prepared.items = if reader.lists { Some(listed(data)?) } else { None };
            pointed = if reader.lists { None } else { reader.format.pointed(data) };
        }
        match self.map_run(key, state, map, distributed, prepared)? {
            Some(run) => Ok(Children { pointed, ..run.preview(data.map(String::into_bytes), self.now)? }),
            None => Ok(Children::default()),
        }
    }

    /// Gives a Map or Parallel the answer that stands for all its children.
    pub(super) fn conclude(&mut self, key: Key, state: &State) {
        let left = match self.trial.as_ref().and_then(|trial| trial.answer.clone()) {
            Some(Answer::Result(result)) => self.within_limits(&state.name, result).and_then(|result| self.left(key, state, result)),
            Some(Answer::Fault(fault)) => Err(fault),
            None => return,
        };
        match left {
            Ok(left) => self.leave(key, left, state.next),
            Err(fault) => self.state_failed(key, state, fault, true),
        }
    }
}

/// The objects of a bucket, as items.
fn listed(data: &str) -> Result<Payload, Fault> {
    let list = Payload::parse(data).ok().filter(|list| list.value().is_array());
    list.ok_or_else(|| Fault::new("States.ItemReaderFailed", Some("Attempting to map over non-iterable node.")))
}
