//! State machines.

use std::collections::BTreeMap;

use super::shapes::shapes;
use super::{EncryptionConfiguration, LoggingConfiguration, StateMachineOptions, Tag, TracingConfiguration};

/// For each state that reads variables, which ones.
pub type VariableReferences = BTreeMap<String, Vec<String>>;

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
        #[serde(rename = "type")]
        kind: opt String,
        /// Tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<Tag>,
        /// What most machines leave as it is.
        #[serde(flatten)]
        options: Box<StateMachineOptions>,
    }
    /// Answer of `CreateStateMachine`.
    StateMachineCreated {
        /// The new machine.
        state_machine_arn: String,
        /// When it was made.
        creation_date: Timestamp,
        /// The version, if one was asked for.
        state_machine_version_arn: opt String,
    }
    /// `UpdateStateMachine`.
    UpdateStateMachine {
        /// Which machine.
        state_machine_arn: String,
        /// The new document.
        definition: opt String,
        /// The new role.
        role_arn: opt String,
        /// What else is to change.
        #[serde(flatten)]
        options: Box<StateMachineOptions>,
    }
    /// Answer of `UpdateStateMachine`.
    StateMachineUpdated {
        /// When.
        update_date: Timestamp,
        /// Names what the machine is now.
        revision_id: opt String,
        /// The version, if one was asked for.
        state_machine_version_arn: opt String,
    }
    /// `DescribeStateMachine`.
    DescribeStateMachine {
        /// Which machine, version or alias.
        state_machine_arn: String,
        /// `ALL_DATA` (default) or `METADATA_ONLY`.
        included_data: opt String,
    }
    /// Answer of `DescribeStateMachine`.
    StateMachineDescription {
        /// Which machine or version.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// `ACTIVE` or `DELETING`.
        status: opt String,
        /// The document as it was given.
        definition: String,
        /// The role the machine acts under.
        role_arn: String,
        /// `STANDARD` or `EXPRESS`.
        #[serde(rename = "type")]
        kind: String,
        /// When it was made.
        creation_date: Timestamp,
        /// What is logged; nothing is, in fact.
        logging_configuration: opt LoggingConfiguration,
        /// Whether executions are traced; they are not, in fact.
        tracing_configuration: opt TracingConfiguration,
        /// Of a distributed Map.
        label: opt String,
        /// Changes with every update.
        revision_id: opt String,
        /// Of a version.
        description: opt String,
        /// How data is encrypted.
        encryption_configuration: opt EncryptionConfiguration,
        /// Which variables the states read.
        variable_references: opt VariableReferences,
    }
    /// `DescribeStateMachineForExecution`.
    DescribeStateMachineForExecution {
        /// Which execution.
        execution_arn: String,
        /// `ALL_DATA` (default) or `METADATA_ONLY`.
        included_data: opt String,
    }
    /// Answer of `DescribeStateMachineForExecution`.
    StateMachineForExecution {
        /// Which machine.
        state_machine_arn: String,
        /// Its name.
        name: String,
        /// The document that the execution began with.
        definition: String,
        /// The role that it began with.
        role_arn: String,
        /// When the machine became what the execution began with.
        update_date: Timestamp,
        /// What is logged.
        logging_configuration: opt LoggingConfiguration,
        /// Whether executions are traced.
        tracing_configuration: opt TracingConfiguration,
        /// The map run that started the execution.
        map_run_arn: opt String,
        /// Of the distributed Map that started the execution.
        label: opt String,
        /// Names what the machine was.
        revision_id: opt String,
        /// How data is encrypted.
        encryption_configuration: opt EncryptionConfiguration,
        /// Which variables the states read.
        variable_references: opt VariableReferences,
    }
    /// `DeleteStateMachine`.
    DeleteStateMachine {
        /// Which machine.
        state_machine_arn: String,
    }
    /// `ListStateMachines`.
    ListStateMachines {
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
        /// Where the last page ended.
        next_token: opt String,
    }
    /// Answer of `ListStateMachines`.
    StateMachineList {
        /// In order of name.
        state_machines: Vec<StateMachineListItem>,
        /// Present if there is more.
        next_token: opt String,
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
        creation_date: Timestamp,
    }
}
