//! One attempt from start to end: prepare, start the process, wait, kill what it left behind.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use fanout_engine::{AttemptEnd, AttemptId, Launch};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::refusal::Refusal;
use super::work_dir::Place;
use super::{Host, environment, program};

/// How long a full process or file table is waited for, try by try, in milliseconds.
const PATIENCE: [u64; 6] = [5, 10, 25, 50, 100, 250];

/// Runs an attempt to its end. `running` hears of its process group as soon as there is one; `over` is asked to
/// forget it while the group's number still cannot belong to anybody else.
pub(super) fn run(host: &Host, attempt: AttemptId, launch: &Launch, running: impl FnOnce(Pid), over: impl FnOnce()) -> AttemptEnd {
    let place = match place(host, attempt) {
        Ok(place) => place,
        Err(refusal) => return refusal.into(),
    };
    let mut child = match start(host, launch, place.path()) {
        Ok(child) => child,
        Err(refusal) => return refusal.into(),
    };
    let group = Pid::from_child(&child);
    running(group);
    let end = wait(&mut child, group, over);
    host.logs.end(&launch.log_stream);
    end
}

fn place(host: &Host, attempt: AttemptId) -> Result<Place<'_>, Refusal> {
    match &host.fixed_dir {
        Some(directory) => Ok(Place::Shared(directory)),
        None => patiently(|| host.settings.work_dir.fresh(attempt))
            .map(Place::Own)
            .map_err(|error| Refusal::Prepare { what: "working directory", error }),
    }
}

fn start(host: &Host, launch: &Launch, directory: &Path) -> Result<Child, Refusal> {
    let argv = program::command(launch, &host.settings.images)?;
    let (name, arguments) = argv.split_first().ok_or(Refusal::NoCommand)?;
    let variables = environment::of_job(&host.variables, launch.execution_environment, &launch.environment);
    let path = variables.get(std::ffi::OsStr::new("PATH")).copied().unwrap_or_default();
    let file = program::file(name, path, directory)?;
    let no_log = |error| Refusal::Prepare { what: "log stream", error };
    let output = patiently(|| host.logs.begin(&launch.log_stream)).map_err(no_log)?;
    let errors = patiently(|| output.try_clone()).map_err(no_log)?;
    let mut command = Command::new(&file);
    command.arg0(name).args(arguments).env_clear().envs(variables).current_dir(directory).process_group(0);
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    patiently(|| command.spawn()).map_err(|error| {
        host.logs.end(&launch.log_stream);
        if directory.is_dir() {
            Refusal::Exec { program: name.clone(), error }
        } else {
            Refusal::Prepare { what: "working directory", error }
        }
    })
}

/// Until the process is gone; then the rest of its group is killed, and only then is its number given back.
fn wait(child: &mut Child, group: Pid, over: impl FnOnce()) -> AttemptEnd {
    while let Err(Errno::INTR) = waitid(WaitId::Pid(group), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {}
    over();
    let _ = kill_process_group(group, Signal::KILL);
    match child.wait() {
        Ok(status) => AttemptEnd::Exited { code: exit_code(status), reason: None },
        Err(error) => {
            tracing::error!(%error, "the end of a process was lost");
            AttemptEnd::HostLost
        }
    }
}

fn exit_code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(255)
}

/// Tries again for a moment if the machine has no room for a process or a file.
fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for pause in PATIENCE {
        match attempt() {
            Err(error) if is_full(&error) => thread::sleep(Duration::from_millis(pause)),
            result => return result,
        }
    }
    attempt()
}

fn is_full(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::AGAIN | Errno::MFILE | Errno::NFILE | Errno::NOMEM))
}
