//! The one owner of the engine: takes messages, lets the engine handle them, makes them durable if there is a journal,
//! carries out every effect, then waits.
//!
//! Nobody waits or moves the clock while an effect is undrained, and nobody sees an effect before its input is on disk.

mod answers;
mod handle;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use fanout_engine::journal::Entry;
use fanout_engine::{AttemptEnd, AttemptId, CallId, Effect, Engine, Input, ObjectAnswer, ObjectCall, ObjectCallId, Reply, Request};
use tokio::sync::{oneshot, watch};

use answers::Answers;
pub use handle::EngineHandle;
use handle::unavailable;
use machine::Machine;

use crate::clock::Clock;
use crate::journal::{Journal, Recovered};
use crate::process::kill_leftovers;
use crate::runner::{Report, Reports, Runner};
use crate::store::ObjectStore;

/// The shortest wait after a tick, lest a deadline that does not move keep a core busy.
const AFTER_TICK: Duration = Duration::from_millis(1);

/// Inputs that are made durable together, if so many are waiting.
const TOGETHER: usize = 500;

/// Of the engine's thread. JSONata takes another one if it is smaller, for each expression; what is not used takes no memory.
const STACK: usize = 512 << 20;

/// What reaches the driver's thread.
enum Message {
    Call { request: Box<Request>, answer: oneshot::Sender<Reply> },
    Report { attempt: AttemptId, report: Report },
    ObjectAnswered { id: ObjectCallId, answer: ObjectAnswer },
    Shutdown { done: oneshot::Sender<()> },
}

/// Gives the engine a thread of its own, real time and a runner. Nothing of it outlives the process.
///
/// # Errors
/// The system's, if there is no thread to be had.
pub fn drive(engine: Engine, runner: Box<dyn Runner>, objects: Arc<dyn ObjectStore>, clock: Clock) -> std::io::Result<EngineHandle> {
    drive_machine(engine, runner, objects, clock, None, Before::default())
}

/// The same for an engine with a journal. The attempts that were in flight are lost, and the engine is told so.
///
/// # Errors
/// The system's, if there is no thread to be had.
pub fn resume(recovered: Recovered, runner: Box<dyn Runner>, objects: Arc<dyn ObjectStore>) -> std::io::Result<EngineHandle> {
    let Recovered { journal, engine, lost, asked, last } = recovered;
    let jobs = lost.iter().filter_map(|attempt| Some(engine.launch(*attempt)?.job_id)).collect();
    kill_leftovers(&jobs);
    drive_machine(engine, runner, objects, Clock::start_after(last), Some(journal), Before { lost, asked })
}

fn drive_machine(
    machine: impl Machine + Send + 'static,
    runner: Box<dyn Runner>,
    objects: Arc<dyn ObjectStore>,
    clock: Clock,
    journal: Option<Journal>,
    before: Before,
) -> std::io::Result<EngineHandle> {
    let (sender, messages) = mpsc::channel();
    let (fail, failure) = watch::channel(None);
    let answers = Answers::new(&sender);
    let handle = EngineHandle::new(sender, failure);
    let reports = handle.reports();
    thread::Builder::new().name("engine".into()).stack_size(STACK).spawn(move || {
        let mut driver = Driver {
            machine,
            runner,
            objects,
            answers,
            clock,
            journal,
            pending: Vec::new(),
            reports,
            calls: BTreeMap::new(),
            last_call: 0,
            in_flight: BTreeSet::new(),
            asked: 0,
        };
        let waiting = match driver.run(&messages, before) {
            Ok(done) => done.into_iter().collect(),
            Err(error) => {
                driver.calls.clear();
                fail.send_replace(Some(format!("the journal cannot be written: {error}")));
                Vec::new()
            }
        };
        let waiting = driver.wind_down(&messages, waiting);
        drop(driver);
        for done in waiting {
            let _ = done.send(());
        }
    })?;
    Ok(handle)
}

/// What an earlier driver left undone.
#[derive(Default)]
struct Before {
    lost: BTreeSet<AttemptId>,
    asked: BTreeMap<ObjectCallId, ObjectCall>,
}

struct Driver<M> {
    machine: M,
    runner: Box<dyn Runner>,
    objects: Arc<dyn ObjectStore>,
    answers: Answers,
    clock: Clock,
    journal: Option<Journal>,
    /// What the engine wants done once its inputs are durable.
    pending: Vec<Effect>,
    reports: Reports,
    calls: BTreeMap<CallId, oneshot::Sender<Reply>>,
    last_call: u64,
    in_flight: BTreeSet<AttemptId>,
    /// Calls on objects without an answer.
    asked: usize,
}

impl<M: Machine> Driver<M> {
    /// Until somebody asks for the end, or nobody is left who could.
    fn run(&mut self, messages: &Receiver<Message>, before: Before) -> rusqlite::Result<Option<oneshot::Sender<()>>> {
        for (id, call) in before.asked {
            self.ask(id, call);
        }
        for attempt in before.lost {
            self.handle(Input::AttemptEnded { attempt, end: AttemptEnd::HostLost });
        }
        self.settle()?;
        let mut shortest = Duration::ZERO;
        loop {
            if let Some(due) = self.machine.poll_deadline().filter(|_| self.in_flight.is_empty() && self.asked == 0) {
                self.clock.leap_to(due.at);
            }
            let wait = self.machine.poll_deadline().map(|due| self.clock.until(due.at).max(shortest));
            let message = match wait {
                Some(Duration::ZERO) => Err(RecvTimeoutError::Timeout),
                Some(wait) => messages.recv_timeout(wait),
                None => messages.recv().map_err(RecvTimeoutError::from),
            };
            shortest = Duration::ZERO;
            let ended = match message {
                Ok(message) => self.take(message, messages),
                Err(RecvTimeoutError::Timeout) => {
                    shortest = AFTER_TICK;
                    self.handle(Input::Tick);
                    None
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            };
            self.settle()?;
            if ended.is_some() {
                return Ok(ended);
            }
        }
    }

    /// Takes this message and those that wait behind it; the end, if somebody asks for it.
    fn take(&mut self, first: Message, messages: &Receiver<Message>) -> Option<oneshot::Sender<()>> {
        for message in iter::once(first).chain(messages.try_iter()).take(TOGETHER) {
            match message {
                Message::Call { request, answer } => self.call(*request, answer),
                Message::Report { attempt, report } => self.report(attempt, report),
                Message::ObjectAnswered { id, answer } => {
                    self.asked = self.asked.saturating_sub(1);
                    self.handle(Input::ObjectAnswered { id, answer });
                }
                Message::Shutdown { done } => return Some(done),
            }
        }
        None
    }

    fn call(&mut self, request: Request, answer: oneshot::Sender<Reply>) {
        self.last_call += 1;
        let id = CallId(self.last_call);
        self.calls.insert(id, answer);
        self.handle(Input::Call { id, request });
    }

    fn report(&mut self, attempt: AttemptId, report: Report) {
        match report {
            Report::Started => self.handle(Input::AttemptStarted { attempt }),
            Report::Ended(end) => {
                self.in_flight.remove(&attempt);
                self.handle(Input::AttemptEnded { attempt, end });
            }
        }
    }

    /// Lets the engine take an input. What it wants done waits until [`Driver::settle`].
    fn handle(&mut self, input: Input) {
        let now = self.clock.now();
        let entry = self.journal.as_ref().and_then(|_| Entry::of(&input));
        let mut digest = entry.as_ref().map(|entry| entry.digest(now));
        self.machine.handle(input, now);
        while let Some(effect) = self.machine.poll_effect() {
            if let Some(digest) = &mut digest {
                digest.add(&effect);
            }
            self.pending.push(effect);
        }
        if let (Some(journal), Some(entry), Some(digest)) = (&mut self.journal, entry, digest) {
            journal.append(entry, now, digest);
        }
    }

    /// Makes the inputs durable; then, and only then, others see what came of them.
    fn settle(&mut self) -> rusqlite::Result<()> {
        if let Some(journal) = &mut self.journal {
            journal.commit()?;
        }
        for effect in std::mem::take(&mut self.pending) {
            self.carry_out(effect);
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { id, reply } => {
                if let Some(answer) = self.calls.remove(&id) {
                    // A caller that hung up needs no answer.
                    let _ = answer.send(*reply);
                }
            }
            Effect::StartAttempt { attempt } => {
                if let Some(launch) = self.machine.launch(attempt) {
                    self.in_flight.insert(attempt);
                    self.runner.start(attempt, launch, self.reports.clone());
                } else {
                    tracing::error!(?attempt, "the engine starts an attempt that it does not know");
                }
            }
            Effect::StopAttempt { attempt } => self.runner.stop(attempt),
            Effect::CallObjects { id, call } => self.ask(id, call),
        }
    }

    fn ask(&mut self, id: ObjectCallId, call: ObjectCall) {
        self.asked += 1;
        self.answers.ask(Arc::clone(&self.objects), id, call);
    }

    /// Stops whatever runs and waits for it. The engine no longer hears of anything: what was under way when the
    /// driver stopped is not what the programs made of it.
    fn wind_down(&mut self, messages: &Receiver<Message>, mut waiting: Vec<oneshot::Sender<()>>) -> Vec<oneshot::Sender<()>> {
        for attempt in &self.in_flight {
            self.runner.stop(*attempt);
        }
        while !self.in_flight.is_empty() {
            match messages.recv() {
                Ok(Message::Call { request, answer }) => {
                    let _ = answer.send(unavailable(&request));
                }
                Ok(Message::Report { attempt, report: Report::Ended(_) }) => {
                    self.in_flight.remove(&attempt);
                }
                Ok(Message::Report { report: Report::Started, .. } | Message::ObjectAnswered { .. }) => {}
                Ok(Message::Shutdown { done }) => waiting.push(done),
                Err(_) => break,
            }
        }
        waiting
    }
}

#[cfg(test)]
mod tests;
