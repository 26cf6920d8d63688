use serde_json::json;

use super::{ARN, Account, PASS, ROLE, commented, machine};

/// Recorded.
#[test]
fn a_new_machine_is_described_in_full() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    assert_eq!(arn, format!("{ARN}stateMachine:m"));
    let expect = json!({
        "stateMachineArn": arn, "name": "m", "status": "ACTIVE", "definition": PASS, "roleArn": ROLE, "type": "STANDARD",
        "creationDate": 0.001, "loggingConfiguration": {"level": "OFF", "includeExecutionData": false},
        "tracingConfiguration": {"enabled": false}, "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}
    });
    assert_eq!(account.ok("DescribeStateMachine", json!({"stateMachineArn": arn})), expect);
    let metadata = account.ok("DescribeStateMachine", json!({"stateMachineArn": arn, "includedData": "METADATA_ONLY"}));
    assert_eq!(metadata["definition"], "{}");
}

/// Source: service model, CreateStateMachine; the words are recorded.
#[test]
fn creating_the_same_machine_twice_is_one_creation() {
    let mut account = Account::new();
    let first = account.ok("CreateStateMachine", machine("m", json!({"publish": true, "versionDescription": "d"})));
    for (more, same) in [
        (json!({}), true),
        (json!({"roleArn": "arn:aws:iam::123456789012:role/other", "tags": [{"key": "k", "value": "v"}]}), true),
        (json!({"type": "STANDARD", "loggingConfiguration": {"level": "OFF"}, "tracingConfiguration": {}}), true),
        (json!({"definition": format!("{PASS} ")}), false),
        (json!({"definition": commented("other")}), false),
        (json!({"type": "EXPRESS"}), false),
        (json!({"tracingConfiguration": {"enabled": true}}), false),
        (json!({"versionDescription": "other"}), false),
    ] {
        let mut again = machine("m", json!({"publish": true, "versionDescription": "d"}));
        again.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let expect = if same {
            Ok(first.clone())
        } else {
            Err(format!("StateMachineAlreadyExists: State Machine Already Exists: '{ARN}stateMachine:m'"))
        };
        assert_eq!(account.call("CreateStateMachine", again), expect, "{more}");
    }
    assert!(account.refused("CreateStateMachine", machine("m", json!({}))).starts_with("StateMachineAlreadyExists"));
    assert_eq!(account.ok("ListTagsForResource", json!({"resourceArn": first["stateMachineArn"]})), json!({"tags": []}));
}

/// The words of the first and of those about logging and versions are recorded.
#[test]
fn what_no_machine_can_be_is_refused() {
    let mut account = Account::new();
    for (more, words) in [
        (json!({"name": "a b"}), "InvalidName: Invalid Name: 'a b'"),
        (json!({"roleArn": "r"}), "InvalidArn: Invalid Role Arn: 'r'"),
        (
            json!({"definition": "{}"}),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
        ),
        (json!({"versionDescription": "d"}), "ValidationException: Version description can only be set when publish is true"),
        (
            json!({"loggingConfiguration": {"level": "ALL"}}),
            "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.",
        ),
    ] {
        assert_eq!(account.refused("CreateStateMachine", machine("m", more)), words);
    }
    assert_eq!(account.ok("ListStateMachines", json!({})), json!({"stateMachines": []}));
}

#[test]
fn a_deleted_machine_takes_its_versions_and_aliases_with_it() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true}));
    let route = json!([{"stateMachineVersionArn": format!("{arn}:1"), "weight": 100}]);
    account.ok("CreateStateMachineAlias", json!({"name": "PROD", "routingConfiguration": route}));
    account.ok("DeleteStateMachine", json!({"stateMachineArn": format!("{arn}:1")}));
    for suffix in [":1", ":PROD"] {
        let described = account.ok("DescribeStateMachine", json!({"stateMachineArn": format!("{arn}{suffix}")}));
        assert_eq!(described["stateMachineArn"], format!("{arn}:1"));
    }
    for _ in 0..2 {
        assert_eq!(account.ok("DeleteStateMachine", json!({"stateMachineArn": arn})), json!({}));
    }
    for suffix in ["", ":1", ":PROD"] {
        let arn = format!("{arn}{suffix}");
        let words = format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'");
        assert_eq!(account.refused("DescribeStateMachine", json!({"stateMachineArn": arn})), words);
    }
    let labelled = json!({"stateMachineArn": format!("{arn}/label")});
    assert!(account.refused("DeleteStateMachine", labelled).starts_with("ValidationException: "));
}

#[test]
fn a_state_is_tested_without_a_machine() {
    let mut account = Account::new();
    let definition = json!({"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id"}, "OutputPath": "$.id", "Next": "N"}).to_string();
    let answer = account.ok("TestState", json!({"definition": definition}));
    assert_eq!((&answer["status"], &answer["nextState"]), (&json!("SUCCEEDED"), &json!("N")));
    let id = answer["output"].as_str().unwrap();
    assert!(id.starts_with("\"arn:aws:states:us-east-1:") && id.contains(":express:"), "{id}");
    assert_eq!(account.ok("ListStateMachines", json!({})), json!({"stateMachines": []}));
}
