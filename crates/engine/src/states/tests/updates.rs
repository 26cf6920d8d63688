use serde_json::{Value, json};

use super::{Account, PASS, ROLE, commented};

fn revision(account: &mut Account, arn: &str) -> Value {
    account.ok("DescribeStateMachine", json!({"stateMachineArn": arn}))["revisionId"].clone()
}

/// Recorded, but for the role and the configurations.
#[test]
fn an_update_that_changes_something_makes_a_revision() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    assert_eq!(revision(&mut account, &arn), Value::Null);
    for (change, changes) in [
        (json!({"definition": PASS}), false),
        (json!({"definition": commented("1")}), true),
        (json!({"definition": commented("1"), "roleArn": ROLE}), false),
        (json!({"definition": commented("2"), "roleArn": ROLE}), true),
        (json!({"roleArn": "arn:aws:iam::123456789012:role/other"}), true),
        (json!({"tracingConfiguration": {"enabled": true}}), true),
        (json!({"tracingConfiguration": {"enabled": true}}), false),
        (json!({"loggingConfiguration": {}}), false),
    ] {
        let before = revision(&mut account, &arn);
        let mut call = change.clone();
        call["stateMachineArn"] = arn.clone().into();
        let updated = account.ok("UpdateStateMachine", call);
        let after = revision(&mut account, &arn);
        assert_eq!(updated.get("revisionId").cloned().unwrap_or_default(), after, "{change}");
        assert_eq!(before != after, changes, "{change}");
    }
    let described = account.ok("DescribeStateMachine", json!({"stateMachineArn": arn}));
    assert_eq!(described["definition"], commented("2"));
    assert_eq!((&described["roleArn"], &described["creationDate"]), (&json!("arn:aws:iam::123456789012:role/other"), &json!(0.001)));
}

/// Recorded, but for the last two.
#[test]
fn what_cannot_be_updated_is_refused() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true}));
    let version = format!("{arn}:1");
    let missing = "MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
    let no_version = format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{version}'");
    for (call, words) in [
        (json!({"stateMachineArn": arn}), missing),
        (json!({"stateMachineArn": arn, "publish": true}), missing),
        (json!({"stateMachineArn": version, "definition": PASS}), &no_version),
        (
            json!({"stateMachineArn": arn, "definition": PASS, "versionDescription": "d"}),
            "ValidationException: Version description can only be set when publish is true",
        ),
        (json!({"stateMachineArn": arn, "roleArn": "r"}), "InvalidArn: Invalid Role Arn: 'r'"),
    ] {
        assert_eq!(account.refused("UpdateStateMachine", call), words);
    }
    assert!(account.refused("UpdateStateMachine", json!({"stateMachineArn": arn, "definition": "{}"})).starts_with("InvalidDefinition"));
    assert_eq!(revision(&mut account, &arn), Value::Null);
}

#[test]
fn executions_keep_the_revision_they_began_with() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let before = account.ok("StartExecution", json!({"stateMachineArn": arn}));
    let updated = account.ok("UpdateStateMachine", json!({"stateMachineArn": arn, "definition": commented("new")}));
    let after = account.ok("StartExecution", json!({"stateMachineArn": arn}));
    let mut of = |execution: &Value| account.ok("DescribeStateMachineForExecution", json!({"executionArn": execution["executionArn"]}));
    let (before, after) = (of(&before), of(&after));
    assert_eq!((&before["definition"], before.get("revisionId"), &before["updateDate"]), (&json!(PASS), None, &json!(0.001)));
    assert_eq!(
        (&after["definition"], &after["revisionId"], &after["updateDate"]),
        (&json!(commented("new")), &updated["revisionId"], &updated["updateDate"])
    );
    assert_eq!(after["stateMachineArn"], arn);
}
