//! Findings as one JSON array.

use fanout_asl::check::Finding;
use serde_json::{Value, json};

use super::Checked;

/// All findings, each with its file.
pub(super) fn of(checked: &[Checked]) -> String {
    let all = checked.iter().flat_map(|checked| checked.findings.iter().map(|finding| object(checked, finding)));
    serde_json::to_string_pretty(&Value::Array(all.collect())).unwrap_or_default()
}

fn object(checked: &Checked, finding: &Finding) -> Value {
    let span = finding.span;
    json!({
        "file": checked.path.display().to_string(),
        "severity": finding.severity.name(),
        "code": finding.code,
        "message": finding.message,
        "help": finding.help,
        "pointer": finding.pointer,
        "line": span.line,
        "column": span.column,
        "endColumn": span.end_column,
        "start": span.start,
        "end": span.end,
    })
}
