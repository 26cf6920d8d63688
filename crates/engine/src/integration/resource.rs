//! Which resource leads where.

/// What a Task asks of the engine's services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resource<'a> {
    /// `batch:submitJob`, and whether its end is waited for.
    SubmitJob { sync: bool },
    /// `states:startExecution`.
    StartExecution(Pattern),
    /// `aws-sdk:sfn:…`: any call to Step Functions.
    States { operation: &'a str, pattern: Pattern },
    /// `aws-sdk:batch:…`: any call to Batch.
    Batch { operation: &'a str, pattern: Pattern },
    /// `aws-sdk:s3:…`: the calls on objects that the engine has.
    Objects { operation: &'a str },
    /// An activity.
    Activity { arn: &'a str },
    /// Something that this engine does not have.
    Unknown,
}

/// What a Task waits for (Developer Guide, Service integration patterns).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// The answer.
    Response,
    /// The end of what was started; its output is a string.
    Sync,
    /// The same; its output is JSON.
    Sync2,
    /// A call with the task's token.
    Token,
}

impl<'a> Resource<'a> {
    /// Reads an ARN.
    pub(super) fn of(arn: &'a str) -> Self {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        match parts[..] {
            [_, _, "states", region, _, rest] if !region.is_empty() && rest.starts_with("activity:") => Self::Activity { arn },
            [_, _, "states", "", "", rest] => Self::of_action(rest),
            _ => Self::Unknown,
        }
    }

    fn of_action(action: &'a str) -> Self {
        let (call, pattern) = [(".waitForTaskToken", Pattern::Token), (".sync:2", Pattern::Sync2), (".sync", Pattern::Sync)]
            .into_iter()
            .find_map(|(suffix, pattern)| Some((action.strip_suffix(suffix)?, pattern)))
            .unwrap_or((action, Pattern::Response));
        let sdk =
            |service: &str| call.strip_prefix("aws-sdk:").and_then(|rest| rest.strip_prefix(service)).filter(|_| pattern != Pattern::Sync);
        match (call, pattern) {
            ("batch:submitJob", Pattern::Response) => Self::SubmitJob { sync: false },
            ("batch:submitJob", Pattern::Sync) => Self::SubmitJob { sync: true },
            ("states:startExecution", pattern) => Self::StartExecution(pattern),
            _ => match (sdk("sfn:"), sdk("batch:"), sdk("s3:")) {
                (Some(operation), ..) => Self::States { operation, pattern },
                (_, Some(operation), _) => Self::Batch { operation, pattern },
                (.., Some(operation)) if pattern == Pattern::Response => Self::Objects { operation },
                _ => Self::Unknown,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Resource};

    #[test]
    fn resources_are_told_apart() {
        for (arn, expected) in [
            ("arn:aws:states:::batch:submitJob", Resource::SubmitJob { sync: false }),
            ("arn:aws-cn:states:::batch:submitJob.sync", Resource::SubmitJob { sync: true }),
            ("arn:aws:states:::batch:submitJob.waitForTaskToken", Resource::Unknown),
            ("arn:aws:states:::states:startExecution.sync:2", Resource::StartExecution(Pattern::Sync2)),
            ("arn:aws:states:::states:startExecution.waitForTaskToken", Resource::StartExecution(Pattern::Token)),
            ("arn:aws:states:::aws-sdk:sfn:listExecutions", Resource::States { operation: "listExecutions", pattern: Pattern::Response }),
            ("arn:aws:states:::aws-sdk:batch:submitJob", Resource::Batch { operation: "submitJob", pattern: Pattern::Response }),
            ("arn:aws:states:::aws-sdk:s3:getObject", Resource::Objects { operation: "getObject" }),
            ("arn:aws:states:r:1:activity:a", Resource::Activity { arn: "arn:aws:states:r:1:activity:a" }),
            ("arn:aws:states:::sqs:sendMessage", Resource::Unknown),
            ("nothing", Resource::Unknown),
        ] {
            assert_eq!(Resource::of(arn), expected, "{arn}");
        }
    }
}
