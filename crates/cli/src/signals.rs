//! Ctrl-C, SIGTERM and the end of the terminal, as messages.

use std::io;
use std::sync::{Arc, OnceLock};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, Receiver};

use crate::exit_code::Exit;

/// The signals that ask to stop.
pub(crate) struct Signals {
    /// One message for each: the exit code of a command that it ends.
    pub(crate) asked: Receiver<Exit>,
    first: Arc<OnceLock<Exit>>,
}

impl Signals {
    /// Listens from now on; to be called inside a runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, asked) = mpsc::channel(4);
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let mut hangup = signal(SignalKind::hangup())?;
        let first = Arc::new(OnceLock::new());
        let reason = Arc::clone(&first);
        tokio::spawn(async move {
            loop {
                let exit = tokio::select! {
                    _ = interrupt.recv() => Exit::Interrupted,
                    _ = terminate.recv() => Exit::Terminated,
                    _ = hangup.recv() => Exit::HungUp,
                };
                reason.get_or_init(|| exit);
                if sender.send(exit).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { asked, first })
    }

    /// The exit code of a command that was asked to stop: the first signal's.
    pub(crate) fn exit(&self) -> Exit {
        self.first.get().copied().unwrap_or(Exit::Interrupted)
    }
}
