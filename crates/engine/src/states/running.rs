//! Executions at work: what they are told, and where that leads.

use fanout_asl::{Effect, Input};
use jiff::Timestamp;

use super::execution::MapChild;
use super::kind::Kind;
use super::map_run::MapRunKey;
use super::{ExecutionKey, Service};

/// Something that waits for its turn, so that an execution that ends at once does not end within another's turn.
#[derive(Debug)]
pub(super) enum Pending {
    /// An execution begins.
    Start(ExecutionKey),
    /// An execution is told something.
    Report(ExecutionKey, Input),
    /// A Map Run is told something.
    MapRun(MapRunKey, fanout_asl::map_run::Input),
}

/// An execution that somebody waited for.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) machine_arn: String,
    pub(crate) input: String,
    pub(crate) status: &'static str,
    pub(crate) output: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) cause: Option<String>,
    pub(crate) started: Timestamp,
    pub(crate) stopped: Timestamp,
}

impl Service {
    /// Tells an execution what happened and takes in what follows.
    pub(crate) fn report(&mut self, key: ExecutionKey, input: Input, now: Timestamp) {
        let record = &mut self.executions[key];
        let Some(machine) = record.machine.as_mut() else { return };
        machine.handle(input, now);
        let (mut runs, mut redrives) = (Vec::new(), Vec::new());
        while let Some(effect) = machine.poll_effect() {
            match effect {
                Effect::Record(event) => record.history.push(event),
                Effect::Ended(outcome) => drop(record.outcome.get_or_insert((outcome, now))),
                Effect::StartMapRun { task, run } => runs.push((task, run)),
                Effect::RedriveMapRun { task, arn } => redrives.push((task, arn)),
                task @ (Effect::StartTask { .. } | Effect::CancelTask { .. }) => self.tasks.push_back((key, task)),
            }
        }
        let (at, why) = record.next_deadline();
        let ended = record.outcome.is_some();
        if ended {
            record.first_stopped.get_or_insert(now);
            let machine = record.machine.take();
            let redrivable = record.target.kind == Kind::Standard && record.status() != "SUCCEEDED";
            record.wreck = machine.filter(|_| redrivable);
        }
        record.deadline_reason = why;
        if at != record.deadline {
            if let Some(old) = record.deadline.take() {
                self.deadlines.remove(&(old, key));
            }
            if let Some(at) = at {
                self.deadlines.insert((at, key));
            }
            record.deadline = at;
        }
        for (task, run) in runs {
            self.start_map_run(key, task, *run, now);
        }
        for (task, arn) in redrives {
            self.redrive_map_run(key, task, &arn, now);
        }
        if ended {
            self.execution_ended(key);
        }
    }

    /// Who waited for the execution learns of its end.
    fn execution_ended(&mut self, key: ExecutionKey) {
        self.answer_caller(key);
        let record = &self.executions[key];
        if let Some(MapChild { run, child, .. }) = record.map_child {
            let end = Box::new(record.child_end());
            self.pending.push_back(Pending::MapRun(run, fanout_asl::map_run::Input::ChildEnded { child, end }));
        }
        if self.executions[key].watched {
            let end = self.executions[key].end();
            self.ended.push_back((key, end));
        }
    }

    /// Does what waits for its turn; whether there was anything.
    pub(crate) fn step(&mut self, now: Timestamp) -> bool {
        match self.pending.pop_front() {
            Some(Pending::Start(key)) => self.report(key, Input::Start, now),
            Some(Pending::Report(key, input)) => self.report(key, input, now),
            Some(Pending::MapRun(run, input)) => self.map_run_handle(run, input, now),
            None => return false,
        }
        true
    }

    /// An execution that somebody waited for has ended.
    pub(crate) fn poll_ended(&mut self) -> Option<(ExecutionKey, Ended)> {
        self.ended.pop_front()
    }

    /// The parent of an execution does not wait for it any more.
    pub(crate) fn stop_child(&mut self, key: ExecutionKey, _now: Timestamp) {
        self.executions[key].watched = false;
        self.pending.push_back(Pending::Report(key, Input::Stop { error: None, cause: None }));
    }
}
