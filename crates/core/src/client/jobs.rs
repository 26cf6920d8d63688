//! Arrays and jobs that the client submits itself: submitting, and watching through their parents.

use std::collections::{BTreeMap, BTreeSet};

use fanout_batch::api::{DescribeJobs, Filter, JobDetail, ListJobs, Reply, Request};
use fanout_batch::limits::DESCRIBED_JOBS;
use jiff::Timestamp;

use super::bucket::Bucket;
use super::calls::{ChildStatus, Purpose};
use super::{Client, Phase, Watch, ledger};
use crate::call::{Answer, Call, CallError};
use crate::event::{EventKind, RunStatus};
use crate::plan::{Submission, Work};

/// `SubmitJob` calls on their way at one time: at 0.2 s each, as many as Batch takes.
const SUBMITTING: usize = 10;
/// Looks in a row that do not find a job before its runs count as lost.
const PATIENCE: u32 = 10;

/// Batch starts jobs in about the order of their submission, so most looks end a little behind the last job that has begun; one of so many is at all.
const LOOKS_TO_A_WHOLE: u32 = 16;
/// Jobs behind the last one that has begun that are looked at each time.
const AHEAD: usize = 2 * DESCRIBED_JOBS;

/// The submitted jobs and how far they are.
#[derive(Debug)]
pub(super) struct JobsWatch {
    handles: Vec<Handle>,
    next: usize,
    in_flight: usize,
    bucket: Bucket,
    looks: u32,
    /// Submissions that were over since the last look.
    closed: usize,
}

/// One submission.
#[derive(Debug)]
struct Handle {
    first: usize,
    count: usize,
    nodes: bool,
    /// Whether the end of a job of several nodes has been asked for.
    released: bool,
    job_id: Option<String>,
    state: HandleState,
    /// The parent's counts of children that run, succeeded and failed, when last looked at.
    seen: [i32; 3],
    /// Children that ran when last listed.
    running: Vec<usize>,
    /// Children that this listing has shown so far.
    listed: Vec<usize>,
    missing: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HandleState {
    Unsubmitted,
    Open,
    /// The parent is over; its children's ends are being collected.
    Closing,
    Closed,
}

impl JobsWatch {
    pub(super) fn of(submissions: &[Submission], per_second: Option<u32>) -> Self {
        let handle = |submission: &Submission| Handle {
            first: submission.first,
            count: submission.count,
            nodes: submission.nodes,
            released: false,
            job_id: None,
            state: HandleState::Unsubmitted,
            seen: [0; 3],
            running: Vec::new(),
            listed: Vec::new(),
            missing: 0,
        };
        Self {
            handles: submissions.iter().map(handle).collect(),
            next: 0,
            in_flight: 0,
            bucket: Bucket::new(per_second),
            looks: 0,
            closed: 0,
        }
    }

    /// Whether submissions wait until others are over.
    pub(super) fn waits_for_room(&self, work: &Work) -> bool {
        let Work::Jobs { submissions, max_in_flight } = work else { return false };
        self.next < submissions.len() && !self.has_room(submissions, *max_in_flight)
    }

    /// The ids of all jobs that are not over.
    pub(super) fn open_jobs(&self) -> Vec<String> {
        self.open_handles().filter_map(|at| self.handles[at].job_id.clone()).collect()
    }

    fn open_handles(&self) -> impl Iterator<Item = usize> {
        (0..self.next).filter(|at| self.handles[*at].is_open())
    }

    /// The id of a run's own job.
    pub(super) fn job_of(&self, run: usize) -> Option<String> {
        let at = self.handles.partition_point(|handle| handle.first + handle.count <= run);
        let handle = self.handles.get(at)?;
        let parent = handle.job_id.as_ref()?;
        if handle.nodes {
            return Some(format!("{parent}#{}", run - handle.first + 1));
        }
        Some(if handle.count > 1 { format!("{parent}:{}", run - handle.first) } else { parent.clone() })
    }

    /// Whether a run's submission has been asked for.
    pub(super) fn is_submitted(&self, run: usize) -> bool {
        let at = self.handles.partition_point(|handle| handle.first + handle.count <= run);
        at < self.next
    }

    /// Whether a job waits to be ended although its runs are over.
    pub(super) fn has_keepers(&self) -> bool {
        self.handles[..self.next].iter().any(|handle| handle.nodes && handle.is_open())
    }

    /// Nothing more is known of jobs of several nodes.
    pub(super) fn forget_keepers(&mut self) {
        for at in 0..self.next {
            if self.handles[at].nodes {
                self.close(at);
            }
        }
    }

    /// Its runs are over: there is room for others.
    fn close(&mut self, at: usize) {
        let handle = &mut self.handles[at];
        if handle.state != HandleState::Closed {
            handle.state = HandleState::Closed;
            self.in_flight -= handle.count;
            self.closed += 1;
        }
    }

    /// Whether the next submission may be in flight beside the others.
    fn has_room(&self, submissions: &[Submission], most: Option<usize>) -> bool {
        let Some(submission) = submissions.get(self.next) else { return false };
        most.is_none_or(|most| self.in_flight == 0 || self.in_flight + submission.count <= most)
    }
}

impl Handle {
    fn is_open(&self) -> bool {
        matches!(self.state, HandleState::Open | HandleState::Closing)
    }
}

impl Client {
    fn jobs(&mut self) -> Option<&mut JobsWatch> {
        match &mut self.watch {
            Watch::Jobs(jobs) => Some(jobs),
            Watch::Execution(_) => None,
        }
    }

    /// Submits what there is room for.
    pub(super) fn submit_more(&mut self) {
        let plan = std::sync::Arc::clone(&self.plan);
        let Work::Jobs { submissions, max_in_flight } = &plan.work else { return };
        while self.stopping.is_none() && self.phase == Phase::Watching && self.calls.submitting() < SUBMITTING {
            let Watch::Jobs(jobs) = &mut self.watch else { return };
            if !jobs.has_room(submissions, *max_in_flight) || !jobs.bucket.take(self.out.now) {
                return;
            }
            let at = jobs.next;
            let Submission { first, count, .. } = submissions[at];
            jobs.in_flight += count;
            jobs.next += 1;
            self.out.event(EventKind::Submitting { first, count });
            self.submit(at);
        }
    }

    fn submit(&mut self, at: usize) {
        let Work::Jobs { submissions, .. } = &self.plan.work else { return };
        let request = Request::SubmitJob(submissions[at].request.clone());
        self.calls.make(Purpose::Submit { submission: at }, Call::Batch(request), &mut self.out);
    }

    /// Looks for a job by its name, which no other submission has.
    pub(super) fn find_submitted(&mut self, at: usize) {
        let Work::Jobs { submissions, .. } = &self.plan.work else { return };
        let request = ListJobs {
            job_queue: Some(self.plan.job_queue.clone()),
            filters: vec![Filter { name: "JOB_NAME".into(), values: vec![submissions[at].request.job_name.clone()] }],
            ..ListJobs::default()
        };
        self.calls.make(Purpose::FindSubmitted { submission: at }, Call::Batch(Request::ListJobs(request)), &mut self.out);
    }

    pub(super) fn found_submitted(&mut self, at: usize, answer: Answer) {
        let Answer::Batch(Reply::ListJobs(reply)) = answer else { return };
        let Work::Jobs { submissions, .. } = &self.plan.work else { return };
        let name = &submissions[at].request.job_name;
        match reply.job_summary_list.into_iter().find(|job| job.job_name == *name) {
            Some(job) => self.submission_accepted(at, job.job_id),
            None if self.stopping.is_some() => self.submission_cancelled(at),
            None => self.submit(at),
        }
    }

    /// It never was submitted, and is not to be.
    fn submission_cancelled(&mut self, at: usize) {
        let Some(jobs) = self.jobs() else { return };
        jobs.close(at);
        let runs = jobs.handles[at].first..jobs.handles[at].first + jobs.handles[at].count;
        self.end_unsubmitted(|run| runs.contains(&run));
    }

    /// What an earlier client knew: the jobs by the first of their runs, and those of which it did not see the answer.
    pub(super) fn recall_jobs(&mut self, submitted: &BTreeMap<usize, String>, submitting: &BTreeSet<usize>) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let mut unknown = Vec::new();
        for at in 0..jobs.handles.len() {
            let handle = &mut jobs.handles[at];
            if !submitting.contains(&handle.first) {
                break;
            }
            jobs.next = at + 1;
            jobs.in_flight += handle.count;
            match submitted.get(&handle.first) {
                Some(id) => {
                    handle.job_id = Some(id.clone());
                    handle.state = HandleState::Open;
                }
                None if (handle.first..handle.first + handle.count).all(|run| self.ledger.is_settled(run)) => jobs.close(at),
                None => unknown.push(at),
            }
        }
        for at in unknown {
            self.find_submitted(at);
        }
    }

    /// When the next job may be submitted, if nothing but the rate holds it back.
    pub(super) fn next_submission(&self) -> Option<Timestamp> {
        let Work::Jobs { submissions, max_in_flight } = &self.plan.work else { return None };
        let Watch::Jobs(jobs) = &self.watch else { return None };
        let held = self.stopping.is_some()
            || self.phase != Phase::Watching
            || self.calls.submitting() >= SUBMITTING
            || !jobs.has_room(submissions, *max_in_flight);
        (!held).then(|| jobs.bucket.next(self.out.now))
    }

    pub(super) fn submitted(&mut self, submission: usize, answer: Answer) {
        if let Answer::Batch(Reply::SubmitJob(reply)) = answer {
            self.submission_accepted(submission, reply.job_id);
        }
    }

    fn submission_accepted(&mut self, submission: usize, job_id: String) {
        let Some(jobs) = self.jobs() else { return };
        let handle = &mut jobs.handles[submission];
        handle.job_id = Some(job_id.clone());
        handle.state = HandleState::Open;
        let (first, count) = (handle.first, handle.count);
        self.out.event(EventKind::Submitted { id: job_id.clone(), first, count });
        if self.stopping.is_some() {
            self.stop_jobs(vec![job_id]);
        }
        self.submit_more();
    }

    pub(super) fn submission_refused(&mut self, submission: usize, error: &CallError) {
        let Some(jobs) = self.jobs() else { return };
        jobs.close(submission);
        let (first, count) = (jobs.handles[submission].first, jobs.handles[submission].count);
        let cause = error.to_string();
        for run in first..first + count {
            self.ledger.end(ledger::without_job(run, RunStatus::Fail, &cause), &mut self.out);
        }
        self.submit_more();
    }

    /// Those of the open submissions that this look is at.
    fn handles_to_look_at(&mut self) -> Vec<usize> {
        let whole = self.stopping.is_some();
        let Watch::Jobs(jobs) = &mut self.watch else { return Vec::new() };
        let mut open: Vec<usize> = jobs.open_handles().collect();
        let ahead = AHEAD.max(2 * std::mem::take(&mut jobs.closed));
        jobs.looks += 1;
        if !whole && !jobs.looks.is_multiple_of(LOOKS_TO_A_WHOLE) {
            let has_begun = |at: &usize| {
                let handle = &jobs.handles[*at];
                handle.seen != [0; 3] || (handle.count == 1 && self.ledger.has_begun(handle.first))
            };
            open.truncate(open.iter().rposition(has_begun).map_or(0, |last| last + 1) + ahead);
        }
        open
    }

    /// Looks at the parents; what has changed leads to their children.
    pub(super) fn sweep_jobs(&mut self) {
        let open = self.handles_to_look_at();
        for handles in open.chunks(DESCRIBED_JOBS) {
            let Watch::Jobs(jobs) = &self.watch else { return };
            let ids = handles.iter().filter_map(|at| jobs.handles[*at].job_id.clone()).collect();
            let purpose = Purpose::DescribeParents { handles: handles.to_vec() };
            self.calls.make(purpose, Call::Batch(Request::DescribeJobs(DescribeJobs { jobs: ids })), &mut self.out);
        }
    }

    pub(super) fn described_parents(&mut self, asked: &[usize], answer: Answer) {
        let Answer::Batch(Reply::DescribeJobs(reply)) = answer else { return };
        let described: BTreeMap<&str, &JobDetail> = reply.jobs.iter().map(|job| (job.job_id.as_str(), job)).collect();
        for at in asked {
            let Watch::Jobs(jobs) = &self.watch else { return };
            let id = jobs.handles[*at].job_id.as_deref();
            match id.and_then(|id| described.get(id)) {
                Some(job) => self.parent_described(*at, job),
                // What Batch does not know is left out of its answer.
                None => self.parent_missing(*at),
            }
        }
        self.submit_more();
    }

    fn parent_described(&mut self, at: usize, job: &JobDetail) {
        let over = job.status == "SUCCEEDED" || job.status == "FAILED";
        let Some(jobs) = self.jobs() else { return };
        let handle = &mut jobs.handles[at];
        handle.missing = 0;
        if handle.state == HandleState::Closed {
            return;
        }
        if over {
            handle.state = HandleState::Closing;
        }
        let (first, count) = (handle.first, handle.count);
        if handle.nodes {
            if over || job.status == "RUNNING" {
                self.look_at_nodes(at);
            }
            return;
        }
        if count == 1 {
            self.observe_detail(first, job);
            self.close_if_over(at);
            return;
        }
        let seen = counts(job);
        let changed = seen != handle.seen;
        handle.seen = seen;
        if changed || over {
            self.look_at_children(at, over);
        }
    }

    /// Nodes do not add up in the job's description, so each is described.
    fn look_at_nodes(&mut self, at: usize) {
        let Watch::Jobs(jobs) = &self.watch else { return };
        let runs = jobs.handles[at].first..jobs.handles[at].first + jobs.handles[at].count;
        let unknown: Vec<usize> = runs.filter(|run| !self.ledger.is_settled(*run)).collect();
        self.describe_runs(unknown);
        self.release_keepers();
        self.close_if_over(at);
    }

    /// Ends the jobs whose runs are all over: nothing but their main nodes runs.
    pub(super) fn release_keepers(&mut self) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let mut over = Vec::new();
        for handle in jobs.handles[..jobs.next].iter_mut().filter(|handle| handle.nodes && handle.state == HandleState::Open) {
            let mut runs = handle.first..handle.first + handle.count;
            if !handle.released && runs.all(|run| self.ledger.is_over(run)) {
                handle.released = true;
                over.extend(handle.job_id.clone());
            }
        }
        self.end_jobs(over);
    }

    /// A small array's children are described; a large one's are listed by status first.
    fn look_at_children(&mut self, at: usize, over: bool) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let handle = &mut jobs.handles[at];
        let runs = handle.first..handle.first + handle.count;
        let unknown: Vec<usize> = runs.filter(|run| !self.ledger.is_settled(*run)).collect();
        if unknown.is_empty() {
            self.close_if_over(at);
        } else if unknown.len() <= DESCRIBED_JOBS {
            self.describe_runs(unknown);
        } else if over {
            self.list_children(at, ChildStatus::Succeeded, None);
            self.list_children(at, ChildStatus::Failed, None);
        } else {
            handle.listed.clear();
            self.list_children(at, ChildStatus::Running, None);
        }
    }

    fn list_children(&mut self, at: usize, status: ChildStatus, next_token: Option<String>) {
        let Watch::Jobs(jobs) = &self.watch else { return };
        let request = ListJobs {
            array_job_id: jobs.handles[at].job_id.clone(),
            job_status: Some(status.word().into()),
            next_token,
            ..ListJobs::default()
        };
        let purpose = Purpose::ListChildren { handle: at, status };
        self.calls.make(purpose, Call::Batch(Request::ListJobs(request)), &mut self.out);
    }

    pub(super) fn listed_children(&mut self, at: usize, status: ChildStatus, answer: Answer) {
        let Answer::Batch(Reply::ListJobs(reply)) = answer else { return };
        let Watch::Jobs(jobs) = &self.watch else { return };
        let (first, count) = (jobs.handles[at].first, jobs.handles[at].count);
        let mut shown = Vec::new();
        for job in &reply.job_summary_list {
            let index = job.array_properties.as_ref().and_then(|array| array.index).and_then(|index| usize::try_from(index).ok());
            if let Some(index) = index.filter(|index| *index < count) {
                shown.push(first + index);
                self.observe_summary(first + index, job);
            }
        }
        if let Some(token) = reply.next_token {
            if let Some(jobs) = self.jobs() {
                jobs.handles[at].listed.append(&mut shown);
            }
            self.list_children(at, status, Some(token));
            return;
        }
        if status == ChildStatus::Running {
            self.describe_vanished(at, shown);
        }
        self.close_if_over(at);
    }

    /// Children that ran at the last look and do not now have ended, or are tried again.
    fn describe_vanished(&mut self, at: usize, mut shown: Vec<usize>) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let handle = &mut jobs.handles[at];
        let mut listed = std::mem::take(&mut handle.listed);
        listed.append(&mut shown);
        listed.sort_unstable();
        let before = std::mem::replace(&mut handle.running, listed);
        let vanished: Vec<usize> =
            before.into_iter().filter(|run| handle.running.binary_search(run).is_err() && !self.ledger.is_settled(*run)).collect();
        self.describe_runs(vanished);
    }

    fn close_if_over(&mut self, at: usize) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let handle = &mut jobs.handles[at];
        let mut runs = handle.first..handle.first + handle.count;
        if handle.state == HandleState::Closing && runs.all(|run| self.ledger.is_settled(run)) {
            jobs.close(at);
            self.submit_more();
        }
    }

    fn parent_missing(&mut self, at: usize) {
        let Watch::Jobs(jobs) = &mut self.watch else { return };
        let handle = &mut jobs.handles[at];
        handle.missing += 1;
        if handle.is_open() && handle.missing > PATIENCE {
            let runs = handle.first..handle.first + handle.count;
            jobs.close(at);
            self.ledger.end_rest(RunStatus::Lost, "Batch does not know the job any more", |run| runs.contains(&run), &mut self.out);
        }
    }
}

/// How many children run, succeeded and failed.
fn counts(parent: &JobDetail) -> [i32; 3] {
    let summary = parent.array_properties.as_ref().map(|array| &array.status_summary);
    ["RUNNING", "SUCCEEDED", "FAILED"].map(|status| summary.and_then(|summary| summary.get(status)).copied().unwrap_or_default())
}
