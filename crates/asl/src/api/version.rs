//! Versions of state machines.

use super::shapes::shapes;

shapes! {
    /// `PublishStateMachineVersion`.
    PublishStateMachineVersion {
        /// Of which machine.
        state_machine_arn: String,
        /// Only if this is what the machine is now.
        revision_id: opt String,
        /// At most 256 characters.
        description: opt String,
    }
    /// Answer of `PublishStateMachineVersion`.
    VersionPublished {
        /// When it was made.
        creation_date: Timestamp,
        /// The machine's ARN and a number.
        state_machine_version_arn: String,
    }
    /// `DeleteStateMachineVersion`.
    DeleteStateMachineVersion {
        /// Which version.
        state_machine_version_arn: String,
    }
    /// `ListStateMachineVersions`.
    ListStateMachineVersions {
        /// Of which machine.
        state_machine_arn: String,
        /// Where the last page ended.
        next_token: opt String,
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
    }
    /// Answer of `ListStateMachineVersions`.
    VersionList {
        /// Newest first.
        state_machine_versions: Vec<VersionListItem>,
        /// Present if there is more.
        next_token: opt String,
    }
    /// One line of `ListStateMachineVersions`.
    VersionListItem {
        /// Which version.
        state_machine_version_arn: String,
        /// When it was made.
        creation_date: Timestamp,
    }
}
