//! Limits: bytes, events, depth; and data that nobody looks at.

use serde_json::{Value, json};

use super::script::{Script, job, single};
use crate::Quotas;

#[test]
fn results_that_are_too_big_fail_the_task() {
    let document = json!({"StartAt": "S", "States": {
        "S": job(json!({"End": true, "Catch": [{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "T"}]})), "T": {"Type": "Succeed"}}});
    let mut script = Script::start(&document, &json!({}));
    assert_eq!(script.started_ids(), [1]);
    script.succeeded(1, &"x".repeat(262_143).into());
    let words = "The state/task 'arn:aws:states:::batch:submitJob.sync' returned a result with a size exceeding the maximum number of bytes service limit.";
    assert_eq!(script.output(), json!({"Error": "States.DataLimitExceeded", "Cause": words}));
    let mut script = Script::start(&document, &json!({}));
    assert_eq!(script.started_ids(), [1]);
    script.succeeded(1, &"x".repeat(262_142).into());
    assert_eq!(script.output().as_str().map(str::len), Some(262_142));
}

/// The results of a Map count, unless nobody reads them.
#[test]
fn results_of_a_map_add_up() {
    let inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "x".repeat(100_000), "End": true}}});
    let map = |more: Value| {
        let mut map = json!({"Type": "Map", "ItemProcessor": inner});
        map.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Script::start(&single(map), &json!([1, 2, 3]))
    };
    let mut script = map(json!({}));
    let words = "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.";
    assert_eq!(script.fault(), ("States.DataLimitExceeded".into(), words.into()));
    assert!(script.lines().last().unwrap().ends_with("ExecutionFailed"));
    assert_eq!(map(json!({"ResultPath": null})).output(), json!([1, 2, 3]));
}

#[test]
fn the_history_has_an_end() {
    let document = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "End"}], "Default": "A"},
        "End": {"Type": "Succeed"}}});
    let mut script = Script::start(&document, &json!({}));
    let words = "The execution reached the maximum number of history events (25000).";
    assert_eq!(script.fault(), ("States.Runtime".into(), words.into()));
    assert_eq!(script.history.len(), 25_000);
    assert_eq!(script.lines().last().unwrap(), "25000 <- 24999 ExecutionFailed");
    let room_for = |events| Quotas { history_events: Some(events), ..Quotas::default() };
    assert_eq!(Script::start_with(&single(json!({"Type": "Pass"})), &json!(1), room_for(4)).output(), 1);
    for events in 1..4 {
        let mut script = Script::start_with(&single(json!({"Type": "Pass"})), &json!(1), room_for(events));
        assert_eq!(script.fault().0, "States.Runtime");
        assert_eq!(script.history.len() as u64, events.max(1));
    }
}

#[test]
fn data_does_not_nest_for_ever() {
    let document = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"deeper.$": "$"}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "End"}], "Default": "A"},
        "End": {"Type": "Succeed"}}});
    let off = Quotas::off();
    let (error, cause) = Script::start_with(&document, &json!({}), off).fault();
    assert_eq!(error, "States.Runtime");
    assert!(cause.ends_with("nested more than 127 levels deep."), "{cause}");
}

/// A cause is cut where AWS cuts it, between characters.
#[test]
fn causes_are_cut() {
    let input = json!({"a": "é".repeat(40_000)});
    let (_, cause) = Script::start(&single(json!({"Type": "Pass", "Parameters": {"x.$": "$.nope"}})), &input).fault();
    assert_eq!(cause.chars().count(), 32_768);
}

/// To find the place of each value once took as long as all before it.
#[test]
fn a_template_may_have_many_parts() {
    let parts = |count: usize| (0..count).map(|n| (format!("k{n}.$"), json!("$.a"))).collect::<serde_json::Map<_, _>>();
    let document = single(json!({"Type": "Pass", "Parameters": {"all": parts(30_000), "b": [[{"c.$": "$.b"}, 1]]}}));
    let output = Script::start_with(&document, &json!({"a": 1, "b": 2}), Quotas::off()).output();
    assert_eq!((&output["all"]["k29999"], &output["b"]), (&json!(1), &json!([[{"c": 2}, 1]])));
}

/// A document of 1 MiB can name its input often enough to fill any memory, which no limit of what was made comes before.
#[test]
fn a_template_does_not_copy_without_end() {
    let parts: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("k{n}.$"), json!("$"))).collect();
    let document = single(json!({"Type": "Pass", "Parameters": parts}));
    let (error, _) = Script::start_with(&document, &json!("x".repeat(100_000)), Quotas::off()).fault();
    assert_eq!(error, "States.DataLimitExceeded");
}

/// Without rounding on the way: a number of the article's order was once read as 90.57.
#[test]
fn numbers_are_read_to_the_last_digit() {
    let text = "[90.57000000000001,5.7133839564458575e262]";
    assert_eq!(crate::Payload::parse(text).unwrap().value().to_string(), "[90.57000000000001,5.7133839564458575e+262]");
}
