//! The report for programs. Durations are seconds, times are RFC 3339 in UTC.

use fanout_core::event::{Event, EventKind, RunEnd};
use fanout_core::report::Report;
use fanout_core::run_list::RunList;
use serde_json::{Value, json};

/// Changes when a reader of an older fanout could not read it.
const SCHEMA: u32 = 1;

/// One event on one line.
pub(super) fn event(event: &Event, runs: &RunList) -> String {
    let mut line = json!({"schema": SCHEMA});
    merge(&mut line, serde_json::to_value(event).unwrap_or_default());
    if let EventKind::RunEnded(end) = &event.kind {
        line["item"] = runs.item(end.index).value().clone();
    }
    line.to_string()
}

/// The last line of a stream of events.
pub(super) fn summary(report: &Report) -> String {
    let mut line = head(report);
    line["event"] = "report".into();
    line.to_string()
}

/// Everything as one value.
pub(crate) fn report(report: &Report, runs: &RunList) -> String {
    let mut value = head(report);
    let run = |end: &RunEnd| {
        let mut run = json!({"index": end.index, "item": runs.item(end.index).value()});
        merge(&mut run, serde_json::to_value(end).unwrap_or_default());
        run
    };
    value["runs"] = Value::Array(report.runs().map(run).collect());
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn head(report: &Report) -> Value {
    json!({
        "schema": SCHEMA,
        "runId": report.run_id(),
        "strategy": report.strategy(),
        "startedAt": report.begun(),
        "totals": report.totals(),
        "figures": report.figures(),
        "cancelled": report.was_cancelled(),
        "retries": report.round(),
        "maxFailsExceeded": report.given_up().is_some(),
    })
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
