//! What goes into the engine and what comes out of it.

use jiff::Timestamp;

pub use fanout_batch::{AttemptEnd, AttemptId, AttemptView, CallId, Launch};

use crate::objects::{ObjectAnswer, ObjectCall, ObjectCallId};

/// A call to either service.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// To AWS Batch.
    Batch(fanout_batch::api::Request),
    /// To Step Functions.
    States(fanout_asl::api::Request),
}

impl Request {
    /// Whether the call changes anything: only such calls have to be remembered.
    pub fn mutates(&self) -> bool {
        match self {
            Self::Batch(request) => request.mutates(),
            Self::States(request) => request.mutates(),
        }
    }
}

/// The answer of either service.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "handed over one at a time, never stored in numbers")]
pub enum Reply {
    /// Of AWS Batch.
    Batch(Result<fanout_batch::api::Reply, fanout_batch::api::ApiError>),
    /// Of Step Functions.
    States(Result<fanout_asl::api::Reply, fanout_asl::api::ApiError>),
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "handed over one at a time, never stored in numbers")]
pub enum Input {
    /// A client asks for something. It is answered by one [`Effect::Reply`].
    Call {
        /// Comes back with the answer.
        id: CallId,
        /// What is asked.
        request: Request,
    },
    /// The attempt's program runs now.
    AttemptStarted {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// The attempt is over.
    AttemptEnded {
        /// Which attempt.
        attempt: AttemptId,
        /// How.
        end: AttemptEnd,
    },
    /// S3 has answered.
    ObjectAnswered {
        /// Which call.
        id: ObjectCallId,
        /// What.
        answer: ObjectAnswer,
    },
    /// A deadline has passed.
    Tick,
}

/// Something for the driver to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Hand this answer to the client that made the call.
    Reply {
        /// Which call.
        id: CallId,
        /// Boxed: answers can be large.
        reply: Box<Reply>,
    },
    /// Make this call on the objects of S3 and answer with [`Input::ObjectAnswered`].
    CallObjects {
        /// Comes back with the answer.
        id: ObjectCallId,
        /// What is asked.
        call: ObjectCall,
    },
    /// Start this attempt's program ([`Engine::launch`](crate::Engine::launch) says which).
    StartAttempt {
        /// Which attempt.
        attempt: AttemptId,
    },
    /// Stop this attempt's program: SIGTERM, later SIGKILL. Its end is still awaited.
    StopAttempt {
        /// Which attempt.
        attempt: AttemptId,
    },
}

/// The next moment at which [`Input::Tick`] is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// For what.
    pub why: &'static str,
}
