use serde_json::{Value, json};

use super::{ARN, Account};

fn tags(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

/// Recorded, but for the replacing.
#[test]
fn tags_come_and_go() {
    let mut account = Account::new();
    let machine = account.machine("m", json!({"tags": tags(&[("k", "v")])}));
    let activity =
        account.ok("CreateActivity", json!({"name": "a", "tags": tags(&[("k", "v")])}))["activityArn"].as_str().unwrap().to_owned();
    for arn in [machine, activity] {
        for (operation, call, left) in [
            ("TagResource", json!({"tags": []}), &[("k", "v")][..]),
            ("TagResource", json!({"tags": tags(&[("a", ""), ("a", ""), ("b", "1")])}), &[("k", "v"), ("a", ""), ("b", "1")]),
            ("TagResource", json!({"tags": tags(&[("a", "2")])}), &[("k", "v"), ("a", "2"), ("b", "1")]),
            ("UntagResource", json!({"tagKeys": ["k", "b", "b", "none"]}), &[("a", "2")]),
            ("UntagResource", json!({"tagKeys": []}), &[("a", "2")]),
        ] {
            let mut call = call;
            call["resourceArn"] = arn.clone().into();
            assert_eq!(account.ok(operation, call), json!({}));
            assert_eq!(account.ok("ListTagsForResource", json!({"resourceArn": arn})), json!({"tags": tags(left)}));
        }
    }
}

#[test]
fn only_machines_and_activities_that_are_there_have_tags() {
    let mut account = Account::new();
    account.machine("m", json!({"publish": true}));
    for (arn, words) in [
        ("stateMachine:none", "ResourceNotFound: Request references a resource that does not exist."),
        ("stateMachine:m:1", "ResourceNotFound: Request references a resource that does not exist."),
        ("activity:none", "ResourceNotFound: Request references a resource that does not exist."),
        ("execution:m:n", "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'"),
    ] {
        let arn = format!("{ARN}{arn}");
        assert_eq!(account.refused("TagResource", json!({"resourceArn": arn, "tags": []})), words);
        assert_eq!(account.refused("UntagResource", json!({"resourceArn": arn, "tagKeys": []})), words);
        assert_eq!(account.refused("ListTagsForResource", json!({"resourceArn": arn})), words);
    }
}

/// Source: Step Functions quotas.
#[test]
fn a_resource_has_at_most_fifty_tags() {
    let mut account = Account::new();
    let many: Value = (0..50).map(|at| json!({"key": format!("k{at}"), "value": ""})).collect();
    let arn = account.machine("m", json!({"tags": many}));
    account.ok("TagResource", json!({"resourceArn": arn, "tags": tags(&[("k7", "again")])}));
    assert!(account.refused("TagResource", json!({"resourceArn": arn, "tags": tags(&[("new", "")])})).starts_with("TooManyTags: "));
}
