//! What a record says about what was asked for.

use std::path::PathBuf;

use fanout_aws::Login;
use fanout_core::fan_out::FanOut;
use fanout_core::rounds::neighbours;
use fanout_core::run_list::{Range, RunList};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SCHEMA;

/// What was asked for, and by which fanout.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema: u32,
    pub(crate) version: String,
    pub(crate) created_at: Timestamp,
    /// As typed after `--strategy`.
    pub(crate) strategy: String,
    pub(crate) target: Target,
    pub(crate) runs: Runs,
    /// Of a retry: the runs that are run once more, as the first and the last of each group of neighbours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) retried: Vec<(usize, usize)>,
    pub(crate) fan_out: FanOut,
}

/// Where it is carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Target {
    /// On this machine.
    Local(Here),
    /// In an account.
    Aws(There),
}

impl Target {
    /// As typed after `--target`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            Self::Aws(_) => "aws",
        }
    }
}

/// In which account a fan-out is carried out, and what was found there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct There {
    /// As typed; the credentials themselves are not written down.
    pub(crate) profile: Option<String>,
    pub(crate) region: String,
    /// Instead of AWS's addresses.
    pub(crate) endpoint_url: Option<String>,
    /// Says the account; whoever goes on looks for it first.
    pub(crate) queue_arn: String,
    /// Of the job definition, if it is not Batch's own.
    pub(crate) log_group: Option<String>,
}

impl There {
    /// Who asked, and asks again.
    pub(crate) fn login(&self) -> Login {
        let Self { profile, region, endpoint_url, .. } = self.clone();
        Login { profile, region: Some(region), endpoint_url }
    }
}

/// How runs are made on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Here {
    /// Where their programs begin.
    pub(crate) directory: PathBuf,
    /// Names of variables of the shell; their values are not written down.
    pub(crate) pass_env: Vec<String>,
    /// What the compute environment offers.
    pub(crate) vcpus: i64,
    pub(crate) memory_mib: u64,
    /// `--chaos` and its seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chaos: Option<(String, u64)>,
}

/// The run list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Runs {
    Range(Range),
    /// In the file of items.
    Items {
        count: usize,
    },
}

impl Runs {
    pub(crate) fn of(runs: &RunList) -> Self {
        match runs {
            RunList::Range(range) => Self::Range(*range),
            RunList::Items(_) | RunList::Picked(_) => Self::Items { count: runs.len() },
        }
    }

    pub(crate) fn count(self) -> usize {
        match self {
            Self::Range(range) => range.count,
            Self::Items { count } => count,
        }
    }
}

impl Manifest {
    pub(crate) fn new(strategy: String, target: Target, fan_out: &FanOut) -> Self {
        Self {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").into(),
            created_at: Timestamp::now(),
            strategy,
            target,
            runs: Runs::of(&fan_out.runs),
            retried: fan_out.runs.indexes().map(|indexes| neighbours(indexes.iter().copied())).unwrap_or_default(),
            fan_out: FanOut { runs: RunList::default(), ..fan_out.clone() },
        }
    }
}
