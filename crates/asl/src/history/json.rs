//! Events in the shape of `GetExecutionHistory`.

use serde_json::{Map, Value, json};

use super::{Fault, Happening, HistoryEvent};
use crate::Payload;

/// One event.
pub(super) fn event(event: &HistoryEvent, include_data: bool) -> Value {
    let kind = event.kind();
    let mut shown = Map::new();
    shown.insert("timestamp".into(), (event.at.as_millisecond() as f64 / 1000.0).into());
    if let Some((key, details)) = (Details { include_data }).of(&event.what, &kind) {
        shown.insert(key, Value::Object(details));
    }
    shown.insert("type".into(), kind.into());
    shown.insert("id".into(), event.id.into());
    shown.insert("previousEventId".into(), event.previous.into());
    Value::Object(shown)
}

struct Details {
    include_data: bool,
}

impl Details {
    /// The details and the name that they go by; some events have none.
    fn of(&self, what: &Happening, kind: &str) -> Option<(String, Map<String, Value>)> {
        let details = match what {
            Happening::ExecutionStarted { input, role_arn } => {
                let mut details = self.data("input", input);
                details.insert("roleArn".into(), (**role_arn).into());
                details
            }
            Happening::ExecutionSucceeded { output } => self.data("output", output),
            Happening::ExecutionFailed(fault) | Happening::ExecutionTimedOut(fault) | Happening::ExecutionAborted(fault) => {
                Self::fault(fault)
            }
            Happening::StateEntered { name, input, .. } => {
                return Some(("stateEnteredEventDetails".into(), self.named(name, "input", input)));
            }
            Happening::StateExited { name, output, .. } => {
                return Some(("stateExitedEventDetails".into(), self.named(name, "output", output)));
            }
            Happening::State { .. } => return None,
            Happening::MapStarted { length } => object(json!({"length": length})),
            Happening::MapIteration { name, index, .. } => object(json!({"name": **name, "index": index})),
            task => self.task(task)?,
        };
        Some((format!("{}{}EventDetails", kind[..1].to_ascii_lowercase(), &kind[1..]), details))
    }

    fn task(&self, what: &Happening) -> Option<Map<String, Value>> {
        let (resource, mut details) = match what {
            Happening::TaskScheduled { resource, region, parameters, timeout_seconds, heartbeat_seconds } => {
                let mut details = if resource.is_function { self.data("input", parameters) } else { Map::new() };
                if resource.is_function {
                    details.insert("resource".into(), (*resource.arn).into());
                } else {
                    details.insert("region".into(), (**region).into());
                    if self.include_data {
                        details.insert("parameters".into(), parameters.text().into());
                    }
                }
                details.extend(timeout_seconds.map(|seconds| ("timeoutInSeconds".into(), seconds.into())));
                details.extend(heartbeat_seconds.map(|seconds| ("heartbeatInSeconds".into(), seconds.into())));
                (resource, details)
            }
            Happening::TaskStarted { resource } if resource.is_function => return None,
            Happening::TaskStarted { resource } => (resource, Map::new()),
            Happening::TaskSubmitted { resource, output } | Happening::TaskSucceeded { resource, output } => {
                (resource, self.data("output", output))
            }
            Happening::TaskFailed { resource, fault, .. } => (resource, Self::fault(fault)),
            _ => return None,
        };
        if !resource.is_function {
            details.insert("resourceType".into(), (*resource.service).into());
            details.insert("resource".into(), (*resource.action).into());
        }
        Some(details)
    }

    fn named(&self, name: &str, field: &str, data: &Payload) -> Map<String, Value> {
        let mut details = self.data(field, data);
        details.insert("name".into(), name.into());
        details
    }

    /// The data as text, and whether it is whole.
    fn data(&self, field: &str, data: &Payload) -> Map<String, Value> {
        let mut details = Map::new();
        if self.include_data {
            details.insert(field.into(), data.text().into());
            details.insert(format!("{field}Details"), json!({"truncated": false}));
        }
        details
    }

    fn fault(fault: &Fault) -> Map<String, Value> {
        let mut details = Map::new();
        details.extend(fault.error.as_ref().map(|error| ("error".into(), (**error).into())));
        details.extend(fault.cause.as_ref().map(|cause| ("cause".into(), (**cause).into())));
        details
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
