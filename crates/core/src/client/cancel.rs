//! Stopping: nothing more is started, what runs is terminated, and each run's end is still awaited.

use fanout_asl::api as states;
use fanout_batch::api::{JobDetail, Request, TerminateJob, TerminateJobs};
use fanout_batch::limits::BULK_JOBS;

use super::calls::Purpose;
use super::{Client, Phase, Watch};
use crate::call::{Call, CallError};
use crate::event::{EventKind, RunStatus};

/// The status reason of the jobs that fanout ends.
const REASON: &str = "Cancelled by fanout";
/// The cause that Step Functions gives to the execution's own end.
const STOPPED: &str = "fanout.Cancelled";

/// Whether a failed job failed because the user asked to stop.
pub(super) fn is_ours(job: &JobDetail) -> bool {
    job.is_terminated == Some(true) || job.is_cancelled == Some(true) || job.status_reason.as_deref() == Some(REASON)
}

impl Client {
    pub(super) fn cancel(&mut self) {
        if self.cancelling || self.phase >= Phase::CleaningUp {
            return;
        }
        self.cancelling = true;
        let running = self.ledger.running_runs();
        let queued = self.unfinished_jobs().len().saturating_sub(running.len());
        self.out.event(EventKind::Cancelling { running, queued });
        self.stop_all();
    }

    /// An earlier client had been asked to stop.
    pub(super) fn cancel_again(&mut self) {
        let begun = match &self.watch {
            Watch::Execution(watch) => watch.execution().is_some(),
            Watch::Jobs(_) => true,
        };
        if begun {
            self.phase = Phase::Watching;
        }
        self.stop_all();
    }

    fn stop_all(&mut self) {
        let jobs = match &self.watch {
            Watch::Jobs(watch) => {
                let jobs = watch.open_jobs();
                let submitted: Vec<bool> = (0..self.ledger.len()).map(|run| watch.is_submitted(run)).collect();
                self.ledger.end_rest(RunStatus::Cancelled, "cancelled before it was submitted", |run| !submitted[run], &mut self.out);
                jobs
            }
            Watch::Execution(watch) if watch.execution().is_none() => {
                self.ledger.end_rest(RunStatus::Cancelled, "cancelled before it was submitted", |_| true, &mut self.out);
                Vec::new()
            }
            Watch::Execution(_) => {
                self.stop_execution();
                self.unfinished_jobs()
            }
        };
        self.terminate(jobs);
        if self.phase == Phase::Watching {
            self.next_sweep = Some(self.out.now);
        }
    }

    /// The jobs of runs that are known and not over.
    fn unfinished_jobs(&self) -> Vec<String> {
        (0..self.ledger.len()).filter(|run| !self.ledger.is_settled(*run)).filter_map(|run| self.job_of(run)).collect()
    }

    pub(super) fn stop_execution(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        let Some(execution_arn) = watch.execution().map(str::to_owned) else { return };
        let stop = states::StopExecution { execution_arn, error: Some(STOPPED.into()), cause: Some(REASON.into()) };
        self.calls.make(Purpose::Stop, Call::States(states::Request::StopExecution(stop)), &mut self.out);
    }

    pub(super) fn terminate(&mut self, jobs: Vec<String>) {
        for jobs in jobs.chunks(BULK_JOBS) {
            let request = Request::TerminateJobs(TerminateJobs { jobs: jobs.to_vec(), reason: REASON.into() });
            self.calls.make(Purpose::Terminate { jobs: jobs.to_vec() }, Call::Batch(request), &mut self.out);
        }
    }

    /// An endpoint that is older than `TerminateJobs` still has `TerminateJob`.
    pub(super) fn terminate_one_by_one(&mut self, jobs: &[String], error: &CallError) {
        if jobs.is_empty() {
            self.out.note(error.to_string());
        }
        for job in jobs {
            let request = Request::TerminateJob(TerminateJob { job_id: job.clone(), reason: REASON.into() });
            self.calls.make(Purpose::Terminate { jobs: Vec::new() }, Call::Batch(request), &mut self.out);
        }
    }
}
