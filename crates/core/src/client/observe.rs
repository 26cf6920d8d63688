//! Asking Batch for a run's job, and from what it says to what that means for the run.

use std::collections::BTreeMap;

use fanout_batch::api::{AttemptContainer, AttemptDetail, DescribeJobs, JobDetail, JobSummary, Reply, Request};
use fanout_batch::limits::DESCRIBED_JOBS;
use fanout_batch::words::EXITED;
use jiff::Timestamp;

use super::calls::Purpose;
use super::cancel::Stopping;
use super::{Client, Logs, Watch, cancel};
use crate::assignment::TIMED_OUT_CODE;
use crate::call::{Answer, Call, LogTail};
use crate::event::{Attempt, RunEnd, RunStatus};

/// Lines of a failed run's log.
const TAIL_LINES: u32 = 20;
/// Lines of any run's log: as many as one answer holds.
const ALL_LINES: u32 = 10_000;

impl Client {
    /// Describes runs whose jobs are known, 100 per call.
    pub(super) fn describe_runs(&mut self, runs: Vec<usize>) {
        for runs in runs.chunks(DESCRIBED_JOBS) {
            let jobs = runs.iter().filter_map(|run| self.job_of(*run)).collect();
            let purpose = Purpose::DescribeRuns { runs: runs.to_vec() };
            self.calls.make(purpose, Call::Batch(Request::DescribeJobs(DescribeJobs { jobs })), &mut self.out);
        }
    }

    pub(super) fn job_of(&self, run: usize) -> Option<String> {
        match &self.watch {
            Watch::Jobs(jobs) => jobs.job_of(run),
            Watch::Execution(_) => self.ledger.job(run).map(str::to_owned),
        }
    }

    pub(super) fn described_runs(&mut self, runs: &[usize], answer: Answer) {
        let Answer::Batch(Reply::DescribeJobs(reply)) = answer else { return };
        let jobs: BTreeMap<&str, &JobDetail> = reply.jobs.iter().map(|job| (job.job_id.as_str(), job)).collect();
        for run in runs {
            // What Batch does not know is left out of its answer.
            match self.job_of(*run).and_then(|id| jobs.get(id.as_str()).copied()) {
                Some(job) => self.observe_detail(*run, job),
                None => self.ledger.forget_describing(&[*run]),
            }
        }
        self.release_keepers();
    }

    /// Asks for what the ledger lacks: descriptions of runs known to be over, and logs.
    pub(super) fn ask_for_details(&mut self) {
        let mut runs = self.ledger.take_undescribed();
        runs.extend(self.ledger.take_streamless());
        self.describe_runs(runs);
        let limit = if self.settings.logs == Logs::All { ALL_LINES } else { TAIL_LINES };
        for (run, stream) in self.ledger.take_tails() {
            let tail = LogTail { group: self.log_group.clone(), stream, limit };
            self.calls.make(Purpose::Tail { run }, Call::LogTail(tail), &mut self.out);
        }
    }

    pub(super) fn observe_detail(&mut self, run: usize, job: &JobDetail) {
        if self.ledger.is_over(run) {
            return;
        }
        match job.status.as_str() {
            "SUCCEEDED" | "FAILED" => {
                let end = end_of_detail(run, job, self.stopping);
                self.ledger.end(end, &mut self.out);
            }
            status => {
                self.observe_status(run, status, job.started_at);
                let stream = job.container.as_ref().and_then(|container| container.log_stream_name.as_deref());
                self.ledger.stream(run, stream, &mut self.out);
            }
        }
    }

    pub(super) fn observe_summary(&mut self, run: usize, job: &JobSummary) {
        if self.ledger.is_settled(run) {
            return;
        }
        let succeeded = job.status == "SUCCEEDED";
        match job.status.as_str() {
            "SUCCEEDED" | "FAILED" if self.ledger.listing_suffices(succeeded) => {
                self.ledger.end(end_of_summary(run, job), &mut self.out);
            }
            "SUCCEEDED" | "FAILED" => self.ledger.wants_description(run),
            status => self.observe_status(run, status, job.started_at),
        }
    }

    fn observe_status(&mut self, run: usize, status: &str, started_at: Option<i64>) {
        match (status, started_at.and_then(time)) {
            ("RUNNING", Some(at)) => self.ledger.running(run, at, &mut self.out),
            ("RUNNING", None) => {}
            _ => self.ledger.waiting_again(run),
        }
    }
}

fn time(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}

fn end_of_summary(run: usize, job: &JobSummary) -> RunEnd {
    RunEnd {
        index: run,
        status: RunStatus::Pass,
        attempts: 1,
        created_at: time(job.created_at),
        started_at: job.started_at.and_then(time),
        stopped_at: job.stopped_at.and_then(time),
        exit_code: job.container.as_ref().and_then(|container| container.exit_code),
        cause: None,
        job_id: Some(job.job_id.clone()),
        log_stream: None,
        tail: Vec::new(),
        earlier: Vec::new(),
    }
}

fn end_of_detail(run: usize, job: &JobDetail, stopping: Option<Stopping>) -> RunEnd {
    let container = job.container.as_ref();
    let exit_code = container.and_then(|container| container.exit_code);
    let status = match (job.status.as_str(), job.attempts.len()) {
        ("SUCCEEDED", 0 | 1) => RunStatus::Pass,
        ("SUCCEEDED", _) => RunStatus::Flaky,
        (_, attempts) => stopping.filter(|why| cancel::is_ours(job, *why)).map_or(RunStatus::Fail, |why| why.status(attempts > 0)),
    };
    let latest = job.attempts.last();
    RunEnd {
        index: run,
        status,
        attempts: job.attempts.len() as u32,
        created_at: time(job.created_at),
        started_at: job.started_at.and_then(time),
        stopped_at: job.stopped_at.and_then(time),
        exit_code,
        cause: (!status.is_success()).then(|| {
            let reason = container.and_then(|container| container.reason.as_deref());
            match stopping {
                Some(why) if matches!(status, RunStatus::Skip | RunStatus::Cancelled) => why.cause(status),
                _ => cause(job.status_reason.as_deref(), reason, exit_code),
            }
        }),
        job_id: Some(job.job_id.clone()),
        log_stream: container
            .and_then(|container| container.log_stream_name.clone())
            .or_else(|| latest.and_then(|attempt| attempt.container.log_stream_name.clone())),
        tail: Vec::new(),
        earlier: job.attempts.split_last().map(|(_, earlier)| earlier.iter().map(attempt).collect()).unwrap_or_default(),
    }
}

fn attempt(attempt: &AttemptDetail) -> Attempt {
    let AttemptContainer { exit_code, reason, log_stream_name, .. } = &attempt.container;
    Attempt {
        started_at: attempt.started_at.and_then(time),
        stopped_at: attempt.stopped_at.and_then(time),
        exit_code: *exit_code,
        cause: cause(attempt.status_reason.as_deref(), reason.as_deref(), *exit_code),
        log_stream: log_stream_name.clone(),
    }
}

/// Why a job or an attempt did not succeed, in one line.
fn cause(status_reason: Option<&str>, reason: Option<&str>, exit_code: Option<i32>) -> String {
    let by_itself = status_reason.is_none_or(|reason| reason == EXITED);
    let mut parts = Vec::new();
    match exit_code {
        Some(TIMED_OUT_CODE) if by_itself => parts.push(format!("exit {TIMED_OUT_CODE} (timed out)")),
        Some(code) if by_itself => parts.push(format!("exit {code}{}", signal(code))),
        Some(_) | None => parts.extend(status_reason.map(str::to_owned)),
    }
    parts.extend(reason.map(str::to_owned));
    parts.join(": ")
}

fn signal(code: i32) -> &'static str {
    match code {
        129 => " (SIGHUP)",
        130 => " (SIGINT)",
        132 => " (SIGILL)",
        134 => " (SIGABRT)",
        135 => " (SIGBUS)",
        136 => " (SIGFPE)",
        137 => " (SIGKILL)",
        139 => " (SIGSEGV)",
        141 => " (SIGPIPE)",
        143 => " (SIGTERM)",
        127 => " (command not found)",
        126 => " (not executable)",
        _ => "",
    }
}
