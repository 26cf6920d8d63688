//! What was typed.

mod asl;
mod config;
mod quotas;
mod records;
mod strategy;
mod target;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use etcetera::BaseStrategy as _;
use fanout_core::max_fails::MaxFails;
use fanout_core::retries::Retries;
use fanout_engine::Faults;

use crate::settings::{self, Problems, Settings, Surroundings};

pub(crate) use asl::{AslArgs, AslCommand, AslRunArgs, CheckArgs, CheckFormat, GraphArgs, GraphFormat, MachineTypeName, PlanArgs};
pub(crate) use config::{CompletionsArgs, ConfigArgs, ConfigCommand, ManArgs, SettingsArgs, ShellName};
pub(crate) use quotas::QuotasOf;
pub(crate) use records::{
    AttachArgs, CancelArgs, CarryArgs, DiffArgs, ExplainArgs, Format, LogsArgs, OfArgs, PruneArgs, RecordArgs, ResultsArgs, ResultsFormat,
    RetryArgs, RetryWhat, RunsArgs, ShowArgs, ViewArgs,
};
pub(crate) use strategy::{Contestants, StrategyName};
pub(crate) use target::{HostingArgs, PlatformName, TargetArgs, TargetName};
pub(crate) use values::{ListenAddress, Mebibytes, Seconds, Variable, VariableName, at_least_one, host_name};

/// One worker, many runs, in parallel, under any fan-out strategy.
#[derive(Debug, Parser)]
#[command(
    name = "fanout",
    version,
    after_help = "\
Exit codes: 0 all runs succeeded · 1 unexpected · 2 usage · 4 nothing to run · 5 a retry succeeded and other runs have not · 100 some runs or the execution failed · 101 more runs failed than --max-fails allows, or findings in a definition · 104 AWS's quotas or the account do not allow \
the plan · 129 hangup · 130 Ctrl-C · 143 SIGTERM"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
}

impl Arguments {
    /// What was typed, with what is set elsewhere; says what is wrong with what was typed and leaves with exit code 2.
    pub(crate) fn of_command_line() -> Result<(Self, Settings), Problems> {
        let typed: Vec<OsString> = std::env::args_os().collect();
        let (words, settings) = with_settings(typed.clone())?;
        let arguments = Self::try_parse_from(words).unwrap_or_else(|error| {
            // Settings are right by now; a usage that shows them as typed would confuse.
            let plain = Self::try_parse_from(typed).err().filter(|plain| plain.kind() == error.kind());
            with_tip(plain.unwrap_or(error)).exit()
        });
        Ok((arguments, settings))
    }
}

/// The settings that a command line would have.
pub(crate) fn settings_of(words: Vec<OsString>) -> Result<Settings, Problems> {
    with_settings(words).map(|(_, settings)| settings)
}

/// The names that `--config-profile` may have here.
pub(crate) fn profiles() -> Vec<String> {
    with_surroundings(|around| settings::profiles(&Arguments::command(), around))
}

fn with_settings(words: Vec<OsString>) -> Result<(Vec<OsString>, Settings), Problems> {
    with_surroundings(|around| settings::apply(&Arguments::command(), words, around))
}

fn with_surroundings<T>(ask: impl FnOnce(&Surroundings<'_>) -> T) -> T {
    // Without a current directory the rest is told by whoever needs one.
    let directory = std::env::current_dir().unwrap_or_default();
    let user_directory = etcetera::base_strategy::Xdg::new().ok().map(|home| home.config_dir());
    let variables = |name: &str| std::env::var_os(name);
    ask(&Surroundings { directory: &directory, user_directory: user_directory.as_deref(), variables: &variables })
}

/// Who forgets the `--` is told of it.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let is_word = matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(word)) if !word.starts_with('-'));
    if error.kind() == ErrorKind::UnknownArgument && is_word {
        let tip = "the command is written after --, as in: fanout run --items 1-6 -- python3 etl.py {}";
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a command once for each item of a list.
    Run(RunArgs),
    /// See a fan-out to its end; go on with one whose process is gone.
    Attach(AttachArgs),
    /// Stop a fan-out.
    Cancel(CancelArgs),
    /// Run some runs of a fan-out once more: by default all that did not succeed.
    Retry(RetryArgs),
    /// List the fan-outs on record.
    Runs(RunsArgs),
    /// Show what became of a fan-out.
    Show(ShowArgs),
    /// Print what the runs wrote.
    Logs(LogsArgs),
    /// Tell why runs are not running, and what would help.
    Explain(ExplainArgs),
    /// Print what the runs wrote to $FANOUT_RESULT, each beside its item.
    Results(ResultsArgs),
    /// Compare how the items of two fan-outs ended.
    Diff(DiffArgs),
    /// Remove old records.
    Prune(PruneArgs),
    #[command(hide = true)]
    Carry(CarryArgs),
    /// Print the state machine's document that `run` would create; check, draw or execute definitions.
    Asl(AslArgs),
    /// Measure strategies against each other.
    Bench(BenchArgs),
    /// Serve AWS Batch, Step Functions and S3 on this machine.
    Local(LocalArgs),
    /// Show settings and where they come from.
    Config(ConfigArgs),
    /// Print the script that completes commands in a shell.
    Completions(CompletionsArgs),
    /// Print manual pages.
    Man(ManArgs),
}

/// A fan-out, in all commands that make one.
#[derive(Debug, Args)]
pub(crate) struct FanOutArgs {
    /// Items: 1-6, 1-10:3, 001-120, a,b,c, mixtures of these, or a JSON array.
    #[arg(short, long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) items: Option<String>,
    /// A file of items, - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "items")]
    pub(crate) items_file: Option<PathBuf>,
    /// How the file holds its items [default: by its extension, else lines].
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "items")]
    pub(crate) items_format: Option<ItemsFormat>,
    /// The most runs in flight at one time [default: what the strategy and the queue allow].
    #[arg(short = 'j', long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    pub(crate) max_concurrency: Option<u32>,
    /// Attempts that a failing run gets after its first: N, or N:CAUSES with spot, capacity, pull, oom, timeout, app
    /// [default: 3:spot,capacity,pull].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) retries: Option<Retries>,
    /// How many runs may fail, N or P%. Once more have, nothing more is started; with :now, what runs is stopped, too [default: all].
    #[arg(long, value_name = "N|P%[:now|:soon]", allow_negative_numbers = true)]
    pub(crate) max_fails: Option<MaxFails>,
    /// Time for one attempt: 90, 90s, 10m, 2h.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) timeout: Option<Seconds>,
    /// vCPUs of one run [default: 1, or as --definition says].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=192))]
    pub(crate) vcpus: Option<u32>,
    /// Memory of one run: 512 (MiB), 512M, 2G [default: 2G, or as --definition says].
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true)]
    pub(crate) memory: Option<Mebibytes>,
    /// A variable for all runs. May be repeated.
    #[arg(short, long = "env", value_name = "NAME=VALUE")]
    pub(crate) environment: Vec<Variable>,
    /// The variable that holds a run's item.
    #[arg(long, value_name = "NAME", default_value = "RunNumber")]
    pub(crate) env_name: String,
    /// What to call the fan-out; part of the jobs' names.
    #[arg(long, value_name = "NAME", default_value = "fanout")]
    pub(crate) name: String,
    /// The container image that holds the command. With --target local, the command runs as a process of this machine.
    #[arg(long, value_name = "IMAGE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) image: Option<String>,
    /// What hands a run its item inside the image: sh, worker (the fanout-worker program), or worker:PATH.
    #[arg(long, value_name = "HOW", default_value = "sh")]
    pub(crate) inject: String,
    /// Name or ARN of the job queue.
    #[arg(long, alias = "job-queue", value_name = "QUEUE", default_value = "fanout", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) queue: String,
    /// The S3 bucket for items that are more than a state machine's input holds.
    #[arg(long, value_name = "BUCKET", default_value = "fanout", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) bucket: String,
    #[command(flatten, next_help_heading = "On AWS")]
    pub(crate) hosting: HostingArgs,
    /// The command, once per item: {} is the item, {index} its index, {field} a field of an object.
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// `fanout run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// How to fan out: map, map:OUTERxINNER, distributed-map, parallel, array, submit, multi-node, or auto.
    #[arg(short, long, value_name = "STRATEGY", default_value = "map")]
    pub(crate) strategy: StrategyName,
    #[command(flatten)]
    pub(crate) fan_out: FanOutArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) here: HereArgs,
    #[command(flatten)]
    pub(crate) chaos: ChaosArgs,
    /// Decides who is hit by --chaos [default: 0].
    #[arg(long, value_name = "N", requires = "chaos")]
    pub(crate) seed: Option<u64>,
    /// Print the calls that would be made, as JSON, and make none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the fan-out's id and leave; it goes on in a process of its own.
    #[arg(long)]
    pub(crate) detach: bool,
    #[command(flatten)]
    pub(crate) view: ViewArgs,
}

/// How runs are made on this machine.
#[derive(Debug, Args)]
pub(crate) struct HereArgs {
    /// A variable of this shell that the runs may see beside PATH and HOME. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) pass_env: Vec<VariableName>,
    /// Where records and logs are kept [default: fanout/runs in the XDG state directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

/// What goes wrong on purpose.
#[derive(Debug, Args)]
pub(crate) struct ChaosArgs {
    /// Let things go wrong as on AWS on a bad day, separated by commas: spot=5% (of the attempts on Spot lose their host), pull=P%, oom=P%,
    /// fail=P% of all attempts, fail=3@17 (run 17, counted from 0, fails 3 times), throttle=20/s (calls of an operation), slow-start=30s.
    #[arg(long, value_name = "FAULTS")]
    pub(crate) chaos: Option<Faults>,
}

/// `fanout bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// The strategies to compare, separated by commas, or all: those that have a plan for this fan-out.
    #[arg(short, long, value_name = "STRATEGIES", value_delimiter = ',', default_value = "map,parallel,array")]
    pub(crate) strategy: Vec<Contestants>,
    /// How often each strategy is measured.
    #[arg(short, long, value_name = "N", default_value_t = 5, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) runs: u32,
    /// Of the order in which strategies are measured, and of --chaos [default: random, printed].
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) fan_out: FanOutArgs,
    #[command(flatten)]
    pub(crate) here: HereArgs,
    #[command(flatten)]
    pub(crate) chaos: ChaosArgs,
    /// Write all samples and the comparison as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) export_json: Option<PathBuf>,
    /// Write the table as Markdown.
    #[arg(long, value_name = "FILE")]
    pub(crate) export_markdown: Option<PathBuf>,
    /// Say nothing but errors on standard error.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// `fanout local`.
#[derive(Debug, Args)]
#[command(after_help = "\
Imitated: Batch (environments, queues, definitions, jobs, arrays, dependencies, retries, timeouts), Step Functions (all of it), the jobs' \
CloudWatch logs, S3 and STS GetCallerIdentity. Jobs run as processes of this machine: their command, not their image.
What is not there answers with AWS's error. Requests have to be signed with the keys that are printed: whoever has them can run programs as you.
The exports are printed on standard output, the rest on standard error. Ctrl-C ends all jobs and exits 0.
With --exec nothing is printed: fanout ends with the command and has its exit code (128 and the signal's number if it was killed).")]
pub(crate) struct LocalArgs {
    /// Where to listen: a port of this machine's loopback address (4570), or an address and a port [default: 127.0.0.1:4566, with --exec any
    /// free port].
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<ListenAddress>,
    /// Run the command with the variables set that would be printed, and end with it.
    #[arg(long, requires = "command")]
    pub(crate) exec: bool,
    /// Listen also where other machines can reach it. Whoever has the keys can then run programs as you, and nothing is encrypted.
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// A name by which clients may call this machine, beside its addresses and localhost. May be repeated.
    #[arg(long = "allow-host", value_name = "NAME", requires = "allow_remote", value_parser = host_name)]
    pub(crate) hosts: Vec<String>,
    /// The access key that requests are signed with [default: the state directory's, or a new one].
    #[arg(long, value_name = "KEY", requires = "secret_access_key", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) access_key_id: Option<String>,
    /// The secret that requests are signed with.
    #[arg(long, value_name = "SECRET", requires = "access_key_id", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) secret_access_key: Option<String>,
    /// Remember everything in this directory, also after kill -9 [default: nothing is remembered].
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
    /// A variable of this shell, or one that fanout exports, that jobs may see beside PATH and HOME. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) pass_env: Vec<VariableName>,
    /// What jobs of an image run if they have no command: PATTERN=PROGRAM ARGUMENT… May be repeated.
    #[arg(long = "image", value_name = "PATTERN=ARGV")]
    pub(crate) images: Vec<String>,
    /// Refuse what works on AWS without being documented, such as numbers where a job's variables want strings.
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) chaos: ChaosArgs,
    /// Decides who is hit by --chaos [default: 0].
    #[arg(long, value_name = "N", requires = "chaos")]
    pub(crate) seed: Option<u64>,
    /// AWS's limits on executions: aws, off for study, or a JSON file with those that differ.
    #[arg(long, value_name = "aws|off|FILE", default_value = "aws")]
    pub(crate) quotas: QuotasOf,
    /// With --exec: the command.
    #[arg(last = true, value_name = "COMMAND", requires = "exec")]
    pub(crate) command: Vec<String>,
}

/// How a file holds its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ItemsFormat {
    /// One item per line.
    Lines,
    /// Comma-separated with a header; a record is an object.
    Csv,
    /// Tab-separated with a header.
    Tsv,
    /// A JSON array.
    Json,
    /// One JSON value per line.
    Jsonl,
}

/// What is printed on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// A table and a summary.
    Text,
    /// One JSON value at the end.
    Json,
    /// One JSON value per event, as it happens.
    Jsonl,
    /// Nothing.
    None,
}

/// Whose logs are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogsOf {
    /// Nobody's.
    None,
    /// The last lines of runs that failed.
    Failed,
    /// Every run's.
    All,
}
