//! A wall clock that never goes back: wall time at the start plus the time elapsed since.
//!
//! A leaping clock goes further forward: its owner moves it to the next deadline when nothing else is to be waited for.
//! A correction of the system's clock is therefore not seen, and time stands still while the machine sleeps.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// The engine's time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Timestamp,
    started: Instant,
    leaps: bool,
}

impl Clock {
    /// A clock that starts with the system's time.
    pub fn start() -> Self {
        Self::start_after(Timestamp::MIN)
    }

    /// The same, but not earlier than `earliest`: the system's clock may have been set back since.
    pub fn start_after(earliest: Timestamp) -> Self {
        Self { wall: Timestamp::now().max(earliest), started: Instant::now(), leaps: false }
    }

    /// A clock that starts with the system's time and does not wait for deadlines.
    pub fn leaping() -> Self {
        Self { leaps: true, ..Self::start() }
    }

    /// Moves a leaping clock forward to `at`.
    pub(crate) fn leap_to(&mut self, at: Timestamp) {
        if self.leaps {
            let ahead = at.duration_since(self.now()).max(SignedDuration::ZERO);
            self.wall = self.wall.saturating_add(ahead).unwrap_or(Timestamp::MAX);
        }
    }

    /// The time now; never earlier than what was answered before.
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        self.wall.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    /// How long it is until `at`; zero if that has passed.
    pub fn until(&self, at: Timestamp) -> Duration {
        at.duration_since(self.now()).try_into().unwrap_or(Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_wall_and_never_goes_back() {
        let clock = Clock::start();
        let (first, second) = (clock.now(), clock.now());
        assert!(first <= second);
        assert!(Clock::start_after(Timestamp::MAX).now() == Timestamp::MAX);
        assert!(Timestamp::now().duration_since(second).abs() < SignedDuration::from_secs(5));
    }

    #[test]
    fn only_a_leaping_clock_leaps_and_never_back() {
        let (mut leaping, mut other) = (Clock::leaping(), Clock::start());
        let tomorrow = leaping.now() + SignedDuration::from_hours(24);
        for clock in [&mut leaping, &mut other] {
            clock.leap_to(tomorrow);
            clock.leap_to(Timestamp::UNIX_EPOCH);
        }
        assert!(leaping.now() >= tomorrow);
        assert!(other.now() < tomorrow);
    }

    #[test]
    fn a_moment_that_has_passed_is_due_now() {
        let clock = Clock::start();
        assert_eq!(clock.until(Timestamp::UNIX_EPOCH), Duration::ZERO);
        let soon = clock.until(clock.now() + SignedDuration::from_secs(10));
        assert!(soon > Duration::from_secs(9) && soon <= Duration::from_secs(10));
    }
}
