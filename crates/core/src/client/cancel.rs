//! Stopping: nothing more is started, and each run's end is still awaited. What runs is terminated, unless it may end by itself.

use fanout_asl::api as states;
use fanout_batch::api::{CancelJobs, DeregisterJobDefinition, JobDetail, Request, TerminateJob, TerminateJobs};
use fanout_batch::limits::BULK_JOBS;

use super::calls::Purpose;
use super::{Client, Phase, Watch};
use crate::call::{Call, CallError};
use crate::event::{EventKind, RunStatus};
use crate::max_fails::Halt;

/// The status reason of the jobs that fanout ends.
const REASON: &str = "Cancelled by fanout";
/// The same of jobs whose runs are over.
const ALL_OVER: &str = "All runs are over";
/// The cause that Step Functions gives to the execution's own end.
const STOPPED: &str = "fanout.Cancelled";

/// Why nothing more is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopping {
    /// The user asked for it.
    Asked,
    /// More runs failed than might.
    Failures {
        /// How many might.
        most: usize,
        halt: Halt,
    },
}

impl Stopping {
    /// Whether what runs is stopped, too.
    fn stops_what_runs(self) -> bool {
        !matches!(self, Self::Failures { halt: Halt::Soon, .. })
    }

    /// Of a run that was ended for it.
    pub(super) fn status(self, began: bool) -> RunStatus {
        match self {
            Self::Failures { .. } if !began => RunStatus::Skip,
            Self::Asked | Self::Failures { .. } => RunStatus::Cancelled,
        }
    }

    /// Of a run that was ended for it, and had been submitted.
    pub(super) fn cause(self, status: RunStatus) -> String {
        let verb = if status == RunStatus::Skip { "not started" } else { "stopped" };
        match self {
            Self::Asked => REASON.into(),
            Self::Failures { most, .. } => format!("{verb}: more than {most} runs failed"),
        }
    }
}

/// How programs end that are told to stop: SIGHUP, SIGINT, SIGTERM. A terminal tells those, too, that have just been started and are
/// still of fanout's own process group.
const TOLD_TO_STOP: [i32; 3] = [129, 130, 143];

/// Whether a failed job failed because of this.
pub(super) fn is_ours(job: &JobDetail, why: Stopping) -> bool {
    let code = job.container.as_ref().and_then(|container| container.exit_code);
    job.is_terminated == Some(true)
        || job.is_cancelled == Some(true)
        || job.status_reason.as_deref() == Some(REASON)
        || (why == Stopping::Asked && code.is_some_and(|code| TOLD_TO_STOP.contains(&code)))
}

impl Client {
    pub(super) fn cancel(&mut self) {
        if self.stopping == Some(Stopping::Asked) || self.phase >= Phase::CleaningUp {
            return;
        }
        self.stopping = Some(Stopping::Asked);
        let running = self.ledger.running_runs();
        let queued = self.unfinished_jobs().len().saturating_sub(running.len());
        self.out.event(EventKind::Cancelling { running, queued });
        self.stop_all();
    }

    /// Gives up what is left if too many runs have failed.
    pub(super) fn count_failures(&mut self) {
        let Some(max_fails) = self.plan.max_fails else { return };
        let (failed, most) = (self.ledger.failed(), max_fails.of(self.plan.size));
        if failed <= most || self.stopping.is_some() || self.phase != Phase::Watching || self.ledger.all_ended() {
            return;
        }
        self.stopping = Some(Stopping::Failures { most, halt: max_fails.halt });
        self.out.event(EventKind::TooManyFailed { failed, most, halt: max_fails.halt });
        self.stop_all();
    }

    /// An earlier client had begun to stop.
    pub(super) fn stop_again(&mut self) {
        let begun = match &self.watch {
            Watch::Execution(watch) => watch.execution().is_some(),
            Watch::Jobs(_) => true,
        };
        if begun {
            self.phase = Phase::Watching;
        }
        self.stop_all();
    }

    pub(super) fn stops_what_runs(&self) -> bool {
        self.stopping.is_some_and(Stopping::stops_what_runs)
    }

    fn stop_all(&mut self) {
        let jobs = match &self.watch {
            Watch::Jobs(watch) => {
                let jobs = watch.open_jobs();
                let submitted: Vec<bool> = (0..self.ledger.len()).map(|run| watch.is_submitted(run)).collect();
                self.end_unsubmitted(|run| !submitted[run]);
                jobs
            }
            Watch::Execution(watch) if watch.execution().is_none() => {
                self.end_unsubmitted(|_| true);
                Vec::new()
            }
            Watch::Execution(_) => {
                if self.stops_what_runs() {
                    self.stop_execution();
                } else {
                    self.starve_execution();
                }
                self.unfinished_jobs()
            }
        };
        self.stop_jobs(jobs);
        if self.phase == Phase::Watching {
            self.next_sweep = Some(self.out.now);
        }
    }

    /// The end of runs that were not submitted and will not be.
    pub(super) fn end_unsubmitted(&mut self, which: impl Fn(usize) -> bool) {
        let Some(why) = self.stopping else { return };
        let status = why.status(false);
        let cause = if why == Stopping::Asked { "cancelled before it was submitted".into() } else { why.cause(status) };
        self.ledger.end_rest(status, &cause, which, &mut self.out);
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

    /// An execution that is stopped ends its jobs. One whose job definition is gone can start no more, and waits for those that run.
    fn starve_execution(&mut self) {
        if let Some(job_definition) = self.calls.take_registered_definition() {
            let request = Request::DeregisterJobDefinition(DeregisterJobDefinition { job_definition });
            self.calls.make(Purpose::CleanUp, Call::Batch(request), &mut self.out);
        }
    }

    /// Ends jobs of which nothing but what waits is left.
    pub(super) fn end_jobs(&mut self, jobs: Vec<String>) {
        for jobs in jobs.chunks(BULK_JOBS).map(<[String]>::to_vec) {
            let request = Request::TerminateJobs(TerminateJobs { jobs: jobs.clone(), reason: ALL_OVER.into() });
            self.calls.make(Purpose::Terminate { jobs }, Call::Batch(request), &mut self.out);
        }
    }

    /// Ends these jobs, or those of them that have not started.
    pub(super) fn stop_jobs(&mut self, jobs: Vec<String>) {
        let all = self.stops_what_runs();
        for jobs in jobs.chunks(BULK_JOBS).map(<[String]>::to_vec) {
            let (purpose, request) = if all {
                let request = Request::TerminateJobs(TerminateJobs { jobs: jobs.clone(), reason: REASON.into() });
                (Purpose::Terminate { jobs }, request)
            } else {
                (Purpose::Stop, Request::CancelJobs(CancelJobs { jobs, reason: REASON.into() }))
            };
            self.calls.make(purpose, Call::Batch(request), &mut self.out);
        }
    }

    /// An endpoint that is older than `TerminateJobs` still has `TerminateJob`.
    pub(super) fn terminate_one_by_one(&mut self, jobs: &[String], error: &CallError) {
        if jobs.is_empty() {
            self.out.note(error.to_string());
            if let Watch::Jobs(watch) = &mut self.watch {
                watch.forget_keepers();
            }
        }
        for job in jobs {
            let request = Request::TerminateJob(TerminateJob { job_id: job.clone(), reason: REASON.into() });
            self.calls.make(Purpose::Terminate { jobs: Vec::new() }, Call::Batch(request), &mut self.out);
        }
    }
}
