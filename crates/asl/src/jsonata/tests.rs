//! What AWS adds to JSONata, takes from it, and bounds.

mod suite;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Jsonata, NoValue, values};
use crate::context::Context;
use crate::expression::Scope;
use crate::random::Random;
use crate::variables::Variables;
use crate::{Payload, Quotas, Settings, StartedAs};

fn evaluate(text: &str) -> Result<Value, NoValue> {
    let variables = json!({"n": 2, "list": [1, 2, 3]});
    let expression = Jsonata::parse(text).unwrap_or_else(|problem| panic!("{text}: {}", problem.reason));
    evaluate_from(&expression, None, variables)
}

/// The value where `$` is `root` and `bound` are the variables.
fn evaluate_from(expression: &Jsonata, root: Option<&Value>, bound: Value) -> Result<Value, NoValue> {
    let settings = Settings {
        execution_arn: "arn:aws:states:r:a:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:r:a:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: String::new(),
        input: Payload::from_value(json!({"k": "a,b"})),
        seed: 1,
        quotas: Quotas::default(),
        record_history: true,
        started_as: StartedAs::default(),
    };
    let now: Timestamp = "2026-01-02T03:04:05.678Z".parse().unwrap();
    let context = Context {
        execution: &settings,
        started_at: now,
        state: "S",
        entered_at: now,
        retries: None,
        item: None,
        task_token: None,
        redrives: (0, None),
        given: None,
    };
    let mut variables = Variables::default();
    let bound = bound.as_object().cloned().unwrap_or_default();
    variables.assign(bound.into_iter().map(|(name, value)| (name.into(), value.into())));
    let (input, result) = (Payload::from_value(json!({"a": {"b": [1, {"c": "x"}]}, "f": 1.5})), Payload::from_value(json!({"r": 1})));
    let mut random = Random::new(1);
    let mut scope = Scope {
        input: &input,
        result: Some(&result),
        error_output: None,
        context: &context,
        variables: &variables,
        random: &mut random,
        now,
    };
    match root {
        Some(root) => expression.evaluate_from(&values::plain(root), &mut scope),
        None => expression.evaluate(&mut scope),
    }
}

#[test]
fn expressions_see_states_and_variables() {
    for (text, expected) in [
        ("$states.input.a.b[1].c", json!("x")),
        ("$states.input.f", json!(1.5)),
        ("$states.result.r + $n", json!(3)),
        ("$states.context.Execution.Input.k", json!("a,b")),
        ("$states.context.State.Name", json!("S")),
        ("$keys($states)", json!(["input", "result", "context"])),
        ("$sum($list) + $n", json!(8)),
        ("$list[$ > 1]", json!([2, 3])),
        ("{'a': $nothing, 'b': null}", json!({"b": null})),
        ("[]", json!([])),
        ("1e3", json!(1000)),
    ] {
        assert_eq!(evaluate(text), Ok(expected), "{text}");
    }
    assert_eq!(evaluate("$nothing"), Err(NoValue::Nothing));
    assert_eq!(evaluate("$states.errorOutput"), Err(NoValue::Nothing));
}

/// Developer Guide, Transforming data with JSONata: functions provided by Step Functions.
#[test]
fn functions_of_aws_are_there() {
    for (text, expected) in [
        ("$partition([1,2,3,4,5], 2)", json!([[1, 2], [3, 4], [5]])),
        ("$range(0, 9, 3)", json!([0, 3, 6, 9])),
        ("$range(5, 1, -2)", json!([5, 3, 1])),
        ("$range(1, 0, 1)", json!([])),
        ("$hash('abc', 'MD5')", json!("900150983cd24fb0d6963f7d28e17f72")),
        ("$hash('abc', 'SHA-1')", json!("a9993e364706816aba3e25717850c26c9cd0d89d")),
        ("$parse('{\"a\": [1]}')", json!({"a": [1]})),
        ("$length($uuid())", json!(36)),
        ("$random(7) = $random(7)", json!(true)),
        ("$random() < 1", json!(true)),
        ("$now()", json!("2026-01-02T03:04:05.678Z")),
        ("$now('[Y]')", json!("2026")),
        ("$millis()", json!(1_767_323_045_678_i64)),
        ("$count($shuffle($list))", json!(3)),
        ("$pad('a', 3, '-')", json!("a--")),
        ("$pad('a', -3)", json!("  a")),
        ("('a').$pad(3, '-')", json!("a--")),
    ] {
        assert_eq!(evaluate(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_aws_does_not_have_is_not_there() {
    assert_eq!(evaluate("$eval('1')"), Err(NoValue::Threw("T1006: Attempted to invoke a non-function".into())));
    assert_eq!(evaluate("$nothing(1)"), Err(NoValue::Threw("T1006: Attempted to invoke a non-function".into())));
    for later in ["$n ?: 1", "$n ?? 1"] {
        assert!(Jsonata::parse(later).is_err(), "{later}");
    }
    assert!(Jsonata::parse("'a ?? b'").is_ok());
}

/// They are written in JSONata around the library's, and so know what `$` is.
#[test]
fn functions_with_guards_are_the_librarys() {
    for (text, expected) in [
        ("$distinct([1, '1', 1, {'a': 1, 'b': [0]}, {'b': [-0], 'a': 1}, null, true])", json!([1, "1", {"a": 1, "b": [0]}, null, true])),
        ("$distinct([1, 1])", json!([1])),
        ("$distinct($list[$ > 9])", json!("none")),
        ("$count($distinct([1..100000]))", json!(100_000)),
        ("$join($list.$string(), '-')", json!("1-2-3")),
        ("$replace('abcb', 'b', 'x', 1)", json!("axcb")),
        ("('abcb').$replace(/b(.)?/, '[$1]')", json!("a[c][]")),
        ("$replace('ab', /b/, function($m){ $uppercase($m.match) })", json!("aB")),
        ("(5).$formatInteger('w')", json!("five")),
        ("$formatInteger(9, 'I')", json!("IX")),
        ("(0).$fromMillis('[Y0001]-[M01]', '+0100')", json!("1970-01")),
        ("['a', 'b'].$pad(2, '.')", json!(["a.", "b."])),
        ("($pad := function($x){ 'mine' }; $pad(1))", json!("mine")),
    ] {
        let found = evaluate(text).or_else(|why| if why == NoValue::Nothing { Ok(json!("none")) } else { Err(why) });
        assert_eq!(found, Ok(expected), "{text}");
    }
}

/// The evaluations here are at 03:04:05 on the 2nd of January 2026.
#[test]
fn times_are_completed_by_the_executions_clock() {
    for (text, expected) in [
        ("$toMillis('13:45', '[H]:[m]')", "2026-01-02T13:45:00.000Z"),
        ("$toMillis('17 April', '[D] [MNn]')", "2026-04-17T00:00:00.000Z"),
        ("$toMillis('9', '[D]')", "2026-01-09T00:00:00.000Z"),
        ("$toMillis('12', '[m]')", "2026-01-02T03:12:00.000Z"),
        ("$toMillis('2025 9', '[Y] [M]')", "2025-09-01T00:00:00.000Z"),
        ("$toMillis('2025-09-08')", "2025-09-08T00:00:00.000Z"),
    ] {
        assert_eq!(evaluate(&format!("{text} ~> $fromMillis()")), Ok(json!(expected)), "{text}");
    }
    assert_eq!(evaluate("$toMillis($nothing, '[H]')"), Err(NoValue::Nothing));
}

/// `?:` in a signature is an optional argument and not the operator of JSONata 2.1.
#[test]
fn signatures_may_have_optional_arguments() {
    assert_eq!(evaluate("λ($a, $b)<a<s>s?:s>{ $join($a, $b) }(['x', 'y'], '-')"), Ok(json!("x-y")));
    assert_eq!(evaluate("function($a)<s?:s>{ $a }('x')"), Ok(json!("x")));
    assert!(Jsonata::parse("function($a)<s?:s>{ $a ?: 1 }").is_err());
    assert!(Jsonata::parse("function($a){ 1 } < 2 ?: 3").is_err());
    assert_eq!(evaluate("$match('ab', /ab??/).match"), Ok(json!("a")));
}

/// The library has its own words before some codes.
#[test]
fn messages_begin_with_jsonatas_codes() {
    for (text, code) in [("/* a", "S0106"), ("10e1000", "S0102"), ("$.7a", "S0201"), ("3(?)", "T1008"), ("[1]{'a': $}[true]", "S0209")] {
        let reason = Jsonata::parse(text).err().map(|problem| problem.reason).unwrap_or_default();
        assert!(reason.starts_with(code), "{text}: {reason}");
    }
}

/// Developer Guide, Transforming data with JSONata: Handling expression errors, for how each begins; how each goes on:
/// floci-io/floci#2737, which quotes AWS, and for the time jsonata-js, from which AWS has the others.
#[test]
fn what_stops_an_evaluation_is_said_in_awss_words() {
    for (text, words) in [
        ("($f := function($x){ $f($x + 1) }; $f(0))", "Expression evaluation timeout: Check for infinite loop"),
        ("$range(0, 1e9, 1)", "Expression evaluation memory limit exceeded: Check for excessive memory usage"),
        ("$count([1..2000000])", "Expression evaluation memory limit exceeded: Check for excessive memory usage"),
        (
            "($f := function($x){ [$f($x)] }; $f(0))",
            "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.",
        ),
    ] {
        let found = evaluate(text).map_err(|why| why.to_string());
        assert_eq!(found, Err(format!("threw an error during evaluation: {words}")), "{text}");
    }
    let found = evaluate("$nothing(1)").map_err(|why| why.to_string());
    assert_eq!(found, Err("threw an error during evaluation. T1006: Attempted to invoke a non-function".into()));
}

/// Each of these once took memory, stack or time without end, or broke the library.
#[test]
fn evaluations_have_an_end() {
    for text in [
        "($f := function($s, $n){ $n = 0 ? $s : $f([[$s], [$s]], $n - 1) }; $f('x', 40))",
        "($s := $pad('x', 100000, 'x'); $replace($s, 'x', $s))",
        "($s := $pad('x', 100000, 'x'); $replace($s, /x/, $s))",
        "($s := $pad('x', 100000, 'x'); $replace($s, /x/, $pad('', 6000, '$0')))",
        "($s := $pad('x', 1000000); $join([1..10000].$s))",
        "$formatInteger(1e15, 'I')",
        "$fromMillis(1, '[Y,9999999-9999999]')",
        "$now('[Y,9999999-9999999]')",
        "$toMillis('1', '[Y,9999999-9999999]')",
        "$pad('x', 1e12)",
        "$range(0, 1e9, 1)",
        "($f := function($x){ $f($x + 1) }; $f(0))",
        "($f := function($x){ [$f($x)] }; $f(0))",
        "$reduce([1..900000], function($a, $b){ [[$a]] })",
    ] {
        assert!(matches!(evaluate(text), Err(NoValue::Threw(_) | NoValue::Stopped(_))), "{text}");
    }
    assert!(matches!(evaluate("function($x){$x}"), Err(NoValue::Threw(_))));
}
