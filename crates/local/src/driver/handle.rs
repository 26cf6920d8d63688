//! How everybody else speaks to the engine: by messages to its owner.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use fanout_engine::{AttemptEnd, AttemptId, Reply, Request};
use tokio::sync::{oneshot, watch};

use super::Message;
use crate::runner::{Report, Reports};

/// Reaches the engine from any thread or task. The engine and what it runs end with the last handle, or at
/// [`EngineHandle::shutdown`].
#[derive(Clone, Debug)]
pub struct EngineHandle {
    messages: Sender<Message>,
    failure: watch::Receiver<Option<String>>,
    _last: Arc<LastHandle>,
}

/// Shuts the engine down when nobody is left who could.
#[derive(Debug)]
struct LastHandle(Sender<Message>);

impl Drop for LastHandle {
    fn drop(&mut self) {
        let (done, _) = oneshot::channel();
        let _ = self.0.send(Message::Shutdown { done });
    }
}

impl EngineHandle {
    pub(super) fn new(messages: Sender<Message>, failure: watch::Receiver<Option<String>>) -> Self {
        Self { _last: Arc::new(LastHandle(messages.clone())), failure, messages }
    }

    /// Makes a call and waits for its answer. Without an engine the answer is that of a service that is down.
    pub async fn call(&self, request: Request) -> Reply {
        let down = unavailable(&request);
        let (answer, answered) = oneshot::channel();
        if self.messages.send(Message::Call { request: Box::new(request), answer }).is_err() {
            return down;
        }
        answered.await.unwrap_or(down)
    }

    /// Says that an attempt is over, for whoever runs attempts outside of a [`Runner`](crate::Runner).
    pub fn attempt_ended(&self, attempt: AttemptId, end: AttemptEnd) {
        report(&self.messages, attempt, Report::Ended(end));
    }

    /// Stops every running program (SIGTERM, grace, SIGKILL) and the engine; returns when none is left.
    pub async fn shutdown(&self) {
        let (done, is_done) = oneshot::channel();
        if self.messages.send(Message::Shutdown { done }).is_ok() {
            let _ = is_done.await;
        }
    }

    /// Resolves when the engine has given up, with the reason. Nothing that it had acknowledged is lost.
    pub async fn failed(&self) -> String {
        let mut failure = self.failure.clone();
        match failure.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }

    /// Where a runner's reports go: reporting alone keeps no engine alive.
    pub(super) fn reports(&self) -> Reports {
        let messages = self.messages.clone();
        Reports::new(move |attempt, what| report(&messages, attempt, what))
    }
}

fn report(messages: &Sender<Message>, attempt: AttemptId, report: Report) {
    // Without an engine there is nobody to tell.
    let _ = messages.send(Message::Report { attempt, report });
}

/// What a service that is down answers.
pub(super) fn unavailable(request: &Request) -> Reply {
    const WORDS: &str = "The engine is shutting down.";
    match request {
        Request::Batch(_) => Reply::Batch(Err(fanout_batch::api::ApiError::server(WORDS))),
        Request::States(_) => Reply::States(Err(fanout_asl::api::ApiError::new("ServiceUnavailable", WORDS))),
    }
}

#[cfg(test)]
impl EngineHandle {
    /// A handle whose engine is a function.
    pub(crate) fn canned(mut answer_with: impl FnMut(Request) -> Reply + Send + 'static) -> Self {
        let (messages, received) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            while let Ok(message) = received.recv() {
                if let Message::Call { request, answer } = message {
                    let _ = answer.send(answer_with(*request));
                }
            }
        });
        Self::new(messages, watch::channel(None).1)
    }
}
