//! `DescribeStateMachine`, `DescribeStateMachineForExecution`.

use fanout_asl::api::{
    ApiError, DescribeStateMachine, DescribeStateMachineForExecution, Reply, StateMachineDescription, StateMachineForExecution,
};

use super::Service;
use super::revision::Revision;
use super::target::Found;

impl Service {
    /// An alias is described as the first of its versions.
    pub(super) fn describe_machine(&self, call: &DescribeStateMachine) -> Result<Reply, ApiError> {
        let Found { machine, version } = self.found(&call.state_machine_arn, 0)?;
        let revision = version.map_or(&machine.revision, |(_, version)| &version.revision);
        Ok(Reply::StateMachineDescription(StateMachineDescription {
            state_machine_arn: version.map_or_else(|| machine.arn.clone(), |(number, _)| machine.version_arn(number)),
            name: machine.name.clone(),
            status: Some("ACTIVE".into()),
            definition: definition(revision, call.included_data.as_deref()),
            role_arn: revision.role_arn.clone(),
            kind: machine.kind.name().into(),
            creation_date: version.map_or(machine.created, |(_, version)| version.created),
            logging_configuration: Some(revision.configuration.logging.clone()),
            tracing_configuration: Some(revision.configuration.tracing.clone()),
            label: None,
            revision_id: revision.id.clone(),
            description: version.and_then(|(_, version)| version.description.clone()),
            encryption_configuration: Some(revision.configuration.encryption.clone()),
            variable_references: revision.shown_references(),
        }))
    }

    /// Recorded: of an execution of a version, the machine's ARN without the version.
    pub(super) fn describe_machine_for_execution(&self, call: &DescribeStateMachineForExecution) -> Result<Reply, ApiError> {
        let record = self.record(self.execution(&call.execution_arn)?);
        let revision = &record.target.revision;
        Ok(Reply::StateMachineForExecution(StateMachineForExecution {
            state_machine_arn: record.target.machine_arn.clone(),
            name: record.target.machine_name.clone(),
            definition: definition(revision, call.included_data.as_deref()),
            role_arn: revision.role_arn.clone(),
            update_date: revision.since,
            logging_configuration: Some(revision.configuration.logging.clone()),
            tracing_configuration: Some(revision.configuration.tracing.clone()),
            map_run_arn: None,
            label: None,
            revision_id: revision.id.clone(),
            encryption_configuration: Some(revision.configuration.encryption.clone()),
            variable_references: revision.shown_references(),
        }))
    }
}

/// Service model, member `definition`: `{}` if only metadata is asked for.
fn definition(revision: &Revision, included_data: Option<&str>) -> String {
    if included_data == Some("METADATA_ONLY") { "{}".into() } else { revision.text.clone() }
}
