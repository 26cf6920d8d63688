//! Accounts that lack something, and what is said of them.

use fanout_batch::api::{self, Reply};
use serde_json::{Value, json};

use super::{Found, Survey};
use crate::call::{Answer, Call, CallError, Outlook};
use crate::fan_out::{ExistingDefinition, FanOut, Platform};
use crate::strategy::testing::fan_out;
use crate::strategy::{Map, Strategy, Submit};

/// An account by its descriptions, as Batch's API spells them.
struct Account {
    queues: Value,
    environments: Value,
    definitions: Value,
}

impl Account {
    fn of(environment: &Value) -> Self {
        let mut environments = json!([{
            "computeEnvironmentName": "env", "computeEnvironmentArn": "arn:aws:batch:us-east-1:111122223333:compute-environment/env",
            "ecsClusterArn": "", "type": "MANAGED", "state": "ENABLED", "status": "VALID", "statusReason": "", "tags": {},
            "computeResources": {"type": "EC2", "maxvCpus": 4}
        }]);
        merge(&mut environments[0], environment);
        let queue = json!({
            "jobQueueName": "fanout", "jobQueueArn": "arn:aws:batch:us-east-1:111122223333:job-queue/fanout", "state": "ENABLED",
            "status": "VALID", "statusReason": "", "priority": 1, "tags": {},
            "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "env"}]
        });
        Self { queues: json!([queue]), environments, definitions: json!([]) }
    }

    fn with_definition(mut self, definition: &Value) -> Self {
        let mut whole = json!({
            "jobDefinitionName": "d", "jobDefinitionArn": "arn:aws:batch:us-east-1:111122223333:job-definition/d:3", "revision": 3,
            "status": "ACTIVE", "type": "container", "parameters": {}, "tags": {}, "containerProperties": {"image": "i"}
        });
        merge(&mut whole, definition);
        self.definitions = json!([whole]);
        self
    }

    fn with_queue(mut self, queue: &Value) -> Self {
        merge(&mut self.queues[0], queue);
        self
    }

    fn answer(&self, call: &Call) -> Answer {
        let Call::Batch(request) = call else { panic!("{call:?}") };
        let known = |asked: &[String]| asked.is_empty() || asked.iter().any(|name| name.ends_with("fanout"));
        Answer::Batch(match request {
            api::Request::DescribeJobQueues(asked) => {
                let queues = if known(&asked.job_queues) { self.queues.clone() } else { json!([]) };
                Reply::DescribeJobQueues(serde_json::from_value(json!({"jobQueues": queues})).unwrap())
            }
            api::Request::DescribeComputeEnvironments(_) => {
                Reply::DescribeComputeEnvironments(serde_json::from_value(json!({"computeEnvironments": self.environments})).unwrap())
            }
            api::Request::DescribeJobDefinitions(_) => {
                Reply::DescribeJobDefinitions(serde_json::from_value(json!({"jobDefinitions": self.definitions})).unwrap())
            }
            other => panic!("{}", other.operation()),
        })
    }

    /// What is found for a plan.
    fn survey(&self, fan_out: &FanOut, strategy: &dyn Strategy) -> Found {
        let plan = strategy.plan(fan_out).unwrap();
        let mut survey = Survey::new(&plan, fan_out);
        while let Some(call) = survey.next_call() {
            survey.answered(Ok(self.answer(&call))).unwrap();
        }
        survey.finish()
    }
}

fn merge(value: &mut Value, with: &Value) {
    for (name, member) in with.as_object().into_iter().flatten() {
        value[name] = member.clone();
    }
}

/// What a plan of one run asks for, image and role included.
fn complete() -> FanOut {
    let mut fan_out = fan_out("1-6");
    fan_out.worker.image = "etl:7".into();
    fan_out.role_arn = "arn:aws:iam::111122223333:role/states".into();
    fan_out
}

fn existing(mut fan_out: FanOut) -> FanOut {
    fan_out.worker.hosting.definition = Some(ExistingDefinition { name: "d".into(), vcpus: None, memory_mib: None });
    fan_out
}

/// The beginnings of what is lacking.
fn lacks(found: &Found) -> Vec<&str> {
    found.lacks.iter().map(|lack| lack.what.split([':', ',']).next().unwrap()).collect()
}

#[test]
fn an_account_that_has_everything_lacks_nothing() {
    let found = Account::of(&json!({})).survey(&complete(), &Map);
    assert_eq!((lacks(&found), found.notes.len()), (vec![], 0));
    assert_eq!(found.queue_arn, "arn:aws:batch:us-east-1:111122223333:job-queue/fanout");
}

#[test]
fn everything_that_is_lacking_is_told_at_once() {
    let account = Account::of(&json!({"state": "DISABLED"})).with_queue(&json!({"state": "DISABLED", "schedulingPolicyArn": "arn:p"}));
    let found = account.survey(&fan_out("1-6"), &Map);
    let expected = [
        "an image that holds the command",
        "a queue that takes jobs",
        "a queue without shares",
        "a compute environment that is ENABLED and VALID",
        "a role for the state machine",
    ];
    assert_eq!(lacks(&found), expected);
    assert!(found.lacks[1].mend.ends_with("update-job-queue --job-queue fanout --state ENABLED"), "{found:?}");
    assert_eq!(lacks(&account.survey(&complete(), &Submit)), expected[1..4], "a plan without a state machine needs no role for one");
}

#[test]
fn a_queue_that_is_not_there_is_told_with_those_that_are() {
    let mut fan_out = complete();
    fan_out.job_queue = "nowhere".into();
    let found = Account::of(&json!({})).survey(&fan_out, &Submit);
    assert_eq!(found.lacks[0].what, "the job queue nowhere; there are fanout");
}

#[test]
fn jobs_are_made_for_what_the_queue_has() {
    let (instances, fargate) = (Account::of(&json!({})), Account::of(&json!({"computeResources": {"type": "FARGATE", "maxvCpus": 4}})));
    let mut for_fargate = complete();
    for_fargate.worker.hosting.platform = Platform::Fargate;
    for_fargate.worker.hosting.execution_role_arn = Some("arn:aws:iam::111122223333:role/tasks".into());
    assert_eq!(lacks(&fargate.survey(&for_fargate, &Submit)), Vec::<&str>::new());
    assert_eq!(lacks(&instances.survey(&for_fargate, &Submit)), ["jobs for instances"]);
    let found = fargate.survey(&complete(), &Submit);
    assert_eq!(lacks(&found), ["jobs for Fargate"]);
    assert!(found.lacks[0].mend.starts_with("--platform fargate"), "{found:?}");
    let fargate = fargate.with_definition(&json!({"platformCapabilities": ["FARGATE"]}));
    assert_eq!(lacks(&fargate.survey(&existing(complete()), &Submit)), Vec::<&str>::new());
    let eks = Account::of(&json!({"containerOrchestrationType": "EKS"}));
    assert_eq!(lacks(&eks.survey(&complete(), &Submit)), ["a compute environment of ECS"]);
}

#[test]
fn one_run_has_to_fit_and_those_that_wait_are_told() {
    let account = Account::of(&json!({}));
    let mut large = complete();
    large.worker.vcpus = 8;
    assert_eq!(lacks(&account.survey(&large, &Submit)), ["room for one run"]);
    let mut many = complete();
    many.max_concurrency = Some(5);
    let found = account.survey(&many, &Submit);
    assert_eq!(found.notes, ["fanout has room for 4 runs at a time (4 vCPUs), and 5 were asked for: the others wait"]);
    let account = account.with_definition(&json!({"containerProperties": {"image": "i", "vcpus": 8}}));
    assert_eq!(lacks(&account.survey(&existing(complete()), &Submit)), ["room for one run"]);
}

#[test]
fn a_definition_has_to_be_there_in_use_and_of_one_container() {
    let fan_out = existing(complete());
    assert_eq!(lacks(&Account::of(&json!({})).survey(&fan_out, &Submit)), ["the job definition d"]);
    for (definition, lack) in [
        (json!({"status": "INACTIVE"}), "a job definition in use"),
        (json!({"type": "multinode"}), "a definition of one container"),
        (json!({"containerProperties": null}), "a definition of one container"),
        (json!({"platformCapabilities": ["FARGATE"]}), "jobs for instances"),
    ] {
        let found = Account::of(&json!({})).with_definition(&definition).survey(&fan_out, &Submit);
        assert_eq!(lacks(&found), [lack], "{definition}");
    }
}

#[test]
fn a_definition_says_where_its_jobs_write() {
    let with = |logs: Value| json!({"containerProperties": {"image": "i", "logConfiguration": logs}});
    let survey = |logs| Account::of(&json!({})).with_definition(&with(logs)).survey(&existing(complete()), &Submit);
    let found = survey(json!({"logDriver": "awslogs", "options": {"awslogs-group": "/etl", "awslogs-region": "us-east-1"}}));
    assert_eq!((found.log_group.as_deref(), found.notes.len()), (Some("/etl"), 0));
    let found = survey(json!({"logDriver": "splunk", "options": {}}));
    assert_eq!((found.log_group, &*found.notes[0]), (None, "the definition writes its logs with splunk: fanout cannot read them"));
    assert!(survey(json!({"logDriver": "awslogs", "options": {"awslogs-region": "eu-west-1"}})).notes[0].contains("in eu-west-1"));
}

#[test]
fn roles_have_to_be_this_accounts() {
    let mut fan_out = complete();
    fan_out.role_arn = "states".into();
    fan_out.worker.hosting.job_role_arn = Some("arn:aws:iam::444455556666:role/job".into());
    let found = Account::of(&json!({})).survey(&fan_out, &Map);
    assert_eq!(lacks(&found), ["a role's ARN", "a role of account 111122223333"]);
}

#[test]
fn what_may_not_be_asked_is_lacking_and_no_answer_is_an_error() {
    let refused = |code: &str, outlook| {
        let (operation, message) = ("batch:DescribeJobQueues".to_owned(), "User: x is not authorized".to_owned());
        Err(CallError { operation, code: code.into(), message, outlook })
    };
    let fan_out = complete();
    let plan = Submit.plan(&fan_out).unwrap();
    let mut survey = Survey::new(&plan, &fan_out);
    survey.answered(refused("AccessDeniedException", Outlook::Final)).unwrap();
    assert_eq!(survey.next_call(), None);
    assert!(survey.finish().lacks[0].what.starts_with("the leave to ask: batch:DescribeJobQueues"));
    for (code, outlook) in [("Transport", Outlook::Unknown), ("ExpiredTokenException", Outlook::Final)] {
        assert!(Survey::new(&plan, &fan_out).answered(refused(code, outlook)).is_err());
    }
}

#[test]
fn revisions_are_asked_for_by_name_or_by_number() {
    let ask = |name| super::definition::request(name, None);
    for name in ["d:3", "arn:aws:batch:us-east-1:111122223333:job-definition/d:3"] {
        assert_eq!((ask(name).job_definitions, ask(name).job_definition_name), (vec![name.to_owned()], None));
    }
    for name in ["d", "arn:aws:batch:us-east-1:111122223333:job-definition/d"] {
        assert_eq!((ask(name).job_definition_name.as_deref(), ask(name).status.as_deref()), (Some("d"), Some("ACTIVE")));
    }
}
