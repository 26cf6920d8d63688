//! What a Task calls, read off its `Resource`.

use crate::services;

/// A resource taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call<'d> {
    /// Such as `batch`, `aws-sdk:batch`, or `activity`.
    pub(super) service: &'d str,
    /// Such as `submitJob`.
    pub(super) action: &'d str,
    pub(super) pattern: Pattern,
}

/// How a Task waits for what it called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// For the answer only.
    Response,
    /// `.sync` or `.sync:2`: until the job is over.
    Job,
    /// `.waitForTaskToken`: until somebody sends the token back.
    Token,
    /// Until a worker has taken the task and answered.
    Activity,
}

impl<'d> Call<'d> {
    /// Takes an ARN apart; `None` if it is none, or a placeholder.
    pub(super) fn parse(arn: &'d str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, rest] = parts[..] else { return None };
        if !partition.starts_with("aws") {
            return None;
        }
        match service {
            "states" if region.is_empty() && account.is_empty() => Self::integration(rest),
            "states" => rest.strip_prefix("activity:").map(|action| Self { service: "activity", action, pattern: Pattern::Activity }),
            "lambda" => Some(Self { service: "lambda", action: "invoke", pattern: Pattern::Response }),
            _ => None,
        }
    }

    fn integration(rest: &'d str) -> Option<Self> {
        let (rest, pattern) = services::Pattern::split(rest);
        let pattern = match pattern {
            services::Pattern::Response => Pattern::Response,
            services::Pattern::Job | services::Pattern::JobAsJson => Pattern::Job,
            services::Pattern::Token => Pattern::Token,
        };
        let (service, action) = rest.rsplit_once(':')?;
        Some(Self { service, action, pattern })
    }

    /// Whether there is such an integration. If there is none, AWS refuses it.
    pub(super) fn exists(&self) -> bool {
        let suffix = match self.pattern {
            Pattern::Job => ".sync",
            Pattern::Token => ".waitForTaskToken",
            Pattern::Response | Pattern::Activity => "",
        };
        self.pattern == Pattern::Activity || services::find(self.service, &format!("{}{suffix}", self.action)).is_ok()
    }

    /// Whether it submits a job to Batch and waits for it.
    pub(super) fn awaits_batch_job(&self) -> bool {
        self.submits_batch_job() && self.pattern == Pattern::Job
    }

    /// Whether it submits a job to Batch.
    pub(super) fn submits_batch_job(&self) -> bool {
        self.service == "batch" && self.action == "submitJob"
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Pattern};

    #[test]
    fn resources_are_taken_apart() {
        let of = |arn| Call::parse(arn).map(|call| (call.service, call.action, call.pattern));
        assert_eq!(of("arn:aws:states:::batch:submitJob.sync"), Some(("batch", "submitJob", Pattern::Job)));
        assert_eq!(of("arn:aws-cn:states:::states:startExecution.sync:2"), Some(("states", "startExecution", Pattern::Job)));
        assert_eq!(of("arn:aws:states:::aws-sdk:s3:getObject"), Some(("aws-sdk:s3", "getObject", Pattern::Response)));
        assert_eq!(of("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), Some(("sqs", "sendMessage", Pattern::Token)));
        assert_eq!(of("arn:aws:states:eu-west-1:123456789012:activity:a"), Some(("activity", "a", Pattern::Activity)));
        assert_eq!(of("arn:aws:lambda:eu-west-1:123456789012:function:f:1"), Some(("lambda", "invoke", Pattern::Response)));
        assert_eq!(of("${FunctionArn}"), None);
    }
}
