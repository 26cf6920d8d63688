//! fanout's exit codes. "Some of my runs failed" and "fanout failed" are never the same code.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Every run succeeded, or the command did what it was asked.
    Ok,
    /// Something unexpected inside or around fanout; if no run was started, whatever the reason.
    Unexpected,
    /// The command line, an input file or the worker's command makes no sense.
    Usage,
    /// The run list is empty.
    NothingToRun,
    /// All runs of a retry succeeded, and others have not.
    OthersOutstanding,
    /// Some runs, or the execution, did not succeed.
    RunsFailed,
    /// More runs failed than `--max-fails` allows; the rest was given up.
    GivenUp,
    /// A definition has errors, or warnings that were not to be there.
    Findings,
    /// AWS's quotas do not allow the plan, or the account lacks what it needs; nothing was started.
    PlanInfeasible,
    /// Stopped because the terminal is gone (SIGHUP).
    HungUp,
    /// Stopped by Ctrl-C.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
    /// As the command of `--exec` ended.
    OfCommand(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Unexpected => 1,
            Exit::Usage => 2,
            Exit::NothingToRun => 4,
            Exit::OthersOutstanding => 5,
            Exit::RunsFailed => 100,
            Exit::GivenUp | Exit::Findings => 101,
            Exit::PlanInfeasible => 104,
            Exit::HungUp => 129,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
            Exit::OfCommand(code) => code,
        })
    }
}
