//! `fanout logs`: what the runs wrote, each line with its item before it.

use std::collections::{BTreeMap, BTreeSet};

use fanout_core::assignment::RESULT_MARK;
use fanout_core::event::{EventKind, RunEnd};
use fanout_core::report::Report;
use fanout_core::run_list::RunList;
use fanout_core::select::select;
use regex::Regex;

use crate::args::{LogsArgs, OfArgs};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::output::label;
use crate::printer::Printer;
use crate::record::{Follower, Logs, Record, Tail};
use crate::state_dir;
use crate::supervise::exit_of;

pub(crate) fn logs(arguments: LogsArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let LogsArgs { runs, of: OfArgs { run, state_dir }, follow, failed, grep, attempt } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    let list = record.runs()?;
    let (report, _) = record.report()?;
    let wanted = if runs.is_empty() { None } else { Some(select(&runs, &list, &report).map_err(Error::Refused)?) };
    let reader = Reader { logs: Logs::of(&record)?, list: &list, wanted, failed, grep, attempt };
    if follow {
        return reader.follow(&record, printer);
    }
    let streams = running(&record)?;
    for index in 0..list.len() {
        match report.run(index) {
            Some(end) => reader.print_ended(end, printer)?,
            None if failed || attempt.is_some() => {}
            None => {
                if let Some(stream) = streams.get(&index).filter(|_| reader.wants(index)) {
                    let lines = reader.logs.tail(stream).news()?;
                    reader.print(index, lines, printer);
                }
            }
        }
    }
    Ok(Exit::Ok)
}

/// The streams of runs that are not over.
fn running(record: &Record) -> Result<BTreeMap<usize, String>, Error> {
    let events = record.events()?.into_iter();
    Ok(events
        .filter_map(|event| if let EventKind::LogStream { index, stream } = event.kind { Some((index, stream)) } else { None })
        .collect())
}

struct Reader<'a> {
    logs: Logs,
    list: &'a RunList,
    wanted: Option<BTreeSet<usize>>,
    failed: bool,
    grep: Option<Regex>,
    attempt: Option<u32>,
}

impl Reader<'_> {
    fn wants(&self, index: usize) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted.contains(&index))
    }

    /// The stream of the attempt that is asked for; the last one's unless another is.
    fn stream<'e>(&self, end: &'e RunEnd) -> Option<&'e str> {
        let earlier = self.attempt.and_then(|attempt| end.earlier.get(attempt.checked_sub(1)? as usize));
        match (self.attempt, earlier) {
            (Some(_), Some(earlier)) => earlier.log_stream.as_deref(),
            (Some(attempt), None) if attempt != end.attempts => None,
            _ => end.log_stream.as_deref(),
        }
    }

    fn print_ended(&self, end: &RunEnd, printer: &mut Printer) -> Result<(), Error> {
        if !self.wants(end.index) || (self.failed && end.status.is_success()) {
            return Ok(());
        }
        if let Some(stream) = self.stream(end) {
            let lines = self.logs.tail(stream).rest()?;
            self.print(end.index, lines, printer);
        }
        self.print_cause(end, printer);
        Ok(())
    }

    fn print_cause(&self, end: &RunEnd, printer: &Printer) {
        if let Some(cause) = &end.cause {
            printer.say(&format!("[{}] {}: {cause}", label(self.list, end.index), end.status.word()));
        }
    }

    fn print(&self, index: usize, lines: Vec<String>, printer: &mut Printer) {
        for line in lines.iter().filter(|line| !line.starts_with(RESULT_MARK)) {
            if self.grep.as_ref().is_none_or(|pattern| pattern.is_match(line)) {
                printer.data(&format!("[{}] {line}", label(self.list, index)));
            }
        }
    }

    /// Until the fan-out is over. With `--failed`, a run's lines come when it has failed.
    fn follow(&self, record: &Record, printer: &mut Printer) -> Result<Exit, Error> {
        let mut follower = Follower::new(record);
        let mut tails: BTreeMap<usize, (String, Tail)> = BTreeMap::new();
        let mut report = Report::default();
        loop {
            let abandoned = record.hold()?.is_ok();
            for event in follower.news()? {
                match &event.kind {
                    EventKind::LogStream { index, stream } if self.wants(*index) && !self.failed => {
                        // Another attempt: the stream before it is over.
                        let known = tails.insert(*index, (stream.clone(), self.logs.tail(stream)));
                        if let Some((_, mut tail)) = known {
                            self.print(*index, tail.rest()?, printer);
                        }
                    }
                    EventKind::RunEnded(end) => match tails.remove(&end.index) {
                        Some((stream, mut tail)) if Some(&stream) == end.log_stream.as_ref() => {
                            self.print(end.index, tail.rest()?, printer);
                            self.print_cause(end, printer);
                        }
                        _ => self.print_ended(end, printer)?,
                    },
                    _ => {}
                }
                report.take_in(&event);
            }
            for (index, (_, tail)) in &mut tails {
                self.print(*index, tail.news()?, printer);
            }
            if record.is_over(&report) {
                return Ok(if report.was_cancelled() { Exit::Interrupted } else { exit_of(&report) });
            }
            if abandoned {
                printer.complain(&format!(
                    "error: the process that carried the fan-out out is gone; it goes on with: fanout attach {}",
                    record.id()
                ));
                return Ok(Exit::Unexpected);
            }
            std::thread::sleep(self.logs.pause());
        }
    }
}
