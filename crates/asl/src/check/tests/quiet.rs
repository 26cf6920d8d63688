//! JSONata and variables; and documents of which there is nothing to say.

use serde_json::{Value, json};

use super::{codes, extend, machine};

/// The warnings in a JSONata document.
fn warnings(states: Value) -> Vec<String> {
    let mut document = machine(states);
    document["QueryLanguage"] = json!("JSONata");
    codes(&document).into_iter().filter(|code| code.starts_with("warning")).collect()
}

fn pass(more: Value) -> Value {
    let mut state = json!({"Type": "Pass", "End": true});
    extend(&mut state, more);
    state
}

#[test]
fn expressions_have_to_be_whole() {
    let output = |text: &str| warnings(json!({"S": pass(json!({"Output": {"a": text}}))}));
    assert_eq!(output("a {% 1 %} b"), ["warning JSONATA_DELIMITERS /States/S/Output/a"]);
    // These are refused, which says enough.
    for text in ["{% $states.input", "$states.input %}", " {% 1 %}"] {
        let mut document = machine(json!({"S": pass(json!({"Output": {"a": text}}))}));
        document["QueryLanguage"] = json!("JSONata");
        assert_eq!(codes(&document), ["error INVALID_JSONATA_EXPRESSION /States/S/Output/a"], "{text}");
    }
    for text in ["{% $states.input %}", "{%1%}", "100 %", "a {% b", "plain"] {
        assert_eq!(output(text), [""; 0], "{text}");
    }
    assert_eq!(output("$.a.b"), ["warning PATH_IN_JSONATA /States/S/Output/a"]);
}

#[test]
fn variables_are_assigned_and_read() {
    let of = |assign: Value, output: &str| {
        warnings(json!({"S": {"Type": "Pass", "Assign": assign, "Next": "T"}, "T": pass(json!({"Output": output}))}))
    };
    assert_eq!(of(json!({"name": 1}), "{% $name + $count([1]) %}"), [""; 0]);
    assert_eq!(of(json!({"count": 1}), "{% $map([$count], $string) %}"), [""; 0]);
    assert_eq!(
        of(json!({"name": 1}), "{% $nmae %}"),
        ["warning UNUSED_VARIABLE /States/S/Assign/name", "warning UNASSIGNED_VARIABLE /States/T/Output"]
    );
}

#[test]
fn variables_have_a_scope() {
    let map = |mode: &str, inner: Value| {
        json!({"Type": "Map", "Next": "T", "ItemProcessor": {
            "ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": inner}}})
    };
    let of = |mode: &str, inner: Value, output: &str| {
        let first = json!({"Type": "Pass", "Assign": {"outer": 1}, "Next": "M"});
        warnings(json!({"S": first, "M": map(mode, pass(inner)), "T": pass(json!({"Output": output}))}))
    };
    assert_eq!(of("INLINE", json!({"Output": "{% $outer %}"}), "x"), [""; 0]);
    let unseen = "warning UNASSIGNED_VARIABLE /States/M/ItemProcessor/States/I/Output";
    assert_eq!(of("DISTRIBUTED", json!({"Output": "{% $outer %}"}), "x"), [unseen]);
    let inner = json!({"Assign": {"inner": "{% $outer %}"}});
    assert_eq!(of("INLINE", inner, "{% $inner %}"), ["warning UNASSIGNED_VARIABLE /States/T/Output"]);
}

#[test]
fn jobs_and_callbacks_in_jsonata() {
    let arguments = |value: &str| {
        let environment = json!([{"Name": "N", "Value": value}]);
        json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "ContainerOverrides": {"Environment": environment}})
    };
    let of = |value: &str, output: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "TimeoutSeconds": 9, "End": true});
        extend(&mut task, json!({"Arguments": arguments(value)}));
        extend(&mut task, output);
        let selector = json!({"n": "{% $states.context.Map.Item.Index %}"});
        let processor = json!({"StartAt": "T", "States": {"T": task}});
        warnings(json!({"M": {"Type": "Map", "ItemSelector": selector, "ItemProcessor": processor, "End": true}}))
    };
    let at = "/States/M/ItemProcessor/States/T/Arguments/ContainerOverrides/Environment/0/Value";
    let small = json!({"Output": "{% $states.result.JobId %}"});
    assert_eq!(of("{% $states.input.n %}", small.clone()), [format!("warning BATCH_VALUE_NOT_STRING {at}")]);
    assert_eq!(of("{% $string($states.input.n) %}", small), [""; 0]);
    assert_eq!(of("text", json!({})), ["warning MAP_RESULT_OVERFLOW /States/M"]);

    let callback = |body: &str| {
        warnings(json!({"S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 9,
            "Arguments": {"MessageBody": body}, "End": true}}))
    };
    assert_eq!(callback("{% $states.context.Task.Token %}"), [""; 0]);
    assert_eq!(callback("{% $states.context %}"), [""; 0]);
    assert_eq!(callback("{% $states.input.body %}"), ["warning CALLBACK_WITHOUT_TOKEN /States/S/Arguments"]);
}

#[test]
fn literal_lists_have_a_provable_history() {
    let of = |items: Value| {
        let processor = json!({"StartAt": "T", "States": {"T": {"Type": "Pass", "End": true}}});
        let map = json!({"Type": "Map", "Items": items, "ItemProcessor": processor, "End": true});
        warnings(json!({"M": map}))
    };
    assert_eq!(of(json!("{% [1..6248] %}")), [""; 0]);
    assert_eq!(of(json!("{% [1..6249] %}")), ["warning HISTORY_OVERFLOW /States/M"]);
    assert_eq!(of(json!((0..6249).collect::<Vec<_>>())), ["warning HISTORY_OVERFLOW /States/M"]);
    assert_eq!(of(json!("{% [1..9223372036854775807] %}")), ["warning HISTORY_OVERFLOW /States/M"]);
}
