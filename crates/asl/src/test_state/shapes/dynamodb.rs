//! DynamoDB.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TEXTS, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "getItem" => Some(&ITEM),
        "putItem" | "updateItem" | "deleteItem" => Some(&CHANGED),
        "query" | "scan" => Some(&ITEMS),
        _ => None,
    }
}

/// A static, because it holds itself.
static VALUE: Shape = Shape::Object(VALUE_MEMBERS);
static VALUE_MEMBERS: &[Member] = &[
    may("S", TEXT),
    may("N", TEXT),
    may("B", TEXT),
    may("SS", TEXTS),
    may("NS", TEXTS),
    may("BS", TEXTS),
    may("M", Shape::MapOf(&VALUE)),
    may("L", list(&VALUE)),
    may("NULL", BOOLEAN),
    may("BOOL", BOOLEAN),
];
static ATTRIBUTES: Shape = Shape::MapOf(&VALUE);

static ITEM: Shape = Shape::Object(ITEM_MEMBERS);
static ITEM_MEMBERS: &[Member] = &[may("Item", Shape::MapOf(&VALUE)), may("ConsumedCapacity", Shape::Object(CAPACITY))];

static CHANGED: Shape = Shape::Object(CHANGED_MEMBERS);
static CHANGED_MEMBERS: &[Member] = &[
    may("Attributes", Shape::MapOf(&VALUE)),
    may("ConsumedCapacity", Shape::Object(CAPACITY)),
    may("ItemCollectionMetrics", Shape::Object(METRICS)),
];
static METRICS: &[Member] = &[may("ItemCollectionKey", Shape::MapOf(&VALUE)), may("SizeEstimateRangeGB", list(&NUMBER))];

static ITEMS: Shape = Shape::Object(ITEMS_MEMBERS);
static ITEMS_MEMBERS: &[Member] = &[
    may("Items", list(&ATTRIBUTES)),
    may("Count", NUMBER),
    may("ScannedCount", NUMBER),
    may("LastEvaluatedKey", Shape::MapOf(&VALUE)),
    may("ConsumedCapacity", Shape::Object(CAPACITY)),
];

const CAPACITY: &[Member] = &[
    may("TableName", text(1, 1_024)),
    may("CapacityUnits", NUMBER),
    may("ReadCapacityUnits", NUMBER),
    may("WriteCapacityUnits", NUMBER),
    may("Table", UNITS),
    may("LocalSecondaryIndexes", Shape::MapOf(&UNITS)),
    may("GlobalSecondaryIndexes", Shape::MapOf(&UNITS)),
];
const UNITS: Shape = Shape::Object(&[may("ReadCapacityUnits", NUMBER), may("WriteCapacityUnits", NUMBER), may("CapacityUnits", NUMBER)]);
