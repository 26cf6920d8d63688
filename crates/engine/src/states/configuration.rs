//! What is set of a machine beside its document: logging, tracing, encryption. All of it is kept and shown; none has an effect.

use fanout_asl::api::{ApiError, EncryptionConfiguration, LogDestination, LoggingConfiguration, StateMachineOptions, TracingConfiguration};

/// Seconds for which a data key is used unless asked otherwise (Developer Guide, encryption at rest).
const KEY_REUSE: i32 = 300;
const OWNED_KEY: &str = "AWS_OWNED_KEY";

/// All configurations, complete.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Configuration {
    pub(super) logging: LoggingConfiguration,
    pub(super) tracing: TracingConfiguration,
    pub(super) encryption: EncryptionConfiguration,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            logging: LoggingConfiguration { level: Some("OFF".into()), include_execution_data: Some(false), destinations: None },
            tracing: TracingConfiguration { enabled: Some(false) },
            encryption: owned_key(),
        }
    }
}

impl Configuration {
    /// This configuration with what `options` say.
    ///
    /// # Errors
    /// AWS's for a configuration that it refuses.
    pub(super) fn with(&self, options: &StateMachineOptions) -> Result<Self, ApiError> {
        let StateMachineOptions { logging_configuration, tracing_configuration, encryption_configuration, .. } = options;
        Ok(Self {
            logging: logging_configuration.clone().map_or_else(|| Ok(self.logging.clone()), logging)?,
            tracing: tracing_configuration
                .as_ref()
                .map_or_else(|| self.tracing.clone(), |given| TracingConfiguration { enabled: Some(given.enabled.unwrap_or(false)) }),
            encryption: encryption_configuration.clone().map_or_else(|| Ok(self.encryption.clone()), |given| encryption(Some(given)))?,
        })
    }
}

/// Recorded: a version's description without a version.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check_publishing(options: &StateMachineOptions) -> Result<(), ApiError> {
    if options.version_description.is_some() && options.publish != Some(true) {
        return Err(ApiError::new("ValidationException", "Version description can only be set when publish is true"));
    }
    Ok(())
}

/// The first message is recorded, the second reported by users.
fn logging(mut given: LoggingConfiguration) -> Result<LoggingConfiguration, ApiError> {
    let refused = |words: &str| Err(ApiError::new("InvalidLoggingConfiguration", format!("Invalid Logging Configuration: {words}")));
    let destinations = given.destinations.as_deref().unwrap_or_default();
    if given.level.as_ref().is_some_and(|level| level != "OFF") && destinations.len() != 1 {
        return refused("Must specify exactly one Log Destination.");
    }
    let group = |destination: &LogDestination| destination.cloud_watch_logs_log_group.as_ref()?.log_group_arn.clone();
    if !destinations.iter().filter_map(group).all(|arn| arn.ends_with(":*")) {
        return refused("Log Group ARN must be provided with '*' qualifier.");
    }
    given.level.get_or_insert_with(|| "OFF".into());
    given.include_execution_data.get_or_insert(false);
    Ok(given)
}

fn owned_key() -> EncryptionConfiguration {
    EncryptionConfiguration { kind: OWNED_KEY.into(), ..EncryptionConfiguration::default() }
}

/// An encryption configuration, complete. The words are ours: AWS documents the cases, not the words.
///
/// # Errors
/// `InvalidEncryptionConfiguration` if the key does not fit the type.
pub(super) fn encryption(given: Option<EncryptionConfiguration>) -> Result<EncryptionConfiguration, ApiError> {
    let Some(mut given) = given else { return Ok(owned_key()) };
    let refused = |words: &str| Err(ApiError::new("InvalidEncryptionConfiguration", format!("Invalid Encryption Configuration: {words}")));
    if given.kind == OWNED_KEY {
        return if given.kms_key_id.is_some() || given.kms_data_key_reuse_period_seconds.is_some() {
            refused("kmsKeyId and kmsDataKeyReusePeriodSeconds can only be set when type is CUSTOMER_MANAGED_KMS_KEY")
        } else {
            Ok(given)
        };
    }
    if given.kms_key_id.is_none() {
        return refused("kmsKeyId must be set when type is CUSTOMER_MANAGED_KMS_KEY");
    }
    given.kms_data_key_reuse_period_seconds.get_or_insert(KEY_REUSE);
    Ok(given)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn configured(options: Value) -> Result<Value, String> {
        let configuration = Configuration::default().with(&serde_json::from_value(options).unwrap()).map_err(|error| error.to_string())?;
        Ok(json!([configuration.logging, configuration.tracing, configuration.encryption]))
    }

    #[test]
    fn what_is_not_given_is_off() {
        let off = json!({"level": "OFF", "includeExecutionData": false});
        let (tracing, owned) = (json!({"enabled": false}), json!({"type": "AWS_OWNED_KEY"}));
        assert_eq!(configured(json!({})).unwrap(), json!([off, tracing, owned]));
        assert_eq!(configured(json!({"loggingConfiguration": {}, "tracingConfiguration": {}})).unwrap(), json!([off, tracing, owned]));
        let shown = configured(json!({"loggingConfiguration": {"destinations": []}})).unwrap();
        assert_eq!(shown[0], json!({"destinations": [], "level": "OFF", "includeExecutionData": false}));
    }

    #[test]
    fn what_is_given_is_kept_and_the_rest_stays() {
        let group = json!([{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}]);
        let logging = json!({"level": "ALL", "includeExecutionData": true, "destinations": group});
        let key = json!({"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"});
        let shown = configured(json!({"loggingConfiguration": logging, "encryptionConfiguration": key})).unwrap();
        let key = json!({"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k", "kmsDataKeyReusePeriodSeconds": 300});
        assert_eq!(shown, json!([logging, {"enabled": false}, key]));
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        let group = json!([{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:g"}}]);
        for (options, words) in [
            (json!({"loggingConfiguration": {"level": "ALL"}}), "Must specify exactly one Log Destination."),
            (json!({"loggingConfiguration": {"level": "FATAL", "destinations": group}}), "must be provided with '*' qualifier."),
            (json!({"encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY"}}), "InvalidEncryptionConfiguration: "),
            (json!({"encryptionConfiguration": {"type": "AWS_OWNED_KEY", "kmsKeyId": "k"}}), "InvalidEncryptionConfiguration: "),
        ] {
            assert!(configured(options).unwrap_err().contains(words), "{words}");
        }
    }

    /// Recorded.
    #[test]
    fn a_version_is_described_only_if_there_will_be_one() {
        let options = |publish| StateMachineOptions { publish, version_description: Some("v".into()), ..StateMachineOptions::default() };
        assert!(check_publishing(&options(Some(true))).is_ok());
        for publish in [None, Some(false)] {
            let words = "Version description can only be set when publish is true";
            assert_eq!(check_publishing(&options(publish)).unwrap_err().message, words);
        }
    }
}
