//! Step Functions' calls as data: what a client asks and what the service answers.
//!
//! Shapes, names and error codes are those of the service model `stepfunctions/2016-11-23`
//! (JSON 1.0: `POST /`, `X-Amz-Target: AWSStepFunctions.<operation>`). Member names are camel case
//! on the wire; times are epoch seconds with milliseconds; documents, inputs and outputs are JSON
//! inside strings. The same types are written by the client, read by the engine and translated by
//! the wire front end, so there is one description of each call.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What Step Functions writes into the environment of a Batch job that it waits for. It is the key of
/// the event rule by which it learns of the job's end (terraform copies of the managed rule).
pub const MANAGED_BY_AWS: (&str, &str) = ("MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS");

/// Epoch seconds with a fraction, as JSON 1.0 writes times.
pub mod epoch_seconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes seconds with milliseconds.
    pub fn serialize<S: Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(at.as_millisecond() as f64 / 1000.0)
    }

    /// Reads seconds with a fraction.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        let seconds = f64::deserialize(d)?;
        Timestamp::from_millisecond((seconds * 1000.0).round() as i64).map_err(serde::de::Error::custom)
    }

    /// The same for a time that may be absent.
    pub mod option {
        use super::{Deserialize, Deserializer, Serializer, Timestamp};

        /// Writes seconds with milliseconds, or nothing.
        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => super::serialize(at, s),
                None => s.serialize_none(),
            }
        }

        /// Reads seconds with a fraction, or nothing.
        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
            Option::<f64>::deserialize(d)?
                .map(|s| Timestamp::from_millisecond((s * 1000.0).round() as i64).map_err(serde::de::Error::custom))
                .transpose()
        }
    }
}

/// An error that the service answers with: HTTP 400, `__type` and `message`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// AWS's name of the error, such as `StateMachineDoesNotExist`.
    pub code: String,
    /// AWS's words.
    pub message: String,
}

impl ApiError {
    /// An error with AWS's name and words.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// One call.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request {
            $($(#[$doc])* $name($name),)*
        }

        impl Request {
            /// The operation's name on the wire.
            pub fn operation(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// Reads the body of a call; `None` for an operation that this engine does not have.
            pub fn decode(operation: &str, body: &[u8]) -> Option<Result<Self, serde_json::Error>> {
                match operation {
                    $(stringify!($name) => Some(serde_json::from_slice(body).map(Self::$name)),)*
                    _ => None,
                }
            }

            /// The body as the wire has it.
            pub fn to_json(&self) -> Value {
                match self { $(Self::$name(call) => to_json(call),)* }
            }
        }
    };
}

fn to_json(shape: &impl Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or_default()
}

operations! {
    /// Creates a state machine.
    CreateStateMachine;
    /// Describes a state machine.
    DescribeStateMachine;
    /// Deletes a state machine.
    DeleteStateMachine;
    /// Lists state machines by name.
    ListStateMachines;
    /// Checks a document without creating anything.
    ValidateStateMachineDefinition;
    /// Starts an execution.
    StartExecution;
    /// Describes an execution.
    DescribeExecution;
    /// Ends an execution.
    StopExecution;
    /// Lists executions of a machine, newest first.
    ListExecutions;
    /// Reads an execution's history.
    GetExecutionHistory;
}

impl Request {
    /// Whether the call changes anything: only such calls have to be remembered.
    pub fn mutates(&self) -> bool {
        match self {
            Self::CreateStateMachine(_) | Self::DeleteStateMachine(_) | Self::StartExecution(_) | Self::StopExecution(_) => true,
            Self::DescribeStateMachine(_)
            | Self::ListStateMachines(_)
            | Self::ValidateStateMachineDefinition(_)
            | Self::DescribeExecution(_)
            | Self::ListExecutions(_)
            | Self::GetExecutionHistory(_) => false,
        }
    }
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }
    )*};
}

shapes! {
    /// `CreateStateMachine`.
    CreateStateMachine {
        /// 1–80 characters.
        name: String,
        /// The document: JSON as text, at most 1 MiB.
        definition: String,
        /// The role the machine acts under.
        role_arn: String,
        /// `STANDARD` (default) or `EXPRESS`.
        #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// Tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<Tag>,
        /// What most machines leave as it is.
        #[serde(flatten)]
        options: Box<StateMachineOptions>,
    }
    /// One tag of a Step Functions resource.
    Tag {
        /// At most 128 characters.
        key: String,
        /// At most 256 characters.
        value: String,
    }
    /// Answer of `CreateStateMachine`.
    StateMachineCreated {
        /// The new machine.
        state_machine_arn: String,
        /// When it was made.
        #[serde(with = "epoch_seconds")]
        creation_date: Timestamp,
    }
    /// `DescribeStateMachine`.
    DescribeStateMachine {
        /// Which machine.
        state_machine_arn: String,
    }
    /// Answer of `DescribeStateMachine`.
    StateMachineDescription {
        /// Which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// `ACTIVE` or `DELETING`.
        status: String,
        /// The document as it was given.
        definition: String,
        /// The role the machine acts under.
        role_arn: String,
        /// `STANDARD` or `EXPRESS`.
        #[serde(rename = "type")]
        kind: String,
        /// When it was made.
        #[serde(with = "epoch_seconds")]
        creation_date: Timestamp,
        /// As given, or `{"includeExecutionData": false, "level": "OFF"}`: logging is not imitated.
        logging_configuration: Value,
        /// `{"enabled": false}`: tracing is not imitated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tracing_configuration: Option<Value>,
        /// Changes with every update.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revision_id: Option<String>,
    }
    /// `DeleteStateMachine`.
    DeleteStateMachine {
        /// Which machine.
        state_machine_arn: String,
    }
    /// `ListStateMachines`.
    ListStateMachines {
        /// 0 (meaning 100) to 1,000.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `ListStateMachines`.
    StateMachineList {
        /// In order of name.
        state_machines: Vec<StateMachineListItem>,
        /// Present if there is more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// One line of `ListStateMachines`.
    StateMachineListItem {
        /// Which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// `STANDARD` or `EXPRESS`.
        #[serde(rename = "type")]
        kind: String,
        /// When it was made.
        #[serde(with = "epoch_seconds")]
        creation_date: Timestamp,
    }
    /// `ValidateStateMachineDefinition`.
    ValidateStateMachineDefinition {
        /// The document: JSON as text.
        definition: String,
        /// `STANDARD` (default) or `EXPRESS`.
        #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// `ERROR` (default) or `WARNING`: the mildest to report.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        severity: Option<String>,
        /// 0 (meaning 100) to 100.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
    }
    /// Answer of `ValidateStateMachineDefinition`.
    Validation {
        /// `OK` or `FAIL`.
        result: String,
        /// What was found.
        diagnostics: Vec<ValidationDiagnostic>,
        /// Whether more was found than is listed.
        truncated: bool,
    }
    /// One finding of `ValidateStateMachineDefinition`.
    ValidationDiagnostic {
        /// `ERROR` or `WARNING`.
        severity: String,
        /// Such as `SCHEMA_VALIDATION_FAILED`.
        code: String,
        /// AWS's words.
        message: String,
        /// A JSON pointer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    }
    /// `StartExecution`.
    StartExecution {
        /// Which machine.
        state_machine_arn: String,
        /// 1–80 characters; a UUID if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// JSON as text, at most 256 KiB; `{}` if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        input: Option<String>,
    }
    /// Answer of `StartExecution`.
    ExecutionStarted {
        /// The new execution.
        execution_arn: String,
        /// When it started.
        #[serde(with = "epoch_seconds")]
        start_date: Timestamp,
    }
    /// `DescribeExecution`.
    DescribeExecution {
        /// Which execution.
        execution_arn: String,
    }
    /// Answer of `DescribeExecution`.
    ExecutionDescription {
        /// Which execution.
        execution_arn: String,
        /// Of which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `PENDING_REDRIVE`.
        status: String,
        /// When it started.
        #[serde(with = "epoch_seconds")]
        start_date: Timestamp,
        /// When it ended.
        #[serde(with = "epoch_seconds::option", default, skip_serializing_if = "Option::is_none")]
        stop_date: Option<Timestamp>,
        /// As it was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        input: Option<String>,
        /// Whether the input is whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        input_details: Option<DataIncluded>,
        /// What it returned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
        /// Whether the output is whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output_details: Option<DataIncluded>,
        /// The error's name, if it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The error's cause, if it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
        /// How often it was redriven.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redrive_count: Option<i32>,
        /// `REDRIVABLE`, `NOT_REDRIVABLE` or `REDRIVABLE_BY_MAP_RUN`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redrive_status: Option<String>,
        /// Why it cannot be redriven.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redrive_status_reason: Option<String>,
    }
    /// Whether data is part of an answer.
    DataIncluded {
        /// Whether it is.
        included: bool,
    }
    /// `StopExecution`.
    StopExecution {
        /// Which execution.
        execution_arn: String,
        /// At most 256 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// At most 32,768 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    }
    /// Answer of `StopExecution`.
    ExecutionStopped {
        /// When it stopped.
        #[serde(with = "epoch_seconds")]
        stop_date: Timestamp,
    }
    /// `ListExecutions`.
    ListExecutions {
        /// Of which machine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state_machine_arn: Option<String>,
        /// Only those with this status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_filter: Option<String>,
        /// 0 (meaning 100) to 1,000.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `ListExecutions`.
    ExecutionList {
        /// Newest first.
        executions: Vec<ExecutionListItem>,
        /// Present if there is more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// One line of `ListExecutions`.
    ExecutionListItem {
        /// Which execution.
        execution_arn: String,
        /// Of which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// As in `DescribeExecution`.
        status: String,
        /// When it started.
        #[serde(with = "epoch_seconds")]
        start_date: Timestamp,
        /// When it ended.
        #[serde(with = "epoch_seconds::option", default, skip_serializing_if = "Option::is_none")]
        stop_date: Option<Timestamp>,
    }
    /// `GetExecutionHistory`.
    GetExecutionHistory {
        /// Which execution.
        execution_arn: String,
        /// 0 (meaning 100) to 1,000.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Newest first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverse_order: Option<bool>,
        /// Whether inputs and outputs are included; they are if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        include_execution_data: Option<bool>,
        /// Where the last page ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `GetExecutionHistory`.
    History {
        /// Each as the wire has it (`id`, `previousEventId`, `timestamp`, `type`, details).
        events: Vec<Value>,
        /// Present if there is more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
}

/// Members of `CreateStateMachine` that no plan needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StateMachineOptions {
    /// `level`, `includeExecutionData`, `destinations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging_configuration: Option<serde_json::Map<String, Value>>,
    /// `enabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing_configuration: Option<serde_json::Map<String, Value>>,
    /// Whether to publish a version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<bool>,
    /// Of the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_description: Option<String>,
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To `CreateStateMachine`.
    StateMachineCreated(StateMachineCreated),
    /// To `DescribeStateMachine`.
    StateMachineDescription(StateMachineDescription),
    /// To a call whose answer is empty.
    Done,
    /// To `ListStateMachines`.
    StateMachineList(StateMachineList),
    /// To `ValidateStateMachineDefinition`.
    Validation(Validation),
    /// To `StartExecution`.
    ExecutionStarted(ExecutionStarted),
    /// To `DescribeExecution`.
    ExecutionDescription(ExecutionDescription),
    /// To `StopExecution`.
    ExecutionStopped(ExecutionStopped),
    /// To `ListExecutions`.
    ExecutionList(ExecutionList),
    /// To `GetExecutionHistory`.
    History(History),
}

impl Reply {
    /// The body as the wire has it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::StateMachineCreated(shape) => to_json(shape),
            Self::StateMachineDescription(shape) => to_json(shape),
            Self::Done => Value::Object(serde_json::Map::new()),
            Self::StateMachineList(shape) => to_json(shape),
            Self::Validation(shape) => to_json(shape),
            Self::ExecutionStarted(shape) => to_json(shape),
            Self::ExecutionDescription(shape) => to_json(shape),
            Self::ExecutionStopped(shape) => to_json(shape),
            Self::ExecutionList(shape) => to_json(shape),
            Self::History(shape) => to_json(shape),
        }
    }
}
