//! The check of a document.

use super::shapes::shapes;

shapes! {
    /// `ValidateStateMachineDefinition`.
    ValidateStateMachineDefinition {
        /// The document: JSON as text.
        definition: String,
        /// `STANDARD` (default) or `EXPRESS`.
        #[serde(rename = "type")]
        kind: opt String,
        /// `ERROR` (default) or `WARNING`: the mildest to report.
        severity: opt String,
        /// 0 (meaning 100) to 100.
        max_results: opt i32,
    }
    /// Answer of `ValidateStateMachineDefinition`.
    Validation {
        /// `OK` or `FAIL`.
        result: String,
        /// What was found.
        diagnostics: Vec<ValidationDiagnostic>,
        /// Whether more was found than is listed.
        truncated: bool,
    }
    /// One finding of `ValidateStateMachineDefinition`.
    ValidationDiagnostic {
        /// `ERROR` or `WARNING`.
        severity: String,
        /// Such as `SCHEMA_VALIDATION_FAILED`.
        code: String,
        /// AWS's words.
        message: String,
        /// A JSON pointer.
        location: opt String,
    }
}
