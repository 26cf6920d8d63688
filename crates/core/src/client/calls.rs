//! The calls that are on their way, and those that wait to be made again.

use std::collections::{BTreeMap, VecDeque};

use fanout_batch::api::Reply;
use jiff::{SignedDuration, Timestamp};

use super::{Effect, Out};
use crate::call::{Answer, Call, CallError, Outlook};

/// Names one call of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Register,
    Stage,
    CreateMachine,
    StartExecution,
    Submit {
        submission: usize,
    },
    /// Whether a submission of which there was no answer arrived.
    FindSubmitted {
        submission: usize,
    },
    DescribeExecution,
    /// Of the execution, or of a nested one.
    History {
        nested: Option<usize>,
    },
    ListByName,
    ListChildren {
        handle: usize,
        status: ChildStatus,
    },
    DescribeParents {
        handles: Vec<usize>,
    },
    DescribeRuns {
        runs: Vec<usize>,
    },
    Tail {
        run: usize,
    },
    Stop,
    Terminate {
        jobs: Vec<String>,
    },
    CleanUp,
}

/// Which children of an array are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChildStatus {
    Running,
    Succeeded,
    Failed,
}

impl ChildStatus {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// Looks on their way at one time; the rest of a wide look waits.
const LOOKING: usize = 10;
/// How often a refused call is made before the refusal counts.
const TRIES: u32 = 12;
/// The longest pause before a call is made again.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(20);

#[derive(Debug)]
struct OnItsWay {
    purpose: Purpose,
    call: Call,
    tries: u32,
    /// Set while it waits to be made again.
    again_at: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub(super) struct Calls {
    next: u64,
    under_way: BTreeMap<CallId, OnItsWay>,
    waiting: VecDeque<OnItsWay>,
    looking: usize,
    looks: u32,
    definition: Option<String>,
    throttled: u32,
}

impl Calls {
    pub(super) fn make(&mut self, purpose: Purpose, call: Call, out: &mut Out) {
        let is_look = is_look(&purpose);
        let call = OnItsWay { purpose, call, tries: 0, again_at: None };
        if is_look {
            self.looks += 1;
            if self.looking >= LOOKING {
                self.waiting.push_back(call);
                return;
            }
            self.looking += 1;
        }
        self.send(call, out);
    }

    fn send(&mut self, mut call: OnItsWay, out: &mut Out) {
        let id = CallId(self.next);
        self.next += 1;
        call.tries += 1;
        call.again_at = None;
        out.effects.push_back(Effect::Call { id, call: Box::new(call.call.clone()) });
        self.under_way.insert(id, call);
    }

    /// The purpose of an answered call and its answer; `None` if it is nobody's or will be made again.
    pub(super) fn answered(
        &mut self,
        id: CallId,
        result: Result<Answer, CallError>,
        now: Timestamp,
        out: &mut Out,
    ) -> Option<(Purpose, Result<Answer, CallError>)> {
        let mut call = self.under_way.remove(&id)?;
        match &result {
            // Made again, it might be done twice.
            Err(CallError { outlook: Outlook::Unknown, .. }) if matches!(call.purpose, Purpose::Submit { .. }) => {}
            Err(error) if error.outlook != Outlook::Final && call.tries < TRIES => {
                self.throttled += 1;
                if self.throttled == 1 {
                    out.note(format!("{error}; asking again, more slowly"));
                }
                let pause = pause_after(call.tries, id);
                call.again_at = Some(now.saturating_add(pause).unwrap_or(now));
                self.under_way.insert(id, call);
                return None;
            }
            Ok(Answer::Batch(Reply::RegisterJobDefinition(reply))) => self.definition = Some(reply.job_definition_arn.clone()),
            Ok(_) | Err(_) => {}
        }
        if is_look(&call.purpose) {
            match self.waiting.pop_front() {
                Some(next) => self.send(next, out),
                None => self.looking -= 1,
            }
        }
        Some((call.purpose, result))
    }

    pub(super) fn next_retry(&self) -> Option<Timestamp> {
        self.under_way.values().filter_map(|call| call.again_at).min()
    }

    pub(super) fn retry_due(&mut self, now: Timestamp, out: &mut Out) {
        let due: Vec<CallId> =
            self.under_way.iter().filter(|(_, call)| call.again_at.is_some_and(|at| at <= now)).map(|(id, _)| *id).collect();
        for id in due {
            if let Some(call) = self.under_way.remove(&id) {
                self.send(call, out);
            }
        }
    }

    /// Whether a look at the jobs is under way.
    pub(super) fn is_looking(&self) -> bool {
        self.looking > 0
    }

    /// How many calls the last look took.
    pub(super) fn take_looks(&mut self) -> u32 {
        std::mem::take(&mut self.looks)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_empty() && self.waiting.is_empty()
    }

    /// Whether nothing is on its way that could still change what is known.
    pub(super) fn none_but_retries(&self) -> bool {
        self.waiting.is_empty() && self.under_way.values().all(|call| call.again_at.is_some())
    }

    pub(super) fn drop_retries(&mut self) {
        self.under_way.retain(|_, call| call.again_at.is_none());
        self.looking = self.under_way.values().filter(|call| is_look(&call.purpose)).count();
    }

    /// How many submissions are on their way.
    pub(super) fn submitting(&self) -> usize {
        self.under_way.values().filter(|call| matches!(call.purpose, Purpose::Submit { .. } | Purpose::FindSubmitted { .. })).count()
    }

    /// The revision that an earlier client registered.
    pub(super) fn set_registered_definition(&mut self, arn: String) {
        self.definition = Some(arn);
    }

    /// The revision that was registered, to be deregistered by whoever takes it.
    pub(super) fn take_registered_definition(&mut self) -> Option<String> {
        self.definition.take()
    }

    /// The revision that was registered.
    pub(super) fn registered_definition(&self) -> Option<&str> {
        self.definition.as_deref()
    }
}

/// Twice as long after each refusal, and up to half as long again, so that calls that were refused
/// together do not come back together.
fn pause_after(tries: u32, id: CallId) -> SignedDuration {
    let pause = (SignedDuration::from_millis(250) * (1 << tries)).min(LONGEST_PAUSE);
    let spread = id.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
    pause + pause * spread as i32 / 512
}

fn is_look(purpose: &Purpose) -> bool {
    match purpose {
        Purpose::DescribeExecution
        | Purpose::History { .. }
        | Purpose::ListByName
        | Purpose::ListChildren { .. }
        | Purpose::DescribeParents { .. }
        | Purpose::DescribeRuns { .. } => true,
        Purpose::Register
        | Purpose::Stage
        | Purpose::CreateMachine
        | Purpose::StartExecution
        | Purpose::Submit { .. }
        | Purpose::FindSubmitted { .. }
        | Purpose::Tail { .. }
        | Purpose::Stop
        | Purpose::Terminate { .. }
        | Purpose::CleanUp => false,
    }
}
