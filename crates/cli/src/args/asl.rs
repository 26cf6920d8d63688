//! `fanout asl` and what is below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{FanOutArgs, StrategyName};

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
}

/// `fanout asl` alone: the fan-out whose document is printed.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// How to fan out.
    #[arg(short, long, value_enum, default_value_t = StrategyName::Map)]
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
