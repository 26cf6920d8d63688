//! `UpdateStateMachine`.

use std::sync::Arc;

use fanout_asl::api::{ApiError, Reply, StateMachineOptions, StateMachineUpdated, UpdateStateMachine};
use jiff::Timestamp;

use super::Service;
use super::configuration;
use super::revision::{self, Document, Revision};

impl Service {
    /// An update that changes something makes a new revision. Recorded: the same document again does not. Of a role alone it
    /// is not known whether it has to differ; here it need not.
    pub(super) fn update_machine(&mut self, call: UpdateStateMachine, now: Timestamp) -> Result<Reply, ApiError> {
        let UpdateStateMachine { state_machine_arn, definition, role_arn, options } = call;
        let machine = self.machine(&state_machine_arn)?;
        if definition.is_none() && role_arn.is_none() && !configures(&options) {
            let words = "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
            return Err(ApiError::new("MissingRequiredParameter", words));
        }
        configuration::check_publishing(&options)?;
        role_arn.as_deref().map_or(Ok(()), revision::check_role)?;
        let only_role = definition.is_none() && !configures(&options);
        let before = Arc::clone(&machine.revision);
        let configuration = before.configuration.with(&options)?;
        let document = definition.map_or_else(|| Ok(before.document()), |text| Document::read(text, machine.kind))?;
        let other_role = role_arn.as_ref().is_some_and(|role| only_role || *role != before.role_arn);
        let changed = other_role || document.text != before.text || configuration != before.configuration;
        if changed {
            let id = Some(self.ids.uuid().to_string());
            let role_arn = role_arn.unwrap_or_else(|| before.role_arn.clone());
            let after = Revision::new(id, document, role_arn, configuration, now);
            self.machine_mut(&state_machine_arn)?.revision = Arc::new(after);
        }
        let machine = self.machine_mut(&state_machine_arn)?;
        let version = match options.publish {
            Some(true) => Some(machine.publish(options.version_description, now)?),
            Some(false) | None => None,
        };
        Ok(Reply::StateMachineUpdated(StateMachineUpdated {
            update_date: now,
            revision_id: machine.revision.id.clone(),
            state_machine_version_arn: version.map(|number| machine.version_arn(number)),
        }))
    }
}

fn configures(options: &StateMachineOptions) -> bool {
    options.logging_configuration.is_some() || options.tracing_configuration.is_some() || options.encryption_configuration.is_some()
}
