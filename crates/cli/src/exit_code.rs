//! fanout's exit codes. "Some of my runs failed" and "fanout failed" are never the same code.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Every run succeeded, or the command did what it was asked.
    Ok = 0,
    /// Something unexpected inside or around fanout; if no run was started, whatever the reason.
    Unexpected = 1,
    /// The command line, an input file or the worker's command makes no sense.
    Usage = 2,
    /// The run list is empty.
    NothingToRun = 4,
    /// Some runs, or the execution, did not succeed.
    RunsFailed = 100,
    /// A definition has errors, or warnings that were not to be there.
    Findings = 101,
    /// AWS's quotas do not allow the plan; nothing was started.
    PlanInfeasible = 104,
    /// Stopped because the terminal is gone (SIGHUP).
    HungUp = 129,
    /// Stopped by Ctrl-C.
    Interrupted = 130,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
