//! The names of resources in full.

use fanout_asl::api::ApiError;

use super::Service;

impl Service {
    pub(super) fn arn(&self, resource: &str) -> String {
        format!("arn:aws:states:{}:{}:{resource}", self.settings.region, self.settings.account)
    }

    pub(super) fn machine_arn(&self, machine: &str) -> String {
        self.arn(&format!("stateMachine:{machine}"))
    }

    pub(super) fn activity_arn(&self, activity: &str) -> String {
        self.arn(&format!("activity:{activity}"))
    }

    pub(super) fn execution_arn(&self, machine: &str, execution: &str) -> String {
        self.arn(&format!("execution:{machine}:{execution}"))
    }

    /// Names of express executions need not be unique: each has a UUID besides.
    pub(super) fn express_arn(&self, machine: &str, execution: &str, uuid: &str) -> String {
        self.arn(&format!("express:{machine}:{execution}:{uuid}"))
    }
}

/// The name in `arn`, if it can name a resource of this kind at all.
///
/// # Errors
/// `InvalidArn`, as recorded.
pub(super) fn check<'a>(arn: &'a str, kind: &str) -> Result<&'a str, ApiError> {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    match parts[..] {
        ["arn", _, _, _, _, found, name] if found == kind => Ok(name),
        ["arn", _, _, _, _, found, ..] => Err(invalid(&format!("Resource type not valid in this context: {found}"))),
        _ => Err(invalid(&format!("Invalid ARN prefix: {arn}"))),
    }
}

pub(super) fn invalid(problem: &str) -> ApiError {
    ApiError::new("InvalidArn", format!("Invalid Arn: '{problem}'"))
}

/// What may stand behind a machine's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qualifier<'a> {
    /// A number.
    Version(u32),
    /// Anything else.
    Alias(&'a str),
    /// Of a distributed Map, after a slash.
    Label(&'a str),
}

/// The ARN of a machine, perhaps qualified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MachineArn<'a> {
    /// As it was given.
    pub(super) whole: &'a str,
    /// Without the qualifier.
    pub(super) machine: &'a str,
    pub(super) qualifier: Option<Qualifier<'a>>,
}

impl<'a> MachineArn<'a> {
    /// # Errors
    /// `InvalidArn` for something else.
    pub(super) fn parse(arn: &'a str) -> Result<Self, ApiError> {
        let name = check(arn, "stateMachine")?;
        let Some(at) = name.find([':', '/']) else {
            return Ok(Self { whole: arn, machine: arn, qualifier: None });
        };
        let (separator, rest) = name[at..].split_at(1);
        let qualifier = match rest.parse() {
            _ if separator == "/" => Qualifier::Label(rest),
            Ok(version) if rest.bytes().all(|byte| byte.is_ascii_digit()) => Qualifier::Version(version),
            _ => Qualifier::Alias(rest),
        };
        Ok(Self { whole: arn, machine: &arn[..arn.len() - name.len() + at], qualifier: Some(qualifier) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

    #[test]
    fn qualifiers_are_told_apart() {
        for (suffix, qualifier) in [
            ("", None),
            (":7", Some(Qualifier::Version(7))),
            (":PROD", Some(Qualifier::Alias("PROD"))),
            (":+7", Some(Qualifier::Alias("+7"))),
            ("/map", Some(Qualifier::Label("map"))),
        ] {
            let whole = format!("{MACHINE}{suffix}");
            assert_eq!(MachineArn::parse(&whole).unwrap(), MachineArn { whole: &whole, machine: MACHINE, qualifier });
        }
    }

    /// Recorded.
    #[test]
    fn other_arns_are_refused() {
        for (arn, words) in [
            ("no_arn", "Invalid ARN prefix: no_arn"),
            ("arn:aws:states", "Invalid ARN prefix: arn:aws:states"),
            ("arn:aws:states:us-east-1:123456789012:express:m:n:u", "Resource type not valid in this context: express"),
        ] {
            assert_eq!(MachineArn::parse(arn).unwrap_err().message, format!("Invalid Arn: '{words}'"));
        }
    }
}
