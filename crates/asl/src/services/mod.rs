//! The services that a Task can call: which integrations there are, and what the operations of some services take.

mod operation;
mod optimised;
mod sdk;

pub(crate) use operation::unsupported;
pub use operation::{Operation, missing, operation};

/// How a Task waits for what it called (Developer Guide, Service integration patterns).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// For the answer only.
    Response,
    /// `.sync`: until the job is over.
    Job,
    /// `.sync:2`: the same, with an answer that is JSON.
    JobAsJson,
    /// `.waitForTaskToken`: until somebody sends the token back.
    Token,
}

/// Why there is no such integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// No service of this name is integrated in a way of its own.
    Service,
    /// The service has these actions.
    Action(Vec<&'static str>),
    /// The action cannot be waited for in this way; these services' actions can.
    Pattern(Vec<&'static str>),
    /// The SDK has no service of this name.
    SdkService,
    /// The service has no such operation.
    SdkOperation,
    /// What the SDK calls has no job to wait for.
    SdkJob,
}

impl Pattern {
    /// Takes `submitJob.sync` apart.
    pub(crate) fn split(action: &str) -> (&str, Self) {
        match action.rsplit_once('.') {
            Some((action, "sync")) => (action, Self::Job),
            Some((action, "sync:2")) => (action, Self::JobAsJson),
            Some((action, "waitForTaskToken")) => (action, Self::Token),
            _ => (action, Self::Response),
        }
    }
}

/// Whether there is such an integration. `service` is `batch` or `aws-sdk:batch`, `action` such as `submitJob.sync`.
pub(crate) fn find(service: &str, action: &str) -> Result<(), Unknown> {
    let (action, pattern) = Pattern::split(action);
    match service.strip_prefix("aws-sdk:") {
        Some(service) => sdk::find(service, action, pattern),
        None => optimised::find(service, action, pattern),
    }
}

/// The names behind `aws-sdk:`.
pub(crate) fn sdk_names() -> impl Iterator<Item = &'static str> {
    sdk::names()
}

/// The operations of a service, if they are known.
pub(crate) fn operations(service: &str) -> impl Iterator<Item = &'static str> {
    operation::names(service)
}

/// The services that are integrated in a way of their own.
pub(crate) fn optimised_names() -> impl Iterator<Item = &'static str> {
    optimised::names()
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Unknown, find, sdk_names};

    /// Developer Guide, Integrating optimized services, and the pages of the services; Learning to use AWS service SDK
    /// integrations.
    #[test]
    fn integrations_that_aws_has_are_found() {
        for (service, action) in [
            ("batch", "submitJob.sync"),
            ("states", "startExecution.sync:2"),
            ("states", "startExecution.waitForTaskToken"),
            ("lambda", "invoke.waitForTaskToken"),
            ("ecs", "runTask.waitForTaskToken"),
            ("events", "putEvents.waitForTaskToken"),
            ("athena", "startQueryExecution.sync"),
            ("elasticmapreduce", "addStep.sync"),
            ("eks", "runJob.sync"),
            ("sagemaker", "createTrainingJob.sync"),
            ("http", "invoke"),
            ("aws-sdk:dynamodb", "query"),
            ("aws-sdk:s3", "listObjectsV2"),
            ("aws-sdk:sfn", "startSyncExecution"),
            ("aws-sdk:batch", "submitJob.waitForTaskToken"),
            ("aws-sdk:costexplorer", "getCostAndUsage"),
            ("aws-sdk:bedrockruntime", "invokeModel"),
        ] {
            assert_eq!(find(service, action), Ok(()), "{service}:{action}");
        }
    }

    #[test]
    fn integrations_that_aws_has_not_are_told_apart() {
        for (service, action, expected) in [
            ("lambda", "invoke.sync", Unknown::Pattern(Vec::new())),
            ("batch", "submitJob.waitForTaskToken", Unknown::Pattern(Vec::new())),
            ("batch", "submitJob.sync:2", Unknown::Pattern(Vec::new())),
            ("batch", "nothing", Unknown::Action(vec!["submitJob"])),
            ("batch", "submitjob", Unknown::Action(vec!["submitJob"])),
            ("glue", "startCrawler", Unknown::Action(vec!["startJobRun"])),
            ("lamda", "invoke", Unknown::Service),
            ("aws-sdk:nosuch", "doIt", Unknown::SdkService),
            ("aws-sdk:stepfunctions", "startExecution", Unknown::SdkService),
            ("aws-sdk:batch", "nothing", Unknown::SdkOperation),
            ("aws-sdk:s3", "GetObject", Unknown::SdkOperation),
            ("aws-sdk:s3", "selectObjectContent", Unknown::SdkOperation),
            ("aws-sdk:glue", "startJobRun.sync", Unknown::SdkJob),
        ] {
            let found = match find(service, action) {
                Err(Unknown::Pattern(_)) => Err(Unknown::Pattern(Vec::new())),
                other => other,
            };
            assert_eq!(found, Err(expected), "{service}:{action}");
        }
    }

    #[test]
    fn the_names_of_the_sdk_are_all_there_and_no_words_of_the_comment() {
        let names: Vec<&str> = sdk_names().collect();
        assert_eq!(names.len(), 471);
        assert!(names.is_sorted() && names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())));
    }

    #[test]
    fn actions_are_told_from_how_they_are_waited_for() {
        assert_eq!(Pattern::split("submitJob.sync"), ("submitJob", Pattern::Job));
        assert_eq!(Pattern::split("startExecution.sync:2"), ("startExecution", Pattern::JobAsJson));
        assert_eq!(Pattern::split("invoke.else"), ("invoke.else", Pattern::Response));
    }
}
