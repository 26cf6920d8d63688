//! Work that an execution submits: creating it, and finding its jobs by their names.

use std::collections::BTreeSet;

use fanout_asl::api as states;
use fanout_batch::api::{DescribeJobs, Filter, ListJobs, Reply, Request};

use super::calls::Purpose;
use super::jobs::IDS_PER_CALL;
use super::{Client, Phase, Watch};
use crate::call::{Answer, Call, CallError, LogTail};
use crate::event::{EventKind, RunStatus};
use crate::plan::Work;

/// The log group of Batch's jobs.
const LOG_GROUP: &str = "/aws/batch/job";
/// Lines of a failed run's log.
const TAIL_LINES: u32 = 20;
/// Lines of any run's log: as many as one answer holds.
const ALL_LINES: u32 = 10_000;

/// An execution and what is known of its jobs.
#[derive(Debug, Default)]
pub(super) struct ExecutionWatch {
    machine: Option<String>,
    execution: Option<String>,
    /// How it ended; `None` while it runs.
    end: Option<ExecutionEnd>,
    /// Whether a listing that began after its end has been read whole.
    final_listing: FinalListing,
    /// Runs whose jobs are known and not over, and that this look has not shown yet.
    unseen: BTreeSet<usize>,
    /// Events read so far, for runs of which there is no job.
    pub(super) history: super::history::HistoryReader,
}

#[derive(Clone, Debug)]
pub(super) struct ExecutionEnd {
    pub(super) status: String,
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum FinalListing {
    #[default]
    NotBegun,
    UnderWay,
    Done,
}

impl ExecutionWatch {
    pub(super) fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    pub(super) fn machine(&self) -> Option<&str> {
        self.machine.as_deref()
    }

    pub(super) fn execution(&self) -> Option<&str> {
        self.execution.as_deref()
    }

    pub(super) fn end(&self) -> Option<&ExecutionEnd> {
        self.end.as_ref()
    }
}

impl Client {
    pub(super) fn create_machine(&mut self) {
        let Work::Execution { state_machine, .. } = &self.plan.work else { return };
        let request = states::Request::CreateStateMachine(state_machine.clone());
        self.calls.make(Purpose::CreateMachine, Call::States(request), &mut self.out);
    }

    pub(super) fn execution_prepared(&mut self, answer: Answer) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        let plan = std::sync::Arc::clone(&self.plan);
        let Work::Execution { name, input, .. } = &plan.work else { return };
        match answer {
            Answer::States(states::Reply::StateMachineCreated(machine)) => {
                watch.machine = Some(machine.state_machine_arn.clone());
                if self.cancelling {
                    return;
                }
                let start = states::StartExecution {
                    state_machine_arn: machine.state_machine_arn,
                    name: Some(name.clone()),
                    input: Some(input.clone()),
                };
                self.calls.make(Purpose::StartExecution, Call::States(states::Request::StartExecution(start)), &mut self.out);
            }
            Answer::States(states::Reply::ExecutionStarted(execution)) => {
                watch.execution = Some(execution.execution_arn.clone());
                self.phase = Phase::Watching;
                self.out.event(EventKind::Submitted { id: execution.execution_arn, first: 0, count: self.ledger.len() });
                if self.cancelling {
                    self.stop_execution();
                }
            }
            _ => {}
        }
    }

    /// Looks at the execution, for new jobs, and at the jobs that were not over.
    pub(super) fn sweep_execution(&mut self) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        match (&watch.end, watch.execution.clone()) {
            (None, Some(execution_arn)) => {
                let describe = states::Request::DescribeExecution(states::DescribeExecution { execution_arn });
                self.calls.make(Purpose::DescribeExecution, Call::States(describe), &mut self.out);
            }
            (Some(_), _) if watch.final_listing == FinalListing::NotBegun => watch.final_listing = FinalListing::UnderWay,
            _ => {}
        }
        watch.unseen = (0..self.ledger.len()).filter(|run| !self.ledger.is_settled(*run) && self.ledger.job(*run).is_some()).collect();
        self.list_by_name(None);
    }

    fn list_by_name(&mut self, next_token: Option<String>) {
        let Work::Execution { job_name_prefix, .. } = &self.plan.work else { return };
        let request = ListJobs {
            job_queue: Some(self.plan.job_queue.clone()),
            filters: vec![Filter { name: "JOB_NAME".into(), values: vec![format!("{job_name_prefix}*")] }],
            next_token,
            ..ListJobs::default()
        };
        self.calls.make(Purpose::ListByName, Call::Batch(Request::ListJobs(request)), &mut self.out);
    }

    pub(super) fn listed_by_name(&mut self, answer: Answer) {
        let Answer::Batch(Reply::ListJobs(reply)) = answer else { return };
        let plan = std::sync::Arc::clone(&self.plan);
        let Work::Execution { job_name_prefix, .. } = &plan.work else { return };
        let mut news = false;
        for job in &reply.job_summary_list {
            let run = job.job_name.strip_prefix(job_name_prefix.as_str()).and_then(|index| index.parse::<usize>().ok());
            let Some(run) = run.filter(|run| *run < self.ledger.len()) else { continue };
            // Newest first: an older job of the same run is one that Step Functions has submitted again.
            if self.ledger.job(run).is_none() {
                news = true;
                self.ledger.set_job(run, &job.job_id);
            }
            if self.ledger.job(run) == Some(&job.job_id) {
                self.observe_summary(run, job);
                if let Watch::Execution(watch) = &mut self.watch {
                    watch.unseen.remove(&run);
                }
            }
        }
        self.go_on_listing(news, reply.next_token);
    }

    /// Lists on while there are new jobs or many old ones to be seen; a few old ones are described.
    fn go_on_listing(&mut self, news: bool, next_token: Option<String>) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        let whole = news || watch.final_listing == FinalListing::UnderWay;
        if next_token.is_some() && (whole || watch.unseen.len() > IDS_PER_CALL) {
            self.list_by_name(next_token);
            return;
        }
        if watch.final_listing == FinalListing::UnderWay {
            watch.final_listing = FinalListing::Done;
        }
        let unseen = std::mem::take(&mut watch.unseen);
        self.describe_runs(unseen.into_iter().collect());
        self.settle_jobless();
    }

    pub(super) fn execution_described(&mut self, answer: Answer) {
        let Answer::States(states::Reply::ExecutionDescription(execution)) = answer else { return };
        let Watch::Execution(watch) = &mut self.watch else { return };
        if execution.status != "RUNNING" && watch.end.is_none() {
            if execution.status != "SUCCEEDED" && !self.cancelling {
                let error = execution.error.as_deref().unwrap_or("no error given");
                let cause = execution.cause.as_deref().unwrap_or_default();
                self.out.note(format!("the execution is {}: {error} {cause}", execution.status));
            }
            watch.end = Some(ExecutionEnd { status: execution.status, error: execution.error, cause: execution.cause });
        }
    }

    /// After the execution's end and a whole listing, a run without a job never had one.
    pub(super) fn settle_jobless(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        if watch.final_listing != FinalListing::Done {
            return;
        }
        let jobless = (0..self.ledger.len()).any(|run| !self.ledger.is_settled(run) && self.ledger.job(run).is_none());
        if !jobless {
            return;
        }
        if self.cancelling {
            let ledger = &mut self.ledger;
            let without: Vec<bool> = (0..ledger.len()).map(|run| ledger.job(run).is_none()).collect();
            ledger.end_rest(RunStatus::Cancelled, "cancelled before it was submitted", |run| without[run], &mut self.out);
        } else {
            self.read_history(None);
        }
    }

    /// Describes runs whose jobs are known, 100 per call.
    pub(super) fn describe_runs(&mut self, runs: Vec<usize>) {
        for runs in runs.chunks(IDS_PER_CALL) {
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
        let mut jobs = reply.jobs.iter().peekable();
        for run in runs {
            let id = self.job_of(*run);
            // Answers keep the order of the ids; what Batch does not know is left out.
            match jobs.next_if(|job| Some(&job.job_id) == id.as_ref()) {
                Some(job) => self.observe_detail(*run, job),
                None => match reply.jobs.iter().find(|job| Some(&job.job_id) == id.as_ref()) {
                    Some(job) => self.observe_detail(*run, job),
                    None => self.ledger.forget_describing(&[*run]),
                },
            }
        }
    }

    /// Asks for what the ledger lacks: descriptions of runs known to be over, and logs.
    pub(super) fn ask_for_details(&mut self) {
        let runs = self.ledger.take_undescribed();
        self.describe_runs(runs);
        let limit = if self.settings.logs == super::Logs::All { ALL_LINES } else { TAIL_LINES };
        for (run, stream) in self.ledger.take_tails() {
            let tail = LogTail { group: LOG_GROUP.into(), stream, limit };
            self.calls.make(Purpose::Tail { run }, Call::LogTail(tail), &mut self.out);
        }
    }

    /// The reason why runs have no job could not be read.
    pub(super) fn history_unreadable(&mut self, error: &CallError) {
        self.out.note(error.to_string());
        self.fail_jobless();
    }
}
