//! What users see of a fan-out: reporters that read events, and the report at the end.

mod failures;
mod json;
mod progress;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use fanout_core::event::{Event, EventKind, Progress, RunEnd, RunStatus};
use fanout_core::report::Report;
use fanout_core::rounds::neighbours;
use fanout_core::run_list::RunList;
use jiff::Timestamp;

use crate::args::Output;
use crate::printer::Printer;

use progress::ProgressLine;

pub(crate) use json::report as report_json;
pub(crate) use table::{comparison_markdown, comparison_table, differences_table, records_table};
pub(crate) use text::seconds;

/// Tells of a fan-out while it goes on and when it is over.
pub(crate) struct Reporter<'a> {
    printer: &'a mut Printer,
    output: Output,
    runs: &'a RunList,
    report: Report,
    progress: ProgressLine,
    /// The runs that run now.
    started: BTreeMap<usize, Timestamp>,
    /// From which retry on what happens is told as it happens.
    tells_from: u32,
}

impl<'a> Reporter<'a> {
    /// One that is silent about what was before retry `round`; 0: about nothing.
    pub(crate) fn new(printer: &'a mut Printer, output: Output, runs: &'a RunList, round: u32) -> Self {
        let progress = ProgressLine::begin(printer, runs.len());
        Self { printer, output, runs, report: Report::default(), progress, started: BTreeMap::new(), tells_from: round }
    }

    /// One that prints its report and nothing before it.
    pub(crate) fn silent(printer: &'a mut Printer, output: Output, runs: &'a RunList) -> Self {
        let progress = ProgressLine::none();
        Self { printer, output, runs, report: Report::default(), progress, started: BTreeMap::new(), tells_from: u32::MAX }
    }

    /// Takes in one event and tells of it.
    pub(crate) fn take_in(&mut self, event: &Event) {
        self.report.take_in(event);
        if self.output == Output::Jsonl {
            let line = json::event(event, self.runs);
            self.printer.data(&line);
        }
        if self.report.round() < self.tells_from {
            return;
        }
        match &event.kind {
            EventKind::RunEnded(end) => {
                self.started.remove(&end.index);
                text::run_ended(self.printer, end, self.runs);
                self.show_progress();
            }
            EventKind::Note { message } => self.printer.complain(&format!("note: {message}")),
            EventKind::Cancelling { running, queued } => {
                text::cancelling(self.printer, running, *queued, self.runs);
            }
            EventKind::RunStarted { index, started_at } => {
                self.started.insert(*index, *started_at);
                self.show_progress();
            }
            EventKind::TooManyFailed { failed, most, halt } => text::giving_up(self.printer, *failed, *most, *halt),
            EventKind::FanOutStarted { .. }
            | EventKind::Retrying { .. }
            | EventKind::Registered { .. }
            | EventKind::MachineCreated { .. }
            | EventKind::Submitting { .. }
            | EventKind::Submitted { .. }
            | EventKind::Progress(_)
            | EventKind::LogStream { .. }
            | EventKind::Resumed
            | EventKind::FanOutEnded => {}
        }
    }

    /// From what has begun and ended: whoever follows a record is told nothing else.
    fn show_progress(&mut self) {
        let (totals, running) = (self.report.totals(), self.started.len());
        let (succeeded, cancelled) = (totals.succeeded(), totals.cancelled);
        let failed = totals.fail + totals.lost + totals.skip;
        let waiting = totals.runs.saturating_sub(running + succeeded + failed + cancelled);
        self.progress.show(self.printer, Progress { waiting, running, succeeded, failed, cancelled });
    }

    /// The ends of all runs that are not over: they were killed, and nobody waited for it.
    pub(crate) fn abandoned(&self, now: Timestamp) -> Vec<Event> {
        let ended: BTreeSet<usize> = self.report.runs().map(|run| run.index).collect();
        let end = |index| {
            let started_at = self.started.get(&index).copied();
            let end = RunEnd {
                index,
                status: RunStatus::Cancelled,
                attempts: u32::from(started_at.is_some()),
                created_at: None,
                started_at,
                stopped_at: started_at.map(|_| now),
                exit_code: None,
                cause: Some(if started_at.is_some() { "killed" } else { "cancelled before it was started" }.into()),
                job_id: None,
                log_stream: None,
                tail: Vec::new(),
                earlier: Vec::new(),
            };
            Event { at: now, kind: EventKind::RunEnded(end) }
        };
        (0..self.runs.len()).filter(|index| !ended.contains(index)).map(end).collect()
    }

    /// What became of the fan-out so far.
    pub(crate) fn report(&self) -> &Report {
        &self.report
    }

    /// Goes away without a report.
    pub(crate) fn leave(self) {
        self.printer.hide();
    }

    /// Prints the report and hands it on.
    pub(crate) fn finish(self) -> Report {
        self.printer.hide();
        match self.output {
            Output::Text => {
                if self.tells_from != u32::MAX {
                    failures::tell(self.printer, &self.report, self.runs);
                }
                text::report(self.printer, &self.report, self.runs);
            }
            Output::Json => self.printer.data(&json::report(&self.report, self.runs)),
            Output::Jsonl => self.printer.data(&json::summary(&self.report)),
            Output::None => {}
        }
        self.report
    }
}

/// An item as one short word for people.
pub(crate) fn label(runs: &RunList, index: usize) -> String {
    shortened(&runs.item(index).text())
}

/// A run with its item, or how many runs these are and which.
pub(crate) fn who(group: &[usize], runs: &RunList) -> String {
    match *group {
        [run] => format!("run {run} ({})", label(runs, run)),
        _ => format!("{} runs ({})", group.len(), names(group)),
    }
}

/// Runs by their indexes, neighbours as first and last.
fn names(runs: &[usize]) -> String {
    const MOST_NAMES: usize = 8;
    let groups = neighbours(runs.iter().copied());
    let mut names: Vec<String> = groups
        .iter()
        .take(MOST_NAMES)
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    if groups.len() > MOST_NAMES {
        names.push("…".into());
    }
    names.join(", ")
}

/// Text as one short line.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let text: String = text.chars().map(|c| if c.is_control() { '␤' } else { c }).collect();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}
