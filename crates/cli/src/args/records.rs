//! What was typed after the commands that work on records.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use regex::Regex;

use fanout_core::max_fails::MaxFails;
use fanout_core::retries::Retries;

use super::{LogsOf, Mebibytes, Output, Seconds, StrategyName, at_least_one};

/// Which record.
#[derive(Debug, Args)]
pub(crate) struct RecordArgs {
    /// Which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

/// Which record, where the words of the command are something else.
#[derive(Debug, Args)]
pub(crate) struct OfArgs {
    /// Of which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(short, long, value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

/// What whoever waits wants to see.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ViewArgs {
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
    /// Whose logs are shown as runs end.
    #[arg(long, value_enum, default_value_t = LogsOf::Failed)]
    pub(crate) logs: LogsOf,
    /// Say nothing but errors on standard error.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// `fanout attach`.
#[derive(Debug, Args)]
#[command(after_help = "\
If the process that carried the fan-out out is gone, this one goes on where it was: what had ended is not run again, and programs whose end
nobody saw are. Else Ctrl-C leaves, and the fan-out goes on.")]
pub(crate) struct AttachArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

/// `fanout cancel`.
#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// Which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(value_name = "RUN", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
}

/// `fanout carry`, behind `fanout run --detach`.
#[derive(Debug, Args)]
pub(crate) struct CarryArgs {
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: PathBuf,
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
}

/// `fanout retry`.
#[derive(Debug, Args)]
#[command(after_help = "\
The runs keep their indexes, see the same variables and run in the same directory; what became of them goes into the same record, and
logs, results and show tell of the last time. A run that succeeds now is FLAKY.
Exit code 5: all runs of the retry succeeded, and there are others that did not.")]
pub(crate) struct RetryArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) what: RetryWhat,
    /// How to fan out [default: as the last time].
    #[arg(short, long, value_name = "STRATEGY")]
    pub(crate) strategy: Option<StrategyName>,
    /// The most runs in flight at one time [default: as the last time].
    #[arg(short = 'j', long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    pub(crate) max_concurrency: Option<u32>,
    /// Attempts that a failing run gets after its first, as for run [default: as the last time].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) retries: Option<Retries>,
    /// How many runs may fail, as for run [default: as the last time].
    #[arg(long, value_name = "N|P%[:now|:soon]", allow_negative_numbers = true)]
    pub(crate) max_fails: Option<MaxFails>,
    /// Time for one attempt: 90, 90s, 10m, 2h [default: as the last time].
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) timeout: Option<Seconds>,
    /// vCPUs of one run [default: as the last time].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=192))]
    pub(crate) vcpus: Option<u32>,
    /// Memory of one run: 512 (MiB), 512M, 2G [default: as the last time].
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true)]
    pub(crate) memory: Option<Mebibytes>,
    /// Print the calls that would be made, as JSON, and make none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the fan-out's id and leave; it goes on in a process of its own.
    #[arg(long)]
    pub(crate) detach: bool,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

/// Which runs are run once more; without any of these, all that did not succeed.
#[derive(Debug, Args)]
#[group(multiple = true)]
pub(crate) struct RetryWhat {
    /// Those that failed.
    #[arg(long)]
    pub(crate) failed: bool,
    /// Those of which nobody knows what became.
    #[arg(long)]
    pub(crate) lost: bool,
    /// These, whatever became of them: 3, 8-10, failed, lost, flaky, cancelled, or an item's text.
    #[arg(long, value_name = "RUNS", conflicts_with_all = ["failed", "lost"])]
    pub(crate) only: Vec<String>,
}

/// `fanout runs`.
#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// How many of the latest are listed; 0: all.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// `fanout show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
}

/// `fanout logs`.
#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    /// Which runs: 3, 8-10, failed, lost, flaky, or an item's text [default: all].
    #[arg(value_name = "ITEM")]
    pub(crate) runs: Vec<String>,
    #[command(flatten)]
    pub(crate) of: OfArgs,
    /// Go on until the fan-out is over, and exit as it did.
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Only of runs that did not succeed.
    #[arg(long)]
    pub(crate) failed: bool,
    /// Only lines that this regular expression matches.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) grep: Option<Regex>,
    /// Of this attempt, from 1 [default: the last].
    #[arg(long, value_name = "N")]
    pub(crate) attempt: Option<u32>,
}

/// `fanout explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Which runs: 3, 8-10, failed, or an item's text [default: all that are not over].
    #[arg(value_name = "ITEM")]
    pub(crate) runs: Vec<String>,
    #[command(flatten)]
    pub(crate) of: OfArgs,
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// `fanout results`.
#[derive(Debug, Args)]
pub(crate) struct ResultsArgs {
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// How they are printed.
    #[arg(long, value_enum, default_value_t = ResultsFormat::Jsonl)]
    pub(crate) format: ResultsFormat,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ResultsFormat {
    /// One JSON object per run: index, item, status, result.
    Jsonl,
    /// A table with a header; fields of items and results are columns.
    Csv,
}

/// `fanout diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// A fan-out.
    #[arg(value_name = "A", allow_hyphen_values = true)]
    pub(crate) a: String,
    /// The one to compare it with.
    #[arg(value_name = "B", allow_hyphen_values = true)]
    pub(crate) b: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// What is printed on standard output.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
}

/// `fanout prune`.
#[derive(Debug, Args)]
pub(crate) struct PruneArgs {
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// Keep so many of the latest.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) keep: usize,
    /// Of the others, remove those that are older than so many days.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) older_than: u32,
    /// Say what would be removed, and remove nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table.
    Text,
    /// One JSON value.
    Json,
}
