//! What there is instead of an integration that there is not.

use super::help::did_you_mean;
use crate::check::call::Call;
use crate::check::nearest::nearest;
use crate::services::{self, Unknown};

/// A sentence about an ARN that was not recognized.
pub(super) fn help(arn: &str) -> Option<String> {
    let call = Call::parse(arn)?;
    let (service, action) = (call.service, call.action);
    let written = arn.rsplit_once(':').map_or(action, |(_, last)| last);
    let suffix = arn.find(&format!(":{action}.")).map_or(written, |at| &arn[at + 1..]);
    Some(match services::find(service, suffix).err()? {
        Unknown::Service if services::sdk_names().any(|name| name == service) => {
            format!("'{service}' has no integration of its own; its operations are under arn:aws:states:::aws-sdk:{service}:…")
        }
        Unknown::Service => nearest(service, services::optimised_names()).map_or_else(
            || format!("these have integrations of their own: {}", services::optimised_names().collect::<Vec<_>>().join(", ")),
            did_you_mean,
        ),
        Unknown::Action(actions) => {
            format!("{service} has {}; every other action is under arn:aws:states:::aws-sdk:{service}:…", actions.join(", "))
        }
        Unknown::Pattern(services) => {
            let pattern = suffix.strip_prefix(action).unwrap_or(suffix);
            format!("'{service}:{action}' has no {pattern}, which is for {}", services.join(", "))
        }
        Unknown::SdkService => {
            let name = service.trim_start_matches("aws-sdk:");
            let other = if name == "stepfunctions" || name == "states" { Some("sfn") } else { nearest(name, services::sdk_names()) };
            other.map_or_else(|| "the name is that of the SDK for Java, such as dynamodb, sfn or cloudwatchlogs".into(), did_you_mean)
        }
        Unknown::SdkOperation => {
            let operations = services::operations(service.trim_start_matches("aws-sdk:"));
            nearest(action, operations)
                .map_or_else(|| "operations are written in camel case, as the service's API reference names them".into(), did_you_mean)
        }
        Unknown::SdkJob => "calls of the SDK answer at once: use the service's own integration, or poll with a Wait and a Choice".into(),
    })
}
