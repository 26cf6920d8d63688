//! The answers.

use serde_json::{Map, Value};

use crate::api;

macro_rules! replies {
    ($($name:ident: $operations:literal;)*) => {
        /// What the service answers.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Reply {
            /// To a call whose answer is empty.
            Done,
            $(#[doc = concat!("To ", $operations, ".")] $name(api::$name),)*
        }

        impl Reply {
            /// The body as the wire has it.
            pub fn to_json(&self) -> Value {
                match self {
                    Self::Done => Value::Object(Map::new()),
                    $(Self::$name(shape) => api::to_json(shape),)*
                }
            }
        }
    };
}

replies! {
    ActivityCreated: "`CreateActivity`";
    ActivityDescription: "`DescribeActivity`";
    ActivityList: "`ListActivities`";
    ActivityTask: "`GetActivityTask`";
    AliasCreated: "`CreateStateMachineAlias`";
    AliasDescription: "`DescribeStateMachineAlias`";
    AliasList: "`ListStateMachineAliases`";
    AliasUpdated: "`UpdateStateMachineAlias`";
    ExecutionDescription: "`DescribeExecution`";
    ExecutionList: "`ListExecutions`";
    ExecutionRedriven: "`RedriveExecution`";
    ExecutionStarted: "`StartExecution`";
    ExecutionStopped: "`StopExecution`";
    History: "`GetExecutionHistory`";
    MapRunDescription: "`DescribeMapRun`";
    MapRunList: "`ListMapRuns`";
    ResourceTags: "`ListTagsForResource`";
    StateMachineCreated: "`CreateStateMachine`";
    StateMachineDescription: "`DescribeStateMachine`";
    StateMachineForExecution: "`DescribeStateMachineForExecution`";
    StateMachineList: "`ListStateMachines`";
    StateMachineUpdated: "`UpdateStateMachine`";
    StateTested: "`TestState`";
    SyncExecution: "`StartSyncExecution`";
    Validation: "`ValidateStateMachineDefinition`";
    VersionList: "`ListStateMachineVersions`";
    VersionPublished: "`PublishStateMachineVersion`";
}
