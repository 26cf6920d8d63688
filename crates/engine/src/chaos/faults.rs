//! What can go wrong, as text: `spot=5%,throttle=20/s,slow-start=30s,fail=3@17`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

use super::share::Share;

/// What goes wrong; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Of the attempts on Spot capacity: the host is taken away while the program runs.
    pub spot: Share,
    /// Of all attempts: the image cannot be pulled, and nothing is run.
    pub pull: Share,
    /// Of all attempts: the program is killed for its use of memory.
    pub oom: Share,
    /// Of all attempts: the program runs, and its exit code is 1.
    pub fail: Share,
    /// How many attempts of a run fail like this, from its first on.
    pub fail_first: BTreeMap<u64, u32>,
    /// Calls of one operation that are taken in a second; more are refused.
    pub throttle: Option<u32>,
    /// How long a job is STARTING before its program runs.
    pub slow_start: SignedDuration,
}

/// The forms that a fault has.
const FORMS: &str = "spot=P%, pull=P%, oom=P%, fail=P%, fail=K@I, throttle=N/s, slow-start=TIME";

/// The longest time that a start may take.
const LONGEST_START: SignedDuration = SignedDuration::from_hours(24);

/// Why a text names no faults.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// There is nothing, or nothing between two commas.
    #[error("a fault is missing; there are {FORMS}, separated by commas")]
    Missing,
    /// There is no such fault.
    #[error("{0:?} is no fault; there are {FORMS}, separated by commas")]
    Unknown(String),
    /// The fault is there, but what is said of it is not.
    #[error("{part:?}: {expected}")]
    Value {
        /// What was written.
        part: String,
        /// What can be.
        expected: &'static str,
    },
    /// The same fault twice.
    #[error("{0:?}: that was said before; once is enough")]
    Twice(String),
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let mut faults = Self::default();
        let mut seen = Vec::new();
        for part in text.split(',').map(str::trim) {
            let what = faults.take(part)?;
            if seen.contains(&what) {
                return Err(FaultsError::Twice(part.into()));
            }
            seen.push(what);
        }
        Ok(faults)
    }
}

impl Faults {
    /// Takes in one fault; what it is about.
    fn take<'a>(&mut self, part: &'a str) -> Result<(&'a str, Option<u64>), FaultsError> {
        if part.is_empty() {
            return Err(FaultsError::Missing);
        }
        let unknown = || FaultsError::Unknown(part.into());
        let wrong = |expected| FaultsError::Value { part: part.into(), expected };
        let (name, value) = part.split_once('=').map(|(name, value)| (name.trim(), value.trim())).ok_or_else(unknown)?;
        let share = |expected| value.parse().map_err(|_| wrong(expected));
        match name {
            "spot" => self.spot = share("write spot=P%, a share of the attempts on Spot, such as spot=5% or spot=0.5%")?,
            "pull" => self.pull = share("write pull=P%, a share of all attempts, such as pull=5% or pull=0.5%")?,
            "oom" => self.oom = share("write oom=P%, a share of all attempts, such as oom=5% or oom=0.5%")?,
            "fail" if value.contains('@') => {
                let expected = "write fail=K@I: K attempts, 1 or more, of run I, counted from 0, such as fail=3@17";
                let (run, attempts) = first_attempts(value).ok_or_else(|| wrong(expected))?;
                self.fail_first.insert(run, attempts);
                return Ok((name, Some(run)));
            }
            "fail" => self.fail = share("write fail=P%, a share of all attempts, such as fail=5%; or fail=K@I, such as fail=3@17")?,
            "throttle" => {
                let expected = "write throttle=N/s: N calls of each operation in a second, 1 or more, such as throttle=20/s";
                self.throttle = Some(rate(value).ok_or_else(|| wrong(expected))?);
            }
            "slow-start" => {
                let expected = "write slow-start=TIME, such as slow-start=30s, 500ms or 2m, at most 24h";
                self.slow_start = time(value).ok_or_else(|| wrong(expected))?;
            }
            _ => return Err(unknown()),
        }
        Ok((name, None))
    }
}

fn first_attempts(value: &str) -> Option<(u64, u32)> {
    let (attempts, run) = value.split_once('@')?;
    let attempts: u32 = attempts.trim().parse().ok()?;
    Some((run.trim().parse().ok()?, Some(attempts).filter(|attempts| *attempts > 0)?))
}

fn rate(value: &str) -> Option<u32> {
    value.strip_suffix("/s")?.trim_end().parse().ok().filter(|calls| *calls > 0)
}

fn time(value: &str) -> Option<SignedDuration> {
    let time: SignedDuration = value.parse().ok()?;
    (time >= SignedDuration::ZERO && time <= LONGEST_START).then_some(time)
}

/// As it can be read again.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { spot, pull, oom, fail, fail_first, throttle, slow_start } = self;
        let mut parts = Vec::new();
        for (name, share) in [("spot", spot), ("pull", pull), ("oom", oom), ("fail", fail)] {
            if !share.is_zero() {
                parts.push(format!("{name}={share}"));
            }
        }
        parts.extend(fail_first.iter().map(|(run, attempts)| format!("fail={attempts}@{run}")));
        parts.extend(throttle.map(|calls| format!("throttle={calls}/s")));
        if !slow_start.is_zero() {
            parts.push(format!("slow-start={slow_start:#}"));
        }
        if parts.is_empty() {
            parts.push(format!("fail={fail}"));
        }
        f.write_str(&parts.join(","))
    }
}
