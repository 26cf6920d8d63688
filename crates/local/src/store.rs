//! Where the engine's objects are: what a distributed Map reads and writes, and what tasks call.

use fanout_engine::{ListedObject, ObjectAnswer, ObjectCall};

use crate::objects::{Listed, ObjectError, Objects};
use crate::wire::s3;

/// Answers calls on objects. It may take its time: each call has a thread of its own.
pub trait ObjectStore: Send + Sync {
    /// Makes the call.
    fn call(&self, call: ObjectCall) -> ObjectAnswer;
}

/// No bucket at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObjects;

impl ObjectStore for NoObjects {
    fn call(&self, call: ObjectCall) -> ObjectAnswer {
        call.without_buckets()
    }
}

impl ObjectStore for Objects {
    fn call(&self, call: ObjectCall) -> ObjectAnswer {
        let answer = match call {
            ObjectCall::Operation { operation, parameters } => return s3::call(self, &operation, parameters),
            ObjectCall::Get { bucket, key } => self.get(&bucket, &key).map(ObjectAnswer::Read),
            ObjectCall::List { bucket, prefix } => {
                self.list(&bucket, &prefix).map(|objects| ObjectAnswer::Listed(objects.into_iter().map(listed).collect()))
            }
            ObjectCall::Put { bucket, key, body } => self.put(&bucket, &key, body.as_bytes()).map(|()| ObjectAnswer::Written),
        };
        answer.unwrap_or_else(|error: ObjectError| ObjectAnswer::Failed { code: error.code().into(), message: error.to_string() })
    }
}

fn listed(object: Listed) -> ListedObject {
    let Listed { key, size, last_modified, etag, storage_class } = object;
    ListedObject { key, etag, last_modified, size, storage_class: storage_class.into() }
}
