//! ResultWriter: files of results and the manifest that names them (Developer Guide, ResultWriter).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ChildEnd, ChildId, Names};
use crate::Payload;
use crate::document::Transformation;
use crate::port::Outcome;

/// Results on their way to files.
#[derive(Debug, Default)]
pub(super) struct Export {
    succeeded: Vec<Value>,
    /// Kept when they are written: after a redrive some of them are not true any more.
    failed: BTreeMap<ChildId, Value>,
    written: Written,
    files: Vec<(&'static str, Value)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Written {
    #[default]
    Nothing,
    Succeeded,
    Failed,
    All,
}

impl Export {
    /// Keeps the result of a child.
    pub(super) fn add(&mut self, child: ChildId, transformation: Transformation, outcome: &Outcome, record: impl FnOnce() -> Value) {
        match (outcome, transformation) {
            (Outcome::Succeeded { output }, Transformation::Compact | Transformation::Flatten) => {
                self.succeeded.extend(members(output.value().clone(), transformation == Transformation::Flatten));
            }
            (Outcome::Succeeded { .. }, Transformation::None) => self.succeeded.push(record()),
            _ => _ = self.failed.insert(child, record()),
        }
    }

    /// Files are to be written again after a redrive: those of failures anew, those of successes beside the first ones.
    pub(super) fn reopen(&mut self) {
        self.written = Written::Nothing;
        self.files.retain(|(kind, _)| *kind != "FAILED");
    }

    /// A child is run again.
    pub(super) fn forget(&mut self, child: ChildId) {
        self.failed.remove(&child);
    }

    /// The next file: its key and what is in it.
    pub(super) fn next_file(&mut self, prefix: &str, bucket: &str, lines: bool, names: &Names) -> Option<(String, String)> {
        let folder = if prefix.is_empty() { names.run.to_string() } else { format!("{}/{}", prefix.trim_end_matches('/'), names.run) };
        let extension = if lines { "jsonl" } else { "json" };
        loop {
            let (kind, results) = match self.written {
                Written::Nothing => {
                    self.written = Written::Succeeded;
                    ("SUCCEEDED", std::mem::take(&mut self.succeeded))
                }
                Written::Succeeded => {
                    self.written = Written::Failed;
                    ("FAILED", self.failed.values().cloned().collect())
                }
                Written::Failed => {
                    self.written = Written::All;
                    return Some((format!("{folder}/manifest.json"), self.manifest(bucket, names).to_string()));
                }
                Written::All => return None,
            };
            if !results.is_empty() {
                let body = if lines { joined(&results) } else { Value::Array(results).to_string() };
                let number = self.files.iter().filter(|(written, _)| *written == kind).count();
                let key = format!("{folder}/{kind}_{number}.{extension}");
                self.files.push((kind, json!({"Key": key, "Size": body.len()})));
                return Some((key, body));
            }
        }
    }

    fn manifest(&self, bucket: &str, names: &Names) -> Value {
        let of = |kind: &str| self.files.iter().filter(|(name, _)| *name == kind).map(|(_, file)| file.clone()).collect::<Vec<_>>();
        json!({
            "DestinationBucket": bucket,
            "MapRunArn": names.arn,
            "ResultFiles": {"FAILED": of("FAILED"), "PENDING": [], "SUCCEEDED": of("SUCCEEDED")},
        })
    }
}

fn joined(results: &[Value]) -> String {
    results.iter().fold(String::new(), |text, result| text + &result.to_string() + "\n")
}

/// The result itself, or the members of it.
pub(super) fn members(result: Value, flattens: bool) -> Vec<Value> {
    match result {
        Value::Array(members) if flattens => members,
        whole => vec![whole],
    }
}

/// What the state returns when results are in S3.
pub(super) fn reference(names: &Names, place: &Value) -> Payload {
    let prefix = place.get("Prefix").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/');
    let key = if prefix.is_empty() { format!("{}/manifest.json", names.run) } else { format!("{prefix}/{}/manifest.json", names.run) };
    Payload::from_value(json!({
        "MapRunArn": names.arn,
        "ResultWriterDetails": {"Bucket": place.get("Bucket").cloned().unwrap_or_default(), "Key": key},
    }))
}

/// A child's description.
pub(super) fn description(machine_arn: &str, input: &Payload, end: &ChildEnd) -> Value {
    let mut record = Map::new();
    let (status, output, error, cause) = match &end.outcome {
        Outcome::Succeeded { output } => ("SUCCEEDED", Some(output.text()), None, None),
        Outcome::Failed { error, cause } => ("FAILED", None, error.as_deref(), cause.as_deref()),
        Outcome::TimedOut { error, cause } => ("TIMED_OUT", None, error.as_deref(), cause.as_deref()),
        Outcome::Aborted { error, cause } => ("ABORTED", None, error.as_deref(), cause.as_deref()),
    };
    let mut put = |name: &str, value: Value| _ = record.insert(name.into(), value);
    if let Some(cause) = cause {
        put("Cause", cause.into());
    }
    if let Some(error) = error {
        put("Error", error.into());
    }
    put("ExecutionArn", end.arn.as_str().into());
    put("Input", input.text().into());
    put("InputDetails", json!({"Included": true}));
    put("Name", end.name.as_str().into());
    if let Some(output) = output {
        put("Output", output.into());
        put("OutputDetails", json!({"Included": true}));
    }
    put("RedriveCount", 0.into());
    let redrivable = status != "SUCCEEDED";
    put("RedriveStatus", if redrivable { "REDRIVABLE" } else { "NOT_REDRIVABLE" }.into());
    if !redrivable {
        put("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven".into());
    }
    put("StartDate", clock_text(end.started).into());
    put("StateMachineArn", machine_arn.into());
    put("Status", status.into());
    put("StopDate", clock_text(end.stopped).into());
    Value::Object(record)
}

fn clock_text(at: Timestamp) -> String {
    format!("{at:.3}")
}
