//! Who runs next, and where. Within a queue first come, first served, or by shares if it has a policy;
//! queues by priority; environments in the queue's order. Source: BUG job_queue_parameters,
//! job_scheduling, fair-share-scheduling.

use crate::api::FairsharePolicy;
use crate::job::Spec;
use crate::keyed::{EnvironmentKey, QueueKey, UnitKey};
use crate::limits;
use crate::port::Effect;
use crate::queue::Queue;
use crate::scheduler::Scheduler;
use crate::share::{self, Place};
use crate::size::Size;
use crate::unit::{Cause, Status, attempt_id};

/// Where a unit of some size can run.
pub(crate) enum Fit {
    Now(EnvironmentKey),
    /// There is room, but it is kept for other shares.
    Reserved,
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
        if self.units[unit].stop.is_some() {
            return self.fail(unit, Cause::Attempt, now);
        }
        if let Some(flaw) = self.jobs[self.units[unit].job].spec.flaw {
            return self.fail(unit, flaw, now);
        }
        self.units[unit].turn = self.next_turn;
        self.next_turn += 1;
        self.line_up(unit);
        self.set_status(unit, Status::Runnable, now);
    }

    /// Puts a RUNNABLE unit into its share's line.
    fn line_up(&mut self, unit: UnitKey) {
        let place = self.place_of(unit);
        let job = &self.jobs[self.units[unit].job];
        self.queues.all[job.queue].shares[usize::from(job.share)].line.insert(place);
    }

    /// Where a RUNNABLE unit stands.
    pub(crate) fn place_of(&self, unit: UnitKey) -> Place {
        let job = &self.jobs[self.units[unit].job];
        let ranked = self.queues.all[job.queue].policy.is_some();
        Place { rank: if ranked { job.spec.rank } else { 0 }, turn: self.units[unit].turn, unit }
    }

    /// Starts whatever can start.
    pub(crate) fn place(&mut self, now: i64) {
        for number in 0..self.queues.by_priority.len() {
            self.place_from(self.queues.by_priority[number], now);
        }
    }

    /// Only the first of a queue is looked at: those behind it may not overtake, unless it is in the way
    /// of the reservation for other shares.
    fn place_from(&mut self, key: QueueKey, now: i64) {
        let mut held_back = Vec::new();
        while let Some((share, place)) = self.next_of(key, &held_back, now) {
            let spec = &self.jobs[self.units[place.unit].job].spec;
            let size = spec.size;
            let kept = self.reserved(key, share, now);
            match self.fit(&self.queues.all[key], spec, kept) {
                Fit::Now(environment) => {
                    self.queues.all[key].shares[share].line.remove(&place);
                    self.start(place.unit, environment, size, now);
                }
                Fit::Reserved => held_back.push(share),
                Fit::Later => return,
                Fit::Never => {
                    self.queues.all[key].shares[share].line.remove(&place);
                    self.queues.all[key].misfits.insert((place.turn, place.unit));
                    self.watch(place.unit, now);
                }
            }
        }
    }

    /// Whose turn it is: of the share with the least weighted use, those that are held back aside.
    fn next_of(&self, key: QueueKey, held_back: &[usize], now: i64) -> Option<(usize, Place)> {
        let queue = &self.queues.all[key];
        if queue.policy.is_none() {
            return Some((0, *queue.shares.first()?.line.first()?));
        }
        let window = self.window(queue);
        let shares = queue.shares.iter().enumerate().filter(|(number, _)| !held_back.contains(number));
        let heads = shares.filter_map(|(number, share)| Some((number, share, *share.line.first()?)));
        heads
            .map(|(number, share, place)| (number, (share.weight * share.usage.total(now, window), place)))
            .min_by(|(_, one), (_, other)| share::order(*one, *other))
            .map(|(number, (_, place))| (number, place))
    }

    pub(crate) fn fairshare(&self, queue: &Queue) -> Option<&FairsharePolicy> {
        self.policies.all[queue.policy?].fairshare_policy.as_ref()
    }

    /// Milliseconds over which a queue counts use.
    pub(crate) fn window(&self, queue: &Queue) -> i64 {
        self.fairshare(queue).map_or(i64::from(limits::SHARE_DECAY_DEFAULT) * 1000, FairsharePolicy::window)
    }

    /// The part of all vCPUs that a share must leave to others: nothing if it has none itself.
    fn reserved(&self, key: QueueKey, share: usize, now: i64) -> f64 {
        let queue = &self.queues.all[key];
        let Some(policy) = self.fairshare(queue).filter(|policy| policy.compute_reservation.unwrap_or(0) > 0) else { return 0.0 };
        if queue.shares[share].usage.in_use == 0 {
            return 0.0;
        }
        policy.reserved(queue.shares.iter().filter(|share| share.is_active(now, policy.window())).count())
    }

    /// Weighs the shares of a queue anew.
    pub(crate) fn weigh(&mut self, key: QueueKey) {
        let Some(policy) = self.fairshare(&self.queues.all[key]).cloned() else { return };
        for share in &mut self.queues.all[key].shares {
            share.weight = policy.weight(&share.name);
        }
    }

    /// Where a unit of this job can run, if it comes from this queue and leaves a part of all vCPUs.
    pub(crate) fn fit(&self, queue: &Queue, spec: &Spec, kept: f64) -> Fit {
        let size = spec.size;
        let mut fit = Fit::Never;
        for &key in &queue.environments {
            let environment = &self.environments.all[key];
            if !environment.enabled || !environment.could_hold(spec) {
                continue;
            }
            let then = environment.in_use.plus(size);
            if !then.fits(environment.offers) {
                fit = if matches!(fit, Fit::Reserved) { fit } else { Fit::Later };
            } else if kept > 0.0 && then.milli_vcpus as f64 > environment.offers.milli_vcpus as f64 * (1.0 - kept) {
                fit = Fit::Reserved;
            } else {
                return Fit::Now(key);
            }
        }
        fit
    }

    fn start(&mut self, key: UnitKey, environment: EnvironmentKey, size: Size, now: i64) {
        let in_use = &mut self.environments.all[environment].in_use;
        *in_use = in_use.plus(size);
        self.unwatch(key);
        self.count_use(key, size, true, now);
        let unit = &mut self.units[key];
        unit.begin_attempt(environment);
        let (job, attempt) = (unit.job, attempt_id(key, unit.attempts));
        self.set_status(key, Status::Starting, now);
        if self.jobs[job].gang.is_some() {
            self.start_main_node(job, environment);
        } else {
            self.effects.push_back(Effect::Start { attempt });
        }
    }

    /// Gives back what the latest attempt of a unit had.
    pub(crate) fn release_room(&mut self, key: UnitKey, now: i64) {
        let size = self.jobs[self.units[key].job].spec.size;
        let in_use = &mut self.environments.all[self.units[key].latest.environment].in_use;
        *in_use = in_use.minus(size);
        self.count_use(key, size, false, now);
    }

    fn count_use(&mut self, key: UnitKey, size: Size, begins: bool, now: i64) {
        let job = &self.jobs[self.units[key].job];
        let (queue, share) = (job.queue, usize::from(job.share));
        let window = self.window(&self.queues.all[queue]);
        let usage = &mut self.queues.all[queue].shares[share].usage;
        if begins { usage.begin(size.milli_vcpus, now, window) } else { usage.end(size.milli_vcpus, now, window) }
    }

    /// Takes a RUNNABLE unit out of its queue.
    pub(crate) fn withdraw(&mut self, unit: UnitKey) {
        let place = self.place_of(unit);
        let job = &self.jobs[self.units[unit].job];
        let queue = &mut self.queues.all[job.queue];
        if !queue.shares[usize::from(job.share)].line.remove(&place) {
            queue.misfits.remove(&(place.turn, unit));
        }
        self.unwatch(unit);
    }

    /// Environments or queues have changed: what fitted nowhere may fit now.
    pub(crate) fn reconsider(&mut self) {
        for number in 0..self.queues.by_priority.len() {
            let misfits = std::mem::take(&mut self.queues.all[self.queues.by_priority[number]].misfits);
            for (_, unit) in misfits {
                self.line_up(unit);
                if self.misfit_reason(unit).is_none() {
                    self.unwatch(unit);
                }
            }
        }
    }
}
