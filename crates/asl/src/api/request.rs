//! The operations.

use serde_json::Value;

use super::DecodeError;
use super::constraints;
use crate::api;

macro_rules! operations {
    ($($kind:ident $name:ident: $doc:literal;)*) => {
        /// One call.
        #[expect(clippy::large_enum_variant, reason = "handed over one at a time, never stored in numbers")]
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request {
            $(#[doc = $doc] $name(api::$name),)*
        }

        impl Request {
            /// Every operation of the service model, by name.
            pub const OPERATIONS: [&str; 37] = [$(stringify!($name),)*];

            /// The operation's name on the wire.
            pub fn operation(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// Reads the body of a call; `None` for an operation that Step Functions does not have.
            ///
            /// A member that is `null` is absent. What is out of the model's bounds is refused here, as AWS's
            /// framework refuses it before the service sees it.
            pub fn decode(operation: &str, body: &[u8]) -> Option<Result<Self, DecodeError>> {
                match operation {
                    $(stringify!($name) => Some(read(operation, body).map(Self::$name)),)*
                    _ => None,
                }
            }

            /// The body as the wire has it.
            pub fn to_json(&self) -> Value {
                match self { $(Self::$name(call) => api::to_json(call),)* }
            }

            /// Whether the call changes anything: only such calls have to be remembered.
            pub fn mutates(&self) -> bool {
                match self { $(Self::$name(_) => operations!($kind),)* }
            }
        }
    };
    (change) => { true };
    (read) => { false };
}

operations! {
    change CreateActivity: "Creates an activity.";
    change CreateStateMachine: "Creates a state machine.";
    change CreateStateMachineAlias: "Creates an alias of one or two versions.";
    change DeleteActivity: "Deletes an activity.";
    change DeleteStateMachine: "Deletes a state machine.";
    change DeleteStateMachineAlias: "Deletes an alias.";
    change DeleteStateMachineVersion: "Deletes a version.";
    read DescribeActivity: "Describes an activity.";
    read DescribeExecution: "Describes an execution.";
    read DescribeMapRun: "Describes the run of a distributed Map.";
    read DescribeStateMachine: "Describes a state machine, a version, or the version behind an alias.";
    read DescribeStateMachineAlias: "Describes an alias.";
    read DescribeStateMachineForExecution: "Describes the state machine as an execution began with it.";
    change GetActivityTask: "Waits for a task of an activity and takes it.";
    read GetExecutionHistory: "Reads an execution's history.";
    read ListActivities: "Lists activities by name.";
    read ListExecutions: "Lists executions of a machine or of a map run, newest first.";
    read ListMapRuns: "Lists the map runs of an execution.";
    read ListStateMachineAliases: "Lists the aliases of a state machine.";
    read ListStateMachineVersions: "Lists the versions of a state machine, newest first.";
    read ListStateMachines: "Lists state machines by name.";
    read ListTagsForResource: "Lists the tags of a state machine or an activity.";
    change PublishStateMachineVersion: "Makes a version of what a state machine is now.";
    change RedriveExecution: "Goes on with an execution that did not succeed.";
    change SendTaskFailure: "Says that a task has failed.";
    change SendTaskHeartbeat: "Says that a task is under way.";
    change SendTaskSuccess: "Says that a task has succeeded.";
    change StartExecution: "Starts an execution.";
    change StartSyncExecution: "Starts an express execution and waits for its end.";
    change StopExecution: "Ends an execution.";
    change TagResource: "Adds tags to a state machine or an activity.";
    read TestState: "Runs one state.";
    change UntagResource: "Takes tags from a state machine or an activity.";
    change UpdateMapRun: "Changes the limits of a map run.";
    change UpdateStateMachine: "Changes a state machine.";
    change UpdateStateMachineAlias: "Changes an alias.";
    read ValidateStateMachineDefinition: "Checks a document without creating anything.";
}

fn read<T: serde::de::DeserializeOwned>(operation: &str, body: &[u8]) -> Result<T, DecodeError> {
    let mut call: Value = serde_json::from_slice(body)?;
    drop_nulls(&mut call);
    constraints::check(operation, &call)?;
    Ok(serde_json::from_value(call)?)
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
