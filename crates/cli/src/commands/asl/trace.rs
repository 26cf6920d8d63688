//! One event of a history on one line: when, what, where, and the beginning of what it holds.

use std::collections::BTreeMap;

use serde_json::Value;

/// Characters of data on one line.
const MOST: usize = 120;
/// The column that the longest name of an event needs.
const WIDTH: usize = 24;

/// Remembers where each event stands among iterations and branches.
#[derive(Debug, Default)]
pub(super) struct Trace {
    seen: BTreeMap<u64, Place>,
    began: Option<f64>,
}

/// Where an event stands, for those that follow it.
#[derive(Clone, Debug, Default)]
struct Place {
    kind: String,
    state: String,
    /// The Map and Parallel states around it, outermost first.
    around: Vec<String>,
}

impl Place {
    /// Whether an event that follows ends the iteration or the branches that it stands in.
    fn is_left_by(&self, kind: &str) -> bool {
        match kind {
            "ParallelStateSucceeded" | "ParallelStateFailed" | "ParallelStateAborted" => self.kind != "ParallelStateStarted",
            "MapStateFailed" | "MapStateAborted" => !self.kind.starts_with("Map"),
            kind => kind.starts_with("MapIteration") && !kind.ends_with("Started"),
        }
    }
}

impl Trace {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The event, as `GetExecutionHistory` has it.
    pub(super) fn line(&mut self, event: &Value) -> String {
        let kind = event["type"].as_str().unwrap_or_default();
        let at = event["timestamp"].as_f64().unwrap_or_default();
        let seconds = at - *self.began.get_or_insert(at);
        let details = details(event);
        let mut place = self.seen.get(&event["previousEventId"].as_u64().unwrap_or_default()).cloned().unwrap_or_default();
        if kind.starts_with("Execution") {
            place = Place::default();
        } else if place.is_left_by(kind) {
            place.state = place.around.pop().unwrap_or_default();
        } else if matches!(&*place.kind, "MapIterationStarted" | "ParallelStateStarted") {
            place.around.push(std::mem::take(&mut place.state));
        }
        if let Some(name) = details["name"].as_str() {
            name.clone_into(&mut place.state);
        }
        kind.clone_into(&mut place.kind);
        let words = [place.state.clone(), resource(details), text(kind, details)];
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let indent = "  ".repeat(place.around.len());
        self.seen.insert(event["id"].as_u64().unwrap_or_default(), place);
        format!("{seconds:>9.3}  {indent}{kind:<WIDTH$}  {}", words.join("  ")).trim_end().to_owned()
    }
}

/// The one member that is an object.
fn details(event: &Value) -> &Value {
    event.as_object().and_then(|event| event.values().find(|value| value.is_object())).unwrap_or(&Value::Null)
}

fn resource(details: &Value) -> String {
    let word = |name: &str| details[name].as_str();
    match (word("resourceType"), word("resource")) {
        (Some(service), Some(action)) => format!("{service}:{action}"),
        (None, Some(resource)) => resource.to_owned(),
        (_, None) => String::new(),
    }
}

fn text(kind: &str, details: &Value) -> String {
    let word = |name: &str| details[name].as_str().map(str::to_owned);
    if let Some(error) = word("error") {
        return cut(&word("cause").map_or(error.clone(), |cause| format!("{error}: {cause}")));
    }
    if let Some(index) = details["index"].as_u64() {
        return format!("#{index}");
    }
    if let Some(length) = details["length"].as_u64() {
        return format!("{length} items");
    }
    let waits = match word("resource") {
        Some(resource) if kind == "TaskScheduled" && resource.ends_with(".waitForTaskToken") => "(waits for its token) ",
        _ if kind == "ActivityScheduled" => "(waits for a worker) ",
        _ => "",
    };
    let data = ["input", "output", "parameters", "mapRunArn", "workerName"].into_iter().find_map(word).unwrap_or_default();
    format!("{waits}{}", cut(&data))
}

/// The beginning, on one line.
fn cut(text: &str) -> String {
    let line: String = text.chars().take(MOST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(MOST).is_some() { line + "…" } else { line }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Trace;

    #[test]
    fn iterations_and_branches_are_indented_and_data_is_cut() {
        let mut trace = Trace::new();
        let events = [
            json!({"id": 1, "previousEventId": 0, "timestamp": 10.0, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{\n}"}}),
            json!({"id": 2, "previousEventId": 1, "timestamp": 10.5, "type": "MapStateEntered", "stateEnteredEventDetails": {"name": "M", "input": "[1]"}}),
            json!({"id": 3, "previousEventId": 2, "timestamp": 10.5, "type": "MapStateStarted", "mapStateStartedEventDetails": {"length": 1}}),
            json!({"id": 4, "previousEventId": 3, "timestamp": 10.5, "type": "MapIterationStarted", "mapIterationStartedEventDetails": {"name": "M", "index": 0}}),
            json!({"id": 5, "previousEventId": 4, "timestamp": 10.5, "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "T", "input": "1"}}),
            json!({"id": 6, "previousEventId": 5, "timestamp": 11.0, "type": "TaskFailed", "taskFailedEventDetails":
                {"resourceType": "batch", "resource": "submitJob.sync", "error": "E", "cause": "c".repeat(500)}}),
            json!({"id": 7, "previousEventId": 6, "timestamp": 11.0, "type": "MapIterationFailed", "mapIterationFailedEventDetails": {"name": "M", "index": 0}}),
            json!({"id": 11, "previousEventId": 6, "timestamp": 11.0, "type": "MapStateFailed"}),
            json!({"id": 8, "previousEventId": 2, "timestamp": 11.0, "type": "ParallelStateStarted"}),
            json!({"id": 9, "previousEventId": 8, "timestamp": 11.0, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "P", "input": "1"}}),
            json!({"id": 10, "previousEventId": 9, "timestamp": 11.0, "type": "ParallelStateSucceeded"}),
        ];
        let lines: Vec<String> = events.iter().map(|event| trace.line(event)).collect();
        let failed = format!("    1.000    TaskFailed                T  batch:submitJob.sync  E: {}…", "c".repeat(117));
        assert_eq!(
            lines,
            [
                "    0.000  ExecutionStarted          { }",
                "    0.500  MapStateEntered           M  [1]",
                "    0.500  MapStateStarted           M  1 items",
                "    0.500  MapIterationStarted       M  #0",
                "    0.500    TaskStateEntered          T  1",
                &failed,
                "    1.000  MapIterationFailed        M  #0",
                "    1.000  MapStateFailed            M",
                "    1.000  ParallelStateStarted      M",
                "    1.000    PassStateEntered          P  1",
                "    1.000  ParallelStateSucceeded    M",
            ]
        );
    }
}
