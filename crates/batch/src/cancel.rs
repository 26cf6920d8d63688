//! CancelJob and TerminateJob, single, bulk, and of all jobs of a deleted queue.
//! Source: BM CancelJob, TerminateJob.

use std::sync::Arc;

use crate::api::{BulkError, BulkResult, CancelJob, CancelJobs, Empty, TerminateJob, TerminateJobs};
use crate::keyed::{JobKey, QueueKey, UnitKey};
use crate::limits;
use crate::names;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::unit::{Cause, Status, Stop};

/// What jobs of a deleted queue say of their end.
pub(crate) const QUEUE_DELETED: &str = "JobQueue deleted";

impl Scheduler {
    pub(crate) fn cancel_job(&mut self, call: &CancelJob, now: i64) -> Result<Empty, Refusal> {
        self.stop_one(&call.job_id, &call.reason, Stop::Cancelled, now)
    }

    pub(crate) fn terminate_job(&mut self, call: &TerminateJob, now: i64) -> Result<Empty, Refusal> {
        self.stop_one(&call.job_id, &call.reason, Stop::Terminated, now)
    }

    pub(crate) fn cancel_jobs(&mut self, call: &CancelJobs, now: i64) -> Result<BulkResult, Refusal> {
        self.stop_many(&call.jobs, &call.reason, Stop::Cancelled, now)
    }

    pub(crate) fn terminate_jobs(&mut self, call: &TerminateJobs, now: i64) -> Result<BulkResult, Refusal> {
        self.stop_many(&call.jobs, &call.reason, Stop::Terminated, now)
    }

    fn stop_one(&mut self, id: &str, reason: &str, stop: Stop, now: i64) -> Result<Empty, Refusal> {
        check_reason(reason)?;
        if id.is_empty() {
            return Err(Refusal::Missing { field: "jobId" });
        }
        self.stop_job(id, &reason.into(), stop, now);
        Ok(Empty {})
    }

    fn stop_many(&mut self, ids: &[String], reason: &str, stop: Stop, now: i64) -> Result<BulkResult, Refusal> {
        check_reason(reason)?;
        if ids.len() > limits::BULK_JOBS {
            return Err(Refusal::Quota("jobs in one call"));
        }
        let reason: Arc<str> = reason.into();
        let mut result = BulkResult::default();
        for id in ids {
            if names::job_id(id).is_none() {
                // BM CancelJobsErrorDetail: "A job identifier in the request is malformed or isn't valid."
                let message = Refusal::JobId(id.clone()).to_string();
                result.errors.push(BulkError { job: id.clone(), code: "ValidationException".into(), message });
            } else {
                self.stop_job(id, &reason, stop, now);
                result.successful.push(id.clone());
            }
        }
        Ok(result)
    }

    /// A job that does not exist counts as stopped.
    fn stop_job(&mut self, id: &str, reason: &Arc<str>, stop: Stop, now: i64) {
        match self.find_job(id) {
            None => {}
            Some((job, None)) if self.jobs[job].array.is_some() => self.stop_array(job, reason, stop, now),
            // A node stands for its job, which ends as a whole.
            Some((job, _)) if self.is_ending(job) => {}
            Some((job, child)) => {
                let child = child.filter(|_| self.jobs[job].gang.is_none());
                self.stop_unit(child.unwrap_or(self.jobs[job].first), Some(reason), stop, now);
            }
        }
    }

    fn stop_array(&mut self, job: JobKey, reason: &Arc<str>, stop: Stop, now: i64) {
        let Some(array) = &mut self.jobs[job].array else { return };
        if array.status().is_terminal() {
            return;
        }
        array.stop.get_or_insert_with(|| (stop, Arc::clone(reason)));
        for unit in self.jobs[job].units() {
            self.stop_unit(unit, None, stop, now);
        }
    }

    fn stop_unit(&mut self, unit: UnitKey, reason: Option<&Arc<str>>, stop: Stop, now: i64) {
        if self.units[unit].stop.is_some() {
            return;
        }
        match self.units[unit].status {
            Status::Succeeded | Status::Failed => return,
            Status::Starting | Status::Running if stop == Stop::Cancelled => return,
            Status::Starting | Status::Running => self.stop_attempt(unit, stop),
            Status::Runnable => {
                self.withdraw(unit);
                self.units[unit].stop = Some(stop);
                self.fail(unit, Cause::Attempt, now);
            }
            // It ends when its dependencies have settled.
            Status::Submitted | Status::Pending => self.units[unit].stop = Some(stop),
        }
        if let Some(reason) = reason {
            self.stop_reasons.insert(unit, Arc::clone(reason));
        }
    }

    /// The queue is gone: all that it held ends.
    pub(crate) fn stop_all_of(&mut self, queue: QueueKey, now: i64) {
        let reason: Arc<str> = QUEUE_DELETED.into();
        let statuses = Status::ALL.into_iter().filter(|status| !status.is_terminal());
        let jobs: Vec<JobKey> = statuses.flat_map(|status| self.queues.all[queue].by_status[status as usize].clone()).collect();
        for job in jobs {
            if let Some(array) = &mut self.jobs[job].array {
                array.stop.get_or_insert_with(|| (Stop::QueueDeleted, Arc::clone(&reason)));
            }
            for unit in self.jobs[job].units() {
                self.stop_unit(unit, None, Stop::QueueDeleted, now);
                if self.units[unit].status == Status::Pending {
                    self.fail(unit, Cause::Attempt, now);
                }
            }
        }
    }
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    match reason.chars().count() {
        0 => Err(Refusal::Missing { field: "reason" }),
        length if length > limits::REASON_CHARS => Err(Refusal::TooLong { field: "reason", most: limits::REASON_CHARS, got: length }),
        _ => Ok(()),
    }
}
