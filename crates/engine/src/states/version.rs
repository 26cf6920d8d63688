//! Versions: what a machine was at a time, with a number.

use std::sync::Arc;

use fanout_asl::api::{
    ApiError, DeleteStateMachineVersion, ListStateMachineVersions, PublishStateMachineVersion, Reply, VersionList, VersionListItem,
    VersionPublished,
};
use jiff::Timestamp;

use super::arn::{self, MachineArn, Qualifier};
use super::machine::{Machine, labelled};
use super::revision::Revision;
use super::{Service, list};

/// Versions of one machine (Step Functions quotas).
const MOST: usize = 1_000;

/// One version.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) revision: Arc<Revision>,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
}

impl Machine {
    pub(super) fn version_arn(&self, number: u32) -> String {
        format!("{}:{number}", self.arn)
    }

    /// The number of the version of what the machine is now: a new one, or the one that there is.
    ///
    /// # Errors
    /// `ServiceQuotaExceededException`; the words are ours.
    pub(super) fn publish(&mut self, description: Option<String>, now: Timestamp) -> Result<u32, ApiError> {
        if let Some((number, _)) = self.versions.iter().rev().find(|(_, version)| Arc::ptr_eq(&version.revision, &self.revision)) {
            return Ok(*number);
        }
        if self.versions.len() >= MOST {
            let message = format!("The state machine has {MOST} versions, which is the most that it may have");
            return Err(ApiError::new("ServiceQuotaExceededException", message));
        }
        self.last_version += 1;
        let version = Version { revision: Arc::clone(&self.revision), description, created: now };
        self.versions.insert(self.last_version, version);
        Ok(self.last_version)
    }
}

impl Service {
    pub(super) fn publish_version(&mut self, call: PublishStateMachineVersion, now: Timestamp) -> Result<Reply, ApiError> {
        let machine = self.machine_mut(&call.state_machine_arn)?;
        let current = machine.revision.name();
        if let Some(wanted) = call.revision_id.filter(|wanted| wanted != current) {
            let message = format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision is {current}."
            );
            return Err(ApiError::new("ConflictException", message));
        }
        let number = machine.publish(call.description, now)?;
        Ok(Reply::VersionPublished(VersionPublished {
            creation_date: machine.versions.get(&number).map_or(now, |version| version.created),
            state_machine_version_arn: machine.version_arn(number),
        }))
    }

    /// Recorded: deleting what is not there is not an error.
    pub(super) fn delete_version(&mut self, call: &DeleteStateMachineVersion) -> Result<Reply, ApiError> {
        let arn = MachineArn::parse(&call.state_machine_version_arn)?;
        let Some(Qualifier::Version(number)) = arn.qualifier else {
            return Err(arn::invalid(&format!("Not a state machine version ARN: {}", arn.whole)));
        };
        let Some(machine) = self.machines.get_mut(arn.machine) else { return Ok(Reply::Done) };
        let aliases: Vec<&str> =
            machine.aliases.iter().filter(|(_, alias)| alias.leads_to(arn.whole)).map(|(name, _)| name.as_str()).collect();
        if !aliases.is_empty() {
            let message = format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [{}]",
                aliases.join(", ")
            );
            return Err(ApiError::new("ConflictException", message));
        }
        machine.versions.remove(&number);
        Ok(Reply::Done)
    }

    /// The model has no error for a machine that is not there: it has no versions.
    pub(super) fn list_versions(&self, call: &ListStateMachineVersions) -> Result<Reply, ApiError> {
        let arn = MachineArn::parse(&call.state_machine_arn)?;
        match arn.qualifier {
            None => {}
            Some(Qualifier::Label(_)) => return Err(labelled()),
            Some(Qualifier::Version(_) | Qualifier::Alias(_)) => {
                return Err(arn::invalid(&format!("Not an unqualified state machine ARN: {}", arn.whole)));
            }
        }
        let machine = self.machines.get(arn.machine);
        let lines = machine.into_iter().flat_map(|machine| {
            machine.versions.iter().rev().map(|(number, version)| VersionListItem {
                state_machine_version_arn: machine.version_arn(*number),
                creation_date: version.created,
            })
        });
        let (state_machine_versions, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::VersionList(VersionList { state_machine_versions, next_token }))
    }
}
