//! What becomes of an attempt: drawn from the seed, from which run it is of and from its number, and from nothing
//! that depends on when it happens.

use fanout_batch::{AttemptEnd, AttemptView, Launch};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use super::share::Share;
use super::{Chaos, Faults};

/// What becomes of an attempt. Of several misfortunes the first of this list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its image cannot be pulled.
    NotPulled,
    /// Its host goes away so many milliseconds after it began to run, or as it ends.
    Reclaimed { after: i64 },
    /// It has used too much memory so many milliseconds after it began to run, or as it ends.
    OutOfMemory { after: i64 },
    /// Its exit code is 1.
    Fails,
    /// Its program decides.
    Own,
}

impl Fate {
    /// When the attempt is stopped, in milliseconds after it began to run.
    pub(super) fn stopped_after(self) -> Option<i64> {
        match self {
            Self::Reclaimed { after } | Self::OutOfMemory { after } => Some(after),
            Self::NotPulled | Self::Fails | Self::Own => None,
        }
    }

    /// How an attempt ends whose program has ended like this.
    pub(super) fn end(self, end: AttemptEnd) -> AttemptEnd {
        if !matches!(end, AttemptEnd::Exited { .. }) {
            return end;
        }
        match self {
            Self::Reclaimed { .. } => AttemptEnd::HostLost,
            Self::OutOfMemory { .. } => AttemptEnd::Exited { code: 137, reason: Some(OUT_OF_MEMORY.into()) },
            Self::Fails => AttemptEnd::Exited { code: 1, reason: Some(INJECTED.into()) },
            Self::NotPulled | Self::Own => end,
        }
    }
}

/// ECS's words (AWS Batch User Guide, job_retries, names the error).
const OUT_OF_MEMORY: &str = "OutOfMemoryError: Container killed due to memory usage";
/// Nobody shall look for the fault in the program.
const INJECTED: &str = "Injected by --chaos";

/// Among the draws of one attempt.
#[derive(Clone, Copy)]
enum Draw {
    Spot,
    Pull,
    Oom,
    Fail,
    Moment,
}

impl Chaos {
    /// What becomes of this attempt.
    pub(super) fn fate(&self, launch: &Launch, view: &AttemptView<'_>) -> Fate {
        let Faults { spot, pull, oom, fail, fail_first, .. } = &self.faults;
        let run = self.run(launch, view);
        let attempt = launch.attempt_number;
        let hit = |share: &Share, draw| share.includes(self.draw(run.stream, attempt, draw));
        let after = || moment(self.draw(run.stream, attempt, Draw::Moment));
        if hit(pull, Draw::Pull) {
            Fate::NotPulled
        } else if view.is_spot && hit(spot, Draw::Spot) {
            Fate::Reclaimed { after: after() }
        } else if hit(oom, Draw::Oom) {
            Fate::OutOfMemory { after: after() }
        } else if hit(fail, Draw::Fail) || fail_first.get(&run.number).is_some_and(|first| attempt <= *first) {
            Fate::Fails
        } else {
            Fate::Own
        }
    }

    /// Which run an attempt is of.
    fn run(&self, launch: &Launch, view: &AttemptView<'_>) -> Run {
        let member = view.array_index.or(view.node_index).map(u64::from);
        let said = launch.environment.iter().rev().find(|(name, _)| *name == self.index_variable);
        if let Some(index) = said.and_then(|(_, value)| value.parse::<u32>().ok()) {
            let number = u64::from(index) + view.array_index.map_or(0, u64::from);
            return Run { number, stream: number };
        }
        let order = u64::from(view.order);
        let number = view.array_index.map_or(order, u64::from);
        Run { number, stream: 1 << 63 | order << 31 | member.map_or(0, |member| member + 1) }
    }

    /// One value from all of `u64`.
    fn draw(&self, stream: u64, attempt: u32, draw: Draw) -> u64 {
        const WORDS: u128 = 2;
        let place = u128::from(attempt) * 8 + draw as u128;
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(stream);
        random.set_word_pos(place * WORDS);
        random.next_u64()
    }
}

/// Which run an attempt is of.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// As `fail=K@I` counts: the fan-out's, or the index in the array, or the order of submission.
    number: u64,
    /// Where its draws come from: no two jobs share one, unless they are the same run of a fan-out.
    stream: u64,
}

/// From 0.1 s to 102 s, each doubling as likely as another, so that short programs and long ones are hit while they run.
fn moment(drawn: u64) -> i64 {
    let doublings = drawn % 10;
    let base = 100_i64 << doublings;
    base + ((u128::from(drawn >> 8) * u128::from(base.unsigned_abs())) >> 56) as i64
}
