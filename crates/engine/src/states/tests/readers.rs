//! Developer Guide, ItemReader: what each of its forms makes of the objects in a bucket.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Account, echo, map_of};
use crate::{ListedObject, ObjectAnswer, ObjectCall};

/// A Map over what this reads, and the calls that it makes.
fn read(reader: Value, calls: &[(ObjectCall, ObjectAnswer)]) -> (Account, String) {
    let mut account = Account::new();
    let execution = account.start(&map_of(echo(), json!({"ItemReader": reader})), &json!({}));
    for (call, answer) in calls {
        account.object(call, answer.clone());
    }
    (account, execution)
}

fn get(bucket: &str, key: &str, body: &str) -> (ObjectCall, ObjectAnswer) {
    (ObjectCall::Get { bucket: bucket.into(), key: key.into() }, ObjectAnswer::Read(body.into()))
}

fn reader(config: Value) -> Value {
    json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Parameters": {"Bucket": "b", "Key": "k"}})
}

fn items(config: Value, body: &str) -> Value {
    let (mut account, execution) = read(reader(config), &[get("b", "k", body)]);
    account.output(&execution)
}

/// What cannot be read.
fn unread(config: Value, body: &str) -> String {
    let (mut account, execution) = read(reader(config), &[get("b", "k", body)]);
    let (error, cause) = account.fault(&execution);
    assert_eq!(error, "States.ItemReaderFailed");
    cause
}

#[test]
fn rows_of_csv_are_objects_of_text() {
    let rows = json!([{"id": "1", "name": "x"}, {"id": "2", "name": ""}]);
    assert_eq!(items(json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}), "id,name\n1,x,more\n2\n"), rows);
    let given = json!({"InputType": "CSV", "CSVDelimiter": "PIPE", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["id", "name"]});
    assert_eq!(items(given, "1|x\n2|\n"), rows);
    // Recorded.
    assert_eq!(unread(json!({"InputType": "CSV"}), "id,id\n1,2\n"), "CSV headers cannot contain duplicates.");
}

#[test]
fn json_is_an_array_or_an_object_or_what_a_pointer_leads_to() {
    assert_eq!(items(json!({"InputType": "JSON"}), "[1, {\"a\": 2}]"), json!([1, {"a": 2}]));
    assert_eq!(items(json!({"InputType": "JSON"}), "{\"a\": 1}"), json!([{"Key": "a", "Value": 1}]));
    assert_eq!(items(json!({"InputType": "JSON", "ItemsPointer": "/data/runs"}), "{\"data\": {\"runs\": [7]}}"), json!([7]));
    // Recorded.
    assert!(unread(json!({"InputType": "JSON"}), "5").starts_with("Attempting to map over non-iterable node."));
}

#[test]
fn json_lines_are_an_item_each() {
    assert_eq!(items(json!({"InputType": "JSONL"}), "{\"a\": 1}\n\n[2]\n3"), json!([{"a": 1}, [2], 3]));
    assert!(unread(json!({"InputType": "JSONL"}), "{\n").contains("is not JSON"));
}

#[test]
fn a_manifest_of_athena_names_the_objects_that_hold_the_items() {
    let calls = [get("b", "k", "s3://d/one.jsonl\n\"s3://e/two.jsonl\"\n"), get("d", "one.jsonl", "1\n2\n"), get("e", "two.jsonl", "3")];
    let (mut account, execution) = read(reader(json!({"InputType": "JSONL", "ManifestType": "ATHENA_DATA"})), &calls);
    assert_eq!(account.output(&execution), json!([1, 2, 3]));
}

#[test]
fn an_inventory_names_its_columns_and_its_files() {
    let manifest = json!({
        "fileFormat": "CSV", "fileSchema": "Bucket, Key", "destinationBucket": "arn:aws:s3:::d", "files": [{"key": "one.csv"}, {"key": "two.csv"}]
    });
    let calls = [get("b", "k", &manifest.to_string()), get("d", "one.csv", "x,1\nx,2\n"), get("d", "two.csv", "x,3\n")];
    let (mut account, execution) = read(reader(json!({"InputType": "MANIFEST"})), &calls);
    let rows = json!([{"Bucket": "x", "Key": "1"}, {"Bucket": "x", "Key": "2"}, {"Bucket": "x", "Key": "3"}]);
    assert_eq!(account.output(&execution), rows);
}

fn listing(keys: &[&str]) -> (ObjectCall, ObjectAnswer) {
    let object = |key: &&str| ListedObject {
        key: (*key).into(),
        etag: "\"e\"".into(),
        last_modified: Timestamp::UNIX_EPOCH,
        size: 3,
        storage_class: "STANDARD".into(),
    };
    (ObjectCall::List { bucket: "b".into(), prefix: "p/".into() }, ObjectAnswer::Listed(keys.iter().map(object).collect()))
}

fn lister(config: Value) -> Value {
    json!({"Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": config, "Parameters": {"Bucket": "b", "Prefix": "p/"}})
}

#[test]
fn a_listing_is_of_descriptions_folders_too() {
    let (mut account, execution) = read(lister(json!({})), &[listing(&["p/", "p/a"])]);
    let described = |key: &str| json!({"Etag": "\"e\"", "Key": key, "LastModified": 0, "Size": 3, "StorageClass": "STANDARD"});
    assert_eq!(account.output(&execution), json!([described("p/"), described("p/a")]));
}

#[test]
fn a_listing_may_be_of_what_is_in_the_objects() {
    let config = json!({"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"});
    let calls = [listing(&["p/", "p/a", "p/b"]), get("b", "p/a", "[1, 2]"), get("b", "p/b", "[3]")];
    let (mut account, execution) = read(lister(config), &calls);
    assert_eq!(account.output(&execution), json!([1, 2, 3]));
}

#[test]
fn no_more_items_are_taken_than_are_wanted() {
    assert_eq!(items(json!({"InputType": "JSON", "MaxItems": 2}), "[1, 2, 3]"), json!([1, 2]));
    let mut account = Account::new();
    let of_path = reader(json!({"InputType": "JSONL", "MaxItemsPath": "$.n"}));
    let execution = account.start(&map_of(echo(), json!({"ItemReader": of_path})), &json!({"n": 0}));
    let (error, cause) = account.fault(&execution);
    // Recorded.
    assert!(error == "States.Runtime" && cause.contains("field MaxItems must be positive"), "{error}: {cause}");
}

#[test]
fn an_object_that_is_not_there_fails_the_reader() {
    let call = ObjectCall::Get { bucket: "b".into(), key: "k".into() };
    let answer = ObjectAnswer::Failed { code: "NoSuchKey".into(), message: "The specified key does not exist.".into() };
    let (mut account, execution) = read(reader(json!({"InputType": "JSON"})), &[(call, answer)]);
    let (error, cause) = account.fault(&execution);
    assert_eq!(
        (error.as_str(), cause.as_str()),
        ("States.ItemReaderFailed", "The specified key does not exist. (Service: Amazon S3; Error Code: NoSuchKey)")
    );
    assert_eq!(account.map_run(&execution)["status"], "FAILED");
}

/// Developer Guide, context object: `Map.Item.Source`.
#[test]
fn items_know_where_they_are_from() {
    let mut account = Account::new();
    let selector = json!({"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "from.$": "$$.Map.Item.Source"});
    let more = json!({"ItemReader": reader(json!({"InputType": "JSON"})), "ItemSelector": selector});
    let execution = account.start(&map_of(echo(), more), &json!({}));
    let (call, answer) = get("b", "k", "[5]");
    account.object(&call, answer);
    assert_eq!(account.output(&execution), json!([{"n": 0, "v": 5, "from": "S3://b/k"}]));
}
