//! Settings as text: stored once, at the beginning.

use fanout_asl::Quotas;
use serde::{Deserialize, Serialize};

use crate::{Chaos, FaultsError, Settings};

/// The settings of a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// They are no settings, or have members that this engine does not know.
    #[error("the settings cannot be read: {0}")]
    Text(#[from] serde_json::Error),
    /// The faults are none that this engine knows.
    #[error("the settings cannot be read: {0}")]
    Faults(#[from] FaultsError),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stored {
    account: String,
    region: String,
    seed: u64,
    history_events: Option<u64>,
    payload_bytes: Option<usize>,
    inline_map_concurrency: Option<usize>,
    #[serde(default)]
    map_run_concurrency: Option<usize>,
    #[serde(default)]
    variables_bytes: Option<usize>,
    memory_mib_per_environment: Option<u64>,
    record_history: bool,
    strict: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chaos: Option<StoredChaos>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredChaos {
    faults: String,
    seed: u64,
    index_variable: String,
}

impl Settings {
    /// As the journal stores them.
    pub fn to_json(&self) -> String {
        let Self { account, region, seed, quotas, memory_mib_per_environment, record_history, strict, chaos } = self.clone();
        let Quotas { history_events, payload_bytes, inline_map_concurrency, map_run_concurrency, variables_bytes } = quotas;
        let stored = Stored {
            account,
            region,
            seed,
            history_events,
            payload_bytes,
            inline_map_concurrency,
            map_run_concurrency,
            variables_bytes,
            memory_mib_per_environment,
            record_history,
            strict,
            chaos: chaos.map(|Chaos { faults, seed, index_variable }| StoredChaos { faults: faults.to_string(), seed, index_variable }),
        };
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// The settings that were stored.
    ///
    /// # Errors
    /// The text is something else, or has settings that this engine does not know.
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        let stored: Stored = serde_json::from_str(text)?;
        Ok(Self {
            account: stored.account,
            region: stored.region,
            seed: stored.seed,
            quotas: Quotas {
                history_events: stored.history_events,
                payload_bytes: stored.payload_bytes,
                inline_map_concurrency: stored.inline_map_concurrency,
                map_run_concurrency: stored.map_run_concurrency,
                variables_bytes: stored.variables_bytes,
            },
            memory_mib_per_environment: stored.memory_mib_per_environment,
            record_history: stored.record_history,
            strict: stored.strict,
            chaos: stored.chaos.map(Chaos::try_from).transpose()?,
        })
    }
}

impl TryFrom<StoredChaos> for Chaos {
    type Error = SettingsError;

    fn try_from(StoredChaos { faults, seed, index_variable }: StoredChaos) -> Result<Self, SettingsError> {
        Ok(Self { faults: faults.parse()?, seed, index_variable })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_and_unknown_ones_are_refused() {
        let faults = "spot=0.5%,fail=3@17,fail=2%,throttle=20/s,slow-start=1m 30s".parse().unwrap();
        let chaos = Some(Chaos { faults, seed: 7, index_variable: "I".into() });
        let settings = Settings { seed: u64::MAX, strict: true, memory_mib_per_environment: Some(9), chaos, ..Settings::default() };
        let text = settings.to_json();
        assert_eq!(Settings::from_json(&text).unwrap().to_json(), text);
        assert!(Settings::from_json(&text.replacen('{', r#"{"later":1,"#, 1)).is_err());
        assert!(Settings::from_json(&text.replace("slow-start", "slower-start")).is_err());
        assert!(!Settings::default().to_json().contains("chaos"), "what older releases wrote stays readable");
    }
}
