//! What can run: a plain job, one child of an array or one node, with its attempts. Small, since an array
//! has ten thousand: no text of its own, what it shares with its siblings is in the job.

use crate::keyed::{EnvironmentKey, JobKey, UnitKey};
use crate::limits;
use crate::port::{AttemptEnd, AttemptId};

/// A job's place in its life, in AWS's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Submitted,
    Pending,
    Runnable,
    Starting,
    Running,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) const ALL: [Self; 7] =
        [Self::Submitted, Self::Pending, Self::Runnable, Self::Starting, Self::Running, Self::Succeeded, Self::Failed];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Pending => "PENDING",
            Self::Runnable => "RUNNABLE",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    pub(crate) fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    pub(crate) fn is_in_flight(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// Milliseconds since the epoch, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(i64);

impl Stamp {
    pub(crate) const NEVER: Self = Self(i64::MIN);

    pub(crate) fn at(millis: i64) -> Self {
        Self(millis)
    }

    pub(crate) fn get(self) -> Option<i64> {
        (self != Self::NEVER).then_some(self.0)
    }
}

/// Who or what stops a job before its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Cancelled,
    Terminated,
    TimedOut,
    QueueDeleted,
}

/// Why a job failed, if it was not stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// See its last attempt.
    Attempt,
    Dependency,
    OverridesTooLong,
    TooManyTags,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Open,
    Exited { code: i32, reason: Option<Box<str>> },
    FailedToStart { reason: Box<str> },
    HostLost,
}

impl Outcome {
    pub(crate) fn exit_code(&self) -> Option<i32> {
        match self {
            Self::Exited { code, .. } => Some(*code),
            Self::Open | Self::FailedToStart { .. } | Self::HostLost => None,
        }
    }

    pub(crate) fn container_reason(&self) -> Option<&str> {
        match self {
            Self::Exited { reason, .. } => reason.as_deref(),
            Self::FailedToStart { reason } => Some(reason),
            Self::Open | Self::HostLost => None,
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.exit_code() == Some(0)
    }
}

impl From<AttemptEnd> for Outcome {
    fn from(end: AttemptEnd) -> Self {
        match end {
            AttemptEnd::Exited { code, reason } => Self::Exited { code, reason: reason.map(shortened) },
            AttemptEnd::FailedToStart { reason } => Self::FailedToStart { reason: shortened(reason) },
            AttemptEnd::HostLost => Self::HostLost,
        }
    }
}

fn shortened(mut reason: String) -> Box<str> {
    if let Some((end, _)) = reason.char_indices().nth(limits::CONTAINER_REASON_CHARS) {
        reason.truncate(end);
    }
    reason.into()
}

/// One attempt to run.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) environment: EnvironmentKey,
    pub(crate) started_at: Stamp,
    pub(crate) stopped_at: Stamp,
    pub(crate) outcome: Outcome,
}

impl Attempt {
    pub(crate) fn new(environment: EnvironmentKey) -> Self {
        Self { environment, started_at: Stamp::NEVER, stopped_at: Stamp::NEVER, outcome: Outcome::Open }
    }
}

/// A plain job or a child.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) job: JobKey,
    pub(crate) status: Status,
    pub(crate) stop: Option<Stop>,
    pub(crate) cause: Cause,
    /// Attempts begun so far.
    pub(crate) attempts: u8,
    /// Dependencies of this child alone that have not settled.
    pub(crate) waits: u8,
    /// When its turn came in the queue, as a running number.
    pub(crate) turn: u64,
    /// When it ended without an attempt that says so.
    pub(crate) ended_at: Stamp,
    /// Attempts before the latest.
    pub(crate) earlier: Vec<Attempt>,
    /// The latest attempt; without meaning as long as `attempts` is 0.
    pub(crate) latest: Attempt,
}

impl Unit {
    pub(crate) fn new(job: JobKey) -> Self {
        Self {
            job,
            status: Status::Submitted,
            stop: None,
            cause: Cause::Attempt,
            attempts: 0,
            waits: 0,
            turn: 0,
            ended_at: Stamp::NEVER,
            earlier: Vec::new(),
            latest: Attempt::new(EnvironmentKey(0)),
        }
    }

    /// The next attempt takes the place of the latest.
    pub(crate) fn begin_attempt(&mut self, environment: EnvironmentKey) {
        let before = std::mem::replace(&mut self.latest, Attempt::new(environment));
        if self.attempts > 0 {
            self.earlier.reserve_exact(1);
            self.earlier.push(before);
        }
        self.attempts += 1;
    }

    /// The latest attempt, if there is one.
    pub(crate) fn attempt(&self) -> Option<&Attempt> {
        (self.attempts > 0).then_some(&self.latest)
    }
}

/// The id of a unit's attempt; `number` is from 1.
pub(crate) fn attempt_id(unit: UnitKey, number: u8) -> AttemptId {
    AttemptId(u64::from(unit.0) << 8 | u64::from(number))
}

/// The unit and number that an attempt's id names.
pub(crate) fn attempt_of(id: AttemptId) -> Option<(UnitKey, u8)> {
    Some((UnitKey(u32::try_from(id.0 >> 8).ok()?), (id.0 & 0xff) as u8))
}
