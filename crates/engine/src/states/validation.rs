//! The check of a document, for those who create a machine and for those who only ask.

use fanout_asl::api::{Reply, ValidateStateMachineDefinition, Validation, ValidationDiagnostic};
use fanout_asl::{Definition, MachineType};

use super::kind::Kind;

/// Diagnostics of one answer unless asked otherwise.
const MOST: usize = 100;

/// A document that a machine of this kind may have.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(text: &str, kind: Kind) -> Result<Definition, Vec<ValidationDiagnostic>> {
    Definition::parse_as(text, if kind == Kind::Express { MachineType::Express } else { MachineType::Standard })
}

/// Warnings are told only to those who want them (service model, `severity`).
pub(super) fn validate(call: &ValidateStateMachineDefinition) -> Reply {
    let mut diagnostics = read(&call.definition, Kind::of(call.kind.as_deref())).err().unwrap_or_default();
    let is_error = |diagnostic: &ValidationDiagnostic| diagnostic.severity == "ERROR";
    let result = if diagnostics.iter().any(is_error) { "FAIL" } else { "OK" };
    if call.severity.as_deref() != Some("WARNING") {
        diagnostics.retain(is_error);
    }
    let most = call.max_results.filter(|most| *most > 0).map_or(MOST, |most| most as usize);
    let truncated = diagnostics.len() > most;
    diagnostics.truncate(most);
    Reply::Validation(Validation { result: result.into(), diagnostics, truncated })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validated(definition: &str, kind: &str, max_results: i32) -> Validation {
        let call = ValidateStateMachineDefinition {
            definition: definition.into(),
            kind: Some(kind.into()),
            max_results: Some(max_results),
            ..ValidateStateMachineDefinition::default()
        };
        let Reply::Validation(validation) = validate(&call) else { panic!() };
        validation
    }

    const SYNC: &str = r#"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","End":true,
        "Parameters":{"JobName":"n","JobQueue":"q","JobDefinition":"d"}}}}"#;

    #[test]
    fn the_type_decides_what_is_wrong() {
        assert_eq!(validated(SYNC, "STANDARD", 0).result, "OK");
        let express = validated(SYNC, "EXPRESS", 0);
        assert_eq!((express.result.as_str(), express.diagnostics.len(), express.truncated), ("FAIL", 1, false));
    }

    #[test]
    fn no_more_is_told_than_asked_for() {
        let all = validated(r#"{"StartAt":"A","States":{"B":{"Type":"Pass"},"C":{"Type":"Pass"}}}"#, "STANDARD", 0);
        assert!(all.diagnostics.len() > 1 && !all.truncated, "{all:?}");
        let one = validated(r#"{"StartAt":"A","States":{"B":{"Type":"Pass"},"C":{"Type":"Pass"}}}"#, "STANDARD", 1);
        assert_eq!((one.diagnostics, one.truncated), (all.diagnostics[..1].to_vec(), true));
    }
}
