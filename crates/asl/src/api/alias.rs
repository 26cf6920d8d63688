//! Aliases of versions.

use super::shapes::shapes;

shapes! {
    /// `CreateStateMachineAlias`.
    CreateStateMachineAlias {
        /// At most 256 characters.
        description: opt String,
        /// 1–80 characters of `a-zA-Z0-9_-.`, not only digits.
        name: String,
        /// One or two versions.
        routing_configuration: Vec<RoutingConfigurationListItem>,
    }
    /// What share of executions a version gets.
    RoutingConfigurationListItem {
        /// Which version.
        state_machine_version_arn: String,
        /// Percent; all of an alias add up to 100.
        weight: i32,
    }
    /// Answer of `CreateStateMachineAlias`.
    AliasCreated {
        /// The machine's ARN and the alias' name.
        state_machine_alias_arn: String,
        /// When it was made.
        creation_date: Timestamp,
    }
    /// `UpdateStateMachineAlias`.
    UpdateStateMachineAlias {
        /// Which alias.
        state_machine_alias_arn: String,
        /// The new description.
        description: opt String,
        /// The new versions.
        routing_configuration: opt Vec<RoutingConfigurationListItem>,
    }
    /// Answer of `UpdateStateMachineAlias`.
    AliasUpdated {
        /// When.
        update_date: Timestamp,
    }
    /// `DeleteStateMachineAlias`.
    DeleteStateMachineAlias {
        /// Which alias.
        state_machine_alias_arn: String,
    }
    /// `DescribeStateMachineAlias`.
    DescribeStateMachineAlias {
        /// Which alias.
        state_machine_alias_arn: String,
    }
    /// Answer of `DescribeStateMachineAlias`.
    AliasDescription {
        /// Which alias.
        state_machine_alias_arn: String,
        /// Its name.
        name: String,
        /// As given.
        description: opt String,
        /// One or two versions.
        routing_configuration: Vec<RoutingConfigurationListItem>,
        /// When it was made.
        creation_date: Timestamp,
        /// When it was last changed, or made.
        update_date: Timestamp,
    }
    /// `ListStateMachineAliases`.
    ListStateMachineAliases {
        /// Of which machine; of which version, if it is a version's ARN.
        state_machine_arn: String,
        /// Where the last page ended.
        next_token: opt String,
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
    }
    /// Answer of `ListStateMachineAliases`.
    AliasList {
        /// In order of name.
        state_machine_aliases: Vec<AliasListItem>,
        /// Present if there is more.
        next_token: opt String,
    }
    /// One line of `ListStateMachineAliases`.
    AliasListItem {
        /// Which alias.
        state_machine_alias_arn: String,
        /// When it was made.
        creation_date: Timestamp,
    }
}
