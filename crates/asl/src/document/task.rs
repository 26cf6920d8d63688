//! The Task state as it is written.

use std::sync::Arc;

use super::fields::{Fields, Given};
use super::flow;
use super::problems::Problems;
use super::service_types;
use crate::expression::Template;
use crate::services;

/// What only a Task has.
pub(super) const FIELDS: [&str; 4] = ["Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"];
/// The same in JSONPath only.
pub(super) const PATH_FIELDS: [&str; 3] = ["Parameters", "TimeoutSecondsPath", "HeartbeatSecondsPath"];

const MOST_SECONDS: u64 = 99_999_999;

/// A Task's own part.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: Arc<Resource>,
    pub(crate) timeout: Option<Given<u64>>,
    pub(crate) heartbeat: Option<Given<u64>>,
    /// `Credentials`: an object with a RoleArn.
    pub(crate) credentials: Option<Template>,
}

/// What a Task calls, and how the history names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub(crate) arn: Arc<str>,
    /// `batch`, `states`, `aws-sdk:batch`; `lambda` for a function; `activity`.
    pub(crate) service: Arc<str>,
    /// `submitJob.sync`.
    pub(crate) action: Arc<str>,
    pub(crate) kind: ResourceKind,
}

/// Which events tell of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    /// `Task…`
    Service,
    /// `LambdaFunction…`
    Function,
    /// `Activity…`
    Activity,
}

impl Resource {
    /// As it is written in the document.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// How the names of its events begin.
    pub(crate) fn event_prefix(&self) -> &'static str {
        match self.kind {
            ResourceKind::Service => "Task",
            ResourceKind::Function => "LambdaFunction",
            ResourceKind::Activity => "Activity",
        }
    }

    /// Whether the task gets a token to answer with.
    pub(crate) fn waits_for_token(&self) -> bool {
        self.action.ends_with(".waitForTaskToken")
    }

    /// Whether the task waits for the work to be done.
    pub(crate) fn is_sync(&self) -> bool {
        matches!(self.action.rsplit_once('.'), Some((_, "sync" | "sync:2")))
    }

    /// Splits an ARN; `None` if it is none.
    pub(crate) fn parse(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, service, region, account, rest] = parts[..] else {
            return None;
        };
        if parts[0] != "arn" || !parts[1].starts_with("aws") || rest.is_empty() {
            return None;
        }
        let (service, action, kind) = match service {
            "states" if rest.starts_with("activity:") && !region.is_empty() => ("activity", rest, ResourceKind::Activity),
            "states" if region.is_empty() && account.is_empty() => {
                let sdk = rest.strip_prefix("aws-sdk:").map_or(0, |_| "aws-sdk:".len());
                let within = sdk + rest[sdk..].find(':')?;
                (&rest[..within], &rest[within + 1..], ResourceKind::Service)
            }
            "lambda" if rest.starts_with("function:") => ("lambda", rest, ResourceKind::Function),
            _ => return None,
        };
        Some(Self { arn: arn.into(), service: service.into(), action: action.into(), kind })
    }
}

/// Reads a Task.
pub(super) fn read(fields: &Fields<'_>, express: bool, problems: &mut Problems) -> Option<Task> {
    let timeout = seconds(fields, ["TimeoutSeconds", "TimeoutSecondsPath"], problems);
    let heartbeat = seconds(fields, ["HeartbeatSeconds", "HeartbeatSecondsPath"], problems);
    if let (Some(Given::Fixed(timeout)), Some(Given::Fixed(heartbeat))) = (&timeout, &heartbeat)
        && heartbeat >= timeout
    {
        problems.schema(&fields.location("HeartbeatSeconds"), "HeartbeatSeconds must be less than TimeoutSeconds");
    }
    let credentials = credentials(fields, problems);
    fields.require(&["Resource"], problems);
    let at = fields.location("Resource");
    let arn = fields.string("Resource", problems)?;
    let Some(resource) = Resource::parse(arn) else {
        problems.resource(&at);
        return None;
    };
    if resource.kind == ResourceKind::Service && services::find(&resource.service, &resource.action).is_err() {
        problems.unknown_resource(&at, arn);
        return None;
    }
    if express {
        refuse_in_express(&resource, &at, problems);
    }
    service_types::check(&resource, fields, problems);
    Some(Task { resource: Arc::new(resource), timeout, heartbeat, credentials })
}

/// Recorded, blanks included.
fn refuse_in_express(resource: &Resource, at: &str, problems: &mut Problems) {
    let words = match &*resource.action {
        _ if resource.kind == ResourceKind::Activity => "Express state machine does not support Activity Task",
        action if action.ends_with(".waitForTaskToken") => {
            "Express state machine does not support '.waitForTaskToken' service integration "
        }
        _ if resource.is_sync() => "Express state machine does not support '.sync' service integration",
        _ => return,
    };
    problems.schema(at, words);
}

/// Recorded: a missing RoleArn is noted at the field itself.
fn credentials(fields: &Fields<'_>, problems: &mut Problems) -> Option<Template> {
    let credentials = fields.get("Credentials")?;
    let names_role =
        |object: &serde_json::Map<String, serde_json::Value>| object.keys().any(|name| name.trim_end_matches(".$") == "RoleArn");
    if credentials.as_object().is_some_and(|object| !names_role(object)) {
        problems.schema(&fields.location("Credentials"), "The field 'RoleArn' is required but was missing");
    }
    flow::template(fields, "Credentials", problems)
}

fn seconds(fields: &Fields<'_>, names: [&'static str; 2], problems: &mut Problems) -> Option<Given<u64>> {
    fields.given(names, problems, |fields, name, problems| fields.integer(name, 1, MOST_SECONDS, problems))
}
