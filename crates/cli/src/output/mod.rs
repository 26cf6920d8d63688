//! What users see of a fan-out: reporters that read events, and the report at the end.

mod json;
mod progress;
mod table;
mod text;

use fanout_core::event::{Event, EventKind};
use fanout_core::report::Report;
use fanout_core::run_list::RunList;

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
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(printer: &'a mut Printer, output: Output, runs: &'a RunList) -> Self {
        let progress = ProgressLine::begin(printer, runs.len());
        Self { printer, output, runs, report: Report::default(), progress }
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
            EventKind::RunEnded(end) => text::run_ended(self.printer, end, self.runs),
            EventKind::Note { message } => self.printer.complain(&format!("note: {message}")),
            EventKind::Cancelling { running, queued } => text::cancelling(self.printer, running, *queued, self.runs),
            EventKind::FanOutStarted { .. } | EventKind::Submitted { .. } | EventKind::RunStarted { .. } | EventKind::FanOutEnded => {}
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
