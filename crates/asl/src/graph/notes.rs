//! What is worth knowing of a state beneath its name: its type with what that type does, and its retries.

use serde_json::Value;

use super::condition::bare;
use super::model::Kind;

/// The lines beneath a state's name.
pub(super) fn of(kind: Kind, state: &Value) -> Vec<String> {
    let mut about = vec![written_type(state)];
    match kind {
        Kind::Task => about.extend(state.get("Resource").map(|resource| short(&bare(resource)))),
        Kind::Wait => about.extend(wait(state)),
        Kind::Fail => about.extend(state.get("Error").or_else(|| state.get("ErrorPath")).map(bare)),
        Kind::Map => about.extend(map(state)),
        Kind::Parallel => {
            let branches = state.get("Branches").and_then(Value::as_array).map_or(0, Vec::len);
            about.push(format!("{branches} {}", if branches == 1 { "branch" } else { "branches" }));
        }
        _ => {}
    }
    let mut lines = vec![about.join(" · ")];
    let retriers = state.get("Retry").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !retriers.is_empty() {
        let words: Vec<String> = retriers.iter().map(|retrier| format!("×{} on {}", attempts(retrier), errors(retrier))).collect();
        lines.push(format!("Retry {}", words.join("; ")));
    }
    lines
}

/// The error names of a retrier or a catcher.
pub(super) fn errors(handler: &Value) -> String {
    match handler.get("ErrorEquals") {
        Some(Value::Array(names)) => names.iter().map(bare).collect::<Vec<_>>().join(", "),
        Some(other) => bare(other),
        None => "?".to_owned(),
    }
}

/// Three is what a retrier does that does not say.
fn attempts(retrier: &Value) -> String {
    retrier.get("MaxAttempts").map_or_else(|| "3".to_owned(), bare)
}

fn written_type(state: &Value) -> String {
    state.get("Type").map_or_else(|| "no Type".to_owned(), bare)
}

/// A resource without what every resource begins with: `batch:submitJob.sync`, `lambda:resize`, `activity:approve`.
fn short(resource: &str) -> String {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, "states", _, _, rest] => rest.to_owned(),
        ["arn", _, service, _, _, rest] => format!("{service}:{}", rest.strip_prefix("function:").unwrap_or(rest)),
        _ => resource.to_owned(),
    }
}

fn wait(state: &Value) -> Option<String> {
    let written = |field| state.get(field).map(bare);
    let seconds = written("Seconds").or_else(|| written("SecondsPath")).map(|seconds| format!("{seconds} s"));
    seconds.or_else(|| written("Timestamp").or_else(|| written("TimestampPath")).map(|moment| format!("until {moment}")))
}

fn map(state: &Value) -> Vec<String> {
    let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
    let mode = processor.and_then(|processor| processor.pointer("/ProcessorConfig/Mode")).and_then(Value::as_str);
    let mut about = vec![mode.unwrap_or("inline").to_lowercase()];
    let reader = state.pointer("/ItemReader/Resource").map(|resource| format!("items from {}", short(&bare(resource))));
    let items = state.get("ItemsPath").or_else(|| state.get("Items")).map(|items| format!("each of {}", bare(items)));
    about.extend(reader.or(items));
    let most = state.get("MaxConcurrency").or_else(|| state.get("MaxConcurrencyPath"));
    about.extend(most.filter(|most| most.as_u64() != Some(0)).map(|most| format!("{} at once", bare(most))));
    about
}
