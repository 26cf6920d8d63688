//! Expressions that are refused when a machine is created.

use serde_json::{Value, json};

use super::of_state;

/// Developer Guide, Transforming data with JSONata: "Attempting to access $states.result or $states.errorOutput in fields and
/// states where they are not accessible will be caught at creation, update, or validation of the state machine." The words are
/// quoted in anomalyco/sst#6110.
#[test]
fn results_and_errors_are_read_only_where_they_are() {
    let of_jsonata = |mut state: Value| {
        state["QueryLanguage"] = "JSONata".into();
        of_state(state)
    };
    let absent =
        |member: &str, at: &str| [format!("UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.{member}' does not exist. at /States/S{at}")];
    let (result, error) = ("{% $states.result.a %}", "{% $states.errorOutput.Cause %}");
    let task = |more: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true});
        task.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of_jsonata(task)
    };
    let catch = |more: Value| {
        let mut catcher = json!({"ErrorEquals": ["States.ALL"], "Next": "S"});
        catcher.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        task(json!({"Catch": [catcher]}))
    };
    let inner = json!({"StartAt": "I", "States": {"I": {"Type": "Succeed"}}});
    assert_eq!(task(json!({"Output": result, "Assign": {"x": result}})), [""; 0]);
    assert_eq!(of_jsonata(json!({"Type": "Map", "ItemProcessor": inner.clone(), "Output": [result]})), [""; 0]);
    assert_eq!(of_jsonata(json!({"Type": "Parallel", "Branches": [inner.clone()], "Assign": {"x": result}})), [""; 0]);
    assert_eq!(catch(json!({"Output": error, "Assign": {"x": {"y": error}}})), [""; 0]);

    assert_eq!(task(json!({"Output": {"a": [error]}})), absent("errorOutput", "/Output/a[0]"));
    assert_eq!(task(json!({"Arguments": {"a": result}})), absent("result", "/Arguments/a"));
    assert_eq!(task(json!({"TimeoutSeconds": result})), absent("result", "/TimeoutSeconds"));
    assert_eq!(catch(json!({"Output": result})), absent("result", "/Catch[0]/Output"));
    assert_eq!(of_jsonata(json!({"Type": "Pass", "Output": result})), absent("result", "/Output"));
    assert_eq!(of_jsonata(json!({"Type": "Wait", "Seconds": 1, "Assign": {"x": error}})), absent("errorOutput", "/Assign/x"));
    let selector = json!({"Type": "Map", "ItemSelector": {"a": result}, "ItemProcessor": inner});
    assert_eq!(of_jsonata(selector), absent("result", "/ItemSelector/a"));
    let choice = json!({"Type": "Choice", "Choices": [{"Condition": result, "Next": "S"}], "Default": "S"});
    assert!(of_jsonata(choice).contains(&absent("result", "/Choices[0]/Condition")[0]));
    for text in ["'$states.result'", "/* $states.result */ 1", "$states.input.result", "$states.context.Execution.Id", "$states"] {
        assert_eq!(of_jsonata(json!({"Type": "Pass", "Output": format!("{{% {text} %}}")})), [""; 0], "{text}");
    }
}

/// Quoted in floci-io/floci#2670 and #2745.
#[test]
fn expressions_are_checked_when_a_machine_is_created() {
    let of_output = |text: &str| of_state(json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"v": format!("{{% {text} %}}")}}));
    let unsupported = |name: &str| {
        [format!("UNSUPPORTED_JSONATA_EXPRESSION: Reference to '{name}' at the top level is not supported. at /States/S/Output/v")]
    };
    for (text, words) in
        [("1 +", "Unexpected end of expression"), ("\"unterminated", "String literal must be terminated by a matching quote")]
    {
        assert_eq!(of_output(text), [format!("INVALID_JSONATA_EXPRESSION: {words} at /States/S/Output/v")]);
    }
    assert_eq!(of_output("$$"), ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/S/Output/v"]);
    for text in ["phone", "phone.number & phone", "$map($states.input.a, function($x){ phone })", "[1, {'a': phone}]", "$f := phone"] {
        assert_eq!(of_output(text), unsupported("phone"), "{text}");
    }
    for text in [
        "$states.input.items[value > 3]",
        "$states.input.items.{'a': b}",
        "$states.input.items^(>price).name",
        "$states.input.items{name: $sum(price)}",
        "$states.input.a.(b + c)",
        "$states.input ~> |items|{'a': b}|",
        "$phone",
        "'phone'",
    ] {
        assert_eq!(of_output(text), [""; 0], "{text}");
    }
}
