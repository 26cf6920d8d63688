use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use fanout_engine::{Deadline, Launch};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::testing::launch;

type Log = Arc<Mutex<Vec<String>>>;

/// Answers every call and writes down what it hears; a `CancelJob` starts attempt 1, a `TerminateJob` stops it.
struct Script {
    log: Log,
    effects: VecDeque<Effect>,
    deadline: Option<Timestamp>,
}

impl Machine for Script {
    fn handle(&mut self, input: Input, now: Timestamp) {
        assert!(self.effects.is_empty(), "time moved on while an effect was undrained");
        let attempt = AttemptId(1);
        match input {
            Input::Call { id, request } => {
                let Request::Batch(call) = request else { panic!("only Batch is asked") };
                self.log.lock().unwrap().push(call.operation().into());
                match call {
                    fanout_batch::api::Request::CancelJob(_) => self.effects.push_back(Effect::StartAttempt { attempt }),
                    fanout_batch::api::Request::TerminateJob(_) => self.effects.push_back(Effect::StopAttempt { attempt }),
                    _ => {}
                }
                let reply = Reply::Batch(Ok(fanout_batch::api::Reply::CancelJob(fanout_batch::api::Empty {})));
                self.effects.push_back(Effect::Reply { id, reply: Box::new(reply) });
            }
            Input::AttemptStarted { attempt } => self.log.lock().unwrap().push(format!("started {}", attempt.0)),
            Input::AttemptEnded { attempt, end } => self.log.lock().unwrap().push(format!("ended {} {end:?}", attempt.0)),
            Input::ObjectAnswered { .. } => {}
            Input::Tick => {
                self.log.lock().unwrap().push(format!("tick {}", self.deadline.is_some_and(|at| at <= now)));
                self.deadline = None;
            }
        }
    }

    fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    fn poll_deadline(&self) -> Option<Deadline> {
        self.deadline.map(|at| Deadline { at, why: "test" })
    }

    fn launch(&self, _: AttemptId) -> Option<Launch> {
        Some(launch(&["true"]))
    }
}

/// Starts at once; ends when stopped.
#[derive(Default)]
struct Obedient {
    reports: Option<Reports>,
}

impl Runner for Obedient {
    fn start(&mut self, attempt: AttemptId, _: Launch, reports: Reports) {
        reports.started(attempt);
        self.reports = Some(reports);
    }

    fn stop(&mut self, attempt: AttemptId) {
        let reports = self.reports.take().unwrap();
        reports.ended(attempt, AttemptEnd::Exited { code: 143, reason: None });
    }
}

fn engine(deadline_in: Option<i64>) -> (EngineHandle, Log) {
    let log = Log::default();
    let clock = Clock::start();
    let deadline = deadline_in.map(|millis| clock.now() + SignedDuration::from_millis(millis));
    let script = Script { log: Arc::clone(&log), effects: VecDeque::new(), deadline };
    (
        drive_machine(script, Box::<Obedient>::default(), std::sync::Arc::new(crate::store::NoObjects), clock, None, Before::default())
            .unwrap(),
        log,
    )
}

fn call(operation: &str) -> Request {
    Request::Batch(fanout_batch::api::Request::decode(operation, b"{}").unwrap().unwrap())
}

fn logged(log: &Log, count: usize) -> Vec<String> {
    for _ in 0..1_000 {
        if log.lock().unwrap().len() >= count {
            break;
        }
        thread::sleep(Duration::from_millis(2));
    }
    log.lock().unwrap().clone()
}

#[tokio::test]
async fn calls_are_answered_and_attempts_run_and_stop() {
    let (handle, log) = engine(None);
    assert!(matches!(handle.call(call("canceljob")).await, Reply::Batch(Ok(_))));
    assert_eq!(logged(&log, 2), ["CancelJob", "started 1"]);
    handle.call(call("terminatejob")).await;
    assert_eq!(logged(&log, 4)[2..], ["TerminateJob", "ended 1 Exited { code: 143, reason: None }"]);
    handle.attempt_ended(AttemptId(9), AttemptEnd::HostLost);
    assert_eq!(logged(&log, 5)[4..], ["ended 9 HostLost"]);
}

#[tokio::test]
async fn a_deadline_brings_a_tick_when_it_is_due() {
    let (_handle, log) = engine(Some(30));
    assert_eq!(logged(&log, 1), ["tick true"]);
    let (_handle, log) = engine(Some(-30));
    assert_eq!(logged(&log, 1), ["tick true"]);
}

#[tokio::test]
async fn after_a_shutdown_nothing_runs_and_nothing_is_heard() {
    let (handle, log) = engine(None);
    handle.call(call("canceljob")).await;
    logged(&log, 2);
    handle.shutdown().await;
    assert_eq!(log.lock().unwrap()[..], ["CancelJob", "started 1"]);
    let Reply::Batch(Err(error)) = handle.call(call("listjobs")).await else { panic!("a dead engine answered") };
    assert_eq!((error.code.as_str(), error.status), ("ServerException", 500));
    handle.shutdown().await;
}

#[tokio::test]
async fn the_engine_ends_with_its_last_handle() {
    let (handle, log) = engine(None);
    handle.call(call("canceljob")).await;
    drop(handle);
    for _ in 0..1_000 {
        if Arc::strong_count(&log) == 1 {
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("the engine outlived its handles");
}
