//! `--target local`: the SDK's clients end in the engine, in this very process.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use fanout_aws::Clients;
use fanout_core::call::Call;
use fanout_core::fan_out::{FanOut, Injection, Platform};
use fanout_core::infrastructure::{self, Capacity};
use fanout_core::plan::Plan;
use fanout_core::strategy;
use fanout_engine::{Engine, Faults};
use fanout_local::process::{KillSwitch, Settings as ProcessSettings, WorkDir};
use fanout_local::{
    Access, Clock, EngineHandle, Journal, LogStore, NoObjects, ObjectStore, Objects, ProcessRunner, StateDir, Survives, drive, resume,
    router, with_objects,
};

use super::program;
use crate::chaos;
use crate::error::Error;
use crate::record::Here;

/// From SIGTERM to SIGKILL: somebody is waiting at a terminal.
const GRACE: Duration = Duration::from_secs(10);

/// How long an engine that gave up may take to say why.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// What Batch says of a name that is in use.
const ALREADY_THERE: &str = "Object already exists";

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
        let hosting = &fan_out.worker.hosting;
        if hosting.definition.is_some() || hosting.platform != Platform::Ec2 {
            let flag = if hosting.definition.is_some() { "--definition" } else { "--platform fargate" };
            return Err(Error::Refused(format!("{flag} needs an account, and the commands run on this machine: add --target aws")));
        }
        if !infrastructure::is_name(&fan_out.job_queue) {
            return Err(Error::Queue(fan_out.job_queue.clone()));
        }
        Ok(())
    }

    /// How the runs of a fan-out are to be made from this shell on.
    pub(crate) fn here(fan_out: &FanOut, plans: &[Plan], pass_env: Vec<String>, chaos: Option<(Faults, u64)>) -> Result<Here, Error> {
        let directory = std::env::current_dir().map_err(Error::io("the current directory cannot be read"))?;
        let Room { vcpus, memory_mib } = Room::of(fan_out, plans);
        let chaos = chaos.map(|(faults, seed)| (faults.to_string(), seed));
        Ok(Here { directory, pass_env, vcpus, memory_mib, chaos })
    }

    /// An engine with a compute environment and a queue that have room for the fan-out. With a directory to remember in, it goes on
    /// where it was when it was killed, and says how many programs were lost with it.
    pub(crate) async fn open(
        fan_out: &FanOut,
        plan: &Plan,
        here: &Here,
        logs: &Path,
        memory: Option<&Path>,
    ) -> Result<(Self, usize), Error> {
        let chaos = match &here.chaos {
            Some((faults, seed)) => {
                Some(chaos::with_seed(faults.parse().map_err(|_| Error::Refused(format!("{faults}: no faults")))?, *seed))
            }
            None => None,
        };
        if !here.directory.is_dir() {
            return Err(Error::NoDirectory(here.directory.clone()));
        }
        let is_spot = chaos.as_ref().is_some_and(|chaos| !chaos.faults.spot.is_zero());
        let settings = fanout_engine::Settings {
            chaos,
            seed: crate::run_id::seed(),
            memory_mib_per_environment: Some(here.memory_mib),
            ..fanout_engine::Settings::default()
        };
        std::fs::create_dir_all(logs).map_err(|source| Error::StateDir { path: logs.into(), source })?;
        let store = LogStore::new(logs);
        let process =
            ProcessSettings { pass_env: here.pass_env.clone(), grace: GRACE, ..ProcessSettings::new(WorkDir::Cwd(here.directory.clone())) };
        let runner = ProcessRunner::new(process, store.clone()).map_err(Error::io("processes cannot be run"))?;
        let kill_switch = runner.kill_switch();
        let objects = objects_of(plan, &memory.map_or_else(|| logs.with_extension("objects"), |directory| directory.join("objects")))?;
        let source: Arc<dyn ObjectStore> = objects.clone().map_or_else(|| Arc::new(NoObjects) as _, |objects| Arc::new(objects) as _);
        let runner = Box::new(runner);
        let (mut clock, mut lost) = (Clock::start(), 0);
        let engine = match memory {
            None => drive(Engine::new(settings), runner, source, clock),
            Some(directory) => {
                let directory = StateDir::open(directory).map_err(|error| Error::Refused(error.to_string()))?;
                let recovered = Journal::open(directory, settings, Survives::Kill).map_err(|error| Error::Refused(error.to_string()))?;
                lost = recovered.lost.len();
                clock = Clock::start_after(recovered.last);
                resume(recovered, runner, source)
            }
        };
        let engine = engine.map_err(Error::io("the engine cannot be started"))?;
        let face = router(engine.clone(), store);
        let clients = Clients::in_process(match objects {
            Some(objects) => with_objects(face, objects, access()),
            None => face,
        });
        let capacity = if is_spot { Capacity::Spot } else { Capacity::OnDemand };
        for request in infrastructure::prepare(&fan_out.job_queue, here.vcpus, capacity) {
            match clients.call(&Call::Batch(request)).await {
                // It is there since before the engine was killed.
                Err(error) if error.message == ALREADY_THERE => {}
                Err(error) => return Err(why(&engine).await.unwrap_or_else(|| error.into())),
                Ok(_) => {}
            }
        }
        Ok((Self { clients, clock, engine, kill_switch, logs: logs.into() }, lost))
    }

    /// Why the engine gave up, once it has: it cannot remember any more.
    pub(crate) async fn failed(&self) -> String {
        self.engine.failed().await
    }

    /// Ends every program that still runs, at once unless all have ended, and removes the logs that are empty.
    pub(crate) async fn close(self, all_ended: bool) {
        if !all_ended {
            self.kill_switch.pull();
        }
        self.engine.shutdown().await;
        remove_empty(&self.logs);
    }
}

/// What made the engine give up, if that is why it refuses a call.
async fn why(engine: &EngineHandle) -> Option<Error> {
    tokio::time::timeout(LAST_WORDS, engine.failed()).await.ok().map(Error::EngineGaveUp)
}

/// S3 with the buckets that the plan puts objects into; none if it needs none.
fn objects_of(plan: &Plan, directory: &Path) -> Result<Option<Objects>, Error> {
    let buckets: BTreeSet<&str> = plan.objects.iter().map(|object| object.bucket.as_str()).collect();
    if buckets.is_empty() {
        return Ok(None);
    }
    let objects = Objects::open(directory).map_err(|source| Error::StateDir { path: directory.into(), source })?;
    for bucket in buckets {
        objects.create_bucket(bucket, "us-east-1").map_err(|problem| Error::Bucket { bucket: bucket.into(), problem })?;
    }
    Ok(Some(objects))
}

/// Nobody but this process reaches it.
fn access() -> Access {
    Access { access_key_id: "fanout".into(), secret_access_key: "fanout".into(), anonymous: false }
}

/// What the local compute environment offers.
struct Room {
    vcpus: i64,
    memory_mib: u64,
}

impl Room {
    /// As much as this machine has, or as `--max-concurrency` asks for: who asks for six at a time
    /// gets six. One run always fits, and so do all nodes of a job, which start at one time.
    fn of(fan_out: &FanOut, plans: &[Plan]) -> Self {
        let together = plans.iter().map(|plan| strategy::room_of(plan, fan_out));
        let (nodes_vcpus, nodes_memory) = together.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1))).unwrap_or_default();
        let cores = available_parallelism().map_or(1, std::num::NonZero::get) as u64;
        let asked = fan_out.max_concurrency.unwrap_or(1).min(fan_out.runs.len()) as u64;
        let vcpus = cores.max(asked.saturating_mul(fan_out.worker.vcpus.into())).max(nodes_vcpus);
        let memory_mib = memory_of_this_machine().max(asked.saturating_mul(fan_out.worker.memory_mib)).max(nodes_memory);
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
