//! Who waits for whom, and what happens to those who wait. Source: BUG job_dependencies, array_jobs.

use crate::api::JobDependency;
use crate::keyed::{JobKey, UnitKey};
use crate::names::{self, Part};
use crate::port::Effect;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::unit::{Cause, Stamp, Status};

/// One dependency, read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    /// For a plain job or all of an array.
    Whole(JobKey),
    /// For one child of an array.
    Child(UnitKey),
    /// Child for child of another array.
    Paired(JobKey),
    /// Each child for the one before.
    Sequential,
}

impl Scheduler {
    pub(crate) fn read_dependencies(&self, given: &[JobDependency], children: Option<u32>) -> Result<Vec<Wait>, Refusal> {
        given.iter().map(|dependency| self.read_dependency(dependency, children)).collect()
    }

    fn read_dependency(&self, given: &JobDependency, children: Option<u32>) -> Result<Wait, Refusal> {
        let kind = || Refusal::DependencyType(given.kind.clone().unwrap_or_default());
        let target = match given.job_id.as_deref() {
            None | Some("") => None,
            Some(id) => Some(self.find_job(id).ok_or_else(|| Refusal::DependencyNotFound(id.into()))?),
        };
        match (given.kind.as_deref(), target) {
            (Some("SEQUENTIAL"), None) if children.is_some() => Ok(Wait::Sequential),
            (Some("N_TO_N"), Some((job, None))) => match (children, &self.jobs[job].array) {
                (Some(own), Some(array)) if own == array.size => Ok(Wait::Paired(job)),
                (Some(own), Some(array)) => Err(Refusal::DependencySize { own, other: array.size }),
                _ => Err(kind()),
            },
            (_, Some((job, Some(_)))) if self.jobs[job].gang.is_some() => Err(kind()),
            (None | Some(""), Some((_, Some(child)))) => Ok(Wait::Child(child)),
            (None | Some(""), Some((job, None))) => Ok(Wait::Whole(job)),
            _ => Err(kind()),
        }
    }

    /// The job that an id names, with the child or the node if it names one.
    pub(crate) fn find_job(&self, id: &str) -> Option<(JobKey, Option<UnitKey>)> {
        let (id, part) = names::job_id(id)?;
        let job = *self.by_id.get(&id.as_u128())?;
        match part {
            Part::Whole => Some((job, None)),
            Part::Child(index) => Some((job, Some(self.jobs[job].unit(Some(index))?))),
            Part::Node(index) => Some((job, Some(self.jobs[job].nodes().nth(index as usize)?))),
        }
    }

    /// A whole job's status.
    pub(crate) fn status(&self, job: JobKey) -> Status {
        let job = &self.jobs[job];
        job.array.as_ref().map_or_else(|| self.units[job.first].status, |array| array.status())
    }

    /// Enters a new job's dependencies and lets go what waits for nothing.
    pub(crate) fn wait_for(&mut self, job: JobKey, waits: &[Wait], now: i64) {
        let mut doomed = Vec::new();
        for wait in waits {
            match *wait {
                Wait::Whole(target) => match self.status(target) {
                    Status::Succeeded => {}
                    Status::Failed => doomed.extend(self.jobs[job].units()),
                    _ => {
                        self.jobs[target].links.get_or_insert_default().whole.push(job);
                        self.jobs[job].gates += 1;
                    }
                },
                Wait::Child(target) => match self.units[target].status {
                    Status::Succeeded => {}
                    Status::Failed => doomed.extend(self.jobs[job].units()),
                    _ => {
                        self.waiting_for_child.entry(target).or_default().push(job);
                        self.jobs[job].gates += 1;
                    }
                },
                Wait::Paired(target) => doomed.extend(self.pair(job, target)),
                Wait::Sequential => self.chain(job),
            }
        }
        for unit in self.jobs[job].units() {
            if self.is_free(unit) && doomed.is_empty() {
                self.make_ready(unit, now);
            } else {
                self.set_status(unit, Status::Pending, now);
            }
        }
        for unit in doomed {
            self.doom(unit, now);
        }
        if !waits.is_empty() {
            self.release(job, now);
        }
    }

    /// Pairs the children of two arrays; gives the children whose partners have already failed.
    fn pair(&mut self, job: JobKey, target: JobKey) -> Vec<UnitKey> {
        let mut doomed = Vec::new();
        let partners: Vec<_> = self.jobs[job].units().zip(self.jobs[target].units()).collect();
        for (unit, partner) in partners {
            match self.units[partner].status {
                Status::Succeeded => {}
                Status::Failed => doomed.push(unit),
                _ => self.units[unit].waits += 1,
            }
        }
        self.jobs[target].links.get_or_insert_default().paired.push(job);
        doomed
    }

    fn chain(&mut self, job: JobKey) {
        let Some(array) = &mut self.jobs[job].array else { return };
        if std::mem::replace(&mut array.sequential, true) {
            return;
        }
        for unit in self.jobs[job].units().skip(1) {
            self.units[unit].waits += 1;
        }
    }

    fn is_free(&self, unit: UnitKey) -> bool {
        let unit = &self.units[unit];
        unit.waits == 0 && self.jobs[unit.job].gates == 0
    }

    /// Lets go those units of a job that wait for nothing any more.
    fn release(&mut self, job: JobKey, now: i64) {
        for unit in self.jobs[job].units() {
            if self.units[unit].status == Status::Pending && self.is_free(unit) {
                self.make_ready(unit, now);
            }
        }
    }

    /// A unit whose dependency has failed.
    fn doom(&mut self, unit: UnitKey, now: i64) {
        if self.units[unit].status == Status::Pending {
            self.fail(unit, Cause::Dependency, now);
        }
    }

    /// A unit ends without an attempt of its own to say why.
    pub(crate) fn fail(&mut self, unit: UnitKey, cause: Cause, now: i64) {
        self.units[unit].cause = cause;
        self.units[unit].ended_at = Stamp::at(now);
        self.end(unit, Status::Failed, now);
    }

    /// A unit comes to its end; those who wait for it are told in [`Self::settle`].
    pub(crate) fn end(&mut self, unit: UnitKey, status: Status, now: i64) {
        self.set_status(unit, status, now);
        self.settled.push_back(unit);
    }

    /// Moves a unit to another status; its parent and its queue take note.
    pub(crate) fn set_status(&mut self, unit: UnitKey, to: Status, now: i64) {
        let unit = &mut self.units[unit];
        let from = std::mem::replace(&mut unit.status, to);
        let key = unit.job;
        let job = &mut self.jobs[key];
        match &mut job.array {
            Some(array) => array.moved(from, to, now),
            None => self.queues.all[job.queue].moved(key, from, to),
        }
        if job.gang.is_some() {
            self.nodes_follow(key, to, now);
        }
    }

    /// Tells those who wait for units that have ended, until nothing more ends of it.
    pub(crate) fn settle(&mut self, now: i64) {
        while let Some(unit) = self.settled.pop_front() {
            let job = self.units[unit].job;
            let succeeded = self.units[unit].status == Status::Succeeded;
            if self.jobs[job].array.is_some() {
                self.settle_child(job, unit, succeeded, now);
            } else {
                self.settle_job(job, succeeded, now);
            }
        }
    }

    fn settle_child(&mut self, job: JobKey, unit: UnitKey, succeeded: bool, now: i64) {
        let place = unit.0 - self.jobs[job].first.0;
        let Some(array) = &self.jobs[job].array else { return };
        if array.sequential && place + 1 < array.size {
            self.settle_wait(UnitKey(unit.0 + 1), succeeded, now);
        }
        for number in 0..self.jobs[job].links.as_ref().map_or(0, |links| links.paired.len()) {
            let Some(other) = self.jobs[job].links.as_ref().and_then(|links| links.paired.get(number).copied()) else { break };
            // Who failed long ago for another reason may be forgotten.
            if let Some(other) = self.jobs.get(other) {
                self.settle_wait(UnitKey(other.first.0 + place), succeeded, now);
            }
        }
        for other in self.waiting_for_child.remove(&unit).unwrap_or_default() {
            self.settle_gate(other, succeeded, now);
        }
        let Some(array) = &mut self.jobs[job].array else { return };
        let status = array.status();
        if status.is_terminal() && !std::mem::replace(&mut array.announced, true) {
            let queue = self.jobs[job].queue;
            self.queues.all[queue].moved(job, Status::Pending, status);
            self.settle_job(job, status == Status::Succeeded, now);
        }
    }

    fn settle_job(&mut self, job: JobKey, succeeded: bool, now: i64) {
        self.effects.push_back(Effect::JobEnded { job_id: self.jobs[job].id, succeeded });
        let share = &mut self.queues.all[self.jobs[job].queue].shares[usize::from(self.jobs[job].share)];
        share.unfinished = share.unfinished.saturating_sub(1);
        self.finished.push_back((now, job));
        // Its pairs stay: other children may have ended in the same moment and are told after this one.
        let Some(links) = &mut self.jobs[job].links else { return };
        for other in std::mem::take(&mut links.whole) {
            self.settle_gate(other, succeeded, now);
        }
    }

    /// One of the whole jobs that `job` waits for has ended.
    fn settle_gate(&mut self, job: JobKey, succeeded: bool, now: i64) {
        if self.jobs.get(job).is_none() {
            return;
        }
        let gates = &mut self.jobs[job].gates;
        *gates = gates.saturating_sub(1);
        if !succeeded {
            for unit in self.jobs[job].units() {
                self.doom(unit, now);
            }
        } else if *gates == 0 {
            self.release(job, now);
        }
    }

    /// The child that `unit` waits for has ended.
    fn settle_wait(&mut self, unit: UnitKey, succeeded: bool, now: i64) {
        if self.units[unit].status != Status::Pending {
            return;
        }
        if !succeeded {
            return self.doom(unit, now);
        }
        self.units[unit].waits = self.units[unit].waits.saturating_sub(1);
        if self.is_free(unit) {
            self.make_ready(unit, now);
        }
    }
}
