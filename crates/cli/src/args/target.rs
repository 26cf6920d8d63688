//! Where a plan is carried out, and what AWS is told beside it: plain values, all of which may be missing.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::values::endpoint_url;

/// Where a plan is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    /// On this machine, with no account.
    Local,
    /// In an account of AWS.
    Aws,
}

/// Where a plan is carried out, and who asks.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TargetArgs {
    /// Where it runs [default: local; aws with --endpoint-url].
    #[arg(long, value_enum, value_name = "TARGET")]
    pub(crate) target: Option<TargetName>,
    /// The profile of ~/.aws/config and ~/.aws/credentials [default: as the AWS CLI finds it].
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) profile: Option<String>,
    /// The region [default: as the AWS CLI finds it].
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) region: Option<String>,
    /// The address of all services, instead of AWS's.
    #[arg(long, value_name = "URL", value_parser = endpoint_url)]
    pub(crate) endpoint_url: Option<String>,
}

/// What AWS is told of the containers, and under whose roles they and the state machine act.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct HostingArgs {
    /// A job definition that is there already, instead of an image: name, name:revision or ARN.
    #[arg(long, alias = "job-definition", value_name = "DEFINITION", conflicts_with = "image", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) definition: Option<String>,
    /// What the containers run on [default: ec2].
    #[arg(long, alias = "platform-capabilities", value_enum, ignore_case = true, value_name = "PLATFORM", conflicts_with = "definition")]
    pub(crate) platform: Option<PlatformName>,
    /// Give containers on Fargate a public address: without NAT they cannot pull their image otherwise.
    #[arg(long, conflicts_with = "definition")]
    pub(crate) assign_public_ip: bool,
    /// The role that the command acts under: an ARN.
    #[arg(long, alias = "job-role-arn", value_name = "ARN", conflicts_with = "definition", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) job_role: Option<String>,
    /// The role under which the image is pulled and logs are written; Fargate needs it.
    #[arg(long, alias = "execution-role-arn", value_name = "ARN", conflicts_with = "definition", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) execution_role: Option<String>,
    /// The role that the state machine submits jobs under.
    #[arg(long, alias = "role-arn", value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) state_machine_role: Option<String>,
}

/// What containers run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlatformName {
    /// Instances.
    Ec2,
    /// Fargate.
    Fargate,
}
