//! The client machine: what to ask AWS next so that a plan is carried out and every run's end is known.
//!
//! Three verbs: `handle`, `poll_effect`, `poll_deadline`. It makes no call itself; it is the same
//! machine on this computer, on AWS and in the simulator.

mod bucket;
mod calls;
mod cancel;
mod execution;
mod history;
mod jobs;
mod ledger;
mod observe;
mod pace;
mod resume;
mod staging;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use crate::call::{Answer, Call, CallError, Outlook};
use crate::event::{Event, EventKind};
use crate::plan::{JobDefinition, Plan, Work};

use calls::{Calls, Purpose};
use cancel::Stopping;
use execution::ExecutionWatch;
use jobs::JobsWatch;
use ledger::Ledger;

pub use fanout_batch::words::LOG_GROUP;

pub use calls::CallId;
pub use pace::Pace;

/// Something that happened.
#[derive(Debug)]
pub enum Input {
    /// Begin.
    Start,
    /// AWS answered a call.
    Answered {
        /// Which call.
        id: CallId,
        /// Boxed: answers can be large.
        result: Box<Result<Answer, CallError>>,
    },
    /// The user wants to stop.
    Cancel,
    /// The deadline has passed.
    Tick,
}

/// Something for the caller to do.
#[derive(Debug)]
pub enum Effect {
    /// Make this call and report its answer.
    Call {
        /// Comes back with the answer.
        id: CallId,
        /// Boxed: calls can be large.
        call: Box<Call>,
    },
    /// Tell whoever watches.
    Event(Box<Event>),
}

/// When [`Input::Tick`] is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// For what.
    pub why: &'static str,
}

/// What a client is told beside the plan.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How often it looks.
    pub pace: Pace,
    /// Whose logs it reads.
    pub logs: Logs,
    /// Whether it tells where each run writes, also while it runs. That takes a description of each run.
    pub streams: bool,
}

/// Whose logs a client reads when a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logs {
    /// Nobody's.
    None,
    /// The last lines of the runs that failed (the first few of them).
    Failed,
    /// Every run's.
    All,
}

/// Carries out one plan.
#[derive(Debug)]
pub struct Client {
    plan: Arc<Plan>,
    settings: Settings,
    phase: Phase,
    calls: Calls,
    ledger: Ledger,
    watch: Watch,
    out: Out,
    started: Timestamp,
    next_sweep: Option<Timestamp>,
    staging: staging::Staging,
    stopping: Option<Stopping>,
    /// What an earlier client of the same plan had done.
    past: Option<resume::Past>,
    log_group: String,
    /// Whether the jobs go on without this client.
    is_away: bool,
    left: Option<CallError>,
}

/// Whether a client of jobs that go on without it has to leave: neither was it done nor refused for good, or nobody is asked any more.
fn leaves(purpose: &Purpose, error: &CallError) -> bool {
    match purpose {
        // Whether it was done can be found out.
        Purpose::Submit { .. } if error.outlook == Outlook::Unknown => false,
        Purpose::Tail { .. } | Purpose::Terminate { .. } => error.is_of_credentials(),
        _ => error.outlook != Outlook::Final || error.is_of_credentials(),
    }
}

/// What has been done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    New,
    Preparing,
    Watching,
    CleaningUp,
    Ended,
}

/// How jobs are found, by kind of work.
#[derive(Debug)]
enum Watch {
    Execution(Box<ExecutionWatch>),
    Jobs(JobsWatch),
}

/// What waits to be polled.
#[derive(Debug, Default)]
struct Out {
    effects: VecDeque<Effect>,
    now: Timestamp,
}

impl Out {
    fn event(&mut self, kind: EventKind) {
        self.effects.push_back(Effect::Event(Box::new(Event { at: self.now, kind })));
    }

    fn note(&mut self, message: impl Into<String>) {
        self.event(EventKind::Note { message: message.into() });
    }
}

impl Client {
    /// A client that waits for [`Input::Start`].
    pub fn new(plan: Arc<Plan>, settings: Settings) -> Self {
        let watch = match &plan.work {
            Work::Execution { .. } => Watch::Execution(Box::default()),
            Work::Jobs { submissions, .. } => Watch::Jobs(JobsWatch::of(submissions, settings.pace.submissions_per_second)),
        };
        let attempts = plan.job_definition.attempts();
        Self {
            ledger: Ledger::new(plan.size, attempts > 1, &settings),
            plan,
            settings,
            phase: Phase::New,
            calls: Calls::default(),
            watch,
            out: Out::default(),
            started: Timestamp::UNIX_EPOCH,
            next_sweep: None,
            staging: staging::Staging::default(),
            stopping: None,
            past: None,
            log_group: LOG_GROUP.into(),
            is_away: false,
            left: None,
        }
    }

    /// The same client of jobs that go on without it, and write into this log group or Batch's own. When it cannot ask any more, it gives
    /// no run up: it leaves.
    #[must_use]
    pub fn away(self, log_group: Option<String>) -> Self {
        Self { log_group: log_group.unwrap_or(self.log_group), is_away: true, ..self }
    }

    /// Why it has left; there is nothing more for it to do, and another client may go on.
    pub fn has_left(&self) -> Option<&CallError> {
        self.left.as_ref()
    }

    /// Whether everything is over.
    pub fn has_ended(&self) -> bool {
        self.phase == Phase::Ended
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        self.out.now = now;
        match input {
            Input::Start => self.start(now),
            Input::Answered { id, result } => self.answered(id, *result, now),
            Input::Cancel => self.cancel(),
            Input::Tick => self.tick(now),
        }
        self.go_on(now);
    }

    /// What the caller has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.out.effects.pop_front()
    }

    /// When a tick is wanted.
    pub fn poll_deadline(&self) -> Option<Deadline> {
        let sweep = self.next_sweep.map(|at| Deadline { at, why: "looking at the jobs again" });
        let retry = self.calls.next_retry().map(|at| Deadline { at, why: "asking again after a refusal" });
        let submission = self.next_submission().map(|at| Deadline { at, why: "submitting the next job at the rate that Batch takes" });
        sweep.into_iter().chain(retry).chain(submission).min_by_key(|deadline| deadline.at)
    }

    fn start(&mut self, now: Timestamp) {
        if self.phase != Phase::New {
            return;
        }
        self.phase = Phase::Preparing;
        if let Some(past) = self.past.take() {
            self.go_on_from(past);
            return;
        }
        self.started = now;
        let (run_id, strategy, size) = (self.plan.run_id.clone(), self.plan.strategy.to_owned(), self.plan.size);
        self.out.event(EventKind::FanOutStarted { run_id, strategy, size });
        for note in &self.plan.notes {
            self.out.note(note);
        }
        self.register();
    }

    fn register(&mut self) {
        match &self.plan.job_definition {
            JobDefinition::Own(own) => {
                let register = fanout_batch::api::Request::RegisterJobDefinition((**own).clone());
                self.calls.make(Purpose::Register, Call::Batch(register), &mut self.out);
            }
            JobDefinition::Existing(_) => self.registered(),
        }
    }

    fn tick(&mut self, now: Timestamp) {
        self.calls.retry_due(now, &mut self.out);
        self.submit_more();
        if self.next_sweep.is_some_and(|at| at <= now) {
            self.next_sweep = None;
            self.sweep();
        }
    }

    fn answered(&mut self, id: CallId, result: Result<Answer, CallError>, now: Timestamp) {
        let Some((purpose, result)) = self.calls.answered(id, result, now, &mut self.out) else { return };
        match result {
            Ok(answer) => self.succeeded(purpose, answer),
            Err(error) => self.refused(purpose, error),
        }
    }

    fn succeeded(&mut self, purpose: Purpose, answer: Answer) {
        match purpose {
            Purpose::Register => {
                if let Some(arn) = self.calls.registered_definition().map(str::to_owned) {
                    self.out.event(EventKind::Registered { arn });
                }
                self.registered();
            }
            Purpose::Stage => self.staged(),
            Purpose::CreateMachine | Purpose::StartExecution => self.execution_prepared(answer),
            Purpose::Submit { submission } => self.submitted(submission, answer),
            Purpose::FindSubmitted { submission } => self.found_submitted(submission, answer),
            Purpose::DescribeExecution => self.execution_described(answer),
            Purpose::History { nested } => self.history_read(nested, answer),
            Purpose::ListByName => self.listed_by_name(answer),
            Purpose::ListChildren { handle, status } => self.listed_children(handle, status, answer),
            Purpose::DescribeParents { handles } => self.described_parents(&handles, answer),
            Purpose::DescribeRuns { runs } => self.described_runs(&runs, answer),
            Purpose::Tail { run } => {
                let lines = if let Answer::LogTail(lines) = answer { lines } else { Vec::new() };
                self.ledger.tail_read(run, lines, &mut self.out);
            }
            Purpose::Stop | Purpose::Terminate { .. } | Purpose::CleanUp => {}
        }
    }

    /// A call that will not succeed by being made again.
    fn refused(&mut self, purpose: Purpose, error: CallError) {
        if self.is_away && self.phase < Phase::CleaningUp && leaves(&purpose, &error) {
            self.left.get_or_insert(error);
            return;
        }
        match purpose {
            Purpose::StartExecution if error.code == "ExecutionAlreadyExists" => self.execution_exists(),
            Purpose::DescribeExecution if self.stopping.is_some() && error.code == "ExecutionDoesNotExist" => {
                self.end_unsubmitted(|_| true);
            }
            Purpose::Register | Purpose::Stage | Purpose::CreateMachine | Purpose::StartExecution => {
                self.out.note(format!("nothing was started: {error}"));
                self.ledger.skip_rest(&error.to_string(), &mut self.out);
            }
            Purpose::Submit { submission } if error.outlook == Outlook::Unknown => self.find_submitted(submission),
            Purpose::Submit { submission } | Purpose::FindSubmitted { submission } => self.submission_refused(submission, &error),
            Purpose::Tail { run } => self.ledger.tail_read(run, Vec::new(), &mut self.out),
            Purpose::Terminate { jobs } => self.terminate_one_by_one(&jobs, &error),
            Purpose::History { nested } => self.history_unreadable(nested, &error),
            Purpose::DescribeRuns { runs } => {
                self.ledger.forget_describing(&runs);
                self.watch_refused(&error);
            }
            Purpose::DescribeExecution | Purpose::ListByName | Purpose::ListChildren { .. } | Purpose::DescribeParents { .. } => {
                self.watch_refused(&error);
            }
            Purpose::Stop => self.out.note(error.to_string()),
            Purpose::CleanUp => {
                let run = &self.plan.run_id;
                self.out.note(format!("something is left, with the tag fanout:run={run}: {error}"));
            }
        }
    }

    /// Looking is no longer possible, so nothing more will be learned.
    fn watch_refused(&mut self, error: &CallError) {
        if self.is_away {
            self.left.get_or_insert(error.clone());
            return;
        }
        self.out.note(format!("the runs cannot be watched: {error}"));
        self.ledger.lose_rest(&error.to_string(), &mut self.out);
        self.release_keepers();
        if let Watch::Jobs(watch) = &mut self.watch {
            watch.forget_keepers();
        }
    }

    fn registered(&mut self) {
        if self.stopping.is_some() {
            return;
        }
        match &self.plan.work {
            Work::Execution { .. } => self.stage(),
            Work::Jobs { .. } => {
                self.phase = Phase::Watching;
                self.submit_more();
            }
        }
    }

    /// One look at everything that is not over.
    fn sweep(&mut self) {
        match self.watch {
            Watch::Execution(_) => self.sweep_execution(),
            Watch::Jobs(_) => self.sweep_jobs(),
        }
    }

    /// Whatever follows from the state reached: descriptions and tails to ask for, the next look, the end.
    fn go_on(&mut self, now: Timestamp) {
        self.count_failures();
        self.ask_for_details();
        self.ledger.progress(&mut self.out);
        match self.phase {
            Phase::Preparing | Phase::Watching if self.is_over() && self.calls.none_but_retries() => {
                self.next_sweep = None;
                self.clean_up();
            }
            Phase::Watching => {
                let looking = self.calls.is_looking() || self.next_sweep.is_some();
                if !looking && !self.is_over() {
                    let hurry = self.stops_what_runs() || self.is_awaited();
                    let wait = self.settings.pace.wait(now.duration_since(self.started), self.calls.take_looks(), hurry);
                    self.next_sweep = Some(now.saturating_add(wait).unwrap_or(now));
                }
            }
            Phase::New | Phase::Preparing | Phase::Ended => {}
            Phase::CleaningUp => {
                if self.calls.is_empty() {
                    self.phase = Phase::Ended;
                    self.out.event(EventKind::FanOutEnded);
                }
            }
        }
    }

    /// Whether something waits for what the next look shows: the end, or runs for which there is no
    /// room yet.
    fn is_awaited(&self) -> bool {
        match &self.watch {
            Watch::Execution(watch) => watch.has_ended(),
            Watch::Jobs(watch) => self.ledger.all_ended() || watch.waits_for_room(&self.plan.work),
        }
    }

    /// Whether every run's end is known, and no job waits to be ended.
    fn is_over(&self) -> bool {
        let keepers = matches!(&self.watch, Watch::Jobs(watch) if watch.has_keepers());
        self.ledger.all_ended() && !keepers
    }

    /// Removes what the plan created.
    fn clean_up(&mut self) {
        self.phase = Phase::CleaningUp;
        self.calls.drop_retries();
        if let Watch::Execution(watch) = &self.watch {
            for machine in watch.machines().iter().rev() {
                let delete = fanout_asl::api::DeleteStateMachine { state_machine_arn: machine.clone() };
                let request = fanout_asl::api::Request::DeleteStateMachine(delete);
                self.calls.make(Purpose::CleanUp, Call::States(request), &mut self.out);
            }
        }
        self.unstage();
        if let Some(definition) = self.calls.registered_definition().map(str::to_owned) {
            let deregister = fanout_batch::api::DeregisterJobDefinition { job_definition: definition };
            let request = fanout_batch::api::Request::DeregisterJobDefinition(deregister);
            self.calls.make(Purpose::CleanUp, Call::Batch(request), &mut self.out);
        }
        if self.calls.is_empty() {
            self.phase = Phase::Ended;
            self.out.event(EventKind::FanOutEnded);
        }
    }
}
