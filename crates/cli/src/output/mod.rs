//! What users see of a fan-out: reporters that read events, and the report at the end.

mod json;
mod progress;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use fanout_core::event::{Event, EventKind, RunEnd, RunStatus};
use fanout_core::report::Report;
use fanout_core::run_list::RunList;
use jiff::Timestamp;

use crate::args::Output;
use crate::printer::Printer;

use progress::ProgressLine;

pub(crate) use table::{comparison_markdown, comparison_table};
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
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(printer: &'a mut Printer, output: Output, runs: &'a RunList) -> Self {
        let progress = ProgressLine::begin(printer, runs.len());
        Self { printer, output, runs, report: Report::default(), progress, started: BTreeMap::new() }
    }

    /// Takes in one event and tells of it.
    pub(crate) fn take_in(&mut self, event: &Event) {
        self.report.take_in(event);
        if self.output == Output::Jsonl {
            let line = json::event(event, self.runs);
            self.printer.data(&line);
        }
        match &event.kind {
            EventKind::Progress(progress) => self.progress.show(self.printer, *progress),
            EventKind::RunEnded(end) => {
                self.started.remove(&end.index);
                text::run_ended(self.printer, end, self.runs);
            }
            EventKind::Note { message } => self.printer.complain(&format!("note: {message}")),
            EventKind::Cancelling { running, queued } => {
                text::cancelling(self.printer, running, *queued, self.runs);
            }
            EventKind::RunStarted { index, started_at } => {
                self.started.insert(*index, *started_at);
            }
            EventKind::FanOutStarted { .. }
            | EventKind::Registered { .. }
            | EventKind::MachineCreated { .. }
            | EventKind::Submitting { .. }
            | EventKind::Submitted { .. }
            | EventKind::Resumed
            | EventKind::FanOutEnded => {}
        }
    }

    /// Counts every run that has not ended as cancelled: nobody waits for its end.
    pub(crate) fn abandon(&mut self, now: Timestamp) {
        let ended: BTreeSet<usize> = self.report.runs().map(|run| run.index).collect();
        for index in (0..self.runs.len()).filter(|index| !ended.contains(index)) {
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
            self.take_in(&Event { at: now, kind: EventKind::RunEnded(end) });
        }
    }

    /// Prints the report and hands it on.
    pub(crate) fn finish(self) -> Report {
        self.printer.hide();
        match self.output {
            Output::Text => text::report(self.printer, &self.report, self.runs),
            Output::Json => self.printer.data(&json::report(&self.report, self.runs)),
            Output::Jsonl => self.printer.data(&json::summary(&self.report)),
        }
        self.report
    }
}

/// An item as one short word for people.
pub(crate) fn label(runs: &RunList, index: usize) -> String {
    const LONGEST: usize = 40;
    let text: String = runs.item(index).text().chars().map(|c| if c.is_control() { '␤' } else { c }).collect();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST - 1).chain(['…']).collect() }
}
