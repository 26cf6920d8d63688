//! Who runs next, and where. Within a queue first come, first served; queues by priority;
//! environments in the queue's order. Source: BUG job_queue_parameters, job_scheduling.

use crate::keyed::{EnvironmentKey, QueueKey, UnitKey};
use crate::port::Effect;
use crate::queue::Queue;
use crate::scheduler::Scheduler;
use crate::size::Size;
use crate::unit::{Attempt, Cause, Status, attempt_id};

/// Where a unit of some size can run.
pub(crate) enum Fit {
    Now(EnvironmentKey),
    /// When others have ended.
    Later,
    /// Not before an environment or the queue is changed.
    Never,
}

impl Scheduler {
    /// The vCPUs that attempts in flight have and those that there are, over all environments.
    pub fn vcpus(&self) -> (f64, f64) {
        let all = || self.environments.all.iter();
        (all().map(|environment| environment.in_use.vcpus()).sum(), all().map(|environment| environment.offers.vcpus()).sum())
    }

    /// A unit waits for nothing but its turn.
    pub(crate) fn make_ready(&mut self, unit: UnitKey, now: i64) {
        let job = &self.jobs[self.units[unit].job];
        if self.units[unit].stop.is_some() {
            return self.fail(unit, Cause::Attempt, now);
        }
        if job.spec.overrides_too_long {
            return self.fail(unit, Cause::OverridesTooLong, now);
        }
        let turn = self.next_turn;
        self.next_turn += 1;
        self.queues.all[job.queue].ready.insert((turn, unit));
        self.units[unit].turn = turn;
        self.set_status(unit, Status::Runnable, now);
    }

    /// Starts whatever can start.
    pub(crate) fn place(&mut self, now: i64) {
        for number in 0..self.queues.by_priority.len() {
            self.place_from(self.queues.by_priority[number], now);
        }
    }

    /// Only the first of a queue is looked at: those behind it may not overtake.
    fn place_from(&mut self, key: QueueKey, now: i64) {
        while let Some(&(turn, unit)) = self.queues.all[key].ready.first() {
            let size = self.jobs[self.units[unit].job].spec.size;
            match self.fit(&self.queues.all[key], size) {
                Fit::Now(environment) => {
                    self.queues.all[key].ready.pop_first();
                    self.start(unit, environment, size, now);
                }
                Fit::Later => return,
                Fit::Never => {
                    self.queues.all[key].ready.pop_first();
                    self.queues.all[key].misfits.insert((turn, unit));
                }
            }
        }
    }

    /// Where a unit of this size can run, if it comes from this queue.
    pub(crate) fn fit(&self, queue: &Queue, size: Size) -> Fit {
        let mut fit = Fit::Never;
        for &key in &queue.environments {
            let environment = &self.environments.all[key];
            if environment.enabled && size.fits(environment.offers) {
                if environment.in_use.plus(size).fits(environment.offers) {
                    return Fit::Now(key);
                }
                fit = Fit::Later;
            }
        }
        fit
    }

    fn start(&mut self, key: UnitKey, environment: EnvironmentKey, size: Size, now: i64) {
        let in_use = &mut self.environments.all[environment].in_use;
        *in_use = in_use.plus(size);
        let unit = &mut self.units[key];
        let before = std::mem::replace(&mut unit.latest, Attempt::new(environment));
        if unit.attempts > 0 {
            unit.earlier.reserve_exact(1);
            unit.earlier.push(before);
        }
        unit.attempts += 1;
        let attempt = attempt_id(key, unit.attempts);
        self.set_status(key, Status::Starting, now);
        self.effects.push_back(Effect::Start { attempt });
    }

    /// Takes a RUNNABLE unit out of its queue.
    pub(crate) fn withdraw(&mut self, unit: UnitKey) {
        let place = (self.units[unit].turn, unit);
        let queue = self.jobs[self.units[unit].job].queue;
        let queue = &mut self.queues.all[queue];
        if !queue.ready.remove(&place) {
            queue.misfits.remove(&place);
        }
    }

    /// Environments or queues have changed: what fitted nowhere may fit now.
    pub(crate) fn reconsider(&mut self) {
        for number in 0..self.queues.by_priority.len() {
            let queue = &mut self.queues.all[self.queues.by_priority[number]];
            queue.ready.append(&mut queue.misfits);
        }
    }
}
