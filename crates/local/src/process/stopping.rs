//! SIGTERM, and SIGKILL to those that are still there when their grace is over.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use fanout_engine::AttemptId;
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::pool::Pool;

/// To a process group; or to its first process, should that have left its group.
pub(super) fn signal(group: Pid, signal: Signal) {
    if kill_process_group(group, signal) == Err(Errno::SRCH) {
        let _ = kill_process(group, signal);
    }
}

/// Whose grace ends when. One thread waits for all of them, from the first stop on.
#[derive(Debug, Default)]
pub(super) struct Kills {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    due: BTreeSet<(Instant, AttemptId)>,
    has_thread: bool,
    closed: bool,
}

impl Kills {
    pub(super) fn schedule(&self, pool: &Arc<Pool>, attempt: AttemptId, at: Instant) {
        let mut state = self.state();
        state.due.insert((at, attempt));
        if !state.has_thread {
            let pool = Arc::clone(pool);
            state.has_thread = thread::Builder::new().name("kill".into()).spawn(move || watch(&pool)).is_ok();
        }
        self.changed.notify_one();
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_one();
    }

    /// Waits for the next end of a grace.
    fn next(&self) -> Option<AttemptId> {
        let mut state = self.state();
        while !state.closed {
            let now = Instant::now();
            state = match state.due.first().copied() {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some((at, attempt)) if at <= now => {
                    state.due.pop_first();
                    return Some(attempt);
                }
                Some((at, _)) => self.changed.wait_timeout(state, at - now).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watch(pool: &Pool) {
    while let Some(attempt) = pool.kills().next() {
        pool.kill(attempt);
    }
}
