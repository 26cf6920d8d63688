//! What may be set beside a machine's document.

use super::shapes::shapes;

shapes! {
    /// What is logged of executions, and where.
    LoggingConfiguration {
        /// `ALL`, `ERROR`, `FATAL` or `OFF`.
        level: opt String,
        /// Whether inputs and outputs are logged.
        include_execution_data: opt bool,
        /// One, if anything is logged.
        destinations: opt Vec<LogDestination>,
    }
    /// Where logs go.
    LogDestination {
        /// To CloudWatch Logs.
        cloud_watch_logs_log_group: opt LogGroup,
    }
    /// A log group.
    LogGroup {
        /// Ends with `:*`.
        log_group_arn: opt String,
    }
    /// Whether executions are traced with X-Ray.
    TracingConfiguration {
        /// Whether they are.
        enabled: opt bool,
    }
    /// How data is encrypted at rest.
    EncryptionConfiguration {
        /// The key, if it is the customer's.
        kms_key_id: opt String,
        /// For how long a data key is used: 60 to 900 seconds.
        kms_data_key_reuse_period_seconds: opt i32,
        /// `AWS_OWNED_KEY` or `CUSTOMER_MANAGED_KMS_KEY`.
        #[serde(rename = "type")]
        kind: String,
    }
    /// What most machines leave as it is: members of `CreateStateMachine` and `UpdateStateMachine`.
    StateMachineOptions {
        /// What is logged.
        logging_configuration: opt LoggingConfiguration,
        /// Whether executions are traced.
        tracing_configuration: opt TracingConfiguration,
        /// How data is encrypted.
        encryption_configuration: opt EncryptionConfiguration,
        /// Whether to publish a version.
        publish: opt bool,
        /// Of the version: at most 256 characters.
        version_description: opt String,
    }
}
