//! Calls on objects, each on a thread of its own, and their way back.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use fanout_engine::{ObjectAnswer, ObjectCall, ObjectCallId};

use super::Message;
use crate::store::ObjectStore;

/// Where answers go.
pub(super) struct Answers(Sender<Message>);

impl Answers {
    pub(super) fn new(messages: &Sender<Message>) -> Self {
        Self(messages.clone())
    }

    /// Makes a call.
    pub(super) fn ask(&self, objects: Arc<dyn ObjectStore>, id: ObjectCallId, call: ObjectCall) {
        let back = self.0.clone();
        let work = move || {
            let answer = objects.call(call);
            // Without an engine there is nobody to tell.
            drop(back.send(Message::ObjectAnswered { id, answer }));
        };
        if thread::Builder::new().name("objects".into()).spawn(work).is_err() {
            let answer = ObjectAnswer::Failed { code: "ServiceUnavailable".into(), message: "This machine has no thread to spare".into() };
            drop(self.0.send(Message::ObjectAnswered { id, answer }));
        }
    }
}
