//! The names of machines and executions in full.

use fanout_asl::api::ApiError;

use super::Service;

impl Service {
    pub(super) fn arn(&self, resource: &str) -> String {
        format!("arn:aws:states:{}:{}:{resource}", self.settings.region, self.settings.account)
    }

    pub(super) fn machine_arn(&self, machine: &str) -> String {
        self.arn(&format!("stateMachine:{machine}"))
    }

    pub(super) fn execution_arn(&self, machine: &str, execution: &str) -> String {
        self.arn(&format!("execution:{machine}:{execution}"))
    }
}

/// Whether `arn` can name a resource of this kind at all.
///
/// # Errors
/// `InvalidArn`, as recorded.
pub(super) fn check(arn: &str, kind: &str) -> Result<(), ApiError> {
    let invalid = |problem: String| Err(ApiError::new("InvalidArn", format!("Invalid Arn: '{problem}'")));
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    if parts.first() != Some(&"arn") || parts.len() < 6 {
        return invalid(format!("Invalid ARN prefix: {arn}"));
    }
    match parts.get(5) {
        Some(found) if *found == kind && parts.len() == 7 => Ok(()),
        Some(found) => invalid(format!("Resource type not valid in this context: {found}")),
        None => invalid(format!("Invalid ARN prefix: {arn}")),
    }
}
