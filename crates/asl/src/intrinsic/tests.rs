//! Tables of calls and their values. Rounding, formatting, splitting and hashing are as recorded on AWS
//! (LocalStack's snapshots `intrinsic_functions/*`).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::context::Context;
use crate::expression::{EvaluationError, Expression, Scope};
use crate::random::Random;
use crate::variables::Variables;
use crate::{Payload, Quotas, Settings, StartedAs};

fn evaluate(text: &str, input: &Value) -> Result<Value, EvaluationError> {
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
    let at = Timestamp::UNIX_EPOCH;
    let context = Context {
        execution: &settings,
        started_at: at,
        state: "S",
        entered_at: at,
        retries: None,
        item: None,
        task_token: None,
        redrives: (0, None),
        given: None,
    };
    let variables = Variables::default();
    let mut random = Random::new(1);
    let expression = Expression::parse(text).unwrap_or_else(|_| panic!("{text}"));
    let input = Payload::from_value(input.clone());
    let mut scope =
        Scope { input: &input, result: None, error_output: None, context: &context, variables: &variables, random: &mut random, now: at };
    expression.evaluate(&mut scope).map(std::borrow::Cow::into_owned)
}

#[test]
fn calls_have_the_values_that_aws_recorded() {
    let input = json!({"a": [1, [2], "x", null], "o": {"Arg1": 1, "Arg2": []}, "s": "it", "n": 2, "f": 2.5});
    for (call, expected) in [
        ("States.Format('{} and {}.', $.s, $.o)", json!("it and {Arg1=1, Arg2=[]}.")),
        ("States.Format('{}', $.a)", json!("[1, [2], x, null]")),
        (r"States.Format('\{\'{}\'\}\\', 1.1)", json!(r"{'1.1'}\")),
        ("States.Format('plain')", json!("plain")),
        ("States.Format($.s)", json!("it")),
        ("States.StringToJson('[1, {\"a\": null}]')", json!([1, {"a": null}])),
        ("States.StringToJson(' ')", json!(null)),
        ("States.StringToJson('-0')", json!(0)),
        ("States.JsonToString($.o)", json!("{\"Arg1\":1,\"Arg2\":[]}")),
        ("States.Array()", json!([])),
        ("States.Array($.s, 1, true, null, -0.5)", json!(["it", 1, true, null, -0.5])),
        ("States.ArrayPartition($.a, 3)", json!([[1, [2], "x"], [null]])),
        ("States.ArrayContains($.a, States.Array(2))", json!(true)),
        ("States.ArrayContains($.a, 2)", json!(false)),
        ("States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("States.ArrayRange(5, 1, -2)", json!([5, 3, 1])),
        ("States.ArrayRange(1, 0, 1)", json!([])),
        ("States.ArrayRange(0.6, 3.4, 1)", json!([1, 2, 3])),
        ("States.ArrayGetItem($.a, 2)", json!("x")),
        ("States.ArrayLength($.a)", json!(4)),
        ("States.ArrayUnique(States.Array(1, 2, 1, '1', '1'))", json!([1, 2, "1"])),
        ("States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU=")),
        ("States.Base64Encode('')", json!("")),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", json!("Data to encode")),
        ("States.Base64Decode('YQ==')", json!("a")),
        ("States.JsonMerge($.o, States.StringToJson('{\"Arg2\": 0}'), false)", json!({"Arg1": 1, "Arg2": 0})),
        ("States.MathAdd($.n, -5)", json!(-3)),
        ("States.MathAdd($.f, 0)", json!(3)),
        ("States.MathAdd(-1.5, 0)", json!(-1)),
        ("States.MathAdd(-1.51, 0.49)", json!(-2)),
        ("States.MathRandom(7, 8)", json!(7)),
        ("States.StringSplit('a,b;;c', ',;')", json!(["a", "b", "c"])),
        ("States.StringSplit($$.Execution.Input.k, ',')", json!(["a", "b"])),
        ("States.StringSplit('', ',')", json!([])),
    ] {
        assert_eq!(evaluate(call, &input), Ok(expected), "{call}");
    }
}

#[test]
fn hashes_are_those_that_aws_recorded() {
    for (algorithm, expected) in [
        ("MD5", "812f45842bc6d66ee14572ce20db8e86"),
        ("SHA-1", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("SHA-256", "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"),
        ("SHA-384", "d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562"),
        (
            "SHA-512",
            "6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4",
        ),
    ] {
        assert_eq!(evaluate(&format!("States.Hash('input data', '{algorithm}')"), &json!({})), Ok(json!(expected)));
    }
    // Longer than one block, and just around the place where the length needs another.
    let long = "a".repeat(119);
    assert_eq!(
        evaluate(&format!("States.Hash('{long}', 'SHA-256')"), &json!({})),
        Ok(json!("31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"))
    );
}

#[test]
fn misuse_is_an_intrinsic_failure() {
    let input = json!({"a": [1], "s": "x", "long": "x".repeat(10_001)});
    for call in [
        "States.Format('{}')",
        "States.Format('{')",
        "States.Format($.a)",
        "States.StringToJson('{')",
        "States.StringToJson($.a)",
        "States.ArrayPartition($.a, 0)",
        "States.ArrayPartition($.s, 1)",
        "States.ArrayRange(1, 2, 0)",
        "States.ArrayRange(1, 1001, 1)",
        "States.ArrayRange(-9000000000000000000, 9000000000000000000, 1)",
        "States.ArrayGetItem($.a, 1)",
        "States.ArrayGetItem($.a, -1)",
        "States.ArrayLength($.s)",
        "States.Base64Encode($.long)",
        "States.Base64Decode('*')",
        "States.Base64Decode('abcde')",
        "States.Hash($.s, 'MD4')",
        "States.Hash($.long, 'MD5')",
        "States.JsonMerge($.a, $.a, false)",
        "States.MathAdd($.s, 1)",
        "States.MathAdd(2147483647, 1)",
        "States.MathAdd(1e300, 1)",
        "States.MathRandom(2, 2)",
        "States.StringSplit($.a, ',')",
    ] {
        let error = evaluate(call, &input).unwrap_err();
        assert!(matches!(&error, EvaluationError::Intrinsic { call: named, .. } if named == call), "{call}: {error:?}");
    }
}

#[test]
fn a_missing_argument_names_the_whole_expression() {
    let call = "States.Format('{}', States.ArrayLength($.nope))";
    let expected = EvaluationError::Argument { call: call.into(), path: "$.nope".into() };
    assert_eq!(evaluate(call, &json!({})), Err(expected));
}

#[test]
fn chance_comes_from_the_seed() {
    let uuid = evaluate("States.UUID()", &json!({})).unwrap();
    assert_eq!(uuid, evaluate("States.UUID()", &json!({})).unwrap());
    assert_eq!(uuid.as_str().map(str::len), Some(36));
    let seeded = "States.MathRandom(0, 1000000, 3)";
    assert_eq!(evaluate(seeded, &json!({})), evaluate(seeded, &json!({})));
}

/// The numbers between were once computed in 64 bits.
#[test]
fn a_range_may_be_as_wide_as_numbers_are() {
    let call = "States.ArrayRange(-9223372036854775808, 9223372036854775807, 9223372036854775807)";
    assert_eq!(evaluate(call, &json!({})), Ok(json!([i64::MIN, -1, i64::MAX - 1])));
    let call = "States.ArrayRange(9223372036854775807, -9223372036854775808, -9223372036854775808)";
    assert_eq!(evaluate(call, &json!({})), Ok(json!([i64::MAX, -1])));
}

/// Each character of the text was once looked for in all of the others.
#[test]
fn a_text_is_split_at_any_number_of_characters() {
    let delimiters: String = ('\u{4e00}'..='\u{9fff}').chain('\u{20000}'..='\u{2a6df}').collect();
    let input = json!({"text": "x,y".repeat(100_000), "delimiters": delimiters + ","});
    let parts = evaluate("States.StringSplit($.text, $.delimiters)", &input).unwrap();
    assert_eq!(parts.as_array().map(Vec::len), Some(100_001));
}

/// A call of 1 MiB can name its input often enough to fill any memory.
#[test]
fn arguments_are_not_copied_without_end() {
    let input = json!("x".repeat(100_000));
    for call in [
        format!("States.Array({})", vec!["$"; 10_000].join(",")),
        format!("States.Array({})", vec!["States.Array($,$,$,$,$,$)"; 2_000].join(",")),
        format!("States.Format('{}',{})", "{}".repeat(10_000), vec!["$"; 10_000].join(",")),
    ] {
        let error = evaluate(&call, &input).unwrap_err();
        assert!(matches!(error, EvaluationError::Intrinsic { reason, .. } if reason == "The arguments are too big."));
    }
    let call = format!("States.Array({})", vec!["$.a"; 10_000].join(","));
    assert_eq!(evaluate(&call, &json!({"a": 1})), Ok(json!(vec![1; 10_000])));
}
