//! Where an engine keeps logs, working directories and objects, and how it is started there.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use fanout_engine::Engine;
use fanout_local::process::{ImageCommand, Settings as ProcessSettings, WorkDir};
use fanout_local::{Clock, EngineHandle, LogStore, ObjectStore, ProcessRunner, Recovered, drive, resume};

use crate::error::Error;

/// A directory; gone with this value unless the user named it.
pub(crate) struct Home {
    pub(crate) directory: PathBuf,
    pub(crate) kept: bool,
}

impl Drop for Home {
    fn drop(&mut self) {
        if !self.kept {
            drop(std::fs::remove_dir_all(&self.directory));
        }
    }
}

/// An engine that is not started yet.
pub(crate) enum Dormant {
    Remembering(Box<Recovered>),
    Forgetful(Box<Engine>, Clock),
}

/// What jobs see and run, beside what they are given.
#[derive(Default)]
pub(crate) struct Jobs {
    pub(crate) pass_env: Vec<String>,
    pub(crate) exports: Vec<(String, String)>,
    pub(crate) images: Vec<ImageCommand>,
}

impl Home {
    /// Starts an engine whose jobs and logs are here.
    pub(crate) fn start(&self, dormant: Dormant, jobs: Jobs, objects: Arc<dyn ObjectStore>) -> Result<(EngineHandle, LogStore), Error> {
        let logs = LogStore::new(self.make("logs")?);
        logs.watch().map_err(Error::io("logs cannot be watched"))?;
        // Nobody else has the directory: whatever is there was left behind by a fanout that was killed.
        drop(std::fs::remove_dir_all(self.directory.join("work")));
        let Jobs { pass_env, exports, images } = jobs;
        let settings = ProcessSettings { pass_env, exports, images, ..ProcessSettings::new(WorkDir::Fresh(self.make("work")?)) };
        let runner = Box::new(ProcessRunner::new(settings, logs.clone()).map_err(Error::io("processes cannot be run"))?);
        let engine = match dormant {
            Dormant::Remembering(recovered) => resume(*recovered, runner, objects),
            Dormant::Forgetful(engine, clock) => drive(*engine, runner, objects, clock),
        };
        Ok((engine.map_err(Error::io("the engine cannot be started"))?, logs))
    }

    fn make(&self, name: &str) -> Result<PathBuf, Error> {
        let directory = self.directory.join(name);
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
        made.map_err(Error::io(format!("the directory {} cannot be made", directory.display())))?;
        Ok(directory)
    }
}
