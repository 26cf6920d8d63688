//! What a document may not hold if its machine is EXPRESS.

use fanout_asl::api::ValidationDiagnostic;
use serde_json::{Map, Value};

/// Everything that express machines do not run (Developer Guide, choosing workflow type). The words for `.sync` and
/// `.waitForTaskToken` are recorded, blanks included.
pub(super) fn problems(text: &str) -> Vec<ValidationDiagnostic> {
    let mut problems = Vec::new();
    if let Ok(Value::Object(document)) = serde_json::from_str(text) {
        machine(&document, "", &mut problems);
    }
    problems
}

fn machine(document: &Map<String, Value>, at: &str, problems: &mut Vec<ValidationDiagnostic>) {
    let Some(Value::Object(states)) = document.get("States") else { return };
    for (name, state) in states {
        if let Value::Object(state) = state {
            self::state(state, &format!("{at}/States/{name}"), problems);
        }
    }
}

fn state(state: &Map<String, Value>, at: &str, problems: &mut Vec<ValidationDiagnostic>) {
    if let Some(Value::String(resource)) = state.get("Resource") {
        let words = match resource.rsplit_once('.') {
            _ if resource.split(':').nth(5) == Some("activity") => Some("Express state machine does not support Activity Task"),
            Some((_, "waitForTaskToken")) => Some("Express state machine does not support '.waitForTaskToken' service integration "),
            Some((_, "sync" | "sync:2")) => Some("Express state machine does not support '.sync' service integration"),
            _ => None,
        };
        problems.extend(words.map(|words| problem(words, format!("{at}/Resource"))));
    }
    for field in ["ItemProcessor", "Iterator"] {
        if let Some(Value::Object(processor)) = state.get(field) {
            if processor.get("ProcessorConfig").is_some_and(|config| config["Mode"] == "DISTRIBUTED") {
                let location = format!("{at}/{field}/ProcessorConfig/Mode");
                problems.push(problem("Express state machine does not support Distributed Map", location));
            } else {
                machine(processor, &format!("{at}/{field}"), problems);
            }
        }
    }
    for (index, branch) in state.get("Branches").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Value::Object(branch) = branch {
            machine(branch, &format!("{at}/Branches[{index}]"), problems);
        }
    }
}

fn problem(message: &str, location: String) -> ValidationDiagnostic {
    let (severity, code) = ("ERROR".into(), "SCHEMA_VALIDATION_FAILED".into());
    ValidationDiagnostic { severity, code, message: message.into(), location: Some(location) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::problems;

    fn found(states: serde_json::Value) -> Vec<String> {
        let found = problems(&json!({"States": states}).to_string());
        found.into_iter().map(|problem| format!("{} at {}", problem.message, problem.location.unwrap())).collect()
    }

    /// Recorded.
    #[test]
    fn express_machines_wait_for_nothing() {
        for (resource, words) in [
            ("arn:aws:states:::sns:publish.waitForTaskToken", "'.waitForTaskToken' service integration "),
            ("arn:aws:states:::states:startExecution.sync", "'.sync' service integration"),
        ] {
            let expect = format!("Express state machine does not support {words} at /States/X/Resource");
            assert_eq!(found(json!({"X": {"Type": "Task", "Resource": resource}})), [expect]);
        }
        assert_eq!(found(json!({"X": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob"}})), [""; 0]);
    }

    #[test]
    fn machines_within_machines_are_looked_at() {
        let task = json!({"States": {"T": {"Resource": "arn:aws:states:us-east-1:123456789012:activity:a"}}});
        let distributed = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {}});
        let states = json!({"M": {"ItemProcessor": task}, "P": {"Branches": [{}, task]}, "D": {"ItemProcessor": distributed}});
        let places: Vec<String> = found(states).into_iter().map(|words| words.rsplit(' ').next().unwrap().to_owned()).collect();
        let expect = ["/States/M/ItemProcessor/States/T/Resource", "/States/P/Branches[1]/States/T/Resource"];
        assert_eq!(places[..2], expect);
        assert_eq!(places[2], "/States/D/ItemProcessor/ProcessorConfig/Mode");
    }
}
