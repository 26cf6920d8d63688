//! Ends that come from outside a state: StopExecution, the execution's timeout, a failed sibling.

use super::arena::Key;
use super::strand::Doing;
use super::{Execution, Phase};
use crate::history::{self, Fault, Happening, StateType};
use crate::port::{Effect, Outcome};

impl Execution {
    /// StopExecution.
    pub(super) fn stop(&mut self, error: Option<String>, cause: Option<String>) {
        let fault = Fault { error: error.as_deref().map(Into::into), cause: cause.as_deref().map(Into::into), evaluation: None };
        self.record_last(0, || Happening::ExecutionAborted(fault));
        self.end(Outcome::Aborted { error, cause });
    }

    /// The machine's TimeoutSeconds.
    pub(super) fn time_out(&mut self) {
        let fault = Fault::new("States.Timeout", None);
        self.record_last(0, || Happening::ExecutionTimedOut(fault.clone()));
        let (error, cause) = fault.into_parts();
        self.end(Outcome::TimedOut { error, cause });
    }

    /// The end: what still runs is cancelled, and nothing follows.
    pub(super) fn end(&mut self, outcome: Outcome) {
        for task in std::mem::take(&mut self.tasks).into_keys() {
            self.effects.push_back(Effect::CancelTask { task });
        }
        if !matches!(outcome, Outcome::Succeeded { .. }) {
            self.wreck = self.wreck_of(self.root);
        }
        self.phase = Phase::Over;
        self.turns.clear();
        self.timers.clear();
        self.strands.clear();
        self.fans.clear();
        self.effects.push_back(Effect::Ended(outcome));
    }

    /// Ends a strand's work, and what runs within it, because of the event `cause`. The strand itself is left for whoever
    /// takes it out.
    pub(super) fn abort_strand(&mut self, key: Key, cause: u64) {
        let Some(strand) = self.strands.get_mut(key) else {
            return;
        };
        let timers = [strand.timer.take(), strand.heartbeat.take().and_then(|heartbeat| heartbeat.timer)];
        let state = self.definition.state(strand.state).kind.as_type();
        let (entered, doing) = (strand.entered != 0, strand.doing.clone());
        for timer in timers {
            self.timers.cancel(timer);
        }
        if state == StateType::Map && matches!(doing, Doing::Task { .. }) {
            self.record(cause, || Happening::MapRunEnded { phase: history::Phase::Aborted, fault: None });
        }
        if entered && matches!(state, StateType::Task | StateType::Wait | StateType::Map | StateType::Parallel) {
            self.record(cause, || Happening::State { state, phase: history::Phase::Aborted });
        }
        match doing {
            Doing::Task { id } => {
                self.tasks.remove(&id);
                self.effects.push_back(Effect::CancelTask { task: id });
            }
            Doing::Fanning(fan) => {
                let running = self.fans.get(fan).map(|fan| (fan.is_map().then(|| fan.name.clone()), fan.running.clone()));
                if let Some((name, children)) = running {
                    self.abort_running(name.as_ref(), &children, None, cause);
                }
            }
            Doing::Turning | Doing::Scheduled { .. } | Doing::Waiting | Doing::Backoff => {}
        }
    }
}
