//! How often a client looks at its jobs, and how fast it submits them.

use jiff::SignedDuration;

use crate::limits::SUBMISSIONS;

/// The pause between two looks, and the rate of submissions.
///
/// It is a twentieth of the time that has passed, so that a short fan-out is seen to end at once
/// and a long one costs few calls; and it grows with the calls that a look takes, so that a wide
/// fan-out does not use up the account's rate of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The shortest pause.
    pub shortest: SignedDuration,
    /// The longest pause that the time passed leads to.
    pub longest: SignedDuration,
    /// The pause for each call of the last look.
    pub per_call: SignedDuration,
    /// `SubmitJob` calls a second; `None`: as fast as they are answered.
    pub submissions_per_second: Option<u32>,
}

impl Pace {
    /// For an engine on this computer, where a look costs microseconds.
    pub const LOCAL: Self = Self {
        shortest: SignedDuration::from_millis(2),
        longest: SignedDuration::from_millis(200),
        per_call: SignedDuration::from_micros(500),
        submissions_per_second: None,
    };
    /// For a server on this computer, which has no quotas, though a look costs a round trip or two.
    pub const NEARBY: Self = Self {
        shortest: SignedDuration::from_millis(20),
        longest: SignedDuration::from_secs(1),
        per_call: SignedDuration::from_millis(10),
        submissions_per_second: None,
    };
    /// For AWS, where looks are throttled and submissions have a quota.
    pub const AWS: Self = Self {
        shortest: SignedDuration::from_secs(1),
        longest: SignedDuration::from_secs(30),
        per_call: SignedDuration::from_millis(250),
        submissions_per_second: Some(SUBMISSIONS.most as u32),
    };

    /// How long to wait after a look of `calls` calls.
    pub fn wait(&self, passed: SignedDuration, calls: u32, hurry: bool) -> SignedDuration {
        let for_calls = self.per_call.saturating_mul(i32::try_from(calls).unwrap_or(i32::MAX));
        let pause = if hurry { self.shortest } else { (passed / 20).clamp(self.shortest, self.longest) };
        pause.max(for_calls)
    }
}
