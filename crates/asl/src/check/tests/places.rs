//! Lines, columns, pointers and helps.

use super::super::{Finding, MachineType, check};

/// `line:column-end CODE pointer: help`.
fn shown(finding: &Finding) -> String {
    let span = finding.span;
    let help = finding.help.as_deref().unwrap_or("-");
    format!("{}:{}-{} {} {}: {help}", span.line, span.column, span.end_column, finding.code, finding.pointer)
}

fn of(text: &str) -> Vec<String> {
    check(text, MachineType::Standard).iter().map(shown).collect()
}

#[test]
fn what_aws_refuses_is_found_in_the_text_with_a_way_out() {
    let text = r#"{
  "StartAt": "Frist",
  "States": {
    "First/[1]": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Paramters": {},
      "Catch": [
        { "ErrorEquals": ["é", "E"], "Next": "Lst" }
      ],
      "Next": "Last"
    },
    "Last": { "Type": "Pass", "Retry": [], "Next": "Last", "End": true },
    "Lost": { "Type": "Sucseed" }
  }
}"#;
    assert_eq!(
        of(text),
        [
            "2:14-21 MISSING_TRANSITION_TARGET /StartAt: the states here are First/[1], Last, Lost",
            "4:5-16 MISSING_TRANSITION_TARGET /States/First~1[1]: lead to it with a Next, Default or Catch, or remove it",
            "7:7-18 SCHEMA_VALIDATION_FAILED /States/First~1[1]/Paramters: did you mean 'Parameters'?",
            "9:46-51 MISSING_TRANSITION_TARGET /States/First~1[1]/Catch/0/Next: did you mean 'Last'?",
            "13:5-11 MISSING_TRANSITION_TARGET /States/Last: lead to it with a Next, Default or Catch, or remove it",
            "13:31-38 SCHEMA_VALIDATION_FAILED /States/Last/Retry: a Pass state has no Retry; Task, Map and Parallel have it",
            "13:60-65 SCHEMA_VALIDATION_FAILED /States/Last/End: a state with a Next does not end; remove one of the two",
            "14:5-11 MISSING_TRANSITION_TARGET /States/Lost: lead to it with a Next, Default or Catch, or remove it",
            "14:23-32 SCHEMA_VALIDATION_FAILED /States/Lost/Type: did you mean 'Succeed'?",
        ]
    );
}

#[test]
fn text_that_is_not_json_has_a_place_and_a_guess() {
    for (text, place, words) in [
        ("", "1:1-1", "the text is empty"),
        ("{\n  \"a\": 1,\n}", "3:1-2", "no comma may follow the last member"),
        ("{\n  // words\n}", "2:3-4", "JSON has no comments"),
        ("{'a': 1}", "1:2-3", "JSON strings stand in double quotes"),
        ("{\"a\": 1", "1:7-8", "-"),
        ("{\"a\": \"é\"\n \"b\": 1}", "2:2-3", "a comma is missing before this"),
        ("StartAt: A\nStates: {}", "1:1-2", "this looks like YAML"),
        ("\u{feff}{}", "1:1-2", "byte order mark"),
        ("{\"a\": ${N}}", "1:7-8", "a placeholder"),
        ("{} {}", "1:4-5", "-"),
    ] {
        let found = of(text);
        assert!(found.len() == 1 && found[0].starts_with(&format!("{place} INVALID_JSON_DESCRIPTION : ")), "{text:?}: {found:?}");
        assert!(found[0].contains(words), "{text:?}: {found:?}");
    }
    assert_eq!(of("[]"), ["1:1-2 INVALID_JSON_DESCRIPTION : a definition is an object with StartAt and States"]);
}

#[test]
fn any_text_is_answered() {
    let deep = "[".repeat(10_000_000);
    assert_eq!(of(&deep), ["1:128-129 INVALID_JSON_DESCRIPTION : no state machine needs that; AWS has a limit of its own"]);
    for depth in [1, 100, 126, 127, 128, 1000] {
        for (open, close) in [("[", "]"), ("{\"States\":", "}"), ("{\"States\":{\"S\":{\"Branches\":[", "]}}}")] {
            let text = format!("{}{{}}{}", open.repeat(depth), close.repeat(depth));
            assert!(!of(&text).is_empty(), "{depth} {open}");
        }
    }
    for junk in
        ["\0", "null", "\"\\ud800\"", "1e999", "{\"a\":{\"a\":{\"\":\"\"}}}", "{\"States\":[],\"StartAt\":{}}", "{\"States\":{\"\":{}}}"]
    {
        assert!(!of(junk).is_empty(), "{junk:?}");
    }
}

#[test]
fn a_key_that_is_there_twice_is_told() {
    let text = "{\"StartAt\": \"S\", \"States\": {\"S\": {\"Type\": \"Fail\"},\n\"\\u0053\": {\"Type\": \"Succeed\"}}}";
    assert_eq!(of(text), ["2:1-9 DUPLICATE_KEY /States/S: remove one of them, or give it another name"]);
}

#[test]
fn equal_problems_are_found_one_after_the_other() {
    let text = r#"{"StartAt": "S", "States": {"S": {"Type": "Task", "TimeoutSeconds": 9, "End": true,
"Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d",
"ContainerOverrides": {"Environment": [
{"Name": "A", "Value": 1},
{"Name": "B", "Value": "2"},
{"Name": "C", "Value": true}]}}}}}"#;
    let found: Vec<(usize, String)> =
        check(text, MachineType::Standard).into_iter().map(|finding| (finding.span.line, finding.pointer)).collect();
    let value = |position| format!("/States/S/Parameters/ContainerOverrides/Environment/{position}/Value");
    assert_eq!(found, [(4, value(0)), (6, value(2))]);
}

#[test]
fn an_end_is_missing_where_it_is_missing() {
    let text = r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}},
{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "B"}}}]}}}"#;
    assert_eq!(
        of(text),
        ["3:1-65 MISSING_END_STATE /States/P/Branches/1: give one of the states \"End\": true, or add a Succeed or Fail state"]
    );
}

#[test]
fn what_is_filled_in_later_is_not_refused() {
    let text = r#"{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "${FunctionArn}", "End": true}}}"#;
    assert_eq!(of(text), [""; 0]);
}
