//! Ctrl-C and SIGTERM, as messages.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, Receiver};

use crate::exit_code::Exit;

/// The signals that ask to stop.
pub(crate) struct Signals {
    /// One message for each.
    pub(crate) asked: Receiver<()>,
    terminated: Arc<AtomicBool>,
}

impl Signals {
    /// Listens from now on; to be called inside a runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, asked) = mpsc::channel(4);
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let terminated = Arc::new(AtomicBool::new(false));
        let by_term = Arc::clone(&terminated);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => by_term.store(true, Ordering::Relaxed),
                }
                if sender.send(()).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { asked, terminated })
    }

    /// The exit code of a command that was asked to stop.
    pub(crate) fn exit(&self) -> Exit {
        if self.terminated.load(Ordering::Relaxed) { Exit::Terminated } else { Exit::Interrupted }
    }
}
