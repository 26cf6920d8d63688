//! How much each share of a queue has used, and its RUNNABLE units in the order of their turns.
//! Source: BUG fair-share-scheduling, BM FairsharePolicy; how use decays is not documented.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::keyed::UnitKey;

/// Where a unit stands in its share's line: higher scheduling priority first, then by turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The less, the sooner.
    pub(crate) rank: u16,
    pub(crate) turn: u64,
    pub(crate) unit: UnitKey,
}

/// One share of a queue. A queue without a policy has a single one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Share {
    pub(crate) name: Arc<str>,
    /// What its use is multiplied by: less means more room.
    pub(crate) weight: f64,
    /// RUNNABLE units; the first one is placed before any other of the share is looked at.
    pub(crate) line: BTreeSet<Place>,
    pub(crate) usage: Usage,
    /// Jobs that have not ended.
    pub(crate) unfinished: u32,
}

impl Share {
    /// Whether it counts among the shares in use. Source: BUG fair-share-scheduling.
    pub(crate) fn is_active(&self, now: i64, window: i64) -> bool {
        self.unfinished > 0 || self.usage.total(now, window) > 0.0
    }
}

/// vCPU time that a share has used: since the present window began, and in the whole window before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Thousandths of a vCPU in use now.
    pub(crate) in_use: u64,
    window_began: i64,
    seen: i64,
    /// In thousandths of a vCPU times milliseconds.
    current: u128,
    previous: u128,
}

impl Usage {
    /// Counts what was used until `now`.
    fn advance(&mut self, now: i64, window: i64) {
        let age = now - self.window_began;
        if age >= window {
            let idle = age >= 2 * window;
            let rest = self.spent(self.window_began + window);
            self.previous = if idle { u128::from(self.in_use) * window as u128 } else { self.current + rest };
            self.current = 0;
            self.window_began = now - age % window;
            self.seen = self.window_began;
        }
        self.current += self.spent(now);
        self.seen = self.seen.max(now);
    }

    fn spent(&self, until: i64) -> u128 {
        u128::from(self.in_use) * (until - self.seen).max(0) as u128
    }

    pub(crate) fn begin(&mut self, milli_vcpus: u64, now: i64, window: i64) {
        self.advance(now, window);
        self.in_use = self.in_use.saturating_add(milli_vcpus);
    }

    pub(crate) fn end(&mut self, milli_vcpus: u64, now: i64, window: i64) {
        self.advance(now, window);
        self.in_use = self.in_use.saturating_sub(milli_vcpus);
    }

    /// vCPUs on average over the last window, of which the older part fades, and those in use now.
    pub(crate) fn total(&self, now: i64, window: i64) -> f64 {
        let mut usage = *self;
        usage.advance(now, window);
        let faded = 1.0 - (now - usage.window_began).max(0) as f64 / window as f64;
        usage.in_use as f64 + (usage.current as f64 + usage.previous as f64 * faded) / window as f64
    }
}

/// Which of two shares goes first: less weighted use, then the longer wait.
pub(crate) fn order(one: (f64, Place), other: (f64, Place)) -> Ordering {
    one.0.total_cmp(&other.0).then(one.1.turn.cmp(&other.1.turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: i64 = 600_000;

    #[test]
    fn use_fades_within_two_windows() {
        let mut usage = Usage::default();
        usage.begin(1000, 0, WINDOW);
        assert!((usage.total(WINDOW / 2, WINDOW) - 1500.0).abs() < 1e-9);
        usage.end(1000, WINDOW, WINDOW);
        for (now, expected) in [(WINDOW, 1000.0), (WINDOW * 3 / 2, 500.0), (WINDOW * 2, 0.0), (WINDOW * 9, 0.0)] {
            assert!((usage.total(now, WINDOW) - expected).abs() < 1e-9, "{now}");
        }
    }

    #[test]
    fn a_long_job_counts_in_every_window() {
        let mut usage = Usage::default();
        usage.begin(2000, 0, WINDOW);
        assert!((usage.total(WINDOW * 7, WINDOW) - 4000.0).abs() < 1e-9);
    }
}
