//! Numbering events and handing them out, up to the quota.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::history::{Happening, HistoryEvent};
use crate::port::Effect;

/// The events so far.
#[derive(Debug)]
pub(super) struct Journal {
    next_id: u64,
    records: bool,
    limit: u64,
    full: bool,
}

impl Journal {
    /// An empty journal.
    pub(super) fn new(records: bool, limit: Option<u64>) -> Self {
        Self { next_id: 1, records, limit: limit.unwrap_or(u64::MAX), full: false }
    }

    /// Numbers an event and hands it out; there is always room kept for a last one.
    pub(super) fn record(&mut self, effects: &mut VecDeque<Effect>, at: Timestamp, previous: u64, what: impl FnOnce() -> Happening) -> u64 {
        if self.next_id >= self.limit {
            self.full = true;
            return self.next_id;
        }
        self.write(effects, at, previous, what)
    }

    /// Numbers the event that ends the history.
    pub(super) fn record_last(&mut self, effects: &mut VecDeque<Effect>, at: Timestamp, previous: u64, what: impl FnOnce() -> Happening) {
        self.write(effects, at, previous, what);
    }

    fn write(&mut self, effects: &mut VecDeque<Effect>, at: Timestamp, previous: u64, what: impl FnOnce() -> Happening) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        if self.records {
            effects.push_back(Effect::Record(HistoryEvent { id, previous, at, what: what() }));
        }
        id
    }

    /// Whether an event found no room.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// How many events there may be.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The newest event.
    pub(super) fn last_id(&self) -> u64 {
        self.next_id - 1
    }
}
