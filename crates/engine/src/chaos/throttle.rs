//! Calls that are refused as too fast: a token bucket for each operation, as AWS has them.
//!
//! Buckets are not shared between operations. Calls that only read are in no journal, so they may change nothing that
//! calls which change something depend on.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Whose operation it is: both services have some of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Batch,
    States,
}

/// The buckets. Without a rate nothing is refused.
#[derive(Debug)]
pub(crate) struct Throttle {
    rate: Option<u32>,
    buckets: BTreeMap<(Service, &'static str), Bucket>,
}

/// Thousandths of a call, and when that was.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: i64,
    at: i64,
}

/// What a call takes.
const CALL: i64 = 1_000;

impl Throttle {
    /// So many calls of each operation in a second, and no more at once.
    pub(crate) fn new(rate: Option<u32>) -> Self {
        Self { rate, buckets: BTreeMap::new() }
    }

    /// Whether this call comes too fast.
    pub(crate) fn refuses(&mut self, service: Service, operation: &'static str, now: Timestamp) -> bool {
        let Some(rate) = self.rate.map(i64::from) else { return false };
        let (now, full) = (now.as_millisecond(), rate * CALL);
        let bucket = self.buckets.entry((service, operation)).or_insert(Bucket { level: full, at: now });
        let passed = now.saturating_sub(bucket.at).max(0);
        // N calls a second are N thousandths of a call in a millisecond.
        bucket.level = bucket.level.saturating_add(passed.saturating_mul(rate)).min(full);
        bucket.at = bucket.at.max(now);
        if bucket.level < CALL {
            return true;
        }
        bucket.level -= CALL;
        false
    }
}
