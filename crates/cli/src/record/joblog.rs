//! `joblog.tsv`: one line for each run that ended, in the columns of GNU parallel's `--joblog`.

use std::fmt::Write as _;

use fanout_core::command::Command;
use fanout_core::report::Report;
use fanout_core::run_list::RunList;

/// Exit codes of programs that a signal ended.
const SIGNALLED: std::ops::RangeInclusive<i32> = 129..=159;

/// The whole file. `Seq` is the run's index and 1, times are seconds, `Send` and `Receive` are not known.
pub(crate) fn joblog(report: &Report, runs: &RunList, command: &[String]) -> String {
    let fields = runs.field_names();
    let command = Command::parse(command, &fields);
    let mut log = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n".to_owned();
    for run in report.runs() {
        let started = run.started_at.map_or(0.0, |at| at.as_millisecond() as f64 / 1e3);
        let runtime = run.started_at.zip(run.stopped_at).map_or(0.0, |(from, to)| to.duration_since(from).as_secs_f64());
        let code = run.exit_code.unwrap_or(if run.status.is_success() { 0 } else { -1 });
        let (exit, signal) = if SIGNALLED.contains(&code) { (0, code - 128) } else { (code, 0) };
        let arguments = command.fill(run.index, &runs.item(run.index)).join(" ").replace(['\t', '\n'], " ");
        let host = run.job_id.as_deref().unwrap_or("-");
        // Writing to text cannot fail.
        _ = writeln!(log, "{}\t{host}\t{started:.3}\t{runtime:.3}\t0\t0\t{exit}\t{signal}\t{arguments}", run.index + 1);
    }
    log
}
