//! What happens to a fan-out, as seen from the client: one stream that every report is a fold over.

use crate::max_fails::Halt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened, and when the client learned it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// By the client's clock.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum EventKind {
    /// The client began to ask AWS.
    FanOutStarted {
        /// Which fan-out.
        run_id: String,
        /// Under which strategy.
        strategy: String,
        /// How many runs.
        size: usize,
    },
    /// Some runs are to be run once more: from here on, what is told concerns them alone.
    Retrying {
        /// The first retry is 1.
        round: u32,
        /// Under which strategy.
        strategy: String,
        /// The first and the last index of each group of neighbours.
        runs: Vec<(usize, usize)>,
    },
    /// The job definition is there.
    Registered {
        /// Its ARN, with the revision.
        arn: String,
    },
    /// The state machine is there.
    MachineCreated {
        /// Its ARN.
        arn: String,
    },
    /// A job or an array is about to be submitted. Without a [`Submitted`](Self::Submitted) after it, nobody knows whether it was.
    Submitting {
        /// Its first run: the place in what is run now.
        first: usize,
        /// How many runs it stands for.
        count: usize,
    },
    /// AWS accepted an execution, an array or a job.
    Submitted {
        /// Execution ARN or job id.
        id: String,
        /// Its first run: the place in what is run now.
        first: usize,
        /// How many runs it stands for.
        count: usize,
    },
    /// A run's program runs.
    RunStarted {
        /// Which run, from 0.
        index: usize,
        /// When, by Batch's clock.
        started_at: Timestamp,
    },
    /// Where a run that runs writes.
    LogStream {
        /// Which run.
        index: usize,
        /// The stream; another attempt has another one.
        stream: String,
    },
    /// A run is over.
    RunEnded(RunEnd),
    /// How many runs are where; sent when it changes.
    Progress(Progress),
    /// Something worth a line, such as throttling.
    Note {
        /// A sentence.
        message: String,
    },
    /// A client goes on where another one was lost.
    Resumed,
    /// The user asked to stop.
    Cancelling {
        /// The runs whose programs run now.
        running: Vec<usize>,
        /// How many more had been submitted and have not started.
        queued: usize,
    },
    /// More runs have failed than may; the rest is given up.
    TooManyFailed {
        /// How many have failed.
        failed: usize,
        /// How many may.
        most: usize,
        /// What happens to those that run.
        halt: Halt,
    },
    /// Every run is over and nothing of the fan-out is left in AWS but its jobs' records.
    FanOutEnded,
}

/// How many runs are where. The sum is the length of the run list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Not yet running.
    pub waiting: usize,
    /// Running.
    pub running: usize,
    /// Ended well.
    pub succeeded: usize,
    /// Failed, lost or never submitted.
    pub failed: usize,
    /// Ended because the user asked to stop.
    pub cancelled: usize,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RunStatus {
    /// Succeeded at once.
    Pass,
    /// Succeeded after a failed attempt.
    Flaky,
    /// Failed.
    Fail,
    /// Ended because the user asked to stop.
    Cancelled,
    /// Its fate is not known: AWS does not know its job any more.
    Lost,
    /// Never submitted.
    Skip,
}

impl RunStatus {
    /// Whether the run did its work.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Pass | Self::Flaky)
    }

    /// Whether it ended badly, and not because somebody asked it to end.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Fail | Self::Lost)
    }

    /// The word that users see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Flaky => "FLAKY",
            Self::Fail => "FAIL",
            Self::Cancelled => "CANCELLED",
            Self::Lost => "LOST",
            Self::Skip => "SKIP",
        }
    }
}

/// A run is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunEnd {
    /// Which run, from 0.
    pub index: usize,
    /// How.
    pub status: RunStatus,
    /// How often its program was started.
    pub attempts: u32,
    /// When Batch took its job in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When its last attempt began to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// Of its last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Why it did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Its Batch job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// Where its last attempt wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_stream: Option<String>,
    /// The last lines of its log, if they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tail: Vec<String>,
    /// The attempts before its last one, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Attempt>,
}

/// An attempt that was followed by another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it began to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// Of its program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Why it failed.
    pub cause: String,
    /// Where it wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_stream: Option<String>,
}

impl RunEnd {
    /// What it says of the last attempt, if there was one.
    pub fn last_attempt(&self) -> Option<Attempt> {
        (self.attempts > 0).then(|| Attempt {
            started_at: self.started_at,
            stopped_at: self.stopped_at,
            exit_code: self.exit_code,
            cause: self.cause.clone().unwrap_or_else(|| self.status.word().into()),
            log_stream: self.log_stream.clone(),
        })
    }
}
