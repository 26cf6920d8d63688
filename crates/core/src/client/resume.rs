//! Going on where another client of the same plan was lost: what it told is all that is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::cancel::Stopping;
use super::{Client, Phase, Settings};
use crate::event::{Event, EventKind, RunEnd};
use crate::plan::{Plan, Work};

/// What an earlier client told of, up to the moment it was lost.
#[derive(Debug, Default)]
pub(super) struct Past {
    started: Option<Timestamp>,
    definition: Option<String>,
    machines: Vec<String>,
    execution: Option<String>,
    /// By the first run of each submission.
    submitted: BTreeMap<usize, String>,
    submitting: BTreeSet<usize>,
    running: BTreeSet<usize>,
    ended: Vec<RunEnd>,
    stopping: Option<Stopping>,
}

impl Past {
    fn of(plan: &Plan, events: impl IntoIterator<Item = Event>) -> Self {
        let mut past = Self::default();
        let by_execution = matches!(plan.work, Work::Execution { .. });
        for Event { at, kind } in events {
            match kind {
                EventKind::FanOutStarted { .. } => past.started = Some(at),
                EventKind::Registered { arn } => past.definition = Some(arn),
                EventKind::MachineCreated { arn } => past.machines.push(arn),
                EventKind::Submitting { first, .. } => _ = past.submitting.insert(first),
                EventKind::Submitted { id, .. } if by_execution => past.execution = Some(id),
                EventKind::Submitted { id, first, .. } => _ = past.submitted.insert(first, id),
                EventKind::RunStarted { index, .. } => _ = past.running.insert(index),
                EventKind::RunEnded(end) => {
                    past.running.remove(&end.index);
                    past.ended.push(end);
                }
                EventKind::Cancelling { .. } => past.stopping = Some(Stopping::Asked),
                EventKind::TooManyFailed { most, halt, .. } => past.stopping = past.stopping.or(Some(Stopping::Failures { most, halt })),
                EventKind::Retrying { .. }
                | EventKind::Progress(_)
                | EventKind::LogStream { .. }
                | EventKind::Note { .. }
                | EventKind::Resumed
                | EventKind::FanOutEnded => {}
            }
        }
        past
    }
}

impl Client {
    /// A client that goes on where another one of the same plan was lost, of which `past` is what it told. What that one asked
    /// without hearing the answer is looked for before it is asked again.
    pub fn resume(plan: Arc<Plan>, settings: Settings, past: impl IntoIterator<Item = Event>) -> Self {
        let past = Past::of(&plan, past);
        let mut client = Self::new(plan, settings);
        if past.started.is_some() {
            client.past = Some(past);
        }
        client
    }

    pub(super) fn go_on_from(&mut self, past: Past) {
        let Past { started, definition, machines, execution, submitted, submitting, running, ended, stopping } = past;
        self.started = started.unwrap_or(self.out.now);
        self.out.event(EventKind::Resumed);
        for run in running {
            self.ledger.recall_running(run);
        }
        for end in &ended {
            self.ledger.recall_end(end);
        }
        self.stopping = stopping;
        self.recall_execution(machines, execution);
        match definition {
            Some(definition) => {
                self.calls.set_registered_definition(definition);
                self.recall_staging();
            }
            None if stopping.is_none() && self.plan.job_definition.additions().is_none() => {
                self.register();
                return;
            }
            None => {}
        }
        if self.ledger.all_ended() {
            return;
        }
        self.recall_jobs(&submitted, &submitting);
        if stopping.is_some() {
            self.stop_again();
        } else {
            self.registered();
        }
        if self.phase == Phase::Watching {
            self.next_sweep = Some(self.out.now);
        }
    }
}
