//! A token bucket by given times.

use jiff::{SignedDuration, Timestamp};

/// Holds one token, which comes back so many times a second: whatever second is looked at, no more were
/// taken in it. (Whether AWS's bucket is deeper is not documented.)
#[derive(Debug)]
pub(super) struct Bucket {
    /// Tokens a second; `None`: no end of them.
    rate: Option<u32>,
    /// When the token that was taken is back.
    back_at: Timestamp,
}

impl Bucket {
    pub(super) fn new(rate: Option<u32>) -> Self {
        Self { rate, back_at: Timestamp::MIN }
    }

    /// When there is a token, which may be now.
    pub(super) fn next(&self, now: Timestamp) -> Timestamp {
        self.back_at.max(now)
    }

    /// Takes the token, if it is there.
    pub(super) fn take(&mut self, now: Timestamp) -> bool {
        let is_there = self.back_at <= now;
        if let Some(rate) = self.rate.filter(|_| is_there) {
            // Rounded up, so that the rate is never exceeded.
            let interval = SignedDuration::from_nanos(1_000_000_000_i64.div_euclid(i64::from(rate.max(1))) + 1);
            self.back_at = now.saturating_add(interval).unwrap_or(now);
        }
        is_there
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Bucket;

    #[test]
    fn no_second_sees_more_than_the_rate() {
        let mut bucket = Bucket::new(Some(50));
        let mut now = Timestamp::UNIX_EPOCH;
        let mut taken = Vec::new();
        while taken.len() < 500 {
            now = bucket.next(now);
            assert!(bucket.take(now));
            assert!(!bucket.take(now));
            taken.push(now);
        }
        assert!(taken.windows(51).all(|window| window[50].duration_since(window[0]) > SignedDuration::from_secs(1)));
        assert!(now.duration_since(Timestamp::UNIX_EPOCH) < SignedDuration::from_millis(9_981));
    }

    #[test]
    fn a_bucket_that_was_left_alone_gives_one_token() {
        let mut bucket = Bucket::new(Some(50));
        for seconds in [0, 100, 1000] {
            let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
            assert_eq!([bucket.take(now), bucket.take(now)], [true, false]);
        }
    }

    #[test]
    fn without_a_rate_there_is_no_end() {
        let mut bucket = Bucket::new(None);
        assert!((0..1000).all(|_| bucket.take(Timestamp::UNIX_EPOCH)));
    }
}
