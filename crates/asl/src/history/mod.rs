//! Typed history events.

mod json;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::Payload;
use crate::document::Resource;

/// One event of an execution's history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// From 1, without gaps.
    pub id: u64,
    /// The logical parent; 0: none.
    pub previous: u64,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: Happening,
}

impl HistoryEvent {
    /// As `GetExecutionHistory` shows it; without `include_data`, inputs and outputs are left out.
    pub fn to_json(&self, include_data: bool) -> Value {
        json::event(self, include_data)
    }

    /// The event's type on the wire, such as `TaskStateEntered`.
    pub fn kind(&self) -> String {
        self.what.to_string()
    }
}

/// An error's name and cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Such as `States.TaskFailed`.
    pub error: Option<Arc<str>>,
    /// Free text or JSON.
    pub cause: Option<Arc<str>>,
    /// Where JSONata failed, if it did; the history tells of it once.
    pub(crate) evaluation: Option<Box<Evaluation>>,
}

/// Where JSONata failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evaluation {
    /// The field, and the way down into it.
    pub(crate) location: Option<Arc<str>>,
    /// Whether there was a value, and it was of no use.
    pub(crate) had_value: bool,
}

/// The type of a state, as event names begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateType {
    /// `Task`
    Task,
    /// `Map`
    Map,
    /// `Parallel`
    Parallel,
    /// `Pass`
    Pass,
    /// `Wait`
    Wait,
    /// `Choice`
    Choice,
    /// `Succeed`
    Succeed,
    /// `Fail`
    Fail,
}

/// What became of an iteration or of a state that runs others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It began.
    Started,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// Another one's failure ended it.
    Aborted,
}

/// How a task failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskFault {
    /// While it ran.
    Failed,
    /// Its time was up.
    TimedOut,
    /// Its service refused it.
    SubmitFailed,
    /// It could not be started.
    StartFailed,
}

/// What an event tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// `ExecutionStarted`
    ExecutionStarted {
        /// As given.
        input: Payload,
        /// The role it acts under.
        role_arn: Arc<str>,
        /// The version that was started.
        version_arn: Option<Arc<str>>,
        /// The alias that was started.
        alias_arn: Option<Arc<str>>,
    },
    /// `ExecutionRedriven`
    ExecutionRedriven {
        /// From 1.
        count: u32,
    },
    /// `ExecutionSucceeded`
    ExecutionSucceeded {
        /// What it returned.
        output: Payload,
    },
    /// `ExecutionFailed`
    ExecutionFailed(Fault),
    /// `ExecutionTimedOut`
    ExecutionTimedOut(Fault),
    /// `ExecutionAborted`
    ExecutionAborted(Fault),
    /// `…StateEntered`
    StateEntered {
        /// Its type.
        state: StateType,
        /// Its name.
        name: Arc<str>,
        /// Its raw input.
        input: Payload,
    },
    /// `…StateExited`
    StateExited {
        /// Its type.
        state: StateType,
        /// Its name.
        name: Arc<str>,
        /// What the next state gets.
        output: Payload,
        /// What `Assign` set.
        assigned: Arc<[(Arc<str>, Payload)]>,
    },
    /// `EvaluationFailed`
    EvaluationFailed {
        /// The state's name.
        state: Arc<str>,
        /// The field, and the way down into it; absent where AWS names none.
        location: Option<Arc<str>>,
        /// Why.
        fault: Fault,
    },
    /// `MapRunStarted`
    MapRunStarted {
        /// The Map Run.
        arn: Arc<str>,
    },
    /// `MapRunSucceeded`, `MapRunFailed`, `MapRunAborted`
    MapRunEnded {
        /// What became of it.
        phase: Phase,
        /// Why it failed.
        fault: Option<Fault>,
    },
    /// `MapRunRedriven`
    MapRunRedriven {
        /// The Map Run.
        arn: Arc<str>,
        /// From 1.
        count: u32,
    },
    /// `TaskStateAborted`, `WaitStateAborted`, and of Map and Parallel all but `Entered` and `Exited`.
    State {
        /// Its type.
        state: StateType,
        /// What became of it.
        phase: Phase,
    },
    /// `MapStateStarted`
    MapStarted {
        /// How many items there are.
        length: u64,
    },
    /// `MapIteration…`
    MapIteration {
        /// The Map's name.
        name: Arc<str>,
        /// From 0.
        index: u64,
        /// What became of it.
        phase: Phase,
    },
    /// `TaskScheduled` or `LambdaFunctionScheduled`
    TaskScheduled {
        /// What is called.
        resource: Arc<Resource>,
        /// Where.
        region: Arc<str>,
        /// With what.
        parameters: Payload,
        /// `TimeoutSeconds`.
        timeout_seconds: Option<u64>,
        /// `HeartbeatSeconds`.
        heartbeat_seconds: Option<u64>,
        /// `Credentials`, evaluated.
        credentials: Option<Payload>,
    },
    /// `ActivityStarted`
    ActivityStarted {
        /// As it gave itself.
        worker: Option<Arc<str>>,
    },
    /// `TaskStarted` or `LambdaFunctionStarted`
    TaskStarted {
        /// What is called.
        resource: Arc<Resource>,
    },
    /// `TaskSubmitted`
    TaskSubmitted {
        /// What is called.
        resource: Arc<Resource>,
        /// The service's answer.
        output: Payload,
    },
    /// `TaskSucceeded` or `LambdaFunctionSucceeded`
    TaskSucceeded {
        /// What is called.
        resource: Arc<Resource>,
        /// The result.
        output: Payload,
    },
    /// `TaskFailed` and its kin
    TaskFailed {
        /// What is called.
        resource: Arc<Resource>,
        /// How.
        how: TaskFault,
        /// Why.
        fault: Fault,
    },
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExecutionStarted { .. } => f.write_str("ExecutionStarted"),
            Self::ExecutionRedriven { .. } => f.write_str("ExecutionRedriven"),
            Self::EvaluationFailed { .. } => f.write_str("EvaluationFailed"),
            Self::MapRunStarted { .. } => f.write_str("MapRunStarted"),
            Self::MapRunEnded { phase, .. } => write!(f, "MapRun{phase:?}"),
            Self::MapRunRedriven { .. } => f.write_str("MapRunRedriven"),
            Self::ActivityStarted { .. } => f.write_str("ActivityStarted"),
            Self::ExecutionSucceeded { .. } => f.write_str("ExecutionSucceeded"),
            Self::ExecutionFailed(_) => f.write_str("ExecutionFailed"),
            Self::ExecutionTimedOut(_) => f.write_str("ExecutionTimedOut"),
            Self::ExecutionAborted(_) => f.write_str("ExecutionAborted"),
            Self::StateEntered { state, .. } => write!(f, "{state:?}StateEntered"),
            Self::StateExited { state, .. } => write!(f, "{state:?}StateExited"),
            Self::State { state, phase } => write!(f, "{state:?}State{phase:?}"),
            Self::MapStarted { .. } => f.write_str("MapStateStarted"),
            Self::MapIteration { phase, .. } => write!(f, "MapIteration{phase:?}"),
            Self::TaskScheduled { resource, .. } => write!(f, "{}Scheduled", resource.event_prefix()),
            Self::TaskStarted { resource } => write!(f, "{}Started", resource.event_prefix()),
            Self::TaskSubmitted { resource, .. } => write!(f, "{}Submitted", resource.event_prefix()),
            Self::TaskSucceeded { resource, .. } => write!(f, "{}Succeeded", resource.event_prefix()),
            Self::TaskFailed { resource, how, .. } => write!(f, "{}{how:?}", resource.event_prefix()),
        }
    }
}
