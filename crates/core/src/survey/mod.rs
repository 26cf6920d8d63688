//! What a plan needs and an account lacks, all of it, found before anything is submitted.
//!
//! A machine as small as can be: [`Survey::next_call`], [`Survey::answered`], until there is no call any more. It only asks;
//! what it may not ask is itself something that is lacking.

mod definition;
pub(crate) mod queue;
mod roles;
#[cfg(test)]
mod tests;

use fanout_asl::api as states;
use fanout_batch::api::{self, Reply, Request};

use crate::call::{Answer, Call, CallError, Outlook};
use crate::fan_out::{FanOut, NO_BUCKET, NO_IMAGE};
use crate::limits::{MACHINE_NAME, grouped};
use crate::plan::{JobDefinition, Plan};

/// Something that is lacking, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What, with its name and the number that is missed.
    pub what: String,
    /// A flag, or a command.
    pub mend: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Without any of it, the plan would not be carried out.
    pub lacks: Vec<Lack>,
    /// What is worth a line.
    pub notes: Vec<String>,
    /// The queue's ARN, which says the account and the region.
    pub queue_arn: String,
    /// The log group that a definition names, if it is not Batch's own.
    pub log_group: Option<String>,
}

/// Looks at what a plan needs.
#[derive(Debug)]
pub struct Survey<'a> {
    plan: &'a Plan,
    fan_out: &'a FanOut,
    stage: Stage,
    found: Found,
    /// What the queue's usable environments are.
    room: queue::Room,
    definitions: Vec<api::JobDefinitionDetail>,
}

/// What is asked next.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Queue,
    /// It is not there: which are?
    Queues,
    Environments(Vec<String>),
    Definition {
        next_token: Option<String>,
    },
    Done,
}

impl<'a> Survey<'a> {
    /// A survey for this plan of this fan-out.
    pub fn new(plan: &'a Plan, fan_out: &'a FanOut) -> Self {
        let (found, room) = (Found::default(), queue::Room::default());
        let mut survey = Self { plan, fan_out, stage: Stage::Queue, found, room, definitions: Vec::new() };
        survey.check_plan();
        survey
    }

    /// What to ask; nothing once it is over.
    pub fn next_call(&self) -> Option<Call> {
        let request = match &self.stage {
            Stage::Queue => {
                let job_queues = vec![self.plan.job_queue.clone()];
                Request::DescribeJobQueues(api::DescribeJobQueues { job_queues, ..api::DescribeJobQueues::default() })
            }
            Stage::Queues => Request::DescribeJobQueues(api::DescribeJobQueues::default()),
            Stage::Environments(names) => Request::DescribeComputeEnvironments(api::DescribeComputeEnvironments {
                compute_environments: names.clone(),
                ..api::DescribeComputeEnvironments::default()
            }),
            Stage::Definition { next_token } => {
                Request::DescribeJobDefinitions(definition::request(self.plan.job_definition.name(), next_token.clone()))
            }
            Stage::Done => return None,
        };
        Some(Call::Batch(request))
    }

    /// Takes in the answer to the last call.
    ///
    /// # Errors
    /// Those after which nothing more can be learned: no answer, or credentials that are not taken.
    pub fn answered(&mut self, result: Result<Answer, CallError>) -> Result<(), CallError> {
        let stage = std::mem::replace(&mut self.stage, Stage::Done);
        match (stage, result) {
            (Stage::Queues, Err(_)) => {
                self.no_queue(&[]);
                self.stage = self.after_queue();
            }
            (stage, Err(error)) if is_denied(&error) => {
                self.lack(
                    format!("the leave to ask: {error}"),
                    "let the identity make this call; all that fanout calls is listed in docs/targets.md",
                );
                self.stage = if matches!(stage, Stage::Definition { .. }) { Stage::Done } else { self.after_queue() };
            }
            (_, Err(error)) => return Err(error),
            (Stage::Queue, Ok(Answer::Batch(Reply::DescribeJobQueues(reply)))) => self.stage = self.take_queue(reply),
            (Stage::Queues, Ok(Answer::Batch(Reply::DescribeJobQueues(reply)))) => {
                let names: Vec<String> = reply.job_queues.into_iter().map(|queue| queue.job_queue_name).collect();
                self.no_queue(&names);
                self.stage = self.after_queue();
            }
            (Stage::Environments(_), Ok(Answer::Batch(Reply::DescribeComputeEnvironments(reply)))) => {
                self.take_environments(&reply.compute_environments);
                self.stage = self.after_queue();
            }
            (Stage::Definition { .. }, Ok(Answer::Batch(Reply::DescribeJobDefinitions(reply)))) => {
                self.definitions.extend(reply.job_definitions);
                match reply.next_token {
                    Some(token) => self.stage = Stage::Definition { next_token: Some(token) },
                    None => self.take_definition(),
                }
            }
            (_, Ok(_)) => {}
        }
        if self.stage == Stage::Done {
            self.check_roles();
        }
        Ok(())
    }

    /// All that was found.
    pub fn finish(self) -> Found {
        self.found
    }

    fn lack(&mut self, what: impl Into<String>, mend: impl Into<String>) {
        self.found.lacks.push(Lack { what: what.into(), mend: mend.into() });
    }

    fn after_queue(&self) -> Stage {
        match &self.plan.job_definition {
            JobDefinition::Own(_) => Stage::Done,
            JobDefinition::Existing(_) => Stage::Definition { next_token: None },
        }
    }

    /// What can be said without asking.
    fn check_plan(&mut self) {
        if let JobDefinition::Own(own) = &self.plan.job_definition
            && own.container_properties.as_ref().is_some_and(|container| container.image.as_deref() == Some(NO_IMAGE))
        {
            self.lack("an image that holds the command", "name it with --image IMAGE, or a job definition with --definition NAME");
        }
        if self.plan.objects.iter().any(|object| object.bucket == NO_BUCKET) {
            self.lack(
                "a bucket for the items, which no state's input holds",
                "name one that is there with --bucket, or use --strategy array, which needs none",
            );
        }
        let machines: Vec<&states::CreateStateMachine> = self.plan.state_machines();
        let longest = machines.iter().map(|machine| machine.name.chars().count() as u64).max().unwrap_or_default();
        if longest > MACHINE_NAME.most {
            self.lack(
                format!(
                    "a state machine's name of {} characters: {} is the most ({})",
                    grouped(longest),
                    MACHINE_NAME.most,
                    MACHINE_NAME.source
                ),
                "use a shorter run id, or a strategy without a state machine: array, submit",
            );
        }
    }
}

/// Asks for a queue that an earlier survey found.
pub fn ask_for_queue(arn: &str) -> Call {
    Call::Batch(Request::DescribeJobQueues(api::DescribeJobQueues { job_queues: vec![arn.into()], ..api::DescribeJobQueues::default() }))
}

/// Whether the answer shows it.
pub fn shows_queue(answer: &Answer, arn: &str) -> bool {
    matches!(answer, Answer::Batch(Reply::DescribeJobQueues(reply)) if reply.job_queues.iter().any(|queue| queue.job_queue_arn == arn))
}

/// AWS's ways to say that this identity may not make this call.
fn is_denied(error: &CallError) -> bool {
    error.outlook == Outlook::Final && error.code.starts_with("AccessDenied")
}
