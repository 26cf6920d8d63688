//! What was typed after the commands that work on records.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use regex::Regex;

use super::{LogsOf, Output};

/// `fanout attach`.
#[derive(Debug, Args)]
#[command(after_help = "\
If the process that carried the fan-out out is gone, this one goes on where it was: what had ended is not run again, and programs whose end
nobody saw are. Else Ctrl-C leaves, and the fan-out goes on.")]
pub(crate) struct AttachArgs {
    /// Which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
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
    /// Which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
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
    /// Of which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(short, long, value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
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

/// `fanout results`.
#[derive(Debug, Args)]
pub(crate) struct ResultsArgs {
    /// Which fan-out: an id, its beginning or end, last, or -2 for the one before the last.
    #[arg(value_name = "RUN", default_value = "last", allow_hyphen_values = true)]
    pub(crate) run: String,
    /// Where records are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
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
