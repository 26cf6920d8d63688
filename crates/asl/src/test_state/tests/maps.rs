//! Map and Parallel: their data, without what is in them.

use serde_json::{Value, json};

use super::answer;

fn processor(mode: &str) -> Value {
    json!({"ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}})
}

fn inspected(map: Value, input: Value, mock: Value, configuration: Value) -> Value {
    let mut map = map;
    map["Type"] = "Map".into();
    map["End"] = true.into();
    answer(json!({"definition": map, "input": input, "mock": mock, "stateConfiguration": configuration, "inspectionLevel": "DEBUG"}))
}

/// Developer Guide, Testing a Map state.
#[test]
fn a_map_shows_what_its_iterations_would_get() {
    let selector = json!({"value.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index"});
    let map = json!({"ItemsPath": "$.items", "ItemSelector": selector, "ItemProcessor": processor("INLINE"), "ResultPath": "$.r"});
    let answer = inspected(map, json!({"items": [7, 8]}), json!({"result": [10, 20]}), json!({}));
    let output = json!({"items": [7, 8], "r": [10, 20]});
    assert_eq!(
        answer["inspectionData"],
        json!({"input": {"items": [7, 8]}, "afterInputPath": {"items": [7, 8]}, "afterItemsPath": [7, 8],
            "afterItemSelector": [{"value": 7, "index": 0}, {"value": 8, "index": 1}], "maxConcurrency": 0,
            "afterResultSelector": [10, 20], "afterResultPath": output})
    );
    assert_eq!((&answer["status"], &answer["output"]), (&json!("SUCCEEDED"), &output));
}

#[test]
fn batches_are_made_of_what_was_read() {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
        "Parameters": {"Bucket": "b", "Key": "k"}});
    let map = json!({"ItemReader": reader, "ItemBatcher": {"MaxItemsPerBatch": 2}, "ItemSelector": {"n.$": "$$.Map.Item.Value.a"},
        "ItemProcessor": processor("DISTRIBUTED"), "MaxConcurrency": 3});
    let data = json!({"mapItemReaderData": "a,b\n1,x\n2,y\n3,z\n"});
    let seen = inspected(map, json!({}), json!({"result": []}), data)["inspectionData"].clone();
    assert_eq!(seen["afterItemSelector"], json!([{"n": "1"}, {"n": "2"}, {"n": "3"}]));
    assert_eq!(seen["afterItemBatcher"], json!([{"Items": [{"n": "1"}, {"n": "2"}]}, {"Items": [{"n": "3"}]}]));
    assert_eq!((&seen["maxConcurrency"], &seen["afterItemsPath"]), (&json!(3), &Value::Null));
}

#[test]
fn a_pointer_leads_to_the_items_of_an_object() {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/orders"},
        "Parameters": {"Bucket": "b", "Key": "k"}});
    let map = json!({"ItemReader": reader, "ItemProcessor": processor("DISTRIBUTED")});
    let data = |text: &str| json!({"mapItemReaderData": text});
    let answer = inspected(map.clone(), json!({}), json!({"result": []}), data(r#"{"orders": [1, 2]}"#));
    assert_eq!(answer["inspectionData"]["afterItemsPointer"], json!([1, 2]));
    let answer = inspected(map, json!({}), json!({"result": []}), data("{}"));
    assert_eq!((&answer["status"], &answer["error"]), (&json!("FAILED"), &json!("States.ItemReaderFailed")));
}

#[test]
fn a_listed_buckets_objects_are_the_items() {
    let reader = json!({"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}});
    let map = json!({"ItemReader": reader, "ItemSelector": {"k.$": "$$.Map.Item.Value.Key"}, "ItemProcessor": processor("DISTRIBUTED")});
    let with = |text: &str| inspected(map.clone(), json!({}), json!({"result": []}), json!({"mapItemReaderData": text}));
    assert_eq!(with(r#"[{"Key": "x"}]"#)["inspectionData"]["afterItemSelector"], json!([{"k": "x"}]));
    assert_eq!(with("5")["error"], "States.ItemReaderFailed");
}

/// Developer Guide, Testing Distributed Map states.
#[test]
fn without_data_the_items_of_a_reader_are_in_the_input() {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}});
    let map = json!({"ItemReader": reader, "ItemsPath": "$.orders", "ItemProcessor": processor("DISTRIBUTED"), "ToleratedFailureCount": 1});
    let failing = |failed: u32| {
        let configuration = json!({"mapIterationFailureCount": failed});
        inspected(map.clone(), json!({"orders": [1, 2, 3]}), json!({"result": []}), configuration)
    };
    assert_eq!(failing(1)["inspectionData"]["afterItemsPath"], json!([1, 2, 3]));
    assert_eq!(failing(1)["status"], "SUCCEEDED");
    assert_eq!(failing(2)["error"], "States.ExceedToleratedFailureThreshold");
}

#[test]
fn too_many_failures_may_be_a_share_of_the_items() {
    let map = json!({"ItemProcessor": processor("DISTRIBUTED"), "ToleratedFailurePercentage": 50});
    let failing =
        |failed: u32| inspected(map.clone(), json!([1, 2, 3, 4]), json!({"result": []}), json!({"mapIterationFailureCount": failed}));
    assert_eq!((&failing(2)["status"], &failing(3)["status"]), (&json!("SUCCEEDED"), &json!("FAILED")));
    assert_eq!(failing(2)["inspectionData"]["toleratedFailurePercentage"], 50.0);
}

#[test]
fn a_parallel_fails_with_the_mocked_error_of_a_branch() {
    let branch = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let parallel = json!({"Type": "Parallel", "Branches": [branch], "Catch": [{"ErrorEquals": ["E"], "Next": "H"}], "End": true});
    let call = json!({"definition": parallel, "mock": {"errorOutput": {"error": "E"}}, "stateConfiguration": {"errorCausedByState": "B"},
        "inspectionLevel": "DEBUG"});
    assert_eq!(
        answer(call),
        json!({"output": {"Error": "E"}, "error": "E", "nextState": "H", "status": "CAUGHT_ERROR",
            "inspectionData": {"input": {}, "errorDetails": {"catchIndex": 0}}})
    );
}

/// Developer Guide, Automatic Context population.
#[test]
fn a_state_within_a_map_is_its_first_iteration() {
    let inside = json!({"Type": "Pass", "Parameters": {"item.$": "$$.Map.Item"}, "OutputPath": "$.item", "End": true});
    let around = |config: Value| json!({"ProcessorConfig": config, "StartAt": "S", "States": {"S": inside}});
    let machine = |processor: Value| json!({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": processor, "End": true}}});
    let item = |config: Value| answer(json!({"definition": machine(around(config)), "stateName": "S", "input": 7}))["output"].clone();
    assert_eq!(item(json!({"Mode": "INLINE"})), json!({"Index": 0, "Value": 7}));
    let distributed = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    assert_eq!(item(distributed), json!({"Index": 0, "Value": 7, "Source": "STATE_DATA"}));
}
