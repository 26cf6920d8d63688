//! What a Task calls, read off its `Resource`.

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

/// Optimised integrations whose actions are few and settled.
const SETTLED: [(&str, &[&str]); 8] = [
    ("apigateway", &["invoke"]),
    ("batch", &["submitJob"]),
    ("dynamodb", &["getItem", "putItem", "deleteItem", "updateItem"]),
    ("ecs", &["runTask"]),
    ("lambda", &["invoke"]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("states", &["startExecution"]),
];

/// Those of them that can be waited for (Developer Guide, Integrating optimized services).
const WITH_JOBS: &[&str] = &["batch", "ecs", "states"];
/// Those of them that can hand a token on.
const WITH_TOKENS: &[&str] = &["apigateway", "ecs", "lambda", "sns", "sqs", "states"];

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
        let (rest, pattern) = match rest.rsplit_once('.') {
            Some((rest, "sync" | "sync:2")) => (rest, Pattern::Job),
            Some((rest, "waitForTaskToken")) => (rest, Pattern::Token),
            _ => (rest, Pattern::Response),
        };
        let (service, action) = rest.rsplit_once(':')?;
        Some(Self { service, action, pattern })
    }

    /// Whether it submits a job to Batch and waits for it.
    pub(super) fn awaits_batch_job(&self) -> bool {
        self.submits_batch_job() && self.pattern == Pattern::Job
    }

    /// Whether it submits a job to Batch.
    pub(super) fn submits_batch_job(&self) -> bool {
        self.service == "batch" && self.action == "submitJob"
    }

    /// Why there is no such integration, and what there is.
    pub(super) fn mistake(&self) -> Option<(String, String)> {
        if self.service.starts_with("aws-sdk:") {
            let sync = self.pattern == Pattern::Job;
            return sync.then(|| {
                let message = format!("an AWS SDK integration has no .sync: '{}:{}' answers at once", self.service, self.action);
                (message, "use the optimised integration, or poll for the end with a Wait and a Choice".into())
            });
        }
        let (_, actions) = SETTLED.iter().find(|(service, _)| *service == self.service)?;
        if actions.contains(&self.action) {
            let (word, services) = match self.pattern {
                Pattern::Job => (".sync", WITH_JOBS),
                Pattern::Token => (".waitForTaskToken", WITH_TOKENS),
                Pattern::Response | Pattern::Activity => return None,
            };
            let message = format!("'{}:{}' has no {word}", self.service, self.action);
            let help = format!("{word} is for {} and others", services.join(", "));
            return (!services.contains(&self.service)).then_some((message, help));
        }
        let message = format!("the optimised integration of '{}' has no action '{}'", self.service, self.action);
        let known = actions.join(", ");
        Some((message, format!("it has: {known}; every other action is under arn:aws:states:::aws-sdk:{}:…", self.service)))
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
