//! What stands between Batch and whatever runs its attempts: it holds starts back, has programs stopped, and says of
//! their ends what fate wants.

use std::collections::{BTreeMap, BTreeSet};

use fanout_batch::{AttemptEnd, AttemptId, Scheduler};
use jiff::Timestamp;

use super::Chaos;
use super::fate::Fate;
use crate::port::Deadline;

/// Attempts in flight and what becomes of them. Without chaos it holds nothing and does nothing.
#[derive(Debug)]
pub(crate) struct Host {
    chaos: Option<Chaos>,
    attempts: BTreeMap<AttemptId, Guest>,
    /// What happens next to whom, in milliseconds since the epoch.
    due: BTreeSet<(i64, AttemptId)>,
}

#[derive(Debug)]
struct Guest {
    fate: Fate,
    stage: Stage,
    due: Option<i64>,
    /// Of the image that it is to run.
    image: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Held,
    Begun,
    Stopping,
}

/// What is done about an attempt that Batch wants to start.
#[derive(Debug, PartialEq)]
pub(crate) enum Begin {
    Start,
    /// Later, or never: [`Host::next_due`] says so.
    Wait,
    End(AttemptEnd),
}

/// What is done about an attempt that Batch wants to stop.
#[derive(Debug, PartialEq)]
pub(crate) enum Stopping {
    Stop,
    /// It is being stopped already.
    Wait,
    End(AttemptEnd),
}

/// What happens now to an attempt.
#[derive(Debug, PartialEq)]
pub(crate) enum Due {
    Start,
    Stop,
    End(AttemptEnd),
}

impl Host {
    pub(crate) fn new(chaos: Option<Chaos>) -> Self {
        Self { chaos, attempts: BTreeMap::new(), due: BTreeSet::new() }
    }

    /// Batch wants to start an attempt.
    pub(crate) fn start(&mut self, attempt: AttemptId, batch: &Scheduler, now: Timestamp) -> Begin {
        let Some(chaos) = &self.chaos else { return Begin::Start };
        let Some((launch, view)) = batch.launch(attempt).zip(batch.attempt(attempt)) else { return Begin::Start };
        let fate = chaos.fate(&launch, &view);
        let wait = i64::try_from(chaos.faults.slow_start.as_millis()).unwrap_or(i64::MAX);
        let due = (wait > 0).then(|| now.as_millisecond().saturating_add(wait));
        self.due.extend(due.map(|due| (due, attempt)));
        self.attempts.insert(attempt, Guest { fate, stage: Stage::Held, due, image: launch.image.unwrap_or_default() });
        match due {
            Some(_) => Begin::Wait,
            None => self.begin(attempt).map_or(Begin::Start, Begin::End),
        }
    }

    /// Its time has come; its end, if its program will not run.
    fn begin(&mut self, attempt: AttemptId) -> Option<AttemptEnd> {
        let guest = self.attempts.get_mut(&attempt)?;
        if guest.fate == Fate::NotPulled {
            let reason = not_pulled(&guest.image);
            self.attempts.remove(&attempt);
            return Some(AttemptEnd::FailedToStart { reason });
        }
        guest.stage = Stage::Begun;
        None
    }

    /// Batch wants to stop an attempt: from now on its end is its own.
    pub(crate) fn stop(&mut self, attempt: AttemptId) -> Stopping {
        let Some(guest) = self.attempts.get_mut(&attempt) else { return Stopping::Stop };
        guest.fate = Fate::Own;
        if let Some(due) = guest.due.take() {
            self.due.remove(&(due, attempt));
        }
        match guest.stage {
            Stage::Held => {
                self.attempts.remove(&attempt);
                let reason = "CannotStartContainerError: stopped before it was started".into();
                Stopping::End(AttemptEnd::FailedToStart { reason })
            }
            Stage::Begun => Stopping::Stop,
            Stage::Stopping => Stopping::Wait,
        }
    }

    /// An attempt's program runs now.
    pub(crate) fn started(&mut self, attempt: AttemptId, now: Timestamp) {
        let Some(guest) = self.attempts.get_mut(&attempt).filter(|guest| guest.stage == Stage::Begun && guest.due.is_none()) else {
            return;
        };
        if let Some(after) = guest.fate.stopped_after() {
            let due = now.as_millisecond().saturating_add(after);
            guest.due = Some(due);
            self.due.insert((due, attempt));
        }
    }

    /// An attempt has ended: how, as far as Batch is told.
    pub(crate) fn ended(&mut self, attempt: AttemptId, end: AttemptEnd) -> AttemptEnd {
        let Some(guest) = self.attempts.remove(&attempt) else { return end };
        if let Some(due) = guest.due {
            self.due.remove(&(due, attempt));
        }
        guest.fate.end(end)
    }

    /// What happens next, if its time has come.
    pub(crate) fn next_due(&mut self, now: Timestamp) -> Option<(AttemptId, Due)> {
        let &(at, attempt) = self.due.first()?;
        if at > now.as_millisecond() {
            return None;
        }
        self.due.pop_first();
        let guest = self.attempts.get_mut(&attempt)?;
        guest.due = None;
        if guest.stage == Stage::Held {
            return Some((attempt, self.begin(attempt).map_or(Due::Start, Due::End)));
        }
        guest.stage = Stage::Stopping;
        Some((attempt, Due::Stop))
    }

    /// When that is.
    pub(crate) fn poll_deadline(&self) -> Option<Deadline> {
        let (millis, _) = self.due.first()?;
        Some(Deadline { at: Timestamp::from_millisecond(*millis).ok()?, why: "a fault that was asked for" })
    }
}

/// As ECS says it when a registry does not answer (quoted in ActionIQ/terraform-aws-retool-ecs-fargate#20).
fn not_pulled(image: &str) -> String {
    format!("CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref {image}: i/o timeout")
}
