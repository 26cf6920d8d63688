use serde_json::{Value, json};

use super::of;

fn references(states: Value) -> Value {
    json!(of(&json!({"StartAt": "S", "States": states}).to_string()))
}

/// Recorded.
#[test]
fn paths_name_variables() {
    let rule = json!({"Variable": "$guess", "StringEqualsPath": "$answer", "Next": "N"});
    for (state, expect) in [
        (json!({"Type": "Choice", "Choices": [rule]}), json!(["answer", "guess"])),
        (json!({"Type": "Pass", "Assign": {"guess.$": "$answer"}, "Result": {"state.$": "$wrong"}}), json!(["answer"])),
        (json!({"Type": "Pass", "InputPath": "$theAnswer"}), json!(["theAnswer"])),
        (json!({"Type": "Pass", "OutputPath": "$theAnswer.x[0]"}), json!(["theAnswer"])),
        (json!({"Type": "Fail", "CausePath": "$causeVar", "ErrorPath": "$errorVar"}), json!(["causeVar", "errorVar"])),
        (json!({"Type": "Map", "MaxConcurrencyPath": "$maxConcurrency"}), json!(["maxConcurrency"])),
    ] {
        assert_eq!(references(json!({"S": state})), json!({"S": expect}));
    }
}

/// Recorded.
#[test]
fn states_within_states_have_their_own() {
    let pass = json!({"Type": "Pass", "Parameters": {"Question.$": "$Question", "Answer.$": "$.AnnouncePokemon"}});
    let map = json!({
        "Type": "Map",
        "ItemSelector": {"AnnouncePokemon.$": "States.Format($AnswerTemplate, $$.Map.Item.Value)"},
        "ItemProcessor": {"StartAt": "Pass", "States": {"Pass": pass}}
    });
    let branch = json!({"States": {"B": {"Type": "Wait", "SecondsPath": "$seconds"}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch]});
    let expect = json!({"MapIterateState": ["AnswerTemplate"], "Pass": ["Question"], "B": ["seconds"]});
    assert_eq!(references(json!({"MapIterateState": map, "P": parallel})), expect);
}

#[test]
fn what_is_no_variable_is_none() {
    let parameters = json!({"a.$": "$.x", "b.$": "$$.Execution.Id", "c": "$text", "d.$": "States.Format('$no {}', $.y)", "e.$": "$['$x']", "fPath": "$g"});
    let state = json!({"Type": "Pass", "InputPath": "$", "ResultPath": "$.r", "Comment": "$c", "Parameters": parameters});
    assert_eq!(references(json!({"S": state})), json!({}));
}

#[test]
fn jsonata_names_variables_unless_it_binds_them() {
    for (expression, expect) in [
        ("$a + $states.input.b", json!(["a"])),
        ("($x := $y; $x + $z)", json!(["y", "z"])),
        ("$map($list, function($v, $i) { $v + $offset })", json!(["list", "offset"])),
        ("$map($list, $string)", json!(["list"])),
        ("'$no' & \"$no\" & `$no` /* $no */ & $yes", json!(["yes"])),
        ("$$.a", json!([])),
        ("$list[$ > 1]", json!(["list"])),
    ] {
        let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": format!("{{% {expression} %}}")}});
        let found = references(json!({"S": state}));
        assert_eq!(found.get("S").cloned().unwrap_or_else(|| json!([])), expect, "{expression}");
    }
}

#[test]
fn the_documents_language_holds_for_its_states() {
    let document = json!({"QueryLanguage": "JSONata", "States": {"S": {"Type": "Wait", "Seconds": "{% $n %}"}}});
    assert_eq!(json!(of(&document.to_string())), json!({"S": ["n"]}));
    assert_eq!(references(json!({"S": {"Type": "Pass", "Result": "{% $n %}", "Comment": "{% $n %}"}})), json!({}));
}
