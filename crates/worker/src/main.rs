//! What runs before the user's program where the image has no shell: which run am I, set its
//! variables, run it.
//!
//! `fanout-worker ASSIGNMENT COMMAND [ARGUMENT…]`. The exit code is the program's; 125 if the
//! assignment makes no sense, 126 or 127 if the program cannot be started, 124 if it took too long.

use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::Duration;

use fanout_core::assignment::{Resolved, TIMED_OUT_CODE, WireAssignment};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::signal::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

const SENSELESS: u8 = 125;
const NOT_EXECUTABLE: u8 = 126;
const NOT_FOUND: u8 = 127;
/// Between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match WireAssignment::resolve(&arguments, |name| std::env::var(name).ok()) {
        Ok(resolved) => run(&resolved),
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(SENSELESS)
        }
    }
}

fn run(resolved: &Resolved) -> ExitCode {
    let mut command = Command::new(&resolved.arguments[0]);
    command.args(&resolved.arguments[1..]).envs(resolved.variables.iter().cloned());
    let error = match resolved.timeout_seconds {
        None => command.exec(),
        Some(seconds) => match run_for(&mut command, Duration::from_secs(seconds.into())) {
            Ok(Some(code)) => return ExitCode::from(code),
            Ok(None) => {
                say(&format!("stopped after {seconds} s (--timeout)"));
                return ExitCode::from(TIMED_OUT_CODE as u8);
            }
            Err(error) => error,
        },
    };
    say(&format!("{}: {error}", resolved.arguments[0]));
    ExitCode::from(if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_EXECUTABLE })
}

/// The program's exit code, or `None` if it was stopped for taking too long. Signals to stop are
/// passed on.
fn run_for(command: &mut Command, time: Duration) -> io::Result<Option<u8>> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let mut child = command.spawn()?;
    let pid = pid_of(&child);
    thread::spawn(move || {
        for _ in signals.forever() {
            stop(pid, Signal::TERM);
        }
    });
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let clock = thread::spawn(move || {
        let late = end.recv_timeout(time) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
        if late {
            stop(pid, Signal::TERM);
            if end.recv_timeout(GRACE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                stop(pid, Signal::KILL);
            }
        }
        late
    });
    let status = child.wait()?;
    drop(ended);
    let late = clock.join().unwrap_or(false);
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok((!late).then_some(code as u8))
}

fn pid_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

fn stop(pid: Option<Pid>, signal: Signal) {
    if let Some(pid) = pid {
        // Failing means that the program is gone already.
        let _gone = kill_process(pid, signal);
    }
}

#[expect(clippy::print_stderr, reason = "the container's log is the only place to say anything")]
fn say(message: &str) {
    eprintln!("fanout-worker: {message}");
}
