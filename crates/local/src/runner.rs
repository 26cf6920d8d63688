//! The seam between the driver and whatever runs an attempt's program: processes here, containers beside them.

use std::fmt;
use std::sync::Arc;

use fanout_engine::{AttemptEnd, AttemptId, Launch};

/// Runs attempts. Neither method waits: what becomes of an attempt is said through [`Reports`].
pub trait Runner: Send {
    /// Runs the attempt's program, now or as soon as there is room.
    ///
    /// What is reported is [`Report::Started`] and [`Report::Ended`], or `Ended` alone, and nothing afterwards.
    fn start(&mut self, attempt: AttemptId, launch: Launch, reports: Reports);

    /// Stops the attempt's program: SIGTERM, later SIGKILL. Its end is reported like any other.
    /// An attempt that is over is left alone.
    fn stop(&mut self, attempt: AttemptId);
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Its program runs now.
    Started,
    /// It is over, whether or not it ever ran.
    Ended(AttemptEnd),
}

/// Where a runner's reports go.
#[derive(Clone)]
pub struct Reports(Arc<dyn Fn(AttemptId, Report) + Send + Sync>);

impl Reports {
    /// Reports that are handed to `sink`, which must not wait.
    pub fn new(sink: impl Fn(AttemptId, Report) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// The attempt's program runs now.
    pub fn started(&self, attempt: AttemptId) {
        (self.0)(attempt, Report::Started);
    }

    /// The attempt is over.
    pub fn ended(&self, attempt: AttemptId, end: AttemptEnd) {
        (self.0)(attempt, Report::Ended(end));
    }
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reports")
    }
}
