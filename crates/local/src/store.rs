//! Where the engine's objects are: what a distributed Map reads and writes.

use fanout_engine::{ObjectAnswer, ObjectCall};

/// Answers calls on objects. It may take its time: each call has a thread of its own.
pub trait ObjectStore: Send + Sync {
    /// Makes the call.
    fn call(&self, call: ObjectCall) -> ObjectAnswer;
}

/// No bucket at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObjects;

impl ObjectStore for NoObjects {
    fn call(&self, _: ObjectCall) -> ObjectAnswer {
        ObjectAnswer::Failed { code: "NoSuchBucket".into(), message: "The specified bucket does not exist".into() }
    }
}
