//! Moments at which something wants to happen.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::arena::Key;
use crate::port::Deadline;

/// Names one timer.
pub(super) type TimerId = (Timestamp, u64);

/// Whose timer it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    Execution,
    Strand(Key),
    /// The strand's task.
    Heartbeat(Key),
}

/// All timers, by time and then by age.
#[derive(Debug, Default)]
pub(super) struct Timers {
    set: BTreeMap<TimerId, (Owner, &'static str)>,
    next: u64,
}

impl Timers {
    /// A timer that ends `seconds` after `now`.
    pub(super) fn set(&mut self, now: Timestamp, seconds: f64, owner: Owner, why: &'static str) -> TimerId {
        let delay = SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX);
        self.set_at(now.checked_add(delay).unwrap_or(Timestamp::MAX), owner, why)
    }

    /// A timer that ends at a moment.
    pub(super) fn set_at(&mut self, at: Timestamp, owner: Owner, why: &'static str) -> TimerId {
        let id = (at, self.next);
        self.next += 1;
        self.set.insert(id, (owner, why));
        id
    }

    /// Takes a timer back.
    pub(super) fn cancel(&mut self, id: Option<TimerId>) {
        if let Some(id) = id {
            self.set.remove(&id);
        }
    }

    /// The next timer that has ended by `now`.
    pub(super) fn pop(&mut self, now: Timestamp) -> Option<Owner> {
        let ended = self.set.first_entry().filter(|first| first.key().0 <= now);
        ended.map(|ended| ended.remove().0)
    }

    /// When the next timer ends.
    pub(super) fn first(&self) -> Option<Deadline> {
        self.set.first_key_value().map(|((at, _), (_, why))| Deadline { at: *at, why })
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.set.clear();
    }
}
