//! Integrations that Step Functions has made for a service (Developer Guide, Integrating optimized services, with the pages of the
//! services).

use super::{Pattern, Unknown};

/// What an action can be waited for, beside its answer.
#[derive(Clone, Copy)]
enum Waits {
    No,
    Job,
    Token,
    Either,
}

use Waits::{Either, Job, No, Token};

/// Any action: the guide names more of them every year.
const ANY: &str = "*";

/// Services, and their actions.
const SERVICES: &[(&str, &[(&str, Waits)])] = &[
    ("apigateway", &[("invoke", Token)]),
    ("athena", &[("startQueryExecution", Job), ("stopQueryExecution", No), ("getQueryExecution", No), ("getQueryResults", No)]),
    ("batch", &[("submitJob", Job)]),
    ("bedrock", &[(ANY, Either)]),
    ("codebuild", CODEBUILD),
    ("databrew", &[("startJobRun", Job)]),
    ("dynamodb", &[("getItem", No), ("putItem", No), ("deleteItem", No), ("updateItem", No)]),
    ("ecs", &[("runTask", Either)]),
    ("eks", &[(ANY, Either)]),
    ("elasticmapreduce", &[(ANY, Job)]),
    ("emr-containers", &[(ANY, Job)]),
    ("emr-serverless", &[(ANY, Job)]),
    ("events", &[("putEvents", Token)]),
    ("glue", &[("startJobRun", Job)]),
    ("http", &[("invoke", No)]),
    ("lambda", &[("invoke", Token)]),
    ("mediaconvert", &[("createJob", Job)]),
    ("sagemaker", &[(ANY, Job)]),
    ("sns", &[("publish", Token)]),
    ("sqs", &[("sendMessage", Token)]),
    ("states", &[("startExecution", Either)]),
];

const CODEBUILD: &[(&str, Waits)] = &[
    ("startBuild", Job),
    ("stopBuild", No),
    ("batchDeleteBuilds", No),
    ("batchGetReports", No),
    ("startBuildBatch", Job),
    ("stopBuildBatch", No),
    ("retryBuildBatch", Job),
    ("deleteBuildBatch", No),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().map(|(name, _)| *name)
}

pub(super) fn find(service: &str, action: &str, pattern: Pattern) -> Result<(), Unknown> {
    let (_, actions) = SERVICES.iter().find(|(name, _)| *name == service).ok_or(Unknown::Service)?;
    let known = actions.iter().find(|(name, _)| *name == action || (*name == ANY && !action.is_empty() && !action.contains('.')));
    let (_, waits) = known.ok_or_else(|| Unknown::Action(actions.iter().map(|(name, _)| *name).collect()))?;
    // Only nested executions have two forms of answers.
    let waitable = waits.for_pattern(pattern) && (pattern != Pattern::JobAsJson || service == "states");
    if waitable { Ok(()) } else { Err(Unknown::Pattern(those_with(pattern))) }
}

fn those_with(pattern: Pattern) -> Vec<&'static str> {
    let has = |actions: &[(&str, Waits)]| actions.iter().any(|(_, waits)| waits.for_pattern(pattern));
    SERVICES
        .iter()
        .filter(|(name, actions)| has(actions) && (pattern != Pattern::JobAsJson || *name == "states"))
        .map(|(name, _)| *name)
        .collect()
}

impl Waits {
    fn for_pattern(self, pattern: Pattern) -> bool {
        match pattern {
            Pattern::Response => true,
            Pattern::Job | Pattern::JobAsJson => matches!(self, Job | Either),
            Pattern::Token => matches!(self, Token | Either),
        }
    }
}
