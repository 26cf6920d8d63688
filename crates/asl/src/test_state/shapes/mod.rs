//! What services answer: a table of those that state machines call most, written from their API references.
//!
//! Names begin with a capital letter, as Step Functions spells them. The set is small on purpose; what is not in it is
//! not checked. Sets of values that grow all the time, such as runtimes, are left open.

mod athena;
mod batch;
mod dynamodb;
mod ecs;
mod events;
mod glue;
mod kms;
mod lambda;
mod s3;
mod secretsmanager;
mod shape;
mod sns;
mod sqs;
mod ssm;
mod states;

use serde_json::Value;

use shape::Shape;
pub(super) use shape::Strictness;

/// The form of the answer behind a Task's resource, if it is known. `service` is `sqs` or `aws-sdk:sqs`, `action` such as
/// `sendMessage` or `submitJob.sync`.
///
/// An action that waits is answered by the call that looks how far the work is (Developer Guide, Testing Activity, .sync,
/// and .waitForTaskToken states); one that waits for a callback by whoever calls back, with anything.
fn of(service: &str, action: &str) -> Option<&'static Shape> {
    let service = service.strip_prefix("aws-sdk:").unwrap_or(service);
    match service {
        "athena" => athena::answer(action),
        "batch" => batch::answer(action),
        "dynamodb" => dynamodb::answer(action),
        "ecs" => ecs::answer(action),
        "events" | "eventbridge" => events::answer(action),
        "glue" => glue::answer(action),
        "kms" => kms::answer(action),
        "lambda" => lambda::answer(action),
        "s3" => s3::answer(action),
        "secretsmanager" => secretsmanager::answer(action),
        "sns" => sns::answer(action),
        "sqs" => sqs::answer(action),
        "ssm" => ssm::answer(action),
        "states" | "sfn" => states::answer(action),
        _ => None,
    }
}

/// Holds the answer of a service against its form.
///
/// # Errors
/// The first thing that does not fit, in AWS's words.
pub(super) fn check(service: &str, action: &str, answer: &Value, strictness: Strictness) -> Result<(), String> {
    of(service, action).map_or(Ok(()), |shape| shape.check(answer, strictness))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Strictness, check, of};

    fn strictly(service: &str, action: &str, answer: &Value) -> Result<(), String> {
        check(service, action, answer, Strictness::Strict)
    }

    #[test]
    fn integrations_and_calls_of_the_sdk_have_the_same_answers() {
        for (service, action) in [("sqs", "sendMessage"), ("aws-sdk:sqs", "sendMessage"), ("aws-sdk:sfn", "startExecution")] {
            assert!(of(service, action).is_some(), "{service}:{action}");
        }
        for (service, action) in [("http", "invoke"), ("apigateway", "invoke"), ("eks", "call"), ("lambda", "function:f")] {
            assert!(of(service, action).is_none(), "{service}:{action}");
        }
    }

    #[test]
    fn who_waits_is_answered_by_who_looks() {
        let started = json!({"ExecutionArn": "a", "StartDate": "d"});
        assert_eq!(strictly("states", "startExecution", &started), Ok(()));
        let missing = Err("Required field 'StateMachineArn' is missing".to_owned());
        assert_eq!(strictly("states", "startExecution.sync", &started), missing);
        assert_eq!(strictly("states", "startExecution.sync:2", &started), missing);
        assert_eq!(strictly("states", "startExecution.waitForTaskToken", &json!(5)), Ok(()));
        assert_eq!(strictly("batch", "submitJob", &json!({})), Err("Required field 'JobName' is missing".into()));
        assert_eq!(strictly("batch", "submitJob.sync", &json!({"Status": "SUCCEEDED"})), Ok(()));
    }

    #[test]
    fn values_of_tables_may_nest() {
        let item = json!({"Item": {"a": {"M": {"b": {"L": [{"S": "x"}, {"N": 1}]}}}}});
        assert_eq!(strictly("dynamodb", "getItem", &item), Err("Field 'N' must be a string".into()));
    }
}
