//! Inputs as text: calls as AWS's wire has them, the rest in as few words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fanout_asl::api::DecodeError;
use fanout_asl::map_run::Listed;
use serde::{Deserialize, Serialize};

use crate::{AttemptEnd, AttemptId, CallId, Input, ObjectAnswer, ObjectCallId, Request};

/// An input as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `batch/submitjob`, `states/StartExecution`, `started`, `ended` or `tick`.
    pub kind: String,
    /// JSON.
    pub body: String,
}

/// Why an entry says nothing.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Written by something newer, or not by fanout.
    #[error("{0:?} is no kind of input")]
    Kind(String),
    /// Not what this kind of input looks like.
    #[error("the input of kind {kind:?} cannot be read: {source}")]
    Body {
        /// Which kind.
        kind: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// No call that Step Functions takes.
    #[error("the input of kind {kind:?} cannot be read: {source}")]
    Call {
        /// Which kind.
        kind: String,
        /// What is wrong.
        source: DecodeError,
    },
}

#[derive(Serialize, Deserialize)]
struct Started {
    attempt: u64,
}

#[derive(Serialize, Deserialize)]
struct Ended {
    attempt: u64,
    end: End,
}

#[derive(Serialize, Deserialize)]
struct Objects {
    call: u64,
    answer: Answer,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Answer {
    /// Base64.
    Read(String),
    Listed(Vec<Object>),
    Written,
    Answered(serde_json::Map<String, serde_json::Value>),
    Failed {
        code: String,
        message: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Object {
    key: String,
    etag: String,
    last_modified: jiff::Timestamp,
    size: u64,
    storage_class: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum End {
    Exited { code: i32, reason: Option<String> },
    FailedToStart { reason: String },
    HostLost,
}

impl Entry {
    /// How an input is stored; `None` for a call that changes nothing.
    pub fn of(input: &Input) -> Option<Self> {
        let (kind, body) = match input {
            Input::Call { request, .. } if !request.mutates() => return None,
            Input::Call { request: Request::Batch(call), .. } => (format!("batch/{}", call.path()), call.to_json().to_string()),
            Input::Call { request: Request::States(call), .. } => (format!("states/{}", call.operation()), call.to_json().to_string()),
            Input::AttemptStarted { attempt } => ("started".into(), to_text(&Started { attempt: attempt.0 })),
            Input::AttemptEnded { attempt, end } => ("ended".into(), to_text(&Ended { attempt: attempt.0, end: end.clone().into() })),
            Input::ObjectAnswered { id, answer } => ("objects".into(), to_text(&Objects { call: id.0, answer: answer.clone().into() })),
            Input::Tick => ("tick".into(), "{}".into()),
        };
        Some(Self { kind, body })
    }

    /// The input again; a call gets `id`.
    ///
    /// # Errors
    /// [`EntryError`] if this is no input of this engine.
    pub fn input(&self, id: CallId) -> Result<Input, EntryError> {
        let unknown = || EntryError::Kind(self.kind.clone());
        let body = |source| EntryError::Body { kind: self.kind.clone(), source };
        let text = self.body.as_bytes();
        Ok(match (self.kind.as_str(), self.kind.split_once('/')) {
            (_, Some(("batch", path))) => {
                let call = fanout_batch::api::Request::decode(path, text).ok_or_else(unknown)?.map_err(body)?;
                Input::Call { id, request: Request::Batch(call) }
            }
            (_, Some(("states", operation))) => {
                let call = fanout_asl::api::Request::decode(operation, text).ok_or_else(unknown)?;
                let call = call.map_err(|source| EntryError::Call { kind: self.kind.clone(), source })?;
                Input::Call { id, request: Request::States(call) }
            }
            ("started", _) => {
                let Started { attempt } = serde_json::from_slice(text).map_err(body)?;
                Input::AttemptStarted { attempt: AttemptId(attempt) }
            }
            ("ended", _) => {
                let Ended { attempt, end } = serde_json::from_slice(text).map_err(body)?;
                Input::AttemptEnded { attempt: AttemptId(attempt), end: end.into() }
            }
            ("objects", _) => {
                let Objects { call, answer } = serde_json::from_slice(text).map_err(body)?;
                Input::ObjectAnswered { id: ObjectCallId(call), answer: answer.into() }
            }
            ("tick", _) => Input::Tick,
            _ => return Err(unknown()),
        })
    }
}

fn to_text(shape: &impl Serialize) -> String {
    serde_json::to_string(shape).unwrap_or_default()
}

impl From<ObjectAnswer> for Answer {
    fn from(answer: ObjectAnswer) -> Self {
        let object = |Listed { key, etag, last_modified, size, storage_class }| Object { key, etag, last_modified, size, storage_class };
        match answer {
            ObjectAnswer::Read(bytes) => Self::Read(STANDARD.encode(bytes)),
            ObjectAnswer::Listed(objects) => Self::Listed(objects.into_iter().map(object).collect()),
            ObjectAnswer::Written => Self::Written,
            ObjectAnswer::Answered(members) => Self::Answered(members),
            ObjectAnswer::Failed { code, message } => Self::Failed { code, message },
        }
    }
}

impl From<Answer> for ObjectAnswer {
    fn from(answer: Answer) -> Self {
        let listed = |Object { key, etag, last_modified, size, storage_class }| Listed { key, etag, last_modified, size, storage_class };
        match answer {
            // What is damaged is found out by the digest.
            Answer::Read(text) => Self::Read(STANDARD.decode(text).unwrap_or_default()),
            Answer::Listed(objects) => Self::Listed(objects.into_iter().map(listed).collect()),
            Answer::Written => Self::Written,
            Answer::Answered(members) => Self::Answered(members),
            Answer::Failed { code, message } => Self::Failed { code, message },
        }
    }
}

impl From<AttemptEnd> for End {
    fn from(end: AttemptEnd) -> Self {
        match end {
            AttemptEnd::Exited { code, reason } => Self::Exited { code, reason },
            AttemptEnd::FailedToStart { reason } => Self::FailedToStart { reason },
            AttemptEnd::HostLost => Self::HostLost,
        }
    }
}

impl From<End> for AttemptEnd {
    fn from(end: End) -> Self {
        match end {
            End::Exited { code, reason } => Self::Exited { code, reason },
            End::FailedToStart { reason } => Self::FailedToStart { reason },
            End::HostLost => Self::HostLost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str, body: &str) -> Input {
        let request = fanout_batch::api::Request::decode(path, body.as_bytes()).unwrap().unwrap();
        Input::Call { id: CallId(7), request: Request::Batch(request) }
    }

    #[test]
    fn every_kind_of_input_comes_back_as_it_was() {
        let start = r#"{"stateMachineArn":"arn:x","name":"n","input":"{\"a\": 1.0}"}"#;
        let start = fanout_asl::api::Request::decode("StartExecution", start.as_bytes()).unwrap().unwrap();
        let attempt = AttemptId(3);
        let ends = [
            AttemptEnd::Exited { code: 137, reason: Some("é".into()) },
            AttemptEnd::Exited { code: 0, reason: None },
            AttemptEnd::FailedToStart { reason: "r".into() },
            AttemptEnd::HostLost,
        ];
        let mut inputs = vec![
            call(
                "submitjob",
                r#"{"jobName":"j","jobQueue":"q","jobDefinition":"d","containerOverrides":{"command":[],"environment":[]},"unknown":{"x":[null,1e3]}}"#,
            ),
            call(
                "createcomputeenvironment",
                r#"{"computeEnvironmentName":"c","type":"MANAGED","computeResources":{"type":"EC2","maxvCpus":4,"tags":{"a":"b"}}}"#,
            ),
            Input::Call { id: CallId(7), request: Request::States(start) },
            Input::AttemptStarted { attempt },
            Input::Tick,
        ];
        inputs.extend(ends.map(|end| Input::AttemptEnded { attempt, end }));
        for input in inputs {
            assert_eq!(Entry::of(&input).unwrap().input(CallId(7)).unwrap(), input);
        }
    }

    #[test]
    fn reading_calls_are_not_stored() {
        assert_eq!(Entry::of(&call("describejobs", r#"{"jobs":[]}"#)), None);
    }

    #[test]
    fn what_is_no_input_is_refused() {
        for (kind, body) in [("batch/fly", "{}"), ("later", "{}"), ("ended", "{"), ("states/StartExecution", "[]")] {
            assert!(Entry { kind: kind.into(), body: body.into() }.input(CallId(1)).is_err(), "{kind}");
        }
    }
}
