//! Runs attempts as processes of this machine: the command of the job, not its image.
//!
//! A job sees its own variables, `PATH`, `HOME` and what [`Settings::pass_env`] names, and nothing else of this
//! machine's environment. When its first process ends, the rest of its process group is killed, as in a container.

mod attempt;
mod environment;
mod leftovers;
mod pool;
mod program;
mod refusal;
mod stopping;
mod work_dir;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fanout_engine::{AttemptId, Launch};

pub use leftovers::kill_leftovers;
pub use program::ImageCommand;
pub use work_dir::WorkDir;

use crate::logs::LogStore;
use crate::runner::{Reports, Runner};
use pool::Pool;

/// How processes are run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where they run.
    pub work_dir: WorkDir,
    /// Names of this machine's variables that jobs may see.
    pub pass_env: Vec<String>,
    /// Names and values that count in place of this machine's, for those of `pass_env`.
    pub exports: Vec<(String, String)>,
    /// From SIGTERM to SIGKILL: 30 s as on AWS, or less for somebody who waits at a terminal.
    pub grace: Duration,
    /// What images run, for jobs without a command; the first that matches counts.
    pub images: Vec<ImageCommand>,
    /// How many processes run at one time; more wait their turn.
    pub slots: usize,
}

impl Settings {
    /// AWS's grace, no variables passed, no images known, at most 1,000 processes.
    pub fn new(work_dir: WorkDir) -> Self {
        Self { work_dir, pass_env: Vec::new(), exports: Vec::new(), grace: Duration::from_secs(30), images: Vec::new(), slots: 1_000 }
    }
}

/// Runs every attempt in a process group of its own, and kills what still runs when it is dropped.
#[derive(Debug)]
pub struct ProcessRunner {
    pool: Arc<Pool>,
}

/// What every attempt is run with.
#[derive(Debug)]
struct Host {
    settings: Settings,
    logs: LogStore,
    /// `PATH`, `HOME` and what is passed on.
    variables: Vec<(OsString, OsString)>,
    /// Where a relative program is looked for if the working directory is not fresh.
    fixed_dir: Option<PathBuf>,
}

impl ProcessRunner {
    /// Runs processes whose output goes to `logs`. This machine's environment is read now and not again.
    ///
    /// # Errors
    /// The working directory cannot be made absolute, or the root of fresh ones cannot be made.
    pub fn new(settings: Settings, logs: LogStore) -> std::io::Result<Self> {
        let exported = |name: &str| settings.exports.iter().find(|(export, _)| export == name).map(|(_, value)| value.into());
        let variables = environment::of_this_machine(&settings.pass_env, |name| exported(name).or_else(|| std::env::var_os(name)));
        let fixed_dir = settings.work_dir.prepare()?;
        Ok(Self { pool: Pool::new(Host { settings, logs, variables, fixed_dir }) })
    }

    /// What ends this runner's processes from elsewhere.
    pub fn kill_switch(&self) -> KillSwitch {
        KillSwitch(Arc::clone(&self.pool))
    }
}

/// Ends every process at once, for somebody who does not wait for the end of the grace.
#[derive(Clone, Debug)]
pub struct KillSwitch(Arc<Pool>);

impl KillSwitch {
    /// SIGKILL to all that runs; nothing is started any more.
    pub fn pull(&self) {
        self.0.close();
    }
}

impl Runner for ProcessRunner {
    fn start(&mut self, attempt: AttemptId, launch: Launch, reports: Reports) {
        self.pool.start(pool::Task { attempt, launch, reports });
    }

    fn stop(&mut self, attempt: AttemptId) {
        self.pool.stop(attempt);
    }
}

impl Drop for ProcessRunner {
    fn drop(&mut self) {
        self.pool.close();
    }
}

#[cfg(test)]
mod tests;
