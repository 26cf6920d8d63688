//! The one owner of the engine: takes a message, lets the engine handle it, carries out every effect, then waits.
//!
//! Nobody waits or moves the clock while an effect is undrained.

mod handle;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use fanout_engine::{AttemptId, CallId, Effect, Engine, Input, Reply, Request};
use tokio::sync::oneshot;

pub use handle::EngineHandle;
use handle::unavailable;
use machine::Machine;

use crate::clock::Clock;
use crate::runner::{Report, Reports, Runner};

/// The shortest wait after a tick, lest a deadline that does not move keep a core busy.
const AFTER_TICK: Duration = Duration::from_millis(1);

/// What reaches the driver's thread.
enum Message {
    Call { request: Box<Request>, answer: oneshot::Sender<Reply> },
    Report { attempt: AttemptId, report: Report },
    Shutdown { done: oneshot::Sender<()> },
}

/// Gives the engine a thread of its own, real time and a runner.
///
/// # Errors
/// The system's, if there is no thread to be had.
pub fn drive(engine: Engine, runner: Box<dyn Runner>, clock: Clock) -> std::io::Result<EngineHandle> {
    drive_machine(engine, runner, clock)
}

fn drive_machine(machine: impl Machine + Send + 'static, runner: Box<dyn Runner>, clock: Clock) -> std::io::Result<EngineHandle> {
    let (sender, messages) = mpsc::channel();
    let handle = EngineHandle::new(sender);
    let reports = handle.reports();
    thread::Builder::new().name("engine".into()).spawn(move || {
        let calls = BTreeMap::new();
        let in_flight = BTreeSet::new();
        let mut driver = Driver { machine, runner, clock, reports, calls, last_call: 0, in_flight };
        if let Some(done) = driver.run(&messages) {
            let waiting = driver.wind_down(&messages, done);
            drop(driver);
            for done in waiting {
                let _ = done.send(());
            }
        }
    })?;
    Ok(handle)
}

struct Driver<M> {
    machine: M,
    runner: Box<dyn Runner>,
    clock: Clock,
    reports: Reports,
    calls: BTreeMap<CallId, oneshot::Sender<Reply>>,
    last_call: u64,
    in_flight: BTreeSet<AttemptId>,
}

impl<M: Machine> Driver<M> {
    /// Until somebody asks for the end.
    fn run(&mut self, messages: &Receiver<Message>) -> Option<oneshot::Sender<()>> {
        let mut shortest = Duration::ZERO;
        loop {
            let wait = self.machine.poll_deadline().map(|due| self.clock.until(due.at).max(shortest));
            let message = match wait {
                Some(Duration::ZERO) => Err(RecvTimeoutError::Timeout),
                Some(wait) => messages.recv_timeout(wait),
                None => messages.recv().map_err(RecvTimeoutError::from),
            };
            shortest = Duration::ZERO;
            match message {
                Ok(Message::Call { request, answer }) => self.call(*request, answer),
                Ok(Message::Report { attempt, report }) => self.report(attempt, report),
                Ok(Message::Shutdown { done }) => return Some(done),
                Err(RecvTimeoutError::Timeout) => {
                    shortest = AFTER_TICK;
                    self.handle(Input::Tick);
                }
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
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

    fn handle(&mut self, input: Input) {
        self.machine.handle(input, self.clock.now());
        while let Some(effect) = self.machine.poll_effect() {
            self.carry_out(effect);
        }
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
        }
    }

    /// Stops whatever runs and waits for it. The engine no longer hears of anything: what was under way when the
    /// driver stopped is not what the programs made of it.
    fn wind_down(&mut self, messages: &Receiver<Message>, done: oneshot::Sender<()>) -> Vec<oneshot::Sender<()>> {
        let mut waiting = vec![done];
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
                Ok(Message::Report { report: Report::Started, .. }) => {}
                Ok(Message::Shutdown { done }) => waiting.push(done),
                Err(_) => break,
            }
        }
        waiting
    }
}

#[cfg(test)]
mod tests;
