//! What became of a fan-out: a fold over its events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::event::{Event, EventKind, RunEnd, RunStatus};
use crate::rounds::{members, merged};

/// What became of a fan-out, so far or in the end.
#[derive(Clone, Debug, Default)]
pub struct Report {
    run_id: String,
    strategy: String,
    runs: Vec<Option<RunEnd>>,
    totals: Totals,
    begun: Option<Timestamp>,
    /// When the last retry began, or else the fan-out.
    started: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    cancelled: bool,
    over: bool,
    /// How many runs might fail, if more did.
    given_up: Option<usize>,
    round: u32,
    /// How the runs that are run once more had ended before.
    before: BTreeMap<usize, RunEnd>,
    /// Those that are, or were in the last retry; `None`: all runs.
    retried: Option<BTreeSet<usize>>,
}

/// The figures of a fan-out. Durations are in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// From the first call to the moment the last run was seen to have ended.
    pub makespan: f64,
    /// From the first call to the first run's start.
    pub time_to_first_start: Option<f64>,
    /// From the first run's start to the last one's.
    pub start_skew: Option<f64>,
    /// The most runs that ran at one time.
    pub concurrency: usize,
    /// What the runs themselves took, added up.
    pub work: f64,
    /// Makespan less what the same runs need at the same concurrency if nothing is ever waited for.
    pub overhead: f64,
}

/// How many runs ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// All runs of the list.
    pub runs: usize,
    /// Succeeded at once.
    pub pass: usize,
    /// Succeeded after a failed attempt.
    pub flaky: usize,
    /// Failed.
    pub fail: usize,
    /// Ended because the user asked to stop.
    pub cancelled: usize,
    /// Fate unknown.
    pub lost: usize,
    /// Never submitted.
    pub skip: usize,
}

impl Totals {
    /// Runs that did their work.
    pub fn succeeded(&self) -> usize {
        self.pass + self.flaky
    }

    fn of(&mut self, status: RunStatus) -> &mut usize {
        match status {
            RunStatus::Pass => &mut self.pass,
            RunStatus::Flaky => &mut self.flaky,
            RunStatus::Fail => &mut self.fail,
            RunStatus::Cancelled => &mut self.cancelled,
            RunStatus::Lost => &mut self.lost,
            RunStatus::Skip => &mut self.skip,
        }
    }
}

impl Report {
    /// Takes in one event.
    pub fn take_in(&mut self, event: &Event) {
        match &event.kind {
            EventKind::FanOutStarted { run_id, strategy, size } => {
                self.run_id.clone_from(run_id);
                self.strategy.clone_from(strategy);
                self.runs = vec![None; *size];
                self.totals = Totals { runs: *size, ..Totals::default() };
                (self.begun, self.started) = (Some(event.at), Some(event.at));
            }
            EventKind::Retrying { round, strategy, runs } => self.retry(*round, strategy, &members(runs), event.at),
            EventKind::RunEnded(end) => {
                self.last_seen = Some(event.at);
                if let Some(run) = self.runs.get_mut(end.index).filter(|run| run.is_none()) {
                    let end = match self.before.remove(&end.index) {
                        Some(before) => merged(before, end.clone()),
                        None => end.clone(),
                    };
                    *self.totals.of(end.status) += 1;
                    *run = Some(end);
                }
            }
            EventKind::Cancelling { .. } => self.cancelled = true,
            EventKind::TooManyFailed { most, .. } => self.given_up = Some(*most),
            EventKind::Registered { .. }
            | EventKind::MachineCreated { .. }
            | EventKind::Submitting { .. }
            | EventKind::Submitted { .. }
            | EventKind::Resumed
            | EventKind::RunStarted { .. }
            | EventKind::LogStream { .. }
            | EventKind::Progress(_)
            | EventKind::Note { .. } => {}
            EventKind::FanOutEnded => self.over = true,
        }
    }

    fn retry(&mut self, round: u32, strategy: &str, runs: &BTreeSet<usize>, at: Timestamp) {
        (self.round, self.over, self.cancelled, self.given_up) = (round, false, false, None);
        strategy.clone_into(&mut self.strategy);
        self.started = Some(at);
        for index in runs {
            if let Some(end) = self.runs.get_mut(*index).and_then(Option::take) {
                *self.totals.of(end.status) -= 1;
                self.before.insert(*index, end);
            }
        }
        self.retried = Some(runs.clone());
    }

    /// Which fan-out.
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// Whether the last round is over.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Which retry was the last; 0: there was none.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Under which strategy, the last time.
    pub fn strategy(&self) -> &str {
        &self.strategy
    }

    /// The runs that have ended, by index.
    pub fn runs(&self) -> impl Iterator<Item = &RunEnd> {
        self.runs.iter().flatten()
    }

    /// Whether there was a retry, and all runs of it succeeded.
    pub fn has_retried_with_success(&self) -> bool {
        self.retried.is_some() && self.of_this_round().all(|run| run.status.is_success())
    }

    fn of_this_round(&self) -> impl Iterator<Item = &RunEnd> {
        self.runs().filter(|run| self.retried.as_ref().is_none_or(|retried| retried.contains(&run.index)))
    }

    /// How one run ended, if it has.
    pub fn run(&self, index: usize) -> Option<&RunEnd> {
        self.runs.get(index)?.as_ref()
    }

    /// Whether the user asked to stop.
    pub fn was_cancelled(&self) -> bool {
        self.cancelled
    }

    /// How many runs might fail, if more did and the rest was given up.
    pub fn given_up(&self) -> Option<usize> {
        self.given_up
    }

    /// When the client began.
    pub fn begun(&self) -> Option<Timestamp> {
        self.begun
    }

    /// How many ended in which way. The sum of the ways is `runs` once all have ended.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The figures of what has ended, of the last retry if there was one.
    pub fn figures(&self) -> Figures {
        let Some(start) = self.started else { return Figures::default() };
        let mut spans: Vec<(Timestamp, Timestamp)> =
            self.of_this_round().filter_map(|run| Some((run.started_at?, run.stopped_at.unwrap_or(run.started_at?)))).collect();
        spans.sort_unstable();
        let makespan = seconds(self.last_seen.unwrap_or(start).duration_since(start));
        let first = spans.first().map(|(started, _)| *started);
        let last = spans.last().map(|(started, _)| *started);
        let concurrency = peak(&spans);
        let work: Vec<f64> = spans.iter().map(|(started, stopped)| seconds(stopped.duration_since(*started))).collect();
        Figures {
            makespan,
            time_to_first_start: first.map(|first| seconds(first.duration_since(start)).max(0.0)),
            start_skew: first.zip(last).map(|(first, last)| seconds(last.duration_since(first))),
            concurrency,
            work: work.iter().sum(),
            overhead: makespan - list_schedule(&work, concurrency),
        }
    }
}

fn seconds(duration: SignedDuration) -> f64 {
    duration.as_secs_f64()
}

/// The most spans that overlap; one that ends where another begins does not overlap it.
fn peak(spans: &[(Timestamp, Timestamp)]) -> usize {
    let mut stops: Vec<Timestamp> = spans.iter().map(|(_, stopped)| *stopped).collect();
    stops.sort_unstable();
    let (mut over, mut most) = (0, 0);
    for (at, (started, _)) in spans.iter().enumerate() {
        while over < at && stops[over] <= *started {
            over += 1;
        }
        most = most.max(at + 1 - over);
    }
    most
}

/// How long `work` takes on `slots` machines that take the next piece as soon as they are free.
fn list_schedule(work: &[f64], slots: usize) -> f64 {
    if slots >= work.len() {
        return work.iter().copied().fold(0.0, f64::max);
    }
    let mut free: std::collections::BinaryHeap<std::cmp::Reverse<u64>> = (0..slots).map(|_| std::cmp::Reverse(0)).collect();
    let mut end = 0;
    for piece in work {
        let std::cmp::Reverse(at) = free.pop().unwrap_or_default();
        let stop = at + (piece * 1e6) as u64;
        end = end.max(stop);
        free.push(std::cmp::Reverse(stop));
    }
    end as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::{Report, list_schedule};
    use crate::event::{Event, EventKind, RunEnd, RunStatus};
    use jiff::Timestamp;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    fn ended(index: usize, status: RunStatus, started: i64, stopped: i64) -> Event {
        let end = RunEnd {
            index,
            status,
            attempts: 1,
            created_at: Some(at(0)),
            started_at: Some(at(started)),
            stopped_at: Some(at(stopped)),
            exit_code: Some(0),
            cause: None,
            job_id: None,
            log_stream: None,
            tail: Vec::new(),
            earlier: Vec::new(),
        };
        Event { at: at(stopped + 5), kind: EventKind::RunEnded(end) }
    }

    #[test]
    fn figures_follow_from_events() {
        let mut report = Report::default();
        report.take_in(&Event { at: at(0), kind: EventKind::FanOutStarted { run_id: "r".into(), strategy: "map".into(), size: 3 } });
        report.take_in(&ended(0, RunStatus::Pass, 100, 1100));
        report.take_in(&ended(1, RunStatus::Fail, 200, 1200));
        report.take_in(&ended(2, RunStatus::Flaky, 1100, 2100));
        report.take_in(&ended(2, RunStatus::Fail, 1100, 2100));
        let totals = report.totals();
        assert_eq!((totals.runs, totals.pass, totals.fail, totals.flaky), (3, 1, 1, 1));
        let figures = report.figures();
        assert_eq!(figures.concurrency, 2);
        assert!((figures.makespan - 2.105).abs() < 1e-9);
        assert_eq!(figures.time_to_first_start, Some(0.1));
        assert_eq!(figures.start_skew, Some(1.0));
        assert!((figures.overhead - 0.105).abs() < 1e-9);
    }

    #[test]
    fn a_list_schedule_fills_free_slots() {
        assert!((list_schedule(&[3.0, 1.0, 1.0, 1.0], 2) - 3.0).abs() < 1e-9);
        assert!((list_schedule(&[], 0)).abs() < 1e-9);
    }
}
