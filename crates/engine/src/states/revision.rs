//! What a state machine is at a time: its document, its role, its configuration.

use std::sync::Arc;

use fanout_asl::Definition;
use fanout_asl::api::{ApiError, VariableReferences};
use jiff::Timestamp;

use super::configuration::Configuration;
use super::kind::Kind;
use super::{references, validation};

/// Never changes: an update makes another one. Versions and executions hold on to theirs.
#[derive(Debug)]
pub(super) struct Revision {
    /// Recorded: only an update gives a machine a revision.
    pub(super) id: Option<String>,
    /// The document as it was given.
    pub(super) text: String,
    pub(super) definition: Arc<Definition>,
    pub(super) references: VariableReferences,
    pub(super) role_arn: String,
    pub(super) configuration: Configuration,
    /// When the machine became this.
    pub(super) since: Timestamp,
}

/// A document that was read.
pub(super) struct Document {
    pub(super) text: String,
    definition: Arc<Definition>,
    references: VariableReferences,
}

impl Document {
    /// # Errors
    /// `InvalidDefinition` with everything that is wrong.
    pub(super) fn read(text: String, kind: Kind) -> Result<Self, ApiError> {
        let definition = validation::read(&text, kind).map_err(|problems| ApiError::invalid_definition(&problems))?;
        let references = references::of(&text);
        Ok(Self { text, definition: Arc::new(definition), references })
    }
}

impl Revision {
    pub(super) fn new(id: Option<String>, document: Document, role_arn: String, configuration: Configuration, since: Timestamp) -> Self {
        let Document { text, definition, references } = document;
        Self { id, text, definition, references, role_arn, configuration, since }
    }

    /// The document again, for the next revision.
    pub(super) fn document(&self) -> Document {
        Document { text: self.text.clone(), definition: Arc::clone(&self.definition), references: self.references.clone() }
    }

    /// As answers have them: left out if there are none (service model, `variableReferences`).
    pub(super) fn shown_references(&self) -> Option<VariableReferences> {
        (!self.references.is_empty()).then(|| self.references.clone())
    }

    /// As answers name it; `INITIAL` before the first update (service model, PublishStateMachineVersion).
    pub(super) fn name(&self) -> &str {
        self.id.as_deref().unwrap_or("INITIAL")
    }
}

/// Whether this can be the ARN of a role: roles are not looked up.
///
/// # Errors
/// `InvalidArn`.
pub(super) fn check_role(role_arn: &str) -> Result<(), ApiError> {
    if role_arn.starts_with("arn:") {
        return Ok(());
    }
    Err(ApiError::new("InvalidArn", format!("Invalid Role Arn: '{role_arn}'")))
}
