//! What becomes of attempts: they run, end, take too long, are tried again.

use crate::keyed::UnitKey;
use crate::port::{AttemptEnd, AttemptId, Effect};
use crate::retry::{self, Ending};
use crate::scheduler::Scheduler;
use crate::unit::{Cause, Stamp, Status, Stop, attempt_id, attempt_of};

impl Scheduler {
    /// The unit whose attempt this is, as long as it is in flight.
    pub(crate) fn in_flight(&self, attempt: AttemptId) -> Option<UnitKey> {
        let (key, number) = attempt_of(attempt)?;
        let unit = self.units.get(key)?;
        // A job of several nodes has no attempts but those of its nodes.
        let runs = self.jobs[unit.job].gang.is_none() || self.jobs[unit.job].first != key;
        (runs && unit.attempts == number && unit.status.is_in_flight()).then_some(key)
    }

    pub(crate) fn attempt_started(&mut self, attempt: AttemptId, now: i64) {
        let Some(key) = self.in_flight(attempt).filter(|key| self.units[*key].status == Status::Starting) else { return };
        if self.jobs[self.units[key].job].gang.is_some() {
            return self.node_started(key, now);
        }
        self.unit_started(key, now);
    }

    /// STARTING to RUNNING: the time of the attempt begins.
    pub(crate) fn unit_started(&mut self, key: UnitKey, now: i64) {
        self.units[key].latest.started_at = Stamp::at(now);
        if self.units[key].stop.is_none()
            && let Some(place) = self.timeout_of(key)
        {
            self.timeouts.insert(place);
        }
        self.set_status(key, Status::Running, now);
    }

    pub(crate) fn attempt_ended(&mut self, attempt: AttemptId, end: AttemptEnd, now: i64) {
        let Some(key) = self.in_flight(attempt) else { return };
        if self.jobs[self.units[key].job].gang.is_some() {
            return self.node_ended(key, end, now);
        }
        self.forget_timeout(key);
        let unit = &mut self.units[key];
        unit.latest.stopped_at = Stamp::at(now);
        unit.latest.outcome = end.into();
        self.conclude(key, now);
    }

    /// The latest attempt is over, with all its nodes if it had any.
    pub(crate) fn conclude(&mut self, key: UnitKey, now: i64) {
        self.release_room(key, now);

        let unit = &self.units[key];
        if unit.stop.is_none() && unit.latest.outcome.is_success() {
            self.end(key, Status::Succeeded, now);
        } else if self.is_tried_again(key) {
            self.make_ready(key, now);
        } else {
            self.units[key].cause = Cause::Attempt;
            self.end(key, Status::Failed, now);
        }
    }

    /// What was stopped is never tried again, nor are children of an array that was.
    fn is_tried_again(&self, key: UnitKey) -> bool {
        let unit = &self.units[key];
        let job = &self.jobs[unit.job];
        let stopped = unit.stop.is_some() || job.array.as_ref().is_some_and(|array| array.stop.is_some());
        if stopped || unit.attempts >= job.spec.attempts {
            return false;
        }
        let outcome = &unit.latest.outcome;
        let status_reason = self.attempt_reason(&unit.latest, attempt_id(key, unit.attempts));
        let ending = Ending { status_reason: &status_reason, reason: outcome.container_reason(), exit_code: outcome.exit_code() };
        retry::wanted(job.spec.retry(), &ending)
    }

    /// Stops the attempts whose time is up. Source: BUG job_timeouts.
    pub(crate) fn stop_overdue(&mut self, now: i64) {
        while let Some(&(at, key)) = self.timeouts.first() {
            if at > now {
                return;
            }
            self.timeouts.pop_first();
            self.stop_attempt(key, Stop::TimedOut);
        }
    }

    /// Asks for the end of an attempt in flight, once.
    pub(crate) fn stop_attempt(&mut self, key: UnitKey, stop: Stop) {
        self.forget_timeout(key);
        let unit = &mut self.units[key];
        unit.stop = Some(stop);
        let job = unit.job;
        if self.jobs[job].gang.is_some() {
            return self.stop_nodes(job, Some(stop));
        }
        self.effects.push_back(Effect::Stop { attempt: attempt_id(key, unit.attempts) });
    }

    pub(crate) fn forget_timeout(&mut self, key: UnitKey) {
        if let Some(place) = self.timeout_of(key) {
            self.timeouts.remove(&place);
        }
    }

    /// Where the latest attempt's timeout stands in the order of timeouts, if it runs and has one.
    fn timeout_of(&self, key: UnitKey) -> Option<(i64, UnitKey)> {
        let unit = &self.units[key];
        let seconds = self.jobs[unit.job].spec.timeout_seconds?;
        let started_at = unit.latest.started_at.get()?;
        Some((started_at.saturating_add(i64::from(seconds) * 1000), key))
    }
}
