//! The report for people.

use fanout_core::event::{RunEnd, RunStatus};
use fanout_core::limits::grouped;
use fanout_core::max_fails::Halt;
use fanout_core::report::Report;
use fanout_core::run_list::RunList;

use super::{label, table};
use crate::printer::Printer;

/// The longest table; beyond it only the runs that did not succeed are listed.
const MOST_ROWS: usize = 100;

/// A number of seconds for people.
pub(crate) fn seconds(seconds: f64) -> String {
    if seconds.abs() < 0.0995 {
        format!("{:.0} ms", seconds * 1e3)
    } else if seconds < 100.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{} min {:02} s", (seconds / 60.0) as u64, (seconds % 60.0) as u64)
    }
}

/// Tells of a run that ended, if there is anything to tell.
pub(super) fn run_ended(printer: &Printer, end: &RunEnd, runs: &RunList) {
    let item = label(runs, end.index);
    if end.status == RunStatus::Fail || end.status == RunStatus::Lost {
        let cause = end.cause.as_deref().unwrap_or("no cause given");
        let attempts = if end.attempts > 1 { format!(" after {} attempts", end.attempts) } else { String::new() };
        printer.complain(&format!("{} run {} ({item}): {cause}{attempts}", end.status.word(), end.index));
        for line in &end.tail {
            printer.complain(&format!("  [{item}] {line}"));
        }
    } else {
        for line in &end.tail {
            printer.say(&format!("[{item}] {line}"));
        }
    }
}

/// Tells what is being stopped.
pub(super) fn cancelling(printer: &Printer, running: &[usize], queued: usize, runs: &RunList) {
    const MOST: usize = 10;
    let mut names: Vec<String> = running.iter().take(MOST).map(|run| format!("run {run} ({})", label(runs, *run))).collect();
    if running.len() > MOST {
        names.push(format!("and {} more", running.len() - MOST));
    }
    let what = if names.is_empty() { "nothing was running".to_owned() } else { format!("running: {}", names.join(", ")) };
    printer.complain(&format!("stopping; {what}; {queued} submitted and not started (Ctrl-C again to leave at once)"));
}

/// Tells that the rest is given up.
pub(super) fn giving_up(printer: &Printer, failed: usize, most: usize, halt: Halt) {
    let what = match halt {
        Halt::Now => "what runs is stopped, and nothing more is started",
        Halt::Soon => "what runs may end, and nothing more is started",
    };
    printer.complain(&format!("{failed} runs failed, and --max-fails allows {most}: {what}"));
}

/// The table and the summary.
pub(super) fn report(printer: &mut Printer, report: &Report, runs: &RunList) {
    let all = report.runs().count() <= MOST_ROWS;
    let shown: Vec<&RunEnd> = report.runs().filter(|run| all || !run.status.is_success()).take(MOST_ROWS).collect();
    if !shown.is_empty() {
        printer.data(&table::runs(&shown, report.begun(), runs));
    }
    let hidden = report.runs().count() - shown.len();
    if hidden > 0 {
        printer.data(&format!("{} more runs are not listed; --output jsonl lists all", grouped(hidden as u64)));
    }
    printer.data(&summary(report));
}

fn summary(report: &Report) -> String {
    let (totals, figures) = (report.totals(), report.figures());
    let mut ways = Vec::new();
    for (count, way) in [
        (totals.pass, "passed"),
        (totals.flaky, "passed after a retry"),
        (totals.fail, "failed"),
        (totals.cancelled, "cancelled"),
        (totals.lost, "lost"),
        (totals.skip, "never started"),
    ] {
        if count > 0 {
            ways.push(format!("{} {way}", grouped(count as u64)));
        }
    }
    let ways = if ways.is_empty() { "none ended".into() } else { ways.join(", ") };
    let outcome = format!("{} runs by {}: {ways} in {}", grouped(totals.runs as u64), report.strategy(), seconds(figures.makespan));
    let (Some(first), Some(skew)) = (figures.time_to_first_start, figures.start_skew) else { return outcome };
    format!(
        "{outcome}\nfirst start after {}, start skew {}, {} at a time, fan-out {}",
        seconds(first),
        seconds(skew),
        grouped(figures.concurrency as u64),
        report.run_id()
    )
}
