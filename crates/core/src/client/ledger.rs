//! What is known of each run. Every run ends here once, whatever AWS says later.

use jiff::Timestamp;

use super::{Logs, Out, Settings};
use crate::assignment::RESULT_MARK;
use crate::event::{EventKind, Progress, RunEnd, RunStatus};

/// Failed runs whose last lines are read, so that a fan-out that fails as a whole is not read as a whole.
const MOST_TAILS: usize = 25;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not submitted, or not seen yet.
    Waiting,
    Running,
    /// Over by a listing that lacks details; a description is wanted.
    Undescribed,
    /// A description has been asked for.
    Describing,
    /// Over; its log is being read.
    Reading,
    Ended,
}

/// What is known of each run.
#[derive(Debug)]
pub(super) struct Ledger {
    stages: Vec<Stage>,
    job_ids: Vec<Option<Box<str>>>,
    undescribed: Vec<usize>,
    tails_wanted: Vec<(usize, String)>,
    reading: std::collections::BTreeMap<usize, RunEnd>,
    ended: usize,
    tails: usize,
    progress: Progress,
    told: Progress,
    retries: bool,
    logs: Logs,
    tells_streams: bool,
    /// Of the runs that run; `None` where it is not known yet.
    streams: std::collections::BTreeMap<usize, Option<String>>,
}

impl Ledger {
    pub(super) fn new(size: usize, retries: bool, settings: &Settings) -> Self {
        Self {
            stages: vec![Stage::Waiting; size],
            job_ids: Vec::new(),
            undescribed: Vec::new(),
            tails_wanted: Vec::new(),
            reading: std::collections::BTreeMap::new(),
            ended: 0,
            tails: 0,
            progress: Progress { waiting: size, ..Progress::default() },
            told: Progress { waiting: size, ..Progress::default() },
            retries,
            logs: settings.logs,
            tells_streams: settings.streams,
            streams: std::collections::BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.stages.len()
    }

    /// Failed, lost or never submitted.
    pub(super) fn failed(&self) -> usize {
        self.progress.failed
    }

    pub(super) fn all_ended(&self) -> bool {
        self.ended == self.stages.len()
    }

    /// Whether nothing more is to be learned of a run but its log.
    pub(super) fn is_over(&self, run: usize) -> bool {
        matches!(self.stages[run], Stage::Reading | Stage::Ended)
    }

    /// Whether its program has been seen to run.
    pub(super) fn has_begun(&self, run: usize) -> bool {
        self.stages[run] != Stage::Waiting
    }

    /// Whether the next description of this run is on its way or wanted.
    pub(super) fn is_settled(&self, run: usize) -> bool {
        !matches!(self.stages[run], Stage::Waiting | Stage::Running)
    }

    /// Whether a listing tells enough of a run that ended this way.
    pub(super) fn listing_suffices(&self, succeeded: bool) -> bool {
        succeeded && !self.retries && self.logs != Logs::All && !self.tells_streams
    }

    /// Remembers a run's job.
    pub(super) fn set_job(&mut self, run: usize, job_id: &str) {
        if self.job_ids.is_empty() {
            self.job_ids.resize(self.stages.len(), None);
        }
        if self.job_ids[run].as_deref() != Some(job_id) {
            self.job_ids[run] = Some(job_id.into());
        }
    }

    pub(super) fn job(&self, run: usize) -> Option<&str> {
        self.job_ids.get(run).and_then(Option::as_deref)
    }

    pub(super) fn running(&mut self, run: usize, started_at: Timestamp, out: &mut Out) {
        if self.stages[run] == Stage::Waiting {
            self.stages[run] = Stage::Running;
            self.progress.waiting -= 1;
            self.progress.running += 1;
            out.event(EventKind::RunStarted { index: run, started_at });
            if self.tells_streams {
                self.streams.insert(run, None);
            }
        }
    }

    /// Where a run that runs writes, if that was wanted and is news.
    pub(super) fn stream(&mut self, run: usize, stream: Option<&str>, out: &mut Out) {
        let (Some(known), Some(stream)) = (self.streams.get_mut(&run), stream) else { return };
        if known.as_deref() != Some(stream) {
            *known = Some(stream.to_owned());
            out.event(EventKind::LogStream { index: run, stream: stream.to_owned() });
        }
    }

    /// Runs that run, and nobody knows where they write.
    pub(super) fn take_streamless(&mut self) -> Vec<usize> {
        let streamless: Vec<usize> = self.streams.iter().filter(|(_, stream)| stream.is_none()).map(|(run, _)| *run).collect();
        for run in &streamless {
            // Asked once: should there be no answer, its end will tell.
            self.streams.insert(*run, Some(String::new()));
        }
        streamless
    }

    /// An earlier client saw the run begin.
    pub(super) fn recall_running(&mut self, run: usize) {
        if self.stages.get(run) == Some(&Stage::Waiting) {
            self.stages[run] = Stage::Running;
            self.progress.waiting -= 1;
            self.progress.running += 1;
        }
    }

    /// An earlier client told of the run's end.
    pub(super) fn recall_end(&mut self, end: &RunEnd) {
        let Some(stage) = self.stages.get_mut(end.index).filter(|stage| **stage != Stage::Ended) else { return };
        let was = std::mem::replace(stage, Stage::Ended);
        self.leave(was);
        self.count(end.status);
        self.tails += usize::from(!end.tail.is_empty());
        self.ended += 1;
    }

    /// A failed attempt is to be followed by another.
    pub(super) fn waiting_again(&mut self, run: usize) {
        if self.stages[run] == Stage::Running {
            self.stages[run] = Stage::Waiting;
            self.progress.running -= 1;
            self.progress.waiting += 1;
        }
    }

    /// A listing says that the run is over but not enough of how.
    pub(super) fn wants_description(&mut self, run: usize) {
        if !self.is_settled(run) {
            if self.stages[run] == Stage::Waiting {
                self.progress.waiting -= 1;
                self.progress.running += 1;
            }
            self.stages[run] = Stage::Undescribed;
            self.undescribed.push(run);
        }
    }

    /// Runs to be described now.
    pub(super) fn take_undescribed(&mut self) -> Vec<usize> {
        let runs = std::mem::take(&mut self.undescribed);
        for run in &runs {
            self.stages[*run] = Stage::Describing;
        }
        runs
    }

    /// A description did not arrive.
    pub(super) fn forget_describing(&mut self, runs: &[usize]) {
        for run in runs {
            if self.stages[*run] == Stage::Describing {
                self.stages[*run] = Stage::Waiting;
                self.progress.running -= 1;
                self.progress.waiting += 1;
            }
        }
    }

    /// The run is over.
    pub(super) fn end(&mut self, end: RunEnd, out: &mut Out) {
        let run = end.index;
        if self.is_over(run) {
            return;
        }
        self.leave(self.stages[run]);
        self.streams.remove(&run);
        self.count(end.status);
        let wanted = match self.logs {
            Logs::All => true,
            Logs::Failed => end.status == RunStatus::Fail && self.tails < MOST_TAILS,
            Logs::None => false,
        };
        match end.log_stream.clone().filter(|_| wanted) {
            Some(stream) => {
                self.tails += 1;
                self.stages[run] = Stage::Reading;
                self.tails_wanted.push((run, stream));
                self.reading.insert(run, end);
            }
            None => self.close(end, out),
        }
    }

    fn leave(&mut self, stage: Stage) {
        match stage {
            Stage::Waiting => self.progress.waiting -= 1,
            Stage::Running | Stage::Undescribed | Stage::Describing => self.progress.running -= 1,
            Stage::Reading | Stage::Ended => {}
        }
    }

    fn count(&mut self, status: RunStatus) {
        match status {
            RunStatus::Pass | RunStatus::Flaky => self.progress.succeeded += 1,
            RunStatus::Fail | RunStatus::Lost | RunStatus::Skip => self.progress.failed += 1,
            RunStatus::Cancelled => self.progress.cancelled += 1,
        }
    }

    /// Logs to be read now: run and stream.
    pub(super) fn take_tails(&mut self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.tails_wanted)
    }

    pub(super) fn tail_read(&mut self, run: usize, lines: Vec<String>, out: &mut Out) {
        if let Some(mut end) = self.reading.remove(&run) {
            end.tail = lines;
            end.tail.retain(|line| !line.starts_with(RESULT_MARK));
            self.close(end, out);
        }
    }

    /// Ends every run that was not submitted.
    pub(super) fn skip_rest(&mut self, cause: &str, out: &mut Out) {
        self.end_rest(RunStatus::Skip, cause, |_| true, out);
    }

    /// Ends every run whose fate will not be learned.
    pub(super) fn lose_rest(&mut self, cause: &str, out: &mut Out) {
        self.end_rest(RunStatus::Lost, cause, |_| true, out);
    }

    /// Ends the runs that are not over and that `which` picks.
    pub(super) fn end_rest(&mut self, status: RunStatus, cause: &str, which: impl Fn(usize) -> bool, out: &mut Out) {
        for run in 0..self.stages.len() {
            if !self.is_over(run) && which(run) {
                self.end(without_job(run, status, cause), out);
            }
        }
    }

    /// Tells where the runs are, if that has changed.
    pub(super) fn progress(&mut self, out: &mut Out) {
        if self.progress != self.told {
            self.told = self.progress;
            out.event(EventKind::Progress(self.progress));
        }
    }

    pub(super) fn running_runs(&self) -> Vec<usize> {
        (0..self.stages.len()).filter(|run| self.stages[*run] == Stage::Running).collect()
    }

    fn close(&mut self, end: RunEnd, out: &mut Out) {
        self.stages[end.index] = Stage::Ended;
        self.ended += 1;
        out.event(EventKind::RunEnded(end));
    }
}

/// The end of a run of which there is no job.
pub(super) fn without_job(index: usize, status: RunStatus, cause: &str) -> RunEnd {
    RunEnd {
        index,
        status,
        attempts: 0,
        created_at: None,
        started_at: None,
        stopped_at: None,
        exit_code: None,
        cause: Some(cause.to_owned()),
        job_id: None,
        log_stream: None,
        tail: Vec::new(),
        earlier: Vec::new(),
    }
}
