//! `--target local`: the SDK's clients end in the engine, in this very process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use fanout_aws::Clients;
use fanout_core::call::Call;
use fanout_core::fan_out::{FanOut, Injection};
use fanout_core::infrastructure::{self, Capacity};
use fanout_engine::{Chaos, Engine};
use fanout_local::process::{KillSwitch, Settings as ProcessSettings, WorkDir};
use fanout_local::{Clock, EngineHandle, LogStore, NoObjects, ProcessRunner, drive, router};

use super::program;
use crate::carry_out::Carried;
use crate::error::Error;

/// From SIGTERM to SIGKILL: somebody is waiting at a terminal.
const GRACE: Duration = Duration::from_secs(10);

/// The engine and the clients that speak to it.
pub(crate) struct LocalTarget {
    pub(crate) clients: Clients,
    pub(crate) clock: Clock,
    engine: EngineHandle,
    kill_switch: KillSwitch,
    logs: PathBuf,
}

impl LocalTarget {
    /// Refuses what cannot run here.
    pub(crate) fn check(fan_out: &FanOut) -> Result<(), Error> {
        let injected = match &fan_out.worker.injection {
            Injection::Shell => "sh",
            Injection::Worker(program) => program,
        };
        let command = fan_out.worker.command.first().map(String::as_str).filter(|program| !program.contains('{'));
        if let Some(program) = command.into_iter().chain([injected]).find(|program| !program::is_found(program)) {
            return Err(Error::CommandNotFound { program: program.into() });
        }
        if !infrastructure::is_name(&fan_out.job_queue) {
            return Err(Error::Queue(fan_out.job_queue.clone()));
        }
        Ok(())
    }

    /// An engine with a compute environment and a queue that have room for the fan-out.
    /// Its hosts are Spot instances if some of them are to be taken away.
    pub(crate) async fn open(fan_out: &FanOut, pass_env: Vec<String>, logs: &Path, chaos: Option<Chaos>) -> Result<Self, Error> {
        let clock = Clock::start();
        let room = Room::for_fan_out(fan_out);
        let is_spot = chaos.as_ref().is_some_and(|chaos| !chaos.faults.spot.is_zero());
        let engine = Engine::new(fanout_engine::Settings {
            chaos,
            seed: crate::run_id::seed(),
            memory_mib_per_environment: Some(room.memory_mib),
            ..fanout_engine::Settings::default()
        });
        std::fs::create_dir_all(logs).map_err(|source| Error::StateDir { path: logs.into(), source })?;
        let store = LogStore::new(logs);
        let here = std::env::current_dir().map_err(Error::io("the current directory cannot be read"))?;
        let settings = ProcessSettings { pass_env, grace: GRACE, ..ProcessSettings::new(WorkDir::Cwd(here)) };
        let runner = ProcessRunner::new(settings, store.clone()).map_err(Error::io("processes cannot be run"))?;
        let kill_switch = runner.kill_switch();
        let engine = drive(engine, Box::new(runner), Arc::new(NoObjects), clock).map_err(Error::io("the engine cannot be started"))?;
        let clients = Clients::in_process(router(engine.clone(), store));
        let capacity = if is_spot { Capacity::Spot } else { Capacity::OnDemand };
        for request in infrastructure::prepare(&fan_out.job_queue, room.vcpus, capacity) {
            clients.call(&Call::Batch(request)).await?;
        }
        Ok(Self { clients, clock, engine, kill_switch, logs: logs.into() })
    }

    /// Ends every program that still runs, at once if they were abandoned, and removes the logs that are empty.
    pub(crate) async fn close(self, carried: Carried) {
        if carried == Carried::Abandoned {
            self.kill_switch.pull();
        }
        self.engine.shutdown().await;
        remove_empty(&self.logs);
    }
}

/// What the local compute environment offers.
struct Room {
    vcpus: i64,
    memory_mib: u64,
}

impl Room {
    /// As much as this machine has, or as `--max-concurrency` asks for: who asks for six at a time
    /// gets six. One run always fits.
    fn for_fan_out(fan_out: &FanOut) -> Self {
        let cores = available_parallelism().map_or(1, std::num::NonZero::get) as u64;
        let asked = fan_out.max_concurrency.unwrap_or(1).min(fan_out.runs.len()) as u64;
        let vcpus = cores.max(asked.saturating_mul(fan_out.worker.vcpus.into()));
        let memory_mib = memory_of_this_machine().max(asked.saturating_mul(fan_out.worker.memory_mib));
        Self { vcpus: i64::try_from(vcpus).unwrap_or(i64::MAX), memory_mib }
    }
}

fn memory_of_this_machine() -> u64 {
    let info = rustix::system::sysinfo();
    (info.totalram as u64).saturating_mul(info.mem_unit.into()) >> 20
}

/// Removes empty files and directories; what cannot be removed stays.
fn remove_empty(directory: &Path) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.metadata() {
            Ok(found) if found.is_dir() => remove_empty(&path),
            Ok(found) if found.len() == 0 => drop(std::fs::remove_file(&path)),
            _ => {}
        }
    }
    drop(std::fs::remove_dir(directory));
}
