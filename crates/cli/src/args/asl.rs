//! `fanout asl` and what is below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{FanOutArgs, QuotasOf, StrategyName};

/// `fanout asl`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, subcommand_value_name = "COMMAND")]
pub(crate) struct AslArgs {
    #[command(subcommand)]
    pub(crate) command: Option<AslCommand>,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
}

/// What is done with definitions.
#[derive(Debug, Subcommand)]
pub(crate) enum AslCommand {
    /// Find what AWS refuses in definitions, and what it accepts although it will fail.
    Check(CheckArgs),
    /// Draw a definition.
    Graph(GraphArgs),
    /// Execute a definition here and watch it.
    Run(AslRunArgs),
}

/// `fanout asl` alone: the fan-out whose document is printed.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// How to fan out: map, map:OUTERxINNER, distributed-map or parallel.
    #[arg(short, long, value_name = "STRATEGY", default_value = "map")]
    pub(crate) strategy: StrategyName,
    #[command(flatten)]
    pub(crate) fan_out: FanOutArgs,
}

/// `fanout asl check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 nothing, notes or warnings only · 101 errors, or warnings with --deny-warnings · 2 a file cannot be read
Findings are printed on standard output, the rest on standard error. Errors have AWS's codes and words.")]
pub(crate) struct CheckArgs {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
    /// What the machines are to be created as.
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value_t = MachineTypeName::Standard, ignore_case = true)]
    pub(crate) machine_type: MachineTypeName,
    /// Fail for warnings too.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Definitions in the States Language, as JSON; - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// `fanout asl graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    /// How it is drawn.
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub(crate) format: GraphFormat,
    /// Where the drawing goes [default: standard output].
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// A definition in the States Language, as JSON; - for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// `fanout asl run`.
#[derive(Debug, Args)]
#[command(after_help = "\
A file of mocks names Task states and what each is answered with, always or by attempt (0 is the first, 1 the first retry):
  {\"Etl\": {\"Return\": {\"rows\": 7}}, \"Load\": {\"0-1\": {\"Throw\": {\"Error\": \"Busy\", \"Cause\": \"…\"}}, \"2\": {\"Return\": {}}}}
The MockConfigFile.json of Step Functions Local is taken too; --case names one of its test cases.
Tasks without a mock are run by an engine with an empty account: what they name does not exist, unless they make it.
Exit codes: 0 it succeeded · 100 it failed, or timed out · 101 the definition has errors · 2 a file or the input cannot be read · 130 Ctrl-C
The output is printed on standard output, the trace and the error on standard error.")]
pub(crate) struct AslRunArgs {
    /// What the execution is given, as JSON [default: {}].
    #[arg(short, long, value_name = "JSON", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,
    /// A file with the input, - for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "input")]
    pub(crate) input_file: Option<PathBuf>,
    /// A file with answers for tasks, which are then not run.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) mock: Option<PathBuf>,
    /// Which test case of the file, as CASE or MACHINE.CASE.
    #[arg(long, value_name = "NAME", requires = "mock")]
    pub(crate) case: Option<String>,
    /// Do not wait for Wait states, retries and timeouts: time leaps to them.
    #[arg(long)]
    pub(crate) skip_waits: bool,
    /// Write the history, as GetExecutionHistory answers it, to this file.
    #[arg(long, value_name = "OUT")]
    pub(crate) history: Option<PathBuf>,
    /// AWS's limits on executions: aws, off for study, or a JSON file with those that differ.
    #[arg(long, value_name = "aws|off|FILE", default_value = "aws")]
    pub(crate) quotas: QuotasOf,
    /// Of ids, jitter and random numbers [default: random].
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Show no trace.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// A definition in the States Language, as JSON; - for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Each with the line that it is about.
    Text,
    /// One JSON array.
    Json,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
}

/// How a definition is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A Mermaid flowchart.
    Mermaid,
    /// A picture.
    Svg,
}

/// What a machine is to be created as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum MachineTypeName {
    /// Up to a year.
    Standard,
    /// Up to five minutes, without waiting for jobs.
    Express,
}
