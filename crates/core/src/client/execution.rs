//! Work that an execution submits: creating it, and finding its jobs by their names.

use std::collections::BTreeSet;

use fanout_asl::api as states;
use fanout_batch::api::{Filter, ListJobs, Reply, Request};
use fanout_batch::limits::DESCRIBED_JOBS;

use super::calls::Purpose;
use super::{Client, Phase, Watch};
use crate::call::{Answer, Call};
use crate::event::EventKind;
use crate::plan::Work;

/// An execution and what is known of its jobs.
#[derive(Debug, Default)]
pub(super) struct ExecutionWatch {
    /// The machines that were created, in that order.
    machines: Vec<String>,
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

    pub(super) fn machines(&self) -> &[String] {
        &self.machines
    }

    pub(super) fn execution(&self) -> Option<&str> {
        self.execution.as_deref()
    }

    pub(super) fn end(&self) -> Option<&ExecutionEnd> {
        self.end.as_ref()
    }
}

impl Client {
    /// Creates the machines, starts the execution, or goes on with what an earlier client made of them.
    pub(super) fn prepare_execution(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        if watch.execution().is_some() {
            self.phase = Phase::Watching;
            self.next_sweep = Some(self.out.now);
            return;
        }
        let wanted = self.plan.state_machines();
        match wanted.get(watch.machines.len()) {
            Some(state_machine) => {
                let request = states::Request::CreateStateMachine((*state_machine).clone());
                self.calls.make(Purpose::CreateMachine, Call::States(request), &mut self.out);
            }
            None => self.start_execution(),
        }
    }

    pub(super) fn execution_prepared(&mut self, answer: Answer) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        match answer {
            Answer::States(states::Reply::StateMachineCreated(machine)) => {
                let arn = machine.state_machine_arn;
                watch.machines.push(arn.clone());
                self.out.event(EventKind::MachineCreated { arn });
                if self.stopping.is_none() {
                    self.prepare_execution();
                }
            }
            Answer::States(states::Reply::ExecutionStarted(execution)) => self.execution_started(execution.execution_arn),
            _ => {}
        }
    }

    fn start_execution(&mut self) {
        let Watch::Execution(watch) = &self.watch else { return };
        let Work::Execution { name, input, .. } = &self.plan.work else { return };
        let Some(state_machine_arn) = watch.machines.last().cloned() else { return };
        let start = states::StartExecution { state_machine_arn, name: Some(name.clone()), input: Some(input.clone()), trace_header: None };
        self.calls.make(Purpose::StartExecution, Call::States(states::Request::StartExecution(start)), &mut self.out);
    }

    fn execution_started(&mut self, execution_arn: String) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        watch.execution = Some(execution_arn.clone());
        self.phase = Phase::Watching;
        self.out.event(EventKind::Submitted { id: execution_arn, first: 0, count: self.ledger.len() });
        if self.stops_what_runs() {
            self.stop_execution();
        }
    }

    /// An earlier client started it and did not live to see the answer; it is over already. Names are this fan-out's own.
    pub(super) fn execution_exists(&mut self) {
        if let Some(arn) = self.execution_arn() {
            self.execution_started(arn);
        }
    }

    /// What the execution is called, whether it was started or not.
    fn execution_arn(&self) -> Option<String> {
        let Watch::Execution(watch) = &self.watch else { return None };
        let Work::Execution { name, .. } = &self.plan.work else { return None };
        let machine = watch.machines.get(self.plan.state_machines().len() - 1)?;
        Some(format!("{}:{name}", machine.replacen(":stateMachine:", ":execution:", 1)))
    }

    /// What an earlier client knew. If it was asked to stop, an execution may be there of which it did not hear.
    pub(super) fn recall_execution(&mut self, machines: Vec<String>, execution: Option<String>) {
        if let Watch::Execution(watch) = &mut self.watch {
            watch.machines = machines;
        }
        let execution = execution.or_else(|| self.execution_arn().filter(|_| self.stopping.is_some()));
        if let Watch::Execution(watch) = &mut self.watch {
            watch.execution = execution;
        }
    }

    /// Looks at the execution, for new jobs, and at the jobs that were not over.
    pub(super) fn sweep_execution(&mut self) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        match (&watch.end, watch.execution.clone()) {
            (None, Some(execution_arn)) => {
                let describe = states::Request::DescribeExecution(states::DescribeExecution { execution_arn, included_data: None });
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
        let mut to_end = Vec::new();
        for job in &reply.job_summary_list {
            let run = job.job_name.strip_prefix(job_name_prefix.as_str()).and_then(|index| index.parse::<usize>().ok());
            let Some(run) = run.filter(|run| *run < self.ledger.len()) else { continue };
            // Newest first: an older job of the same run is one that Step Functions has submitted again.
            if self.ledger.job(run).is_none() {
                news = true;
                self.ledger.set_job(run, &job.job_id);
                // Submitted while the execution was being stopped.
                if self.stopping.is_some() && job.status != "SUCCEEDED" && job.status != "FAILED" {
                    to_end.push(job.job_id.clone());
                }
            }
            if self.ledger.job(run) == Some(&job.job_id) {
                self.observe_summary(run, job);
                if let Watch::Execution(watch) = &mut self.watch {
                    watch.unseen.remove(&run);
                }
            }
        }
        self.stop_jobs(to_end);
        self.go_on_listing(news, reply.next_token);
    }

    /// Lists on while there are new jobs or many old ones to be seen; a few old ones are described.
    fn go_on_listing(&mut self, news: bool, next_token: Option<String>) {
        let Watch::Execution(watch) = &mut self.watch else { return };
        let whole = news || watch.final_listing == FinalListing::UnderWay;
        if next_token.is_some() && (whole || watch.unseen.len() > DESCRIBED_JOBS) {
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
            if execution.status != "SUCCEEDED" && self.stopping.is_none() {
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
        if self.stopping.is_some() {
            let without: Vec<bool> = (0..self.ledger.len()).map(|run| self.ledger.job(run).is_none()).collect();
            self.end_unsubmitted(|run| without[run]);
        } else {
            self.read_histories();
        }
    }
}
