//! A thread for each running process, kept for the next one; and which attempts wait, run or are to stop.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use fanout_engine::{AttemptId, Launch};
use rustix::process::{Pid, Signal};

use super::refusal::Refusal;
use super::stopping::{Kills, signal};
use super::{Host, attempt};
use crate::runner::Reports;

/// The stack of a thread that starts a process and waits.
const STACK: usize = 256 * 1024;

/// An attempt to run.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) attempt: AttemptId,
    pub(super) launch: Launch,
    pub(super) reports: Reports,
}

/// Threads and what they run.
#[derive(Debug)]
pub(super) struct Pool {
    host: Host,
    state: Mutex<State>,
    task: Condvar,
    kills: Kills,
}

#[derive(Debug, Default)]
struct State {
    /// In the order of their coming; an attempt that is not in `waiting` any more was stopped.
    queue: VecDeque<AttemptId>,
    waiting: HashMap<AttemptId, Task>,
    busy: HashMap<AttemptId, Busy>,
    threads: usize,
    idle: usize,
    closed: bool,
}

/// What a thread is at.
#[derive(Clone, Copy, Debug)]
enum Busy {
    /// About to start the process; whether to stop it at once.
    Starting { stop: bool },
    /// The process group runs.
    Running(Pid),
}

impl Pool {
    pub(super) fn new(host: Host) -> Arc<Self> {
        Arc::new(Self { host, state: Mutex::default(), task: Condvar::new(), kills: Kills::default() })
    }

    /// Runs the task as soon as there is a thread for it.
    pub(super) fn start(self: &Arc<Self>, task: Task) {
        let mut state = self.state();
        if state.closed {
            drop(state);
            task.reports.ended(task.attempt, Refusal::Stopped.into());
            return;
        }
        state.queue.push_back(task.attempt);
        state.waiting.insert(task.attempt, task);
        let room = state.threads < self.host.settings.slots.max(1);
        if state.waiting.len() > state.idle && room && self.spawn() {
            state.threads += 1;
        }
        if state.threads == 0 {
            drop(state);
            self.refuse_all(|| Refusal::Prepare { what: "thread", error: std::io::ErrorKind::WouldBlock.into() });
        } else {
            self.task.notify_one();
        }
    }

    /// SIGTERM now and SIGKILL after the grace; an attempt that waits ends at once.
    pub(super) fn stop(self: &Arc<Self>, attempt: AttemptId) {
        let mut state = self.state();
        if let Some(task) = state.waiting.remove(&attempt) {
            drop(state);
            task.reports.ended(attempt, Refusal::Stopped.into());
        } else if let Some(busy) = state.busy.get_mut(&attempt) {
            match busy {
                Busy::Starting { stop } => *stop = true,
                Busy::Running(group) => self.terminate(attempt, *group),
            }
        }
    }

    /// Kills everything, and starts nothing from now on. Threads end when their processes have.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        for busy in state.busy.values_mut() {
            match busy {
                Busy::Starting { stop } => *stop = true,
                Busy::Running(group) => signal(*group, Signal::KILL),
            }
        }
        self.task.notify_all();
        self.kills.close();
        drop(state);
        for (attempt, task) in waiting {
            task.reports.ended(attempt, Refusal::Stopped.into());
        }
    }

    pub(super) fn kills(&self) -> &Kills {
        &self.kills
    }

    /// SIGKILL, unless the attempt is over: its group's number may be somebody else's by now.
    pub(super) fn kill(&self, attempt: AttemptId) {
        if let Some(Busy::Running(group)) = self.state().busy.get(&attempt) {
            signal(*group, Signal::KILL);
        }
    }

    /// To be called with the state locked, so that the group is still the attempt's.
    fn terminate(self: &Arc<Self>, attempt: AttemptId, group: Pid) {
        signal(group, Signal::TERM);
        self.kills.schedule(self, attempt, Instant::now() + self.host.settings.grace);
    }

    fn spawn(self: &Arc<Self>) -> bool {
        let pool = Arc::clone(self);
        let thread = thread::Builder::new().name("process".into()).stack_size(STACK);
        thread
            .spawn(move || {
                while let Some(task) = pool.next() {
                    pool.run(task);
                }
            })
            .is_ok()
    }

    fn next(&self) -> Option<Task> {
        let mut state = self.state();
        loop {
            while let Some(attempt) = state.queue.pop_front() {
                if let Some(task) = state.waiting.remove(&attempt) {
                    state.busy.insert(attempt, Busy::Starting { stop: false });
                    return Some(task);
                }
            }
            if state.closed {
                state.threads -= 1;
                return None;
            }
            state.idle += 1;
            state = self.task.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn run(self: &Arc<Self>, task: Task) {
        let Task { attempt, launch, reports } = task;
        let running = |group| {
            reports.started(attempt);
            self.running(attempt, group);
        };
        let over = || self.forget(attempt);
        let end = attempt::run(&self.host, attempt, &launch, running, over);
        self.forget(attempt);
        reports.ended(attempt, end);
    }

    fn running(self: &Arc<Self>, attempt: AttemptId, group: Pid) {
        let mut state = self.state();
        match state.busy.insert(attempt, Busy::Running(group)) {
            Some(Busy::Starting { stop: true }) if state.closed => signal(group, Signal::KILL),
            Some(Busy::Starting { stop: true }) => self.terminate(attempt, group),
            _ => {}
        }
    }

    fn forget(&self, attempt: AttemptId) {
        self.state().busy.remove(&attempt);
    }

    fn refuse_all(&self, refusal: impl Fn() -> Refusal) {
        let tasks = std::mem::take(&mut self.state().waiting);
        for (attempt, task) in tasks {
            task.reports.ended(attempt, refusal().into());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
