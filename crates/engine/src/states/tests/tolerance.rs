//! Developer Guide, Setting failure thresholds for Distributed Map states.

use serde_json::{Value, json};

use super::{Account, map_of, picky};
use crate::{ObjectAnswer, ObjectCall};

fn of(more: Value, items: Value) -> (Account, String) {
    let mut account = Account::new();
    let execution = account.start(&map_of(picky(), more), &items);
    (account, execution)
}

/// The words are recorded.
fn is_exceeded(more: Value, items: Value) {
    let (mut account, execution) = of(more.clone(), items);
    let fault = ("States.ExceedToleratedFailureThreshold".to_owned(), "The specified tolerated failure threshold was exceeded".to_owned());
    assert_eq!(account.fault(&execution), fault, "{more}");
    assert_eq!(account.map_run(&execution)["status"], "FAILED");
    let history = account.history(&execution);
    assert_eq!(history[history.len() - 3..], ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
}

fn is_kept(more: Value, items: Value) {
    let (mut account, execution) = of(more.clone(), items);
    assert_eq!(account.status(&execution), "SUCCEEDED", "{more}");
    assert_eq!(account.map_run(&execution)["status"], "SUCCEEDED");
}

#[test]
fn no_failure_is_tolerated_unless_somebody_says_so() {
    is_exceeded(json!({}), json!(["ok", "bad"]));
    is_kept(json!({}), json!(["ok"]));
}

#[test]
fn so_many_items_may_fail() {
    is_kept(json!({"ToleratedFailureCount": 1}), json!(["bad", "ok"]));
    is_exceeded(json!({"ToleratedFailureCount": 1}), json!(["bad", "ok", "bad"]));
}

#[test]
fn such_a_share_of_the_items_may_fail() {
    is_kept(json!({"ToleratedFailurePercentage": 50}), json!(["bad", "ok"]));
    is_kept(json!({"ToleratedFailurePercentage": 100}), json!(["bad", "bad"]));
    is_exceeded(json!({"ToleratedFailurePercentage": 50}), json!(["bad", "ok", "bad"]));
    is_exceeded(json!({"ToleratedFailurePercentage": 0}), json!(["bad", "ok"]));
}

#[test]
fn either_of_both_limits_is_enough() {
    is_exceeded(json!({"ToleratedFailurePercentage": 100, "ToleratedFailureCount": 1}), json!(["bad", "bad"]));
    is_exceeded(json!({"ToleratedFailurePercentage": 10, "ToleratedFailureCount": 5}), json!(["bad", "ok"]));
    is_kept(json!({"ToleratedFailurePercentage": 50, "ToleratedFailureCount": 1}), json!(["bad", "ok"]));
}

/// A share is one of all items: the first of four that fails is a quarter, although it is all that has run.
#[test]
fn a_share_is_of_items_that_have_not_begun_too() {
    is_kept(json!({"ToleratedFailurePercentage": 25, "MaxConcurrency": 1}), json!(["bad", "ok", "ok", "ok"]));
    for (kind, body) in [("JSON", "[\"bad\", 1, 2, 3]"), ("JSONL", "\"bad\"\n1\n2\n\n3\n"), ("CSV", "x\nbad\n1\n2\n3\n")] {
        let reader = json!({
            "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": kind}, "Parameters": {"Bucket": "b", "Key": "k"}
        });
        let mut more = json!({"ToleratedFailurePercentage": 25, "MaxConcurrency": 1, "ItemReader": reader});
        if kind == "CSV" {
            more["ItemSelector"] = json!({"v.$": "$$.Map.Item.Value.x"});
        }
        let mut child = picky();
        child["C"]["Choices"][0]["Variable"] = if kind == "CSV" { "$.v".into() } else { "$".into() };
        let mut account = Account::new();
        let execution = account.start(&map_of(child, more), &json!({}));
        account.object(&ObjectCall::Get { bucket: "b".into(), key: "k".into() }, ObjectAnswer::Read(body.into()));
        assert_eq!(account.status(&execution), "SUCCEEDED", "{kind}");
        let counts = &account.map_run(&execution)["itemCounts"];
        assert_eq!((&counts["total"], &counts["failed"], &counts["succeeded"]), (&json!(4), &json!(1), &json!(3)), "{kind}");
    }
}

#[test]
fn limits_may_be_looked_up() {
    let more = json!({"ToleratedFailureCountPath": "$.most", "ItemsPath": "$.items"});
    is_kept(more.clone(), json!({"most": 1, "items": ["bad", "ok"]}));
    is_exceeded(more.clone(), json!({"most": 0, "items": ["bad", "ok"]}));
    let (mut account, execution) = of(more, json!({"most": -1, "items": []}));
    // Recorded.
    assert!(account.fault(&execution).1.contains("ToleratedFailureCount cannot be negative."));
}
