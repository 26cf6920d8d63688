//! What becomes of jobs that can never start: `jobStateTimeLimitActions` of their queue.
//! Source: BM JobStateTimeLimitAction, BUG job_stuck_in_runnable.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::checks;
use crate::keyed::UnitKey;
use crate::limits;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::unit::{Cause, Stop};

/// One action of a queue. Its state is RUNNABLE and what is done is CANCEL: there is nothing else for jobs in containers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TimeLimit {
    reason: String,
    state: String,
    max_time_seconds: i32,
    action: String,
}

/// Since when a unit is stuck, why, and until when that is tolerated.
#[derive(Debug)]
pub(crate) struct Stuck {
    reason: &'static str,
    since: i64,
    until: Option<i64>,
}

const MEMBER: &str = "jobStateTimeLimitActions";

/// The actions in a call about a queue, if it has any.
pub(crate) fn read(rest: &Map<String, Value>) -> Result<Option<Vec<TimeLimit>>, Refusal> {
    let Some(value) = rest.get(MEMBER).filter(|value| !value.is_null()) else { return Ok(None) };
    let actions = Vec::<TimeLimit>::deserialize(value).map_err(|error| Refusal::Shape { field: MEMBER, problem: error.to_string() })?;
    for action in &actions {
        checks::range("maxTimeSeconds", &limits::STATE_TIME_SECONDS, action.max_time_seconds)?;
        if action.reason.is_empty() {
            return Err(Refusal::Missing { field: "reason" });
        }
        if action.state != "RUNNABLE" {
            return Err(Refusal::Value { field: "state", value: action.state.clone() });
        }
        if action.action != "CANCEL" {
            return Err(Refusal::Value { field: "action", value: action.action.clone() });
        }
    }
    Ok(Some(actions))
}

impl Scheduler {
    /// A unit cannot start as things are: its time runs, from when it was stuck for the same reason first.
    pub(crate) fn watch(&mut self, unit: UnitKey, now: i64) {
        let reason = self.misfit_reason(unit).map(|words| words.split_once(" - ").map_or(words, |(reason, _)| reason));
        let before = self.unwatch(unit);
        let Some(reason) = reason else { return };
        let since = before.filter(|stuck| stuck.reason == reason).map_or(now, |stuck| stuck.since);
        let limits = &self.queues.all[self.jobs[self.units[unit].job].queue].time_limits;
        let seconds = limits.iter().filter(|limit| limit.reason == reason).map(|limit| limit.max_time_seconds).min();
        let until = seconds.map(|seconds| since.saturating_add(i64::from(seconds) * 1000));
        if let Some(until) = until {
            self.overstays.insert((until, unit));
        }
        self.stuck.insert(unit, Stuck { reason, since, until });
    }

    /// A unit is stuck no more.
    pub(crate) fn unwatch(&mut self, unit: UnitKey) -> Option<Stuck> {
        let stuck = self.stuck.remove(&unit)?;
        if let Some(until) = stuck.until {
            self.overstays.remove(&(until, unit));
        }
        Some(stuck)
    }

    /// Cancels what has been stuck for too long.
    pub(crate) fn cancel_overstaying(&mut self, now: i64) {
        while let Some(&(until, unit)) = self.overstays.first() {
            if until > now {
                return;
            }
            let reason = self.unwatch(unit).map_or("", |stuck| stuck.reason);
            self.withdraw(unit);
            self.units[unit].stop = Some(Stop::Cancelled);
            self.stop_reasons.insert(unit, format!("Canceled by JobStateTimeLimit action due to reason: {reason}").into());
            self.fail(unit, Cause::Attempt, now);
        }
    }
}
