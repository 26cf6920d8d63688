//! Simple Notification Service.

use super::shape::{BOOLEAN, Shape, TEXT, list, may, must};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "publish" => Some(&PUBLISHED),
        "publishBatch" => Some(&BATCH),
        "listTopics" => Some(&TOPICS),
        _ => None,
    }
}

const PUBLISHED: Shape = Shape::Object(&[may("MessageId", TEXT), may("SequenceNumber", TEXT)]);

const BATCH: Shape = Shape::Object(&[
    may("Successful", list(&Shape::Object(&[may("Id", TEXT), may("MessageId", TEXT), may("SequenceNumber", TEXT)]))),
    may("Failed", list(&Shape::Object(&[must("Id", TEXT), must("Code", TEXT), may("Message", TEXT), must("SenderFault", BOOLEAN)]))),
]);

const TOPICS: Shape = Shape::Object(&[may("Topics", list(&Shape::Object(&[may("TopicArn", TEXT)]))), may("NextToken", TEXT)]);
