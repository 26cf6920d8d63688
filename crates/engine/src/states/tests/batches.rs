//! Developer Guide, ItemBatcher.

use serde_json::{Value, json};

use super::{Account, echo, map_of};

fn inputs(batcher: Value, items: Value) -> Value {
    let mut account = Account::new();
    let execution = account.start(&map_of(echo(), json!({"ItemBatcher": batcher})), &items);
    account.output(&execution)
}

#[test]
fn a_batch_has_so_many_items() {
    let batches = json!([{"Items": [1, 2]}, {"Items": [3, 4]}, {"Items": [5]}]);
    assert_eq!(inputs(json!({"MaxItemsPerBatch": 2}), json!([1, 2, 3, 4, 5])), batches);
}

/// Developer Guide: 1,130 items in batches of 100 are 12 child executions, the last with 30.
#[test]
fn the_last_batch_has_what_is_left() {
    let items: Vec<u32> = (0..1_130).collect();
    let batches = inputs(json!({"MaxItemsPerBatch": 100}), json!(items));
    let sizes: Vec<usize> = batches.as_array().unwrap().iter().map(|batch| batch["Items"].as_array().unwrap().len()).collect();
    assert_eq!((sizes.len(), sizes[0], sizes[11]), (12, 100, 30));
}

#[test]
fn every_batch_has_the_same_beside_its_items() {
    let batcher = json!({"MaxItemsPerBatch": 1, "BatchInput": {"fixed": 7, "first.$": "$[0]"}});
    let common = json!({"fixed": 7, "first": "a"});
    assert_eq!(inputs(batcher, json!(["a", "b"])), json!([{"BatchInput": common, "Items": ["a"]}, {"BatchInput": common, "Items": ["b"]}]));
}

#[test]
fn a_batch_is_no_longer_than_it_may_be() {
    let item = "x".repeat(40);
    let batches = inputs(json!({"MaxInputBytesPerBatch": 150}), json!([item, item, item, item]));
    let batches = batches.as_array().unwrap();
    assert!(batches.len() > 1 && batches.iter().all(|batch| batch.to_string().len() <= 150), "{batches:?}");
    let both = inputs(json!({"MaxInputBytesPerBatch": 150, "MaxItemsPerBatch": 1}), json!([item, item]));
    assert_eq!(both.as_array().unwrap().len(), 2);
}

/// Developer Guide: the items of a batch fail together.
#[test]
fn a_batch_that_fails_is_counted_by_its_items() {
    let mut account = Account::new();
    let child = json!({"C": {"Type": "Fail"}});
    let more = json!({"ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailureCount": 3});
    let execution = account.start(&map_of(child, more), &json!([1, 2, 3]));
    assert_eq!(account.output(&execution).as_array().unwrap().len(), 2);
    let run = account.map_run(&execution);
    assert_eq!((&run["itemCounts"]["failed"], &run["executionCounts"]["failed"]), (&json!(3), &json!(2)));
}
