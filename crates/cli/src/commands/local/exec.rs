//! `fanout local --exec`: a command whose AWS is the engine, and whose end is fanout's.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use fanout_local::EngineHandle;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command as Process};

use super::gave_up;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::signals::Signals;
use crate::target::program;

/// What would lead a client elsewhere: other keys, another region, another address.
const ELSEWHERE: [&str; 6] =
    ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"];
/// The beginning of the addresses of single services, which count before the one of all.
const ADDRESS_OF_SERVICE: &str = "AWS_ENDPOINT_URL_";

/// A program that can be found, and its arguments.
pub(super) struct Command {
    program: String,
    arguments: Vec<String>,
}

impl Command {
    /// Refuses what is not there before anything is started.
    pub(super) fn find(words: Vec<String>) -> Result<Self, Error> {
        let mut words = words.into_iter();
        let program = words.next().ok_or(Error::NoCommand)?;
        if !program::is_found(&program) {
            return Err(Error::CommandNotFound { program });
        }
        Ok(Self { program, arguments: words.collect() })
    }

    /// Runs it to its end. It is in fanout's process group, so that Ctrl-C reaches it, and decides what to do; SIGTERM and SIGHUP,
    /// which may have been meant for fanout alone, are passed on.
    pub(super) async fn run(self, exports: &[(String, String)], signals: &mut Signals, engine: &EngineHandle) -> Result<Exit, Error> {
        let mut process = Process::new(&self.program);
        process.args(self.arguments);
        let of_services =
            std::env::vars_os().map(|(name, _)| name).filter(|name| name.as_encoded_bytes().starts_with(ADDRESS_OF_SERVICE.as_bytes()));
        for name in of_services.chain(ELSEWHERE.map(Into::into)) {
            process.env_remove(name);
        }
        process.envs(exports.iter().map(|(name, value)| (name, value)));
        let mut child = process.spawn().map_err(Error::io(format!("{} cannot be started", self.program)))?;
        let mut failure = None;
        loop {
            tokio::select! {
                status = child.wait() => {
                    let status = status.map_err(Error::io(format!("{} cannot be waited for", self.program)))?;
                    return failure.map_or(Ok(exit_of(status)), |reason| Err(gave_up(reason)));
                }
                Some(asked) = signals.asked.recv() => match asked {
                    Exit::Terminated => send(&child, Signal::TERM),
                    Exit::HungUp => send(&child, Signal::HUP),
                    _ => {}
                },
                reason = engine.failed(), if failure.is_none() => {
                    send(&child, Signal::TERM);
                    failure = Some(reason);
                }
            }
        }
    }
}

/// To a process that has not been waited for: nobody else has its number.
fn send(child: &Child, signal: Signal) {
    let process = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(process) = process {
        // One that has just ended needs no signal.
        let _ = kill_process(process, signal);
    }
}

/// As shells say it: 128 and the signal's number for a command that was killed.
fn exit_of(status: ExitStatus) -> Exit {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).and_then(|code| u8::try_from(code).ok());
    code.map_or(Exit::Unexpected, Exit::OfCommand)
}
