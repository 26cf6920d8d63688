//! What goes into an execution and what comes out of it.

use jiff::Timestamp;

use crate::Payload;
use crate::history::HistoryEvent;
use crate::map_run::MapRun;

/// Names one task of one execution, attempt by attempt: a retry is another task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The execution begins.
    Start,
    /// The task's service has accepted the work (`TaskSubmitted`): `.sync` and callback tasks only.
    TaskSubmitted {
        /// Which task.
        task: TaskId,
        /// The service's answer.
        output: Payload,
    },
    /// The task is done.
    TaskSucceeded {
        /// Which task.
        task: TaskId,
        /// Its result.
        output: Payload,
    },
    /// The task failed.
    TaskFailed {
        /// Which task.
        task: TaskId,
        /// At which point: decides the history event.
        stage: FailureStage,
        /// Such as `States.TaskFailed` or `Batch.ClientException`.
        error: String,
        /// Free text or JSON.
        cause: Option<String>,
    },
    /// A worker has taken the task of an activity.
    ActivityStarted {
        /// Which task.
        task: TaskId,
        /// The name that the worker gives itself.
        worker: Option<String>,
    },
    /// The task is alive: the time to its next heartbeat counts anew.
    Heartbeat {
        /// Which task.
        task: TaskId,
    },
    /// Somebody starts the execution again where it ended without success.
    Redrive,
    /// Somebody ends the execution: it becomes ABORTED.
    Stop {
        /// At most 256 characters.
        error: Option<String>,
        /// At most 32,768 characters.
        cause: Option<String>,
    },
    /// A deadline has passed.
    Tick,
}

/// Where a task failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureStage {
    /// It ran (`TaskFailed`).
    Run,
    /// Its service refused it (`TaskSubmitFailed`).
    Submit,
    /// It could not be started at all (`TaskStartFailed`).
    Start,
}

/// Something for the caller to do.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Do the work behind `resource` and report with the same task id.
    StartTask {
        /// Comes back with every report.
        task: TaskId,
        /// The state's name.
        state: std::sync::Arc<str>,
        /// From 0; each retry is another one.
        attempt: u32,
        /// Such as `arn:aws:states:::batch:submitJob.sync`.
        resource: std::sync::Arc<str>,
        /// `Parameters` or `Arguments`, evaluated; the state's effective input if there are none.
        parameters: Payload,
        /// What the task's end is reported with, if it waits for that (`.waitForTaskToken`).
        token: Option<std::sync::Arc<str>>,
    },
    /// Carry out a distributed Map and report its result with the same task id.
    StartMapRun {
        /// Comes back with the report.
        task: TaskId,
        /// The machine that knows what to do.
        run: Box<MapRun>,
    },
    /// Go on with a Map Run that had ended without success.
    RedriveMapRun {
        /// Comes back with the report.
        task: TaskId,
        /// Which run.
        arn: std::sync::Arc<str>,
    },
    /// Nobody waits for this task any more (timeout, failed sibling, stop): end its work if it can be ended.
    CancelTask {
        /// Which task.
        task: TaskId,
    },
    /// Append this to the history.
    Record(HistoryEvent),
    /// The execution is over; nothing follows.
    Ended(Outcome),
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// SUCCEEDED.
    Succeeded {
        /// What it returned.
        output: Payload,
    },
    /// FAILED.
    Failed {
        /// The error's name.
        error: Option<String>,
        /// Its cause.
        cause: Option<String>,
    },
    /// TIMED_OUT.
    TimedOut {
        /// The error's name.
        error: Option<String>,
        /// Its cause.
        cause: Option<String>,
    },
    /// ABORTED.
    Aborted {
        /// As given to `StopExecution`.
        error: Option<String>,
        /// As given to `StopExecution`.
        cause: Option<String>,
    },
}

/// The next moment at which [`Input::Tick`] is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// For what.
    pub why: &'static str,
}
