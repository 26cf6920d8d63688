use serde_json::json;

use super::{ARN, Account, column};

/// Recorded.
#[test]
fn an_activity_lives_and_is_deleted_twice() {
    let mut account = Account::new();
    let created = account.ok("CreateActivity", json!({"name": "activity.name-1"}));
    let arn = created["activityArn"].clone();
    assert_eq!(arn, format!("{ARN}activity:activity.name-1"));
    assert_eq!(account.ok("CreateActivity", json!({"name": "activity.name-1", "tags": [{"key": "k", "value": "v"}]})), created);
    let expect = json!({
        "activityArn": arn, "name": "activity.name-1", "creationDate": created["creationDate"],
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}
    });
    assert_eq!(account.ok("DescribeActivity", json!({"activityArn": arn})), expect);
    for _ in 0..2 {
        assert_eq!(account.ok("DeleteActivity", json!({"activityArn": arn})), json!({}));
    }
    let words = format!("ActivityDoesNotExist: Activity Does Not Exist: '{ARN}activity:activity.name-1'");
    for operation in ["DescribeActivity", "GetActivityTask"] {
        assert_eq!(account.refused(operation, json!({"activityArn": arn})), words);
    }
}

/// The first two are recorded.
#[test]
fn what_is_no_activity_is_refused() {
    let mut account = Account::new();
    assert_eq!(account.refused("CreateActivity", json!({"name": "a>b"})), "InvalidName: Invalid Name: 'a>b'");
    let words = "InvalidArn: Invalid Arn: 'Invalid ARN prefix: no_arn'";
    assert_eq!(account.refused("DescribeActivity", json!({"activityArn": "no_arn"})), words);
    let machine = account.machine("m", json!({}));
    let words = "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'";
    assert_eq!(account.refused("DeleteActivity", json!({"activityArn": machine})), words);
    account.ok("CreateActivity", json!({"name": "a"}));
    let key = json!({"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"});
    let words = "ActivityAlreadyExists: Activity already exists. EncryptionConfiguration may not be updated.";
    assert_eq!(account.refused("CreateActivity", json!({"name": "a", "encryptionConfiguration": key})), words);
}

#[test]
fn activities_are_listed_by_name() {
    let mut account = Account::new();
    for name in ["b", "a", "c"] {
        account.ok("CreateActivity", json!({"name": name}));
    }
    let first = account.ok("ListActivities", json!({"maxResults": 2}));
    assert_eq!(column(&first, "activities", "name"), ["a", "b"]);
    let rest = account.ok("ListActivities", json!({"maxResults": 2, "nextToken": first["nextToken"]}));
    assert_eq!((column(&rest, "activities", "name"), rest.get("nextToken")), (vec!["c"], None));
}
