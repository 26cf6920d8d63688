//! Jobs of several nodes. The job itself is a unit that stands in the queue like any other; its nodes are
//! units that follow it and stand nowhere. Room is held for all nodes at once, from the start of the main
//! node to the end of the last one. Source: BUG job-lifecycle (MNP), multi-node-parallel-jobs.

use crate::job::Job;
use crate::keyed::{EnvironmentKey, JobKey, UnitKey};
use crate::port::{AttemptEnd, Effect};
use crate::scheduler::Scheduler;
use crate::size::Size;
use crate::unit::{Stamp, Status, Stop, attempt_id};

/// What a job of several nodes has beyond a plain one.
#[derive(Debug)]
pub(crate) struct Gang {
    pub(crate) main: u32,
    /// What each node needs.
    pub(crate) sizes: Box<[Size]>,
    /// Nodes whose attempts are in flight.
    pub(crate) in_flight: u32,
}

impl Job {
    /// The nodes, if it has any.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = UnitKey> + use<> {
        let count = self.gang.as_ref().map_or(0, |gang| gang.sizes.len() as u32);
        let first = self.first.0;
        (1..=count).map(move |number| UnitKey(first + number))
    }

    /// Which node a unit is.
    pub(crate) fn node(&self, unit: UnitKey) -> Option<u32> {
        self.gang.as_ref().and_then(|_| (unit.0 - self.first.0).checked_sub(1))
    }

    /// The unit of the main node.
    pub(crate) fn main_node(&self) -> Option<UnitKey> {
        self.gang.as_ref().map(|gang| UnitKey(self.first.0 + 1 + gang.main))
    }

    /// What a unit needs.
    pub(crate) fn size_of(&self, unit: UnitKey) -> Size {
        let own = self.node(unit).zip(self.gang.as_ref()).and_then(|(node, gang)| gang.sizes.get(node as usize).copied());
        own.unwrap_or(self.spec.size)
    }
}

impl Scheduler {
    /// The job's turn has come: its main node goes first.
    pub(crate) fn start_main_node(&mut self, job: JobKey, environment: EnvironmentKey) {
        if let Some(main) = self.jobs[job].main_node() {
            self.start_node(job, main, environment);
        }
    }

    fn start_node(&mut self, job: JobKey, node: UnitKey, environment: EnvironmentKey) {
        let unit = &mut self.units[node];
        unit.begin_attempt(environment);
        unit.status = Status::Starting;
        let attempt = attempt_id(node, unit.attempts);
        if let Some(gang) = &mut self.jobs[job].gang {
            gang.in_flight += 1;
        }
        self.effects.push_back(Effect::Start { attempt });
    }

    /// A node runs: if it is the main node, the job does, and the others may start.
    pub(crate) fn node_started(&mut self, node: UnitKey, now: i64) {
        let unit = &mut self.units[node];
        unit.latest.started_at = Stamp::at(now);
        unit.status = Status::Running;
        let (key, environment) = (unit.job, unit.latest.environment);
        let job = &self.jobs[key];
        let (first, main) = (job.first, job.main_node());
        if main != Some(node) {
            return;
        }
        let others: Vec<UnitKey> = job.nodes().filter(|other| *other != node).collect();
        self.unit_started(first, now);
        if self.units[first].stop.is_none() {
            for other in others {
                self.start_node(key, other, environment);
            }
        }
    }

    /// A node has ended. The main node takes the others with it; the death of another changes nothing.
    pub(crate) fn node_ended(&mut self, node: UnitKey, end: AttemptEnd, now: i64) {
        let unit = &mut self.units[node];
        unit.latest.stopped_at = Stamp::at(now);
        unit.latest.outcome = end.into();
        unit.status = if unit.stop.is_none() && unit.latest.outcome.is_success() { Status::Succeeded } else { Status::Failed };
        let (key, outcome) = (unit.job, unit.latest.outcome.clone());
        let (first, main) = (self.jobs[key].first, self.jobs[key].main_node());
        if main == Some(node) {
            self.forget_timeout(first);
            let leader = &mut self.units[first].latest;
            leader.outcome = outcome;
            leader.stopped_at = Stamp::at(now);
            self.stop_nodes(key, None);
        }
        let Some(gang) = &mut self.jobs[key].gang else { return };
        gang.in_flight -= 1;
        if gang.in_flight == 0 {
            self.conclude(first, now);
        }
    }

    /// Asks for the end of all nodes in flight.
    pub(crate) fn stop_nodes(&mut self, job: JobKey, stop: Option<Stop>) {
        for node in self.jobs[job].nodes() {
            let unit = &mut self.units[node];
            if unit.status.is_in_flight() {
                unit.stop = stop;
                self.effects.push_back(Effect::Stop { attempt: attempt_id(node, unit.attempts) });
            }
        }
    }

    /// Whether the main node has ended and the others are being stopped: the verdict stands.
    pub(crate) fn is_ending(&self, job: JobKey) -> bool {
        let leader = &self.units[self.jobs[job].first];
        self.jobs[job].gang.is_some() && leader.status.is_in_flight() && leader.latest.stopped_at.get().is_some()
    }

    /// Nodes that are not in flight are where their job is.
    pub(crate) fn nodes_follow(&mut self, job: JobKey, to: Status, now: i64) {
        let leader = &self.units[self.jobs[job].first];
        let (stop, cause) = (leader.stop, leader.cause);
        for node in self.jobs[job].nodes() {
            let unit = &mut self.units[node];
            if to < Status::Starting {
                unit.status = to;
            } else if to.is_terminal() && !unit.status.is_terminal() {
                unit.status = Status::Failed;
                unit.stop = stop;
                unit.cause = cause;
                unit.ended_at = Stamp::at(now);
            }
        }
    }
}
