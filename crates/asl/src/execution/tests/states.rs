//! What each state type does.

use serde_json::{Value, json};

use super::script::{Script, job, single};

fn output(state: Value, input: &Value) -> Value {
    Script::start(&single(state), input).output()
}

fn fault(state: Value, input: &Value) -> (String, String) {
    Script::start(&single(state), input).fault()
}

fn runtime(words: &str) -> (String, String) {
    ("States.Runtime".into(), format!("An error occurred while executing the state 'S' (entered at the event id #2). {words}"))
}

#[test]
fn pass_shapes_its_input() {
    let input = json!({"a": {"b": 1}, "l": [1, 2, 3]});
    for (state, expected) in [
        (json!({"Type": "Pass"}), input.clone()),
        (json!({"Type": "Pass", "InputPath": "$.a"}), json!({"b": 1})),
        (json!({"Type": "Pass", "InputPath": null}), json!({})),
        (json!({"Type": "Pass", "OutputPath": null}), json!({})),
        (json!({"Type": "Pass", "Result": {"x.$": "$.a"}}), json!({"x.$": "$.a"})),
        (json!({"Type": "Pass", "Result": 7, "ResultPath": "$.a.c"}), json!({"a": {"b": 1, "c": 7}, "l": [1, 2, 3]})),
        (json!({"Type": "Pass", "Result": 7, "ResultPath": null}), input.clone()),
        (json!({"Type": "Pass", "InputPath": "$.a", "ResultPath": "$.r", "OutputPath": "$.r"}), json!({"b": 1})),
        (
            json!({"Type": "Pass", "InputPath": "$.a", "Parameters": {"n.$": "$.b", "deep": [{"all.$": "$"}, "$.b"]}}),
            json!({"n": 1, "deep": [{"all": {"b": 1}}, "$.b"]}),
        ),
        (
            json!({"Type": "Pass", "Parameters": {"last.$": "$.l[-1:]", "sum.$": "States.MathAdd($.l[0], 4)"}}),
            json!({"last": [3], "sum": 5}),
        ),
    ] {
        assert_eq!(output(state.clone(), &input), expected, "{state}");
    }
}

/// Words as recorded by LocalStack's `test_invalid_jsonpath`.
#[test]
fn paths_that_lead_nowhere_fail_in_aws_words() {
    let state = json!({"Type": "Pass", "Parameters": {"value.$": "$.nope"}});
    let words = "The JSONPath '$.nope' specified for the field 'value.$' could not be found in the input '{\"a\":1}'";
    assert_eq!(fault(state, &json!({"a": 1})), runtime(words));
    let words = "Invalid path '$.nope' : No results for path: $['nope']";
    assert_eq!(fault(json!({"Type": "Pass", "InputPath": "$.nope"}), &json!({})), runtime(words));
    let words = "The JSONPath '$.nope' specified for the field 'CausePath' could not be found in the input '{}'";
    assert_eq!(fault(json!({"Type": "Fail", "Error": "E", "CausePath": "$.nope"}), &json!({})), runtime(words));
    let (error, cause) = fault(json!({"Type": "Pass", "Result": 1, "ResultPath": "$.a.b"}), &json!({"a": "text"}));
    assert_eq!(error, "States.ResultPathMatchFailure");
    assert!(cause.ends_with("Unable to apply step \"b\" to input \"text\""), "{cause}");
    let (error, _) = fault(json!({"Type": "Pass", "Parameters": {"x.$": "States.ArrayGetItem($, 4)"}}), &json!([1]));
    assert_eq!(error, "States.IntrinsicFailure");
}

#[test]
fn the_context_object_is_readable() {
    let parameters = json!({"whole.$": "$$", "name.$": "$$.Execution.Name", "in.$": "$$.Execution.Input.a", "all.$": "$$.Execution.Input"});
    let seen = output(json!({"Type": "Pass", "Parameters": parameters}), &json!({"a": 5}));
    assert_eq!((&seen["name"], &seen["in"], &seen["all"]), (&json!("e"), &json!(5), &json!({"a": 5})));
    let expected = json!({
        "Execution": {"Id": "arn:aws:states:us-east-1:111111111111:execution:m:e", "Input": {"a": 5},
            "StartTime": "2026-01-02T03:04:05Z", "Name": "e", "RoleArn": "role", "RedriveCount": 0},
        "StateMachine": {"Id": "arn:aws:states:us-east-1:111111111111:stateMachine:m", "Name": "m"},
        "State": {"Name": "S", "EnteredTime": "2026-01-02T03:04:05Z"},
    });
    assert_eq!(seen["whole"], expected);
}

#[test]
fn wait_waits() {
    let at = "2026-01-02T03:04:15Z";
    for state in [
        json!({"Type": "Wait", "Seconds": 10}),
        json!({"Type": "Wait", "SecondsPath": "$.seconds"}),
        json!({"Type": "Wait", "Timestamp": at}),
        json!({"Type": "Wait", "TimestampPath": "$.at"}),
    ] {
        let mut script = Script::start(&single(state), &json!({"seconds": 10, "at": at}));
        assert_eq!(script.tick(), (10.0, "wait"));
        assert_eq!(script.output(), json!({"seconds": 10, "at": at}));
        assert_eq!(script.lines()[1..3], ["2 <- 0 WaitStateEntered", "3 <- 2 WaitStateExited"]);
    }
    assert_eq!(output(json!({"Type": "Wait", "Timestamp": "2016-03-14T01:59:00Z"}), &json!(1)), json!(1));
    assert_eq!(output(json!({"Type": "Wait", "Seconds": 0}), &json!(1)), json!(1));
}

/// Words as recorded by LocalStack's `test_base_wait_seconds_path` and `test_wait_timestamp_path`.
#[test]
fn wait_refuses_what_is_no_time() {
    for (value, words) in [
        (json!(-1), "The SecondsPath parameter references a negative value: $.v == -1"),
        (json!(1.5), "The SecondsPath parameter cannot be parsed as a long value: $.v == 1.5"),
        (json!(2_147_483_648_u64), "Wait state delay is too long."),
        (json!(u64::MAX), "Wait state delay is too long."),
    ] {
        assert_eq!(fault(json!({"Type": "Wait", "SecondsPath": "$.v"}), &json!({"v": value})), runtime(words));
    }
    let words = "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.v == soon";
    assert_eq!(fault(json!({"Type": "Wait", "TimestampPath": "$.v"}), &json!({"v": "soon"})), runtime(words));
}

#[test]
fn choice_follows_the_first_rule_that_holds() {
    let rule = |test: Value, next: &str| {
        let mut test = test;
        test["Next"] = next.into();
        test
    };
    let choices = json!([
        rule(json!({"And": [{"Variable": "$.n", "IsPresent": true}, {"Variable": "$.n", "NumericGreaterThanEquals": 20}]}), "A"),
        rule(
            json!({"Or": [{"Variable": "$.s", "StringMatches": "x*"}, {"Not": {"Variable": "$.s", "StringGreaterThanPath": "$.low"}}]}),
            "B"
        ),
        rule(json!({"Variable": "$.t", "TimestampLessThan": "2020-01-01T00:00:00Z"}), "A"),
        rule(json!({"Variable": "$.flag", "BooleanEqualsPath": "$.other"}), "B"),
    ]);
    let pass = |result: &str| json!({"Type": "Pass", "Result": result, "End": true});
    let state = json!({"Type": "Choice", "Choices": choices});
    let document = json!({"StartAt": "S", "States": {"S": state, "A": pass("A"), "B": pass("B")}});
    let base = json!({"s": "m", "low": "a", "t": "2021-01-01T00:00:00Z", "flag": true, "other": false});
    let with = |field: &str, value: Value| {
        let mut input = base.clone();
        input[field] = value;
        Script::start(&document, &input)
    };
    assert_eq!(with("n", json!(20.0)).output(), "A");
    assert_eq!(with("s", json!("xyz")).output(), "B");
    assert_eq!(with("low", json!("z")).output(), "B");
    assert_eq!(with("t", json!("2019-01-01T00:00:00+01:00")).output(), "A");
    assert_eq!(with("other", json!(true)).output(), "B");
    let words = "Failed to transition out of the state. The state does not point to a next state.";
    assert_eq!(with("n", json!("20")).fault(), runtime(words));
    let words = "Invalid path '$.s': The choice state's condition path references an invalid value.";
    assert_eq!(Script::start(&document, &json!({})).fault(), runtime(words));
}

#[test]
fn succeed_and_fail_end_it() {
    assert_eq!(output(json!({"Type": "Succeed", "InputPath": "$.a"}), &json!({"a": 1})), json!(1));
    assert_eq!(fault(json!({"Type": "Fail"}), &json!({})), (String::new(), String::new()));
    let words = json!({"Type": "Fail", "ErrorPath": "$$.State.Name", "CausePath": "States.Format('{}!', $.c)"});
    assert_eq!(fault(words, &json!({"c": "why"})), ("S".into(), "why!".into()));
}

#[test]
fn map_selects_items_and_collects_results() {
    let inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let selector = json!({"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "k.$": "$.k"});
    let map = json!({"Type": "Map", "ItemsPath": "$.items", "ItemSelector": selector, "ItemProcessor": inner, "ResultPath": "$.out",
        "ResultSelector": {"second.$": "$[1]"}});
    assert_eq!(
        output(map, &json!({"items": ["a", "b"], "k": 1})),
        json!({"items": ["a", "b"], "k": 1, "out": {"second": {"v": "b", "i": 1, "k": 1}}})
    );
    let mut empty = Script::start(&single(json!({"Type": "Map", "Iterator": inner})), &json!([]));
    assert_eq!(empty.output(), json!([]));
    assert_eq!(empty.lines()[2..5], ["3 <- 2 MapStateStarted", "4 <- 3 MapStateSucceeded", "5 <- 3 MapStateExited"]);
    let context = json!({"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "ItemProcessor": inner});
    assert_eq!(output(context, &json!({"items": [1]})), json!([1]));
}

#[test]
fn the_innermost_item_is_readable_inside() {
    let branch = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"v.$": "$$.Map.Item.Value"}, "OutputPath": "$.v", "End": true}}});
    let around = json!({"StartAt": "Q", "States": {"Q": {"Type": "Parallel", "Branches": [branch], "End": true}}});
    let map = json!({"Type": "Map", "ItemProcessor": around});
    assert_eq!(output(map, &json!([1, "x"])), json!([[1], ["x"]]));
}

#[test]
fn map_refuses_what_is_no_array() {
    let inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let map = json!({"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": inner, "MaxConcurrencyPath": "$.max"});
    let expected = ("States.Runtime".into(), "Reference path \"$.items\" must point to array.".into());
    assert_eq!(fault(map.clone(), &json!({"items": 1})), expected);
    let expected = ("States.ReferencePathConflict".into(), "Unable to apply step \"items\" to input {}".into());
    assert_eq!(fault(map.clone(), &json!({})), expected);
    let words = "The MaxConcurrencyPath field refers to value \"{}\" which is not a valid integer: $.max";
    assert_eq!(fault(map, &json!({"items": [], "max": {}})), runtime(words));
}

#[test]
fn concurrency_is_a_ceiling_and_the_quota_another() {
    let inner = json!({"StartAt": "T", "States": {"T": job(json!({"End": true}))}});
    let items: Value = (0..100).collect();
    let started = |most: Value| {
        let map = json!({"Type": "Map", "ItemProcessor": inner, "MaxConcurrency": most});
        let mut script = Script::start(&single(map), &items);
        let first = script.started().len();
        script.succeeded(2, &json!("done"));
        (first, script.started_ids())
    };
    assert_eq!(started(json!(3)), (3, vec![4]));
    assert_eq!(started(json!(0)), (40, vec![41]));
    assert_eq!(started(json!(1000)), (40, vec![41]));
}

#[test]
fn results_keep_the_order_of_the_items() {
    let inner = json!({"StartAt": "T", "States": {"T": job(json!({"End": true, "ResultSelector": {"r.$": "$.v"}}))}});
    let mut script = Script::start(&single(json!({"Type": "Map", "ItemProcessor": inner})), &json!(["a", "b"]));
    assert_eq!(script.started_ids(), [1, 2]);
    script.succeeded(2, &json!({"v": "second"}));
    script.succeeded(1, &json!({"v": "first"}));
    assert_eq!(script.output(), json!([{"r": "first"}, {"r": "second"}]));
}
