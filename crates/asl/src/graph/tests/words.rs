//! The short forms of conditions and states.

use serde_json::{Value, json};

use crate::graph::model::{Kind, Role};
use crate::graph::text::{Face, fitting, readable, shortened, width};
use crate::graph::{condition, notes, read};

#[test]
fn conditions_read_as_sentences() {
    let test = |operator: &str, with: Value| json!({"Variable": "$.a", operator: with, "Next": "X"});
    for (rule, words) in [
        (test("StringEquals", json!("x")), r#"$.a == "x""#),
        (test("NumericLessThan", json!(5)), "$.a < 5"),
        (test("NumericLessThanEquals", json!(0.5)), "$.a <= 0.5"),
        (test("TimestampGreaterThan", json!("2026-01-01T00:00:00Z")), r#"$.a > "2026-01-01T00:00:00Z""#),
        (test("StringGreaterThanEquals", json!("m")), r#"$.a >= "m""#),
        (test("BooleanEquals", json!(true)), "$.a == true"),
        (test("NumericGreaterThanPath", json!("$.b")), "$.a > $.b"),
        (test("StringMatches", json!("log-*")), r#"$.a matches "log-*""#),
        (test("IsPresent", json!(true)), "$.a is present"),
        (test("IsNull", json!(false)), "$.a is not null"),
        (test("IsTimestamp", json!(true)), "$.a is a timestamp"),
        (json!({"Not": test("IsString", json!(true)), "Next": "X"}), "not ($.a is a string)"),
        (json!({"And": [test("IsNumeric", json!(true)), test("NumericEquals", json!(1))]}), "$.a is numeric and $.a == 1"),
        (
            json!({"Or": [{"And": [test("NumericEquals", json!(1)), test("NumericEquals", json!(2))]}, test("NumericEquals", json!(3))]}),
            "($.a == 1 and $.a == 2) or $.a == 3",
        ),
        (json!({"Condition": "{% $n > 5 and $s = 'x' %}", "Next": "X"}), "$n > 5 and $s = 'x'"),
        (json!({"Condition": true}), "true"),
        (test("SomethingNew", json!([1])), "$.a SomethingNew [1]"),
        (json!({"StringEquals": "x"}), r#"? == "x""#),
        (json!({"Next": "X"}), "?"),
        (json!(5), "?"),
    ] {
        assert_eq!(condition::words(&rule), words, "{rule}");
    }
}

#[test]
fn conditions_end_however_deep_they_are() {
    let mut rule = json!({"Variable": "$", "IsNull": true});
    for _ in 0..50 {
        rule = json!({"Not": {"And": [rule]}});
    }
    assert!(condition::words(&rule).contains('…'));
}

#[test]
fn notes_say_what_a_state_does() {
    let errors = json!(["A", "B"]);
    for (state, lines) in [
        (json!({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync"}), vec!["Task · batch:submitJob.sync"]),
        (json!({"Type": "Task", "Resource": "arn:aws-cn:states:::aws-sdk:batch:listJobs"}), vec!["Task · aws-sdk:batch:listJobs"]),
        (json!({"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:resize"}), vec!["Task · lambda:resize"]),
        (json!({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:approve"}), vec!["Task · activity:approve"]),
        (json!({"Type": "Task", "Resource": "${Function}"}), vec!["Task · ${Function}"]),
        (json!({"Type": "Task"}), vec!["Task"]),
        (json!({"Type": "Pass"}), vec!["Pass"]),
        (json!({"Type": "Wait", "Seconds": 60}), vec!["Wait · 60 s"]),
        (json!({"Type": "Wait", "SecondsPath": "$.n"}), vec!["Wait · $.n s"]),
        (json!({"Type": "Wait", "Timestamp": "2026-01-01T00:00:00Z"}), vec!["Wait · until 2026-01-01T00:00:00Z"]),
        (json!({"Type": "Wait", "TimestampPath": "$.t"}), vec!["Wait · until $.t"]),
        (json!({"Type": "Choice"}), vec!["Choice"]),
        (json!({"Type": "Succeed"}), vec!["Succeed"]),
        (json!({"Type": "Fail", "Error": "Oops"}), vec!["Fail · Oops"]),
        (json!({"Type": "Parallel", "Branches": [{}]}), vec!["Parallel · 1 branch"]),
        (json!({"Type": "Parallel", "Branches": [{}, {}]}), vec!["Parallel · 2 branches"]),
        (json!({"Type": "Map", "ItemsPath": "$.runs", "MaxConcurrency": 0}), vec!["Map · inline · each of $.runs"]),
        (json!({"Type": "Map", "Items": "{% $runs %}", "MaxConcurrency": 40}), vec!["Map · inline · each of $runs · 40 at once"]),
        (
            json!({"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}}),
            vec!["Map · distributed · items from s3:getObject"],
        ),
        (json!({"Type": "Pass", "Retry": [{"ErrorEquals": errors}]}), vec!["Pass", "Retry ×3 on A, B"]),
        (
            json!({"Type": "Pass", "Retry": [{"ErrorEquals": errors, "MaxAttempts": 1}, {"ErrorEquals": ["C"], "MaxAttempts": 0}]}),
            vec!["Pass", "Retry ×1 on A, B; ×0 on C"],
        ),
        (json!({"Type": "Retry", "Retry": [5]}), vec!["Retry", "Retry ×3 on ?"]),
        (json!({"Type": 7}), vec!["7"]),
        (json!("state"), vec!["no Type"]),
    ] {
        let kind = Kind::of(state.get("Type").and_then(Value::as_str).unwrap_or_default());
        assert_eq!(notes::of(kind, &state), lines, "{state}");
    }
}

#[test]
fn every_transition_becomes_an_edge() {
    let state = json!({
        "Type": "Choice", "Next": "S", "End": true, "Default": 5, "Choices": [{"Variable": "$", "IsNull": true, "Next": "Gone"}, {}],
        "Catch": [{"ErrorEquals": ["A", "B"], "Next": "Gone"}]
    });
    let machine = read::document(&json!({"StartAt": "S", "States": {"S": state}}));
    let name = |id: usize| match machine.nodes[id].kind {
        Kind::Start => "start",
        Kind::End => "end",
        _ => &machine.nodes[id].name,
    };
    let edges: Vec<_> = machine.edges.iter().map(|edge| (name(edge.from), name(edge.to), edge.role, &edge.label[..])).collect();
    assert_eq!(
        edges,
        [
            ("start", "S", Role::Next, ""),
            ("S", "Gone", Role::Choice, "$ is null"),
            ("S", "?", Role::Choice, "?"),
            ("S", "5", Role::Choice, "default"),
            ("S", "S", Role::Next, ""),
            ("S", "end", Role::Next, ""),
            ("S", "Gone", Role::Catch, "catch A, B"),
        ]
    );
    let missing: Vec<_> =
        machine.nodes.iter().filter(|node| node.kind == Kind::Missing).map(|node| (&node.name[..], &node.notes[0][..])).collect();
    assert_eq!(missing, [("Gone", "missing state"), ("?", "no Next"), ("5", "missing state")]);
}

#[test]
fn text_is_made_readable_and_cut_to_its_place() {
    assert_eq!(readable("a\nb\tc\u{0}\u{202e}\u{ffff}"), "a b c\u{fffd}\u{fffd}\u{fffd}");
    for (text, most, cut) in [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ab cd", 4, "ab…"), ("日本語", 2, "日…"), ("", 0, ""), ("a", 0, "…")]
    {
        assert_eq!(shortened(text, most), cut, "{text}");
    }
    for text in super::documents::NASTY {
        let fitted = fitting(text, Face::Name, 100.0);
        assert!(width(&fitted, Face::Name) <= 100.0, "{fitted}");
        assert!(fitted == text || fitted.ends_with('…'), "{fitted}");
    }
}
