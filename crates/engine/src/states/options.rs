//! What may be asked of a machine beside its document.

use fanout_asl::api::{ApiError, StateMachineOptions};
use serde_json::{Map, Value, json};

/// The configurations of logging and tracing, complete.
///
/// # Errors
/// AWS's for what it refuses, and a `ValidationException` for what this engine does not have: a version that is asked
/// for and not made would be missed later.
pub(super) fn check(options: StateMachineOptions) -> Result<(Value, Value), ApiError> {
    let StateMachineOptions { logging_configuration, tracing_configuration, publish, version_description } = options;
    match publish {
        Some(true) => return Err(ApiError::new("ValidationException", "this engine does not publish versions: leave publish out")),
        _ if version_description.is_some() => {
            return Err(ApiError::new("ValidationException", "Version description can only be set when publish is true"));
        }
        _ => {}
    }
    Ok((logging(logging_configuration.unwrap_or_default())?, tracing(tracing_configuration.unwrap_or_default())))
}

fn logging(mut given: Map<String, Value>) -> Result<Value, ApiError> {
    let on = given.get("level").is_some_and(|level| level != "OFF");
    let destinations = given.get("destinations").and_then(Value::as_array).map_or(0, Vec::len);
    if on && destinations != 1 {
        let message = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
        return Err(ApiError::new("InvalidLoggingConfiguration", message));
    }
    given.entry("level").or_insert(json!("OFF"));
    given.entry("includeExecutionData").or_insert(json!(false));
    Ok(Value::Object(given))
}

fn tracing(mut given: Map<String, Value>) -> Value {
    given.entry("enabled").or_insert(json!(false));
    Value::Object(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(options: Value) -> Result<(Value, Value), String> {
        check(serde_json::from_value(options).unwrap()).map_err(|error| error.to_string())
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
