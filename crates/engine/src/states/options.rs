//! What may be asked of a machine beside its document.

use fanout_asl::api::{ApiError, LoggingConfiguration, StateMachineOptions, TracingConfiguration};

/// The configurations of logging and tracing, complete.
///
/// # Errors
/// AWS's for what it refuses, and a `ValidationException` for what this engine does not have: a version that is asked
/// for and not made would be missed later.
pub(super) fn check(options: StateMachineOptions) -> Result<(LoggingConfiguration, TracingConfiguration), ApiError> {
    let StateMachineOptions { logging_configuration, tracing_configuration, encryption_configuration: _, publish, version_description } =
        options;
    match publish {
        Some(true) => return Err(ApiError::new("ValidationException", "this engine does not publish versions: leave publish out")),
        _ if version_description.is_some() => {
            return Err(ApiError::new("ValidationException", "Version description can only be set when publish is true"));
        }
        _ => {}
    }
    Ok((logging(logging_configuration.unwrap_or_default())?, tracing(tracing_configuration.unwrap_or_default())))
}

fn logging(mut given: LoggingConfiguration) -> Result<LoggingConfiguration, ApiError> {
    let on = given.level.as_ref().is_some_and(|level| level != "OFF");
    let destinations = given.destinations.as_ref().map_or(0, Vec::len);
    if on && destinations != 1 {
        let message = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
        return Err(ApiError::new("InvalidLoggingConfiguration", message));
    }
    given.level.get_or_insert_with(|| "OFF".into());
    given.include_execution_data.get_or_insert(false);
    Ok(given)
}

fn tracing(mut given: TracingConfiguration) -> TracingConfiguration {
    given.enabled.get_or_insert(false);
    given
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(options: Value) -> Result<(Value, Value), String> {
        let (logging, tracing) = check(serde_json::from_value(options).unwrap()).map_err(|error| error.to_string())?;
        Ok((serde_json::to_value(logging).unwrap(), serde_json::to_value(tracing).unwrap()))
    }

    #[test]
    fn what_is_not_given_is_off() {
        let off = json!({"level": "OFF", "includeExecutionData": false});
        assert_eq!(checked(json!({})).unwrap(), (off, json!({"enabled": false})));
        let (logging, _) = checked(json!({"loggingConfiguration": {"destinations": []}})).unwrap();
        assert_eq!(logging, json!({"destinations": [], "level": "OFF", "includeExecutionData": false}));
    }

    #[test]
    fn what_aws_refuses_and_what_is_not_there_is_refused() {
        for (options, words) in [
            (json!({"loggingConfiguration": {"level": "ALL"}}), "Must specify exactly one Log Destination."),
            (json!({"versionDescription": "v"}), "Version description can only be set when publish is true"),
            (json!({"publish": true}), "does not publish versions"),
        ] {
            assert!(checked(options).unwrap_err().contains(words), "{words}");
        }
    }
}
