//! A client that cannot ask any more.

use std::sync::Arc;

use fanout_batch::api::{JobSubmitted, Reply, Request};
use jiff::Timestamp;

use super::{Client, Effect, Input, Logs, Pace, Settings};
use crate::call::{Answer, Call, CallError, Outlook};
use crate::event::{EventKind, RunStatus};
use crate::fan_out::ExistingDefinition;
use crate::strategy::testing::fan_out;
use crate::strategy::{Strategy, Submit};

/// A client of one job, which is submitted and then cannot be seen; the statuses of the runs that it says are over.
fn unseen(mut client: Client, code: &str, outlook: Outlook) -> (Client, Vec<RunStatus>) {
    let (mut now, mut ended) = (Timestamp::UNIX_EPOCH, Vec::new());
    client.handle(Input::Start, now);
    for _ in 0..200 {
        while let Some(effect) = client.poll_effect() {
            match effect {
                Effect::Event(event) => ended.extend(if let EventKind::RunEnded(end) = event.kind { Some(end.status) } else { None }),
                Effect::Call { id, call } => {
                    let refused = CallError { operation: call.name(), code: code.into(), message: "no".into(), outlook };
                    let result = match *call {
                        Call::Batch(Request::SubmitJob(job)) => {
                            let (job_name, job_id, job_arn) = (job.job_name, "1".to_owned(), "arn".to_owned());
                            Ok(Answer::Batch(Reply::SubmitJob(JobSubmitted { job_arn, job_name, job_id })))
                        }
                        _ => Err(refused),
                    };
                    client.handle(Input::Answered { id, result: Box::new(result) }, now);
                }
            }
        }
        let Some(deadline) = client.poll_deadline().filter(|_| client.has_left().is_none() && !client.has_ended()) else { break };
        now = now.max(deadline.at);
        client.handle(Input::Tick, now);
    }
    (client, ended)
}

fn client() -> Client {
    let mut fan_out = fan_out("1");
    fan_out.worker.hosting.definition = Some(ExistingDefinition { name: "d".into(), vcpus: None, memory_mib: None });
    let plan = Submit.plan(&fan_out).unwrap();
    Client::new(Arc::new(plan), Settings { pace: Pace::AWS, logs: Logs::Failed, streams: false })
}

const REFUSALS: [(&str, Outlook); 4] = [
    ("Transport", Outlook::Unknown),
    ("TooManyRequestsException", Outlook::Busy),
    ("ExpiredTokenException", Outlook::Final),
    ("AccessDeniedException", Outlook::Final),
];

#[test]
fn runs_that_go_on_elsewhere_are_not_given_up_when_nobody_answers() {
    for (code, outlook) in REFUSALS {
        let (client, ended) = unseen(client().away(None), code, outlook);
        assert_eq!(client.has_left().map(|error| error.code.as_str()), Some(code));
        assert_eq!((ended.len(), client.has_ended()), (0, false), "{code}");
    }
}

#[test]
fn runs_of_an_engine_that_is_gone_are_lost() {
    for (code, outlook) in REFUSALS {
        let (client, ended) = unseen(client(), code, outlook);
        assert_eq!((ended, client.has_ended()), (vec![RunStatus::Lost], true), "{code}");
    }
}
