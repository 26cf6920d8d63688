use serde_json::{Value, json};

use super::super::{DecodeError, Request};

fn refusal(operation: &str, call: Value) -> String {
    match Request::decode(operation, call.to_string().as_bytes()).unwrap() {
        Err(DecodeError::Refused(error)) => {
            assert_eq!(error.code, "ValidationException");
            error.message
        }
        other => panic!("{other:?}"),
    }
}

fn one(words: &str) -> String {
    format!("1 validation error detected: {words}")
}

/// Recorded.
#[test]
fn violations_have_awss_words() {
    let size = "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000";
    assert_eq!(refusal("ListActivities", json!({"maxResults": 1001})), one(size));
    let token = "x".repeat(3_097);
    let long = format!("Value '{token}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096");
    assert_eq!(refusal("ListExecutions", json!({"stateMachineArn": "m", "nextToken": token})), one(&long));
    let status = "Value 'x' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: \
                  [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]";
    assert_eq!(refusal("ListExecutions", json!({"statusFilter": "x"})), one(status));
    let weight = "Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100";
    let route = json!([{"stateMachineVersionArn": "v", "weight": 101}]);
    assert_eq!(refusal("CreateStateMachineAlias", json!({"name": "n", "routingConfiguration": route})), one(weight));
    let routes = "Value '[RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1), RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1), \
                  RoutingConfigurationListItem(stateMachineVersionArn=v, weight=1)]' at 'routingConfiguration' failed to satisfy constraint: \
                  Member must have length less than or equal to 2";
    let route = json!({"stateMachineVersionArn": "v", "weight": 1});
    assert_eq!(refusal("CreateStateMachineAlias", json!({"name": "n", "routingConfiguration": [route, route, route]})), one(routes));
}

/// Recorded.
#[test]
fn names_of_aliases_are_not_numbers() {
    for name in ["123", "INVALID ALIAS", "!INVALID", "ALIAS@"] {
        let words = format!(
            r"Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"
        );
        let route = json!([{"stateMachineVersionArn": "v", "weight": 100}]);
        assert_eq!(refusal("CreateStateMachineAlias", json!({"name": name, "routingConfiguration": route})), one(&words));
    }
}

#[test]
fn all_violations_come_at_once() {
    let words = "3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; \
                 Value at 'definition' failed to satisfy constraint: Member must have length greater than or equal to 1; \
                 Value 'x' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]";
    assert_eq!(refusal("CreateStateMachine", json!({"name": null, "definition": "", "roleArn": "r", "type": "x"})), words);
}

#[test]
fn secrets_are_not_repeated_and_payloads_are_measured_in_bytes() {
    let words = "Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144";
    assert_eq!(refusal("StartExecution", json!({"stateMachineArn": "m", "input": "é".repeat(131_073)})), one(words));
    let inside = json!({"stateMachineArn": "m", "input": "é".repeat(131_072), "name": "é".repeat(80)});
    assert!(Request::decode("StartExecution", inside.to_string().as_bytes()).unwrap().is_ok());
}

#[test]
fn structures_within_structures_are_checked() {
    let words = "Value 'X' at 'loggingConfiguration.level' failed to satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL, OFF]";
    let machine = json!({"name": "n", "definition": "{}", "roleArn": "r", "loggingConfiguration": {"level": "X"}});
    assert_eq!(refusal("CreateStateMachine", machine), one(words));
    let words = "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1";
    let tags = json!([{"key": "k", "value": ""}, {"key": "", "value": "v"}]);
    assert_eq!(refusal("TagResource", json!({"resourceArn": "r", "tags": tags})), one(words));
}

#[test]
fn every_required_member_of_a_shape_is_required_by_its_rules() {
    for operation in Request::OPERATIONS {
        match Request::decode(operation, b"{}").unwrap() {
            Ok(_) | Err(DecodeError::Refused(_)) => {}
            Err(DecodeError::Unreadable(error)) => panic!("{operation}: {error}"),
        }
    }
}
