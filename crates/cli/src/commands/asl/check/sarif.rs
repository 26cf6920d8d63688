//! Findings as SARIF 2.1.0 (OASIS), as GitHub's code scanning takes it.

use std::fmt::Write as _;
use std::path::{Component, Path};

use fanout_asl::check::{Finding, RULES, Severity};
use serde_json::{Value, json};

use super::{Checked, is_stdin};

/// One run with all findings; `complete` says whether every file could be read.
pub(super) fn of(checked: &[Checked], complete: bool) -> String {
    let rules = rules(checked);
    let codes: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    let all = checked.iter().flat_map(|checked| checked.findings.iter().map(|finding| result(checked, finding, &codes)));
    let results: Vec<Value> = all.collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "fanout", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": complete}],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

/// Our rules, and AWS's codes as far as they occur.
fn rules(checked: &[Checked]) -> Vec<Value> {
    let mut rules: Vec<Value> = RULES.iter().map(|rule| described(rule.code, rule.summary, rule.severity)).collect();
    for finding in checked.iter().flat_map(|checked| &checked.findings) {
        if !rules.iter().any(|rule| rule["id"] == *finding.code) {
            rules.push(described(&finding.code, "AWS refuses the definition.", Severity::Error));
        }
    }
    rules
}

fn described(code: &str, summary: &str, severity: Severity) -> Value {
    json!({"id": code, "shortDescription": {"text": summary}, "defaultConfiguration": {"level": severity.name()}})
}

fn result(checked: &Checked, finding: &Finding, codes: &[&str]) -> Value {
    let span = finding.span;
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&checked.path)},
            "region": {"startLine": span.line, "startColumn": span.column, "endLine": span.line, "endColumn": span.end_column},
        },
    });
    if !finding.pointer.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": finding.pointer}]);
    }
    json!({
        "ruleId": finding.code,
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": finding.severity.name(),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [location],
    })
}

/// A path as a URI reference, relative if the path is.
fn uri(path: &Path) -> String {
    if is_stdin(path) {
        return "stdin".into();
    }
    let scheme = if path.is_absolute() { "file://" } else { "" };
    let mut uri = String::from(scheme);
    for component in path.components() {
        match component {
            Component::RootDir => uri.push('/'),
            Component::CurDir => {}
            other => {
                if !uri.is_empty() && !uri.ends_with('/') {
                    uri.push('/');
                }
                for byte in other.as_os_str().as_encoded_bytes() {
                    match byte {
                        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(*byte)),
                        _ => _ = write!(uri, "%{byte:02X}"),
                    }
                }
            }
        }
    }
    uri
}
