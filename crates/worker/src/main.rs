//! What runs before the user's program where the image has no shell: which run am I, set its
//! variables, run it.
//!
//! `fanout-worker ASSIGNMENT COMMAND [ARGUMENT…]`, or `fanout-worker keep` for a node that is no run. The exit code is the program's; 125 if the
//! assignment makes no sense, 126 or 127 if the program cannot be started, 124 if it took too long.

use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::thread;
use std::time::Duration;

use fanout_core::assignment::{BATCH_ATTEMPT, JOB_ID, KEEP, RESULT, RESULT_MARK, Resolved, TIMED_OUT_CODE, WireAssignment};
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
    if arguments == [KEEP] {
        return keep();
    }
    match WireAssignment::resolve(&arguments, |name| std::env::var(name).ok()) {
        Ok(resolved) => run(&resolved),
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(SENSELESS)
        }
    }
}

/// A node that is no run: it is there until it is told to stop.
fn keep() -> ExitCode {
    match Signals::new([SIGTERM, SIGINT]) {
        Ok(mut signals) => {
            signals.forever().next();
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("signals cannot be listened to: {error}"));
            ExitCode::from(SENSELESS)
        }
    }
}

fn run(resolved: &Resolved) -> ExitCode {
    let result = result_file();
    let mut command = Command::new(&resolved.arguments[0]);
    command.args(&resolved.arguments[1..]).envs(resolved.variables.iter().cloned()).env(RESULT, &result);
    let ended = run_for(&mut command, resolved.timeout_seconds);
    if let Err(error) = hand_over(&result) {
        say(&format!("the result cannot be handed over: {error}"));
    }
    match (ended, resolved.timeout_seconds) {
        (Ok(Some(code)), _) => ExitCode::from(code),
        (Ok(None), seconds) => {
            say(&format!("stopped after {} s (--timeout)", seconds.unwrap_or_default()));
            ExitCode::from(TIMED_OUT_CODE as u8)
        }
        (Err(error), _) => {
            say(&format!("{}: {error}", resolved.arguments[0]));
            ExitCode::from(if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_EXECUTABLE })
        }
    }
}

/// A file of this attempt alone. An image without a shell may lack a place for it, too.
fn result_file() -> PathBuf {
    let directory = std::env::temp_dir();
    // If there is none and none can be made, the program is told so when it writes.
    drop(std::fs::create_dir_all(&directory));
    let part = |name| std::env::var(name).unwrap_or_default();
    directory.join(format!("fanout-{}-{}", part(JOB_ID), part(BATCH_ATTEMPT)))
}

/// What the program wrote there goes to the log, each line marked.
fn hand_over(result: &Path) -> io::Result<()> {
    let bytes = match std::fs::read(result) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    std::fs::remove_file(result)?;
    let mut out = io::stdout().lock();
    for line in bytes.strip_suffix(b"\n").unwrap_or(&bytes).split(|byte| *byte == b'\n').filter(|_| !bytes.is_empty()) {
        out.write_all(&[RESULT_MARK.as_bytes(), line, b"\n"].concat())?;
    }
    out.flush()
}

/// The program's exit code, or `None` if it was stopped for taking too long. Signals to stop are
/// passed on.
fn run_for(command: &mut Command, seconds: Option<u32>) -> io::Result<Option<u8>> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let mut child = command.spawn()?;
    let pid = pid_of(&child);
    thread::spawn(move || {
        for _ in signals.forever() {
            stop(pid, Signal::TERM);
        }
    });
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let clock = seconds.map(|seconds| {
        thread::spawn(move || {
            let is_over = |time| end.recv_timeout(time) != Err(std::sync::mpsc::RecvTimeoutError::Timeout);
            if is_over(Duration::from_secs(seconds.into())) {
                return false;
            }
            stop(pid, Signal::TERM);
            if !is_over(GRACE) {
                stop(pid, Signal::KILL);
            }
            true
        })
    });
    let status = child.wait()?;
    drop(ended);
    let late = clock.is_some_and(|clock| clock.join().unwrap_or(false));
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
