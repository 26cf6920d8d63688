//! How an array sums up its children. Source: BUG array_jobs.

use std::sync::Arc;

use crate::unit::{Status, Stop};

/// What an array has beyond a plain job.
#[derive(Debug)]
pub(crate) struct Array {
    pub(crate) size: u32,
    /// Children with each status, in the order of [`Status::ALL`].
    pub(crate) counts: [u32; 7],
    /// When `counts` last changed.
    pub(crate) changed_at: i64,
    /// Each child waits for the one before.
    pub(crate) sequential: bool,
    /// The array as a whole was cancelled or terminated, with this reason.
    pub(crate) stop: Option<(Stop, Arc<str>)>,
    /// Its end was made known.
    pub(crate) announced: bool,
}

impl Array {
    pub(crate) fn new(size: u32, now: i64) -> Self {
        let mut counts = [0; 7];
        counts[Status::Submitted as usize] = size;
        Self { size, counts, changed_at: now, sequential: false, stop: None, announced: false }
    }

    /// A child went from one status to another.
    pub(crate) fn moved(&mut self, from: Status, to: Status, now: i64) {
        self.counts[from as usize] -= 1;
        self.counts[to as usize] += 1;
        self.changed_at = now;
    }

    /// Children with this status.
    pub(crate) fn count(&self, status: Status) -> u32 {
        self.counts[status as usize]
    }

    /// The parent's own status: it ends only after every child has ended.
    pub(crate) fn status(&self) -> Status {
        if self.count(Status::Succeeded) + self.count(Status::Failed) < self.size {
            Status::Pending
        } else if self.count(Status::Failed) > 0 || self.stop.is_some() {
            Status::Failed
        } else {
            Status::Succeeded
        }
    }
}
