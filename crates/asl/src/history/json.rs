//! Events in the shape of `GetExecutionHistory`.

use serde_json::{Map, Value, json};

use super::{Fault, Happening, HistoryEvent};
use crate::Payload;
use crate::document::{Resource, ResourceKind};

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
            Happening::ExecutionStarted { input, role_arn, version_arn, alias_arn } => {
                let mut details = self.data("input", input);
                details.insert("roleArn".into(), (**role_arn).into());
                details.extend(alias_arn.as_ref().map(|arn| ("stateMachineAliasArn".into(), (**arn).into())));
                details.extend(version_arn.as_ref().map(|arn| ("stateMachineVersionArn".into(), (**arn).into())));
                details
            }
            Happening::ExecutionRedriven { count } => object(json!({"redriveCount": count})),
            Happening::EvaluationFailed { state, location, fault } => {
                let mut details = Self::fault(fault);
                details.extend(location.as_ref().map(|location| ("location".into(), (**location).into())));
                details.insert("state".into(), (**state).into());
                details
            }
            Happening::MapRunStarted { arn } => object(json!({"mapRunArn": **arn})),
            Happening::MapRunRedriven { arn, count } => object(json!({"mapRunArn": **arn, "redriveCount": count})),
            Happening::MapRunEnded { fault, .. } => Self::fault(fault.as_ref()?),
            Happening::ActivityStarted { worker } => {
                worker.iter().map(|worker| ("workerName".to_owned(), Value::from(&**worker))).collect()
            }
            Happening::ExecutionSucceeded { output } => self.data("output", output),
            Happening::ExecutionFailed(fault) | Happening::ExecutionTimedOut(fault) | Happening::ExecutionAborted(fault) => {
                Self::fault(fault)
            }
            Happening::StateEntered { name, input, .. } => {
                return Some(("stateEnteredEventDetails".into(), self.named(name, "input", input)));
            }
            Happening::StateExited { name, output, assigned, .. } => {
                let mut details = self.named(name, "output", output);
                if self.include_data && !assigned.is_empty() {
                    let values = assigned.iter().map(|(name, value)| (name.to_string(), Value::from(value.text())));
                    details.insert("assignedVariables".into(), Value::Object(values.collect()));
                    details.insert("assignedVariablesDetails".into(), json!({"truncated": false}));
                }
                return Some(("stateExitedEventDetails".into(), details));
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
            Happening::TaskScheduled { resource, region, parameters, timeout_seconds, heartbeat_seconds, credentials } => {
                let mut details = self.scheduled(resource, region, parameters);
                details.extend(timeout_seconds.map(|seconds| ("timeoutInSeconds".into(), seconds.into())));
                details.extend(heartbeat_seconds.map(|seconds| ("heartbeatInSeconds".into(), seconds.into())));
                let role = credentials.as_ref().and_then(|credentials| credentials.value().get("RoleArn"));
                details.extend(role.map(|role| ("taskCredentials".into(), json!({"roleArn": role}))));
                (resource, details)
            }
            Happening::TaskStarted { resource } if resource.kind != ResourceKind::Service => return None,
            Happening::TaskStarted { resource } => (resource, Map::new()),
            Happening::TaskSubmitted { resource, output } | Happening::TaskSucceeded { resource, output } => {
                (resource, self.data("output", output))
            }
            Happening::TaskFailed { resource, fault, .. } => (resource, Self::fault(fault)),
            _ => return None,
        };
        if resource.kind == ResourceKind::Service {
            details.insert("resourceType".into(), (*resource.service).into());
            details.insert("resource".into(), (*resource.action).into());
        }
        Some(details)
    }

    fn scheduled(&self, resource: &Resource, region: &str, parameters: &Payload) -> Map<String, Value> {
        if resource.kind != ResourceKind::Service {
            let mut details = self.data("input", parameters);
            details.insert("resource".into(), (*resource.arn).into());
            return details;
        }
        let mut details = Map::new();
        details.insert("region".into(), region.into());
        if self.include_data {
            details.insert("parameters".into(), parameters.text().into());
        }
        details
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
