//! Step Functions and Batch as one pure machine: no I/O, no clock, no randomness of its own.
//!
//! This crate is the only one that knows both services. A call goes to its service; what a service
//! wants done by the other is routed here, at once and in order, so that between two inputs nothing
//! is ever half done.

mod chaos;
mod integration;
pub mod journal;
mod objects;
mod port;
mod states;

use std::collections::VecDeque;

use fanout_batch::Scheduler;
use jiff::Timestamp;

use chaos::{Begin, Due, Stopping, Throttle};
pub use chaos::{Chaos, Faults, FaultsError, Share};
pub use fanout_asl::Quotas;
pub use fanout_asl::map_run::Listed as ListedObject;
use fanout_asl::mocks::Mocks;
use integration::Integration;
pub use objects::{ObjectAnswer, ObjectCall, ObjectCallId};
pub use port::{AttemptEnd, AttemptId, AttemptView, CallId, Deadline, Effect, Input, Launch, Reply, Request};
use states::Service;

/// How an engine is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Twelve digits.
    pub account: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// Of every id and every jitter.
    pub seed: u64,
    /// AWS's limits on executions.
    pub quotas: Quotas,
    /// MiB that a compute environment offers; `None`: memory is not limited.
    pub memory_mib_per_environment: Option<u64>,
    /// Whether histories are kept.
    pub record_history: bool,
    /// Refuse what AWS documents but tolerates: numbers where strings are due.
    pub strict: bool,
    /// What goes wrong, if anything is to.
    pub chaos: Option<Chaos>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account: "123456789012".into(),
            region: "us-east-1".into(),
            seed: 0,
            quotas: Quotas::default(),
            memory_mib_per_environment: None,
            record_history: true,
            strict: false,
            chaos: None,
        }
    }
}

/// The two services of one account.
#[derive(Debug)]
pub struct Engine {
    batch: Scheduler,
    states: Service,
    integration: Integration,
    host: chaos::Host,
    effects: VecDeque<Effect>,
}

impl Engine {
    /// An account without anything in it.
    pub fn new(settings: Settings) -> Self {
        let batch = Scheduler::new(fanout_batch::Settings {
            account: settings.account.clone(),
            region: settings.region.clone(),
            seed: settings.seed,
            memory_mib_per_environment: settings.memory_mib_per_environment,
        });
        let throttle = Throttle::new(settings.chaos.as_ref().and_then(|chaos| chaos.faults.throttle));
        let integration = Integration::new(settings.seed, settings.strict, throttle);
        let host = chaos::Host::new(settings.chaos.clone());
        Self { batch, states: Service::new(settings), integration, host, effects: VecDeque::new() }
    }

    /// The same, with tasks that are answered instead of being run. A journal knows nothing of them.
    #[must_use]
    pub fn with_mocks(mut self, mocks: Mocks) -> Self {
        self.integration.mocks = mocks;
        self
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        match input {
            Input::Call { id, request } => self.call(id, request, now),
            Input::ObjectAnswered { id, answer } => {
                if !self.integration.object_answered(id, &answer) {
                    self.states.object_answered(id, answer);
                }
            }
            Input::AttemptStarted { attempt } => {
                self.host.started(attempt, now);
                self.batch.handle(fanout_batch::Input::AttemptStarted { attempt }, now);
            }
            Input::AttemptEnded { attempt, end } => {
                let end = self.host.ended(attempt, end);
                self.attempt_ended(attempt, end, now);
            }
            Input::Tick => {
                while let Some((attempt, due)) = self.host.next_due(now) {
                    match due {
                        Due::Start => self.effects.push_back(Effect::StartAttempt { attempt }),
                        Due::Stop => self.effects.push_back(Effect::StopAttempt { attempt }),
                        Due::End(end) => self.attempt_ended(attempt, end, now),
                    }
                }
                self.batch.handle(fanout_batch::Input::Tick, now);
                self.states.tick(now);
            }
        }
        self.route(now);
    }

    /// What the driver has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When a tick is wanted.
    pub fn poll_deadline(&self) -> Option<Deadline> {
        let batch = self.batch.poll_deadline().map(|deadline| Deadline { at: deadline.at, why: deadline.why });
        let states = self.states.poll_deadline();
        batch.into_iter().chain(states).chain(self.host.poll_deadline()).min_by_key(|deadline| deadline.at)
    }

    /// What an attempt in flight runs.
    pub fn launch(&self, attempt: AttemptId) -> Option<Launch> {
        self.batch.launch(attempt)
    }

    /// The little that a simulation wants to know of an attempt in flight.
    pub fn attempt(&self, attempt: AttemptId) -> Option<AttemptView<'_>> {
        self.batch.attempt(attempt)
    }

    /// The vCPUs that attempts in flight have and those that there are.
    pub fn vcpus(&self) -> (f64, f64) {
        self.batch.vcpus()
    }

    /// Why a Batch job, array or child is not running; `None` if there is no such job.
    pub fn explain(&self, job_id: &str) -> Option<fanout_batch::Explanation> {
        self.batch.explain(job_id)
    }

    fn call(&mut self, id: CallId, request: Request, now: Timestamp) {
        let throttle = &mut self.integration.throttle;
        match request {
            Request::Batch(request) if throttle.refuses(chaos::Service::Batch, request.operation(), now) => {
                let refused = Reply::Batch(Err(fanout_batch::api::ApiError::throttled()));
                self.effects.push_back(Effect::Reply { id, reply: Box::new(refused) });
            }
            Request::States(request) if throttle.refuses(chaos::Service::States, request.operation(), now) => {
                let refused = Reply::States(Err(fanout_asl::api::ApiError::throttled()));
                self.effects.push_back(Effect::Reply { id, reply: Box::new(refused) });
            }
            Request::Batch(request) => self.batch.handle(fanout_batch::Input::Call { id, request }, now),
            Request::States(request) => self.states.call(id, request, now),
        }
    }

    fn attempt_ended(&mut self, attempt: AttemptId, end: AttemptEnd, now: Timestamp) {
        self.batch.handle(fanout_batch::Input::AttemptEnded { attempt, end }, now);
    }

    /// Passes what each service wants on to the other until both are quiet.
    fn route(&mut self, now: Timestamp) {
        loop {
            if let Some((id, answer)) = self.states.poll_reply() {
                self.effects.push_back(Effect::Reply { id, reply: Box::new(Reply::States(answer)) });
            } else if let Some(effect) = self.batch.poll_effect() {
                self.route_batch(effect, now);
            } else if let Some((execution, effect)) = self.states.poll_task() {
                self.integration.task(execution, effect, &mut self.batch, &mut self.states, now);
            } else if let Some((execution, input)) = self.integration.poll_report() {
                self.states.report(execution, input, now);
            } else if let Some((execution, end)) = self.states.poll_ended() {
                self.integration.execution_ended(execution, end, &self.states);
            } else if let Some((id, call)) = self.integration.poll_object_call().or_else(|| self.states.poll_object_call()) {
                self.effects.push_back(Effect::CallObjects { id, call });
            } else if !self.states.step(now) {
                return;
            }
        }
    }

    fn route_batch(&mut self, effect: fanout_batch::Effect, now: Timestamp) {
        match effect {
            fanout_batch::Effect::Reply { id, result } if integration::is_internal(id) => {
                self.integration.job_submitted(id, *result);
            }
            fanout_batch::Effect::Reply { id, result } => {
                self.effects.push_back(Effect::Reply { id, reply: Box::new(Reply::Batch(*result)) });
            }
            fanout_batch::Effect::Start { attempt } => match self.host.start(attempt, &self.batch, now) {
                Begin::Start => self.effects.push_back(Effect::StartAttempt { attempt }),
                Begin::Wait => {}
                Begin::End(end) => self.attempt_ended(attempt, end, now),
            },
            fanout_batch::Effect::Stop { attempt } => match self.host.stop(attempt) {
                Stopping::Stop => self.effects.push_back(Effect::StopAttempt { attempt }),
                Stopping::Wait => {}
                Stopping::End(end) => self.attempt_ended(attempt, end, now),
            },
            fanout_batch::Effect::JobEnded { job_id, succeeded } => {
                self.integration.job_ended(job_id, succeeded, &mut self.batch, now);
            }
        }
    }
}
