//! The loop: client and engine, each with its inputs on one agenda.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fanout_core::call::{Answer, Call, CallError, DeleteObject, Outlook, PutObject};
use fanout_core::client::{self, Client};
use fanout_core::event::Event;
use fanout_core::plan::Plan;
use fanout_engine::{AttemptEnd, AttemptId, AttemptView, CallId, Effect, Engine, Input, ObjectAnswer, ObjectCall, Reply, Request};
use jiff::{SignedDuration, Timestamp};

use crate::clock::Agenda;

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub struct Latencies {
    /// From a call to its answer.
    pub call: SignedDuration,
    /// From a place for an attempt to its program's start.
    pub start: SignedDuration,
}

impl Latencies {
    /// Planning values for Batch on Fargate: 0.15 s a call, 20 s of provisioning and pulling.
    pub const PLANNING: Self = Self { call: SignedDuration::from_millis(150), start: SignedDuration::from_secs(20) };
    /// Planning values for Batch on warm EC2 hosts that have the image: 0.15 s a call, 2 s to start.
    pub const WARM: Self = Self { call: SignedDuration::from_millis(150), start: SignedDuration::from_secs(2) };
    /// Nothing takes time.
    pub const NONE: Self = Self { call: SignedDuration::ZERO, start: SignedDuration::ZERO };
}

/// What a program does in one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// How long it runs; not at all if it is not to start.
    pub runs_for: SignedDuration,
    /// How it ends.
    pub end: AttemptEnd,
}

/// Decides what each attempt's program does.
pub type Program<'a> = dyn FnMut(&AttemptView<'_>) -> Behaviour + 'a;

/// How a simulation went.
#[derive(Debug)]
pub struct Outcome {
    /// Everything that the client saw, unless somebody else heard it.
    pub events: Vec<Event>,
    /// How many calls it made.
    pub calls: u64,
    /// How many inputs the engine took.
    pub steps: u64,
    /// Objects that are still in S3.
    pub left: Vec<String>,
    /// When it was over.
    pub ended: Timestamp,
}

/// A client and an engine under one virtual clock.
pub struct Simulation<'a> {
    engine: Engine,
    client: Client,
    plan: Arc<Plan>,
    settings: client::Settings,
    /// How many clients were lost: what is answered to them, nobody hears.
    lost: u64,
    latencies: Latencies,
    program: &'a mut Program<'a>,
    agenda: Agenda<Coming>,
    now: Timestamp,
    events: Vec<Event>,
    hear: Option<Box<dyn FnMut(Event) + 'a>>,
    calls: u64,
    steps: u64,
    stopped: BTreeSet<AttemptId>,
    /// By bucket and key; every bucket is there.
    objects: BTreeMap<(String, String), Arc<str>>,
    refuse: Box<Refusal<'a>>,
}

/// Decides whether the client's nth call is refused as too fast.
pub type Refusal<'a> = dyn FnMut(u64) -> bool + 'a;

enum Coming {
    Engine(Box<Input>),
    /// An attempt starts and its end is decided.
    Start(AttemptId),
    End(AttemptId, AttemptEnd),
    /// What a user does, to whichever client there is.
    User(client::Input),
    /// For one client.
    Client(u64, client::Input),
    /// For S3, from one client: the object's new body, or its end.
    Object(u64, client::CallId, (String, String), Option<Arc<str>>),
    /// The client is gone; so are the calls that it has made and that have not arrived, if that is said.
    Loss {
        with_calls: bool,
    },
}

/// When a simulation that does not end is given up: a Standard execution lasts a year at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Internal calls that no client waits for.
const SETUP: u64 = 1 << 62;
/// Calls of one client are numbered from a multiple of this on.
const OF_ONE_CLIENT: u64 = 1 << 40;

impl<'a> Simulation<'a> {
    /// A simulation of `plan` from `start` on.
    pub fn new(
        engine: Engine,
        plan: Arc<Plan>,
        settings: client::Settings,
        latencies: Latencies,
        start: Timestamp,
        program: &'a mut Program<'a>,
    ) -> Self {
        Self {
            engine,
            client: Client::new(Arc::clone(&plan), settings.clone()),
            plan,
            settings,
            lost: 0,
            latencies,
            program,
            agenda: Agenda::new(),
            now: start,
            events: Vec::new(),
            hear: None,
            calls: 0,
            steps: 0,
            stopped: BTreeSet::new(),
            objects: BTreeMap::new(),
            refuse: Box::new(|_| false),
        }
    }

    /// Makes a call before the client begins.
    pub fn set_up(&mut self, request: fanout_batch::api::Request) {
        self.engine.handle(Input::Call { id: CallId(SETUP), request: Request::Batch(request) }, self.now);
        self.drain_engine();
    }

    /// Has calls refused as too fast before they reach the engine.
    pub fn refuse_calls(&mut self, refuse: impl FnMut(u64) -> bool + 'a) {
        self.refuse = Box::new(refuse);
    }

    /// Lets the client hear `Cancel` at this moment.
    pub fn cancel_at(&mut self, at: Timestamp) {
        self.agenda.add(at, Coming::User(client::Input::Cancel));
    }

    /// Lets the client vanish at this moment, and another one go on with what it had told. The calls on their way arrive, or are
    /// lost with it.
    pub fn lose_client_at(&mut self, at: Timestamp, with_calls: bool) {
        self.agenda.add(at, Coming::Loss { with_calls });
    }

    /// Hands each event on as it comes and keeps none, so that there may be many. A client that is lost has no past then.
    pub fn hear(&mut self, hear: impl FnMut(Event) + 'a) {
        self.hear = Some(Box::new(hear));
    }

    /// Runs to the end. `check` looks at the engine after every step.
    pub fn run(mut self, mut check: impl FnMut(&Engine, Timestamp)) -> Outcome {
        self.agenda.add(self.now, Coming::User(client::Input::Start));
        let patience = self.now + LONGEST;
        while !self.client.has_ended() && self.now < patience && self.step() {
            check(&self.engine, self.now);
        }
        let left = self.objects.into_keys().map(|(bucket, key)| format!("{bucket}/{key}")).collect();
        Outcome { events: self.events, calls: self.calls, steps: self.steps, left, ended: self.now }
    }

    /// Takes the next thing that happens; `false` if nothing ever will.
    fn step(&mut self) -> bool {
        let tick_engine = self.engine.poll_deadline().map(|deadline| deadline.at);
        let tick_client = self.client.poll_deadline().map(|deadline| deadline.at);
        let Some(at) = [self.agenda.next_at(), tick_engine, tick_client].into_iter().flatten().min() else { return false };
        self.now = self.now.max(at);
        if tick_engine == Some(at) {
            self.feed_engine(Input::Tick);
        } else if tick_client == Some(at) {
            self.feed_client(client::Input::Tick);
        } else if let Some((_, coming)) = self.agenda.pop() {
            match coming {
                Coming::Engine(input) => self.feed_engine(*input),
                Coming::User(input) => self.feed_client(input),
                Coming::Client(client, input) if client == self.lost => self.feed_client(input),
                Coming::Client(..) => {}
                Coming::Object(client, id, key, body) => {
                    self.keep_object(key, body);
                    self.answer(client, id, Ok(Answer::Object), self.latencies.call / 2);
                }
                Coming::Loss { with_calls } => self.lose_client(with_calls),
                Coming::Start(attempt) => self.start(attempt),
                Coming::End(attempt, end) => {
                    if !self.stopped.remove(&attempt) {
                        self.feed_engine(Input::AttemptEnded { attempt, end });
                    }
                }
            }
        }
        true
    }

    fn lose_client(&mut self, with_calls: bool) {
        self.lost += 1;
        if with_calls {
            self.agenda.retain(|coming| match coming {
                Coming::Engine(input) => !matches!(**input, Input::Call { .. }),
                Coming::Object(..) => false,
                _ => true,
            });
        }
        self.client = Client::resume(Arc::clone(&self.plan), self.settings.clone(), self.events.iter().cloned());
        self.feed_client(client::Input::Start);
    }

    fn feed_engine(&mut self, input: Input) {
        self.steps += 1;
        self.engine.handle(input, self.now);
        self.drain_engine();
    }

    fn feed_client(&mut self, input: client::Input) {
        self.client.handle(input, self.now);
        while let Some(effect) = self.client.poll_effect() {
            match effect {
                client::Effect::Event(event) => match &mut self.hear {
                    Some(hear) => hear(*event),
                    None => self.events.push(*event),
                },
                client::Effect::Call { id, call } => self.call(id, *call),
            }
        }
    }

    fn call(&mut self, id: client::CallId, call: Call) {
        self.calls += 1;
        if (self.refuse)(self.calls) {
            return self.answer(self.lost, id, Err(too_fast(call.name())), self.latencies.call);
        }
        let arrives = self.now + self.latencies.call / 2;
        let request = match call {
            Call::Batch(request) => Request::Batch(request),
            Call::States(request) => Request::States(request),
            Call::LogTail(_) => return self.answer(self.lost, id, Ok(Answer::LogTail(Vec::new())), self.latencies.call),
            Call::PutObject(PutObject { bucket, key, body }) => {
                return self.agenda.add(arrives, Coming::Object(self.lost, id, (bucket, key), Some(body)));
            }
            Call::DeleteObject(DeleteObject { bucket, key }) => {
                return self.agenda.add(arrives, Coming::Object(self.lost, id, (bucket, key), None));
            }
        };
        self.agenda.add(arrives, Coming::Engine(Box::new(Input::Call { id: CallId(self.lost * OF_ONE_CLIENT + id.0), request })));
    }

    fn answer(&mut self, client: u64, id: client::CallId, result: Result<Answer, CallError>, after: SignedDuration) {
        let input = client::Input::Answered { id, result: Box::new(result) };
        self.agenda.add(self.now + after, Coming::Client(client, input));
    }

    /// What S3 does for the client.
    fn keep_object(&mut self, key: (String, String), body: Option<Arc<str>>) {
        match body {
            Some(body) => _ = self.objects.insert(key, body),
            None => _ = self.objects.remove(&key),
        }
    }

    /// What S3 says to the engine, which reads what the client has put.
    fn object_answer(&self, call: ObjectCall) -> ObjectAnswer {
        let found = match call {
            ObjectCall::Get { bucket, key } => self.objects.get(&(bucket, key)),
            ObjectCall::Operation { .. } | ObjectCall::List { .. } | ObjectCall::Put { .. } => None,
        };
        match found {
            Some(body) => ObjectAnswer::Read(body.as_bytes().to_vec()),
            None => ObjectAnswer::Failed { code: "NoSuchKey".into(), message: "The specified key does not exist.".into() },
        }
    }

    fn drain_engine(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Reply { id, .. } if id.0 == SETUP => {}
                Effect::Reply { id, reply } => {
                    let (client, id) = (id.0 / OF_ONE_CLIENT, client::CallId(id.0 % OF_ONE_CLIENT));
                    self.answer(client, id, answer(*reply), self.latencies.call / 2);
                }
                Effect::StartAttempt { attempt } => self.agenda.add(self.now + self.latencies.start, Coming::Start(attempt)),
                Effect::StopAttempt { attempt } => self.stop(attempt),
                Effect::CallObjects { id, call } => {
                    let answer = self.object_answer(call);
                    self.agenda.add(self.now + self.latencies.call, Coming::Engine(Box::new(Input::ObjectAnswered { id, answer })));
                }
            }
        }
    }

    fn start(&mut self, attempt: AttemptId) {
        if self.stopped.remove(&attempt) {
            return;
        }
        let Some(view) = self.engine.attempt(attempt) else { return };
        let Behaviour { runs_for, end } = (self.program)(&view);
        if matches!(end, AttemptEnd::FailedToStart { .. }) {
            self.feed_engine(Input::AttemptEnded { attempt, end });
        } else {
            self.agenda.add(self.now + runs_for, Coming::End(attempt, end));
            self.feed_engine(Input::AttemptStarted { attempt });
        }
    }

    /// A program that is told to stop stops at once.
    fn stop(&mut self, attempt: AttemptId) {
        if self.stopped.insert(attempt) {
            let end = AttemptEnd::Exited { code: 143, reason: None };
            self.agenda.add(self.now, Coming::Engine(Box::new(Input::AttemptEnded { attempt, end })));
        }
    }
}

fn too_fast(operation: String) -> CallError {
    CallError { operation, code: "TooManyRequestsException".into(), message: "Too Many Requests".into(), outlook: Outlook::Busy }
}

fn answer(reply: Reply) -> Result<Answer, CallError> {
    let error = |operation: &str, code: String, message: String, status: u16| CallError {
        operation: operation.into(),
        outlook: match status {
            _ if status == 429 || code == "ThrottlingException" => Outlook::Busy,
            500.. => Outlook::Unknown,
            _ => Outlook::Final,
        },
        code,
        message,
    };
    match reply {
        Reply::Batch(Ok(reply)) => Ok(Answer::Batch(reply)),
        Reply::States(Ok(reply)) => Ok(Answer::States(reply)),
        Reply::Batch(Err(refused)) => Err(error("batch", refused.code, refused.message, refused.status)),
        Reply::States(Err(refused)) => Err(error("states", refused.code, refused.message, 400)),
    }
}
