//! One execution of a state machine: three verbs, and the loop that takes one turn at a time.
//!
//! Work is cut into turns that wait in one queue, first in, first out: entering a state is one turn, doing its work
//! another. Concurrent branches therefore take turns, and histories come out in the order that AWS records.

mod abort;
mod arena;
mod choice;
mod distributed;
mod fail;
mod failure;
mod fan;
mod flow;
mod journal;
mod lookup;
mod map;
mod parallel;
mod pass;
mod redrive;
mod strand;
mod task;
mod timers;
mod trial;
mod wait;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use crate::document::{Kind, Next, State, StateId};
use crate::history::{Fault, Happening, StateType};
use crate::port::{Deadline, Effect, Input, Outcome, TaskId};
use crate::random::Random;
use crate::{Definition, Payload, Processor, Settings, StartedAs};
use arena::{Arena, Key};
use fan::Fan;
use flow::Left;
use journal::Journal;
pub(crate) use map::Checked;
use redrive::Wreck;
use strand::{Doing, Strand};
use timers::{Owner, Timers};
use trial::Trial;
pub(crate) use trial::{Answer, Children, Seen, Setup};

/// One execution of a state machine.
#[derive(Debug)]
pub struct Execution {
    definition: Arc<Definition>,
    /// Where it begins.
    start: StateId,
    settings: Settings,
    region: Arc<str>,
    random: Random,
    journal: Journal,
    effects: VecDeque<Effect>,
    turns: VecDeque<Turn>,
    /// Before it pauses.
    turns_left: u32,
    strands: Arena<Strand>,
    fans: Arena<Fan>,
    tasks: BTreeMap<TaskId, Key>,
    next_task: u64,
    timers: Timers,
    started_at: Timestamp,
    now: Timestamp,
    /// The outermost line of states.
    root: Key,
    /// What is left of it after an end without success.
    wreck: Option<Wreck>,
    /// How often it was started again, and when last.
    redrives: (u32, Option<Timestamp>),
    phase: Phase,
    /// If only one state is tried.
    trial: Option<Box<Trial>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Running,
    Over,
}

/// A piece of work that is ready to be done.
#[derive(Clone, Copy, Debug)]
struct Turn {
    strand: Key,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Enter,
    Run,
    Retry,
}

/// Turns of one input: some tenths of a second.
const TURNS: u32 = 1_000_000;

impl Execution {
    /// An execution that waits for [`Input::Start`].
    pub fn new(definition: Arc<Definition>, settings: Settings) -> Self {
        let start = definition.start();
        Self::at(definition, start, settings)
    }

    /// An execution of a distributed Map's processor.
    pub fn of_processor(processor: &Processor, settings: Settings) -> Self {
        Self::at(Arc::clone(&processor.definition), processor.start, settings)
    }

    fn at(definition: Arc<Definition>, start: StateId, settings: Settings) -> Self {
        let region = settings.execution_arn.split(':').nth(3).unwrap_or_default().into();
        Self {
            definition,
            start,
            region,
            random: Random::new(settings.seed),
            journal: Journal::new(settings.record_history, settings.quotas.history_events),
            settings,
            effects: VecDeque::new(),
            turns: VecDeque::new(),
            turns_left: TURNS,
            strands: Arena::default(),
            fans: Arena::default(),
            tasks: BTreeMap::new(),
            next_task: 1,
            timers: Timers::default(),
            started_at: Timestamp::UNIX_EPOCH,
            now: Timestamp::UNIX_EPOCH,
            root: Key::NONE,
            wreck: None,
            redrives: (0, None),
            phase: Phase::Waiting,
            trial: None,
        }
    }

    /// Takes in what happened. After the end, and for tasks that nobody waits for, this does nothing.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        while !self.is_paused() && self.take_turn() {}
        self.now = now;
        self.turns_left = TURNS;
        if self.phase == Phase::Over && input == Input::Redrive {
            return self.redrive();
        }
        if self.phase == Phase::Over || (self.phase == Phase::Running) == (input == Input::Start) {
            return;
        }
        match input {
            Input::Start => self.start(),
            Input::TaskSubmitted { task, output } => self.task_submitted(task, output),
            Input::TaskSucceeded { task, output } => self.task_succeeded(task, output),
            Input::TaskFailed { task, stage, error, cause } => self.task_failed(task, stage, &error, cause.as_deref()),
            Input::ActivityStarted { task, worker } => self.activity_started(task, worker.as_deref()),
            Input::Heartbeat { task } => self.heartbeat(task),
            Input::Redrive => {}
            Input::Stop { error, cause } => self.stop(error, cause),
            Input::Tick => self.tick(),
        }
        self.heed_history_limit();
    }

    /// What the caller has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        loop {
            if let Some(effect) = self.effects.pop_front() {
                return Some(effect);
            }
            if self.turns_left == 0 || !self.take_turn() {
                return None;
            }
            self.turns_left -= 1;
        }
    }

    /// When a tick is wanted: at once, if the execution has paused.
    pub fn poll_deadline(&self) -> Option<Deadline> {
        if self.is_paused() {
            return Some(Deadline { at: self.now, why: "an execution that goes on and on" });
        }
        self.timers.first()
    }

    /// Whether it has stopped short of what it could do at this moment, so that others get their turn: a loop without a
    /// Wait never ends by itself if its history may grow for ever.
    pub fn is_paused(&self) -> bool {
        self.turns_left == 0 && !self.turns.is_empty() && self.phase == Phase::Running
    }

    fn start(&mut self) {
        self.phase = Phase::Running;
        self.started_at = self.now;
        let input = self.settings.input.clone();
        let (given, role_arn) = (input.clone(), self.settings.role_arn.as_str().into());
        let StartedAs { version_arn, alias_arn } = self.settings.started_as.clone();
        self.record(0, || Happening::ExecutionStarted { input: given, role_arn, version_arn, alias_arn });
        if let Some(seconds) = self.definition.timeout_seconds() {
            self.timers.set(self.now, seconds as f64, Owner::Execution, "the execution's TimeoutSeconds");
        }
        let root = self.strands.insert(Strand::new(self.start, input));
        self.root = root;
        self.turns.push_back(Turn { strand: root, stage: Stage::Enter });
    }

    fn tick(&mut self) {
        while self.phase == Phase::Running {
            match self.timers.pop(self.now) {
                Some(Owner::Execution) => self.time_out(),
                Some(Owner::Strand(key)) => self.wake(key),
                Some(Owner::Heartbeat(key)) => self.heartbeat_missed(key),
                None => return,
            }
        }
    }

    fn wake(&mut self, key: Key) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        strand.timer = None;
        match strand.doing {
            Doing::Waiting => self.wait_over(key),
            Doing::Task { id } => self.task_timed_out(id),
            Doing::Backoff => self.turns.push_back(Turn { strand: key, stage: Stage::Retry }),
            Doing::Turning | Doing::Scheduled { .. } | Doing::Fanning(_) => {}
        }
    }

    fn take_turn(&mut self) -> bool {
        let Some(turn) = self.turns.pop_front() else {
            return false;
        };
        let definition = Arc::clone(&self.definition);
        if let Some(strand) = self.strands.get(turn.strand) {
            let state = definition.state(strand.state);
            match turn.stage {
                Stage::Enter => self.enter(turn.strand, state),
                Stage::Run => self.run(turn.strand, state),
                Stage::Retry => self.retry(turn.strand, state),
            }
            self.heed_history_limit();
        }
        true
    }

    fn enter(&mut self, key: Key, state: &State) {
        let (now, Some(strand)) = (self.now, self.strands.get_mut(key)) else {
            return;
        };
        let entered = || Happening::StateEntered { state: state.kind.as_type(), name: state.name.clone(), input: strand.input.clone() };
        let id = self.journal.record(&mut self.effects, now, strand.last, entered);
        strand.before = strand.last;
        strand.entered = id;
        strand.last = id;
        strand.entered_at = now;
        match &state.kind {
            Kind::Task(task) => self.schedule(key, state, task),
            _ => self.turns.push_back(Turn { strand: key, stage: Stage::Run }),
        }
    }

    fn run(&mut self, key: Key, state: &State) {
        match &state.kind {
            Kind::Task(task) => self.start_task(key, state, task),
            Kind::Map(map) => self.start_map(key, state, map),
            Kind::Parallel(parallel) => self.start_parallel(key, state, parallel),
            Kind::Pass(pass) => self.pass(key, state, pass),
            Kind::Wait(wait) => self.wait(key, state, wait),
            Kind::Choice(choice) => self.choose(key, state, choice),
            Kind::Succeed => self.pass_input_on(key, state, &state.flow.leaving, Next::End),
            Kind::Fail(fail) => self.fail(key, state, fail),
        }
    }

    fn retry(&mut self, key: Key, state: &State) {
        if let Some(strand) = self.strands.get_mut(key) {
            strand.doing = Doing::Turning;
        }
        match &state.kind {
            Kind::Task(task) => self.schedule(key, state, task),
            _ => self.run(key, state),
        }
    }

    /// Leaves a state; the next one gets its output and sees the variables that it assigned.
    fn leave(&mut self, key: Key, left: Left, next: Next) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        let Left { output, assigned } = left;
        let state = self.definition.state(strand.state);
        if !assigned.is_empty() {
            strand.variables.assign(assigned.iter().cloned());
        }
        let exited = || Happening::StateExited { state: state.kind.as_type(), name: state.name.clone(), output: output.clone(), assigned };
        strand.last = self.journal.record(&mut self.effects, self.now, strand.last, exited);
        if let Some(trial) = &mut self.trial {
            trial.seen.left = Some((output, next));
            return;
        }
        match next {
            Next::State(next) => {
                strand.go_to(next, output);
                self.turns.push_back(Turn { strand: key, stage: Stage::Enter });
            }
            Next::End => self.finish(key, output),
        }
    }

    /// The end of a line of states: of the execution, an iteration or a branch.
    fn finish(&mut self, key: Key, output: Payload) {
        let Some(strand) = self.strands.get(key) else {
            return;
        };
        let last = strand.last;
        if let Some(place) = strand.place {
            self.strands.remove(key);
            return self.child_succeeded(place, output, last);
        }
        if self.journal.is_full() {
            return;
        }
        self.record_last(last, || Happening::ExecutionSucceeded { output: output.clone() });
        self.end(Outcome::Succeeded { output });
    }

    fn record(&mut self, previous: u64, what: impl FnOnce() -> Happening) -> u64 {
        self.journal.record(&mut self.effects, self.now, previous, what)
    }

    fn record_last(&mut self, previous: u64, what: impl FnOnce() -> Happening) {
        self.journal.record_last(&mut self.effects, self.now, previous, what);
    }

    fn heed_history_limit(&mut self) {
        if self.phase == Phase::Running && self.journal.is_full() {
            let words = format!("The execution reached the maximum number of history events ({}).", self.journal.limit());
            let fault = Fault::new("States.Runtime", Some(&words));
            let previous = self.journal.last_id();
            self.record_last(previous, || Happening::ExecutionFailed(fault.clone()));
            self.end(Outcome::Failed { error: fault.error.as_deref().map(str::to_owned), cause: Some(words) });
        }
    }
}

impl Kind {
    /// As event names begin.
    pub(crate) fn as_type(&self) -> StateType {
        match self {
            Self::Task(_) => StateType::Task,
            Self::Map(_) => StateType::Map,
            Self::Parallel(_) => StateType::Parallel,
            Self::Pass(_) => StateType::Pass,
            Self::Wait(_) => StateType::Wait,
            Self::Choice(_) => StateType::Choice,
            Self::Succeed => StateType::Succeed,
            Self::Fail(_) => StateType::Fail,
        }
    }
}

#[cfg(test)]
mod tests;
