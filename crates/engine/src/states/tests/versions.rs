use serde_json::{Value, json};

use super::{Account, column, commented};

fn versions(account: &mut Account, arn: &str) -> Vec<String> {
    let listed = account.ok("ListStateMachineVersions", json!({"stateMachineArn": arn}));
    column(&listed, "stateMachineVersions", "stateMachineVersionArn")
        .into_iter()
        .map(|arn| arn.rsplit(':').next().unwrap().to_owned())
        .collect()
}

/// Recorded.
#[test]
fn a_revision_is_published_once() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let first = account.ok("PublishStateMachineVersion", json!({"stateMachineArn": arn, "description": "d"}));
    assert_eq!(first["stateMachineVersionArn"], format!("{arn}:1"));
    assert_eq!(account.ok("PublishStateMachineVersion", json!({"stateMachineArn": arn})), first);
    assert_eq!(account.published(&arn, "2"), format!("{arn}:2"));
    assert_eq!(account.published(&arn, "2"), format!("{arn}:2"));
    assert_eq!(versions(&mut account, &arn), ["2", "1"]);
}

/// Recorded.
#[test]
fn a_version_is_described_as_the_machine_was() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true, "versionDescription": "Hello"}));
    let second = account.published(&arn, "2");
    account.ok("UpdateStateMachine", json!({"stateMachineArn": arn, "definition": commented("3")}));
    let mut describe = |arn: &str| account.ok("DescribeStateMachine", json!({"stateMachineArn": arn}));
    let (first, second, now) = (describe(&format!("{arn}:1")), describe(&second), describe(&arn));
    assert_eq!(
        (&first["stateMachineArn"], &first["description"], first.get("revisionId")),
        (&json!(format!("{arn}:1")), &json!("Hello"), None)
    );
    assert_eq!((&second["definition"], second.get("description")), (&json!(commented("2")), None));
    assert_ne!(second["revisionId"], now["revisionId"]);
    assert_eq!((&second["creationDate"], &now["creationDate"]), (&json!(0.002), &json!(0.001)));
    assert_eq!(now.get("description"), None);
}

/// Recorded.
#[test]
fn numbers_are_not_given_twice() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true}));
    let second = account.published(&arn, "2");
    for _ in 0..2 {
        assert_eq!(account.ok("DeleteStateMachineVersion", json!({"stateMachineVersionArn": second})), json!({}));
    }
    let again = account.ok("PublishStateMachineVersion", json!({"stateMachineArn": arn}));
    assert_eq!(again["stateMachineVersionArn"], format!("{arn}:3"));
    assert_eq!(versions(&mut account, &arn), ["3", "1"]);
}

/// The first is recorded.
#[test]
fn only_the_revision_that_is_meant_is_published() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    let publish = |revision: &Value| json!({"stateMachineArn": arn, "revisionId": revision});
    account.ok("PublishStateMachineVersion", publish(&json!("INITIAL")));
    let mut update = |comment: &str| {
        account.ok("UpdateStateMachine", json!({"stateMachineArn": arn, "definition": commented(comment)}))["revisionId"].clone()
    };
    let (first, second) = (update("1"), update("2"));
    let words = format!(
        "ConflictException: Failed to publish the State Machine version for revision {}. The current State Machine revision is {}.",
        first.as_str().unwrap(),
        second.as_str().unwrap()
    );
    assert_eq!(account.refused("PublishStateMachineVersion", publish(&first)), words);
    account.ok("PublishStateMachineVersion", publish(&second));
    let none = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    let words = format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{none}'");
    assert_eq!(account.refused("PublishStateMachineVersion", json!({"stateMachineArn": none})), words);
}

#[test]
fn a_version_that_an_alias_leads_to_stays() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"publish": true}));
    let version = format!("{arn}:1");
    let route = json!([{"stateMachineVersionArn": version, "weight": 100}]);
    account.ok("CreateStateMachineAlias", json!({"name": "PROD", "routingConfiguration": route}));
    let words = "ConflictException: Version to be deleted must not be referenced by an alias. \
                 Current list of aliases referencing this version: [PROD]";
    assert_eq!(account.refused("DeleteStateMachineVersion", json!({"stateMachineVersionArn": version})), words);
    account.ok("DeleteStateMachineAlias", json!({"stateMachineAliasArn": format!("{arn}:PROD")}));
    account.ok("DeleteStateMachineVersion", json!({"stateMachineVersionArn": version}));
    assert!(account.refused("DeleteStateMachineVersion", json!({"stateMachineVersionArn": arn})).starts_with("InvalidArn: "));
}

#[test]
fn a_machine_has_at_most_a_thousand_versions() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({}));
    for comment in 0..1_000 {
        account.published(&arn, &comment.to_string());
    }
    let one_more = json!({"stateMachineArn": arn, "definition": commented("one more"), "publish": true});
    assert!(account.refused("UpdateStateMachine", one_more).starts_with("ServiceQuotaExceededException: "));
}

#[test]
fn versions_of_nothing_are_none() {
    let mut account = Account::new();
    let none = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    assert_eq!(account.ok("ListStateMachineVersions", json!({"stateMachineArn": none})), json!({"stateMachineVersions": []}));
    account.ok("DeleteStateMachineVersion", json!({"stateMachineVersionArn": format!("{none}:1")}));
    for qualified in [format!("{none}:1"), format!("{none}:PROD")] {
        assert!(account.refused("ListStateMachineVersions", json!({"stateMachineArn": qualified})).starts_with("InvalidArn: "));
    }
}
