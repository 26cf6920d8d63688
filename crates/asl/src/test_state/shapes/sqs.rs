//! Simple Queue Service.

use super::shape::{BOOLEAN, Member, Shape, TEXT, TEXT_MAP, TEXTS, list, may, must};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "sendMessage" => Some(&SENT),
        "sendMessageBatch" => Some(&BATCH),
        "receiveMessage" => Some(&RECEIVED),
        "getQueueAttributes" => Some(&ATTRIBUTES),
        "getQueueUrl" => Some(&URL),
        "listQueues" => Some(&QUEUES),
        _ => None,
    }
}

const SENT: Shape = Shape::Object(&[
    may("MD5OfMessageBody", TEXT),
    may("MD5OfMessageAttributes", TEXT),
    may("MD5OfMessageSystemAttributes", TEXT),
    may("MessageId", TEXT),
    may("SequenceNumber", TEXT),
]);

const BATCH: Shape = Shape::Object(&[
    must("Successful", list(&Shape::Object(ENTRY))),
    must("Failed", list(&Shape::Object(&[must("Id", TEXT), must("SenderFault", BOOLEAN), must("Code", TEXT), may("Message", TEXT)]))),
]);

const ENTRY: &[Member] = &[
    must("Id", TEXT),
    must("MessageId", TEXT),
    must("MD5OfMessageBody", TEXT),
    may("MD5OfMessageAttributes", TEXT),
    may("MD5OfMessageSystemAttributes", TEXT),
    may("SequenceNumber", TEXT),
];

const RECEIVED: Shape = Shape::Object(&[may("Messages", list(&Shape::Object(MESSAGE)))]);

const MESSAGE: &[Member] = &[
    may("MessageId", TEXT),
    may("ReceiptHandle", TEXT),
    may("MD5OfBody", TEXT),
    may("Body", TEXT),
    may("Attributes", TEXT_MAP),
    may("MD5OfMessageAttributes", TEXT),
    may("MessageAttributes", Shape::MapOf(&Shape::Object(ATTRIBUTE))),
];

const ATTRIBUTE: &[Member] = &[
    may("StringValue", TEXT),
    may("BinaryValue", TEXT),
    may("StringListValues", TEXTS),
    may("BinaryListValues", TEXTS),
    must("DataType", TEXT),
];

const ATTRIBUTES: Shape = Shape::Object(&[may("Attributes", TEXT_MAP)]);

const URL: Shape = Shape::Object(&[may("QueueUrl", TEXT)]);

const QUEUES: Shape = Shape::Object(&[may("QueueUrls", TEXTS), may("NextToken", TEXT)]);
