//! Integrations of the SDK: services by name, and the operations of those whose operations are known.

use super::{Pattern, Unknown, operation};

const NAMES: &str = include_str!("sdk.txt");

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace)
}

pub(super) fn find(service: &str, action: &str, pattern: Pattern) -> Result<(), Unknown> {
    if !names().any(|name| name == service) {
        return Err(Unknown::SdkService);
    }
    if matches!(pattern, Pattern::Job | Pattern::JobAsJson) {
        return Err(Unknown::SdkJob);
    }
    let is_known = !operation::is_described(service) || operation(service, action).is_some();
    if is_known && !action.is_empty() && !action.contains([':', '.']) { Ok(()) } else { Err(Unknown::SdkOperation) }
}
