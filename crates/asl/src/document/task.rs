//! The Task state as it is written.

use std::sync::Arc;

use super::fields::Fields;
use super::problems::Problems;
use super::service_types;
use crate::expression::Expression;

/// What only a Task has.
pub(super) const FIELDS: [&str; 8] = [
    "Resource",
    "Parameters",
    "Arguments",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "Credentials",
];

const MOST_SECONDS: u64 = 99_999_999;

/// A Task's own part.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: Arc<Resource>,
    pub(crate) timeout: Option<Seconds>,
    pub(crate) heartbeat: Option<Seconds>,
}

/// A number of seconds, written down or looked up.
#[derive(Debug)]
pub(crate) enum Seconds {
    Fixed(u64),
    Path(Expression),
}

/// What a Task calls, and how the history names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// As written.
    pub(crate) arn: Arc<str>,
    /// Such as `batch` or `aws-sdk:batch`.
    pub(crate) service: Box<str>,
    /// Such as `submitJob.sync`.
    pub(crate) action: Box<str>,
    /// Whether this is a Lambda function by its own ARN, which has events of its own.
    pub(crate) is_function: bool,
}

impl Resource {
    /// As written: `arn:aws:states:::batch:submitJob.sync`.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// How the names of its events begin.
    pub(crate) fn event_prefix(&self) -> &'static str {
        if self.is_function { "LambdaFunction" } else { "Task" }
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
        let is_function = service == "lambda" && rest.starts_with("function:");
        let (service, action) = match service {
            "states" if region.is_empty() && account.is_empty() => rest.rsplit_once(':')?,
            "lambda" if is_function => ("lambda", rest),
            _ => return None,
        };
        Some(Self { arn: arn.into(), service: service.into(), action: action.into(), is_function })
    }
}

/// Reads a Task.
pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Task> {
    for missing in ["Arguments", "Credentials"] {
        if fields.has(missing) {
            problems.not_yet(&fields.location(missing), missing);
        }
    }
    let timeout = seconds(fields, ["TimeoutSeconds", "TimeoutSecondsPath"], problems);
    let heartbeat = seconds(fields, ["HeartbeatSeconds", "HeartbeatSecondsPath"], problems);
    if let (Some(Seconds::Fixed(timeout)), Some(Seconds::Fixed(heartbeat))) = (&timeout, &heartbeat)
        && heartbeat >= timeout
    {
        problems.schema(&fields.location("HeartbeatSeconds"), "HeartbeatSeconds must be less than TimeoutSeconds");
    }
    fields.require(&["Resource"], problems);
    let at = fields.location("Resource");
    let arn = fields.string("Resource", problems)?;
    let activity = arn.starts_with("arn:aws") && arn.contains(":states:") && arn.contains(":activity:");
    match Resource::parse(arn) {
        _ if activity => problems.not_yet(&at, "activities"),
        Some(resource) if resource.action.ends_with(".waitForTaskToken") => problems.not_yet(&at, "callbacks (.waitForTaskToken)"),
        Some(resource) => {
            service_types::check(&resource, fields, problems);
            return Some(Task { resource: Arc::new(resource), timeout, heartbeat });
        }
        None => problems.resource(&at),
    }
    None
}

fn seconds(fields: &Fields<'_>, names: [&'static str; 2], problems: &mut Problems) -> Option<Seconds> {
    match fields.at_most_one(&names, problems) {
        Some(name) if name == names[0] => fields.integer(name, 1, MOST_SECONDS, problems).map(Seconds::Fixed),
        Some(name) => fields.path(name, problems).map(Seconds::Path),
        None => None,
    }
}
