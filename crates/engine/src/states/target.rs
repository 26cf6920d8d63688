//! What the ARN of a machine, a version or an alias leads to.

use std::sync::Arc;

use fanout_asl::api::ApiError;

use super::Service;
use super::arn::{MachineArn, Qualifier};
use super::kind::Kind;
use super::machine::{Machine, does_not_exist, labelled};
use super::revision::Revision;
use super::version::Version;

/// A machine, and the version of it that is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) machine: &'a Machine,
    pub(super) version: Option<(u32, &'a Version)>,
}

/// What an execution is started on.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) machine_arn: String,
    pub(super) machine_name: String,
    pub(super) kind: Kind,
    pub(super) revision: Arc<Revision>,
    pub(super) version_arn: Option<String>,
    pub(super) alias_arn: Option<String>,
}

impl Service {
    /// The versions of an alias take turns by their weights: which one it is this time is drawn.
    pub(super) fn target(&mut self, arn: &str) -> Result<Target, ApiError> {
        let is_alias = matches!(MachineArn::parse(arn)?.qualifier, Some(Qualifier::Alias(_)));
        let draw = if is_alias { self.ids.percent() } else { 0 };
        let Found { machine, version } = self.found(arn, draw)?;
        Ok(Target {
            machine_arn: machine.arn.clone(),
            machine_name: machine.name.clone(),
            kind: machine.kind,
            revision: Arc::clone(version.map_or(&machine.revision, |(_, version)| &version.revision)),
            version_arn: version.map(|(number, _)| machine.version_arn(number)),
            alias_arn: is_alias.then(|| arn.to_owned()),
        })
    }

    /// `draw`, from 0 to 99, chooses among the versions of an alias.
    pub(super) fn found(&self, arn: &str, draw: u32) -> Result<Found<'_>, ApiError> {
        let missing = || does_not_exist(arn);
        let parsed = MachineArn::parse(arn)?;
        let machine = self.machines.get(parsed.machine).ok_or_else(missing)?;
        let number = match parsed.qualifier {
            None => return Ok(Found { machine, version: None }),
            Some(Qualifier::Label(_)) => return Err(labelled()),
            Some(Qualifier::Version(number)) => number,
            Some(Qualifier::Alias(name)) => {
                let version = MachineArn::parse(machine.aliases.get(name).ok_or_else(missing)?.draw(draw))?;
                let Some(Qualifier::Version(number)) = version.qualifier else { return Err(missing()) };
                number
            }
        };
        let version = machine.versions.get(&number).ok_or_else(missing)?;
        Ok(Found { machine, version: Some((number, version)) })
    }
}
