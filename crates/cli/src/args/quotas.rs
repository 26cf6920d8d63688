//! Which of AWS's limits hold.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use fanout_engine::Quotas;
use serde::Deserialize;

use crate::error::Error;

/// `aws`, `off`, or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum QuotasOf {
    Aws,
    Off,
    File(PathBuf),
}

impl FromStr for QuotasOf {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "aws" => Self::Aws,
            "off" => Self::Off,
            file => Self::File(file.into()),
        })
    }
}

/// What a file may say; a limit of null is none, and one that is absent is AWS's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct File {
    history_events: Option<u64>,
    payload_bytes: Option<usize>,
    inline_map_concurrency: Option<usize>,
    map_run_concurrency: Option<usize>,
    variables_bytes: Option<usize>,
}

impl Default for File {
    fn default() -> Self {
        let Quotas { history_events, payload_bytes, inline_map_concurrency, map_run_concurrency, variables_bytes } = Quotas::default();
        Self { history_events, payload_bytes, inline_map_concurrency, map_run_concurrency, variables_bytes }
    }
}

impl QuotasOf {
    /// The limits themselves.
    pub(crate) fn read(self) -> Result<Quotas, Error> {
        let path = match self {
            Self::Aws => return Ok(Quotas::default()),
            Self::Off => return Ok(Quotas::off()),
            Self::File(path) => path,
        };
        let refused = |problem: String| Error::Refused(format!("the quotas in {} cannot be read: {problem}", path.display()));
        let text = std::fs::read_to_string(&path).map_err(|error| refused(error.to_string()))?;
        let file: File = serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?;
        if file.map_run_concurrency == Some(0) || file.inline_map_concurrency == Some(0) {
            return Err(refused("a concurrency of 0 would never end; null is no limit".into()));
        }
        let File { history_events, payload_bytes, inline_map_concurrency, map_run_concurrency, variables_bytes } = file;
        Ok(Quotas { history_events, payload_bytes, inline_map_concurrency, map_run_concurrency, variables_bytes })
    }
}
