//! `fanout local`: the engine behind a port of this machine.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use fanout_engine::{Engine, Settings};
use fanout_local::process::{ImageCommand, Settings as ProcessSettings, WorkDir};
use fanout_local::{
    Access, Clock, EngineHandle, Journal, Listener, LogStore, Objects, ProcessRunner, Recovered, StateDir, drive, resume, router, serve,
    with_objects,
};

use crate::args::LocalArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::{pass_env, run_id, runtime, state_dir};

pub(crate) fn local(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    runtime()?.block_on(listen(arguments, printer))
}

async fn listen(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let LocalArgs { listen, access_key_id, secret_access_key, state_dir, pass_env, images, strict, quotas } = arguments;
    Listener::check(listen).map_err(refused)?;
    let quotas = quotas.read()?;
    let images = images.into_iter().map(image_command).collect::<Result<Vec<_>, _>>()?;
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let settings = Settings { seed: run_id::seed(), strict, quotas, ..Settings::default() };
    let listener = Listener::bind(listen).await.map_err(refused)?;
    let (home, dormant) = open(state_dir, settings, printer)?;
    let objects = Objects::open(home.directory.join("objects")).map_err(Error::io("objects cannot be kept"))?;
    let (engine, logs) = start(dormant, &home, pass_env::names(pass_env, printer), images, objects.clone())?;
    let address = listener.address();
    for line in [
        format!("export AWS_ENDPOINT_URL=http://{address}"),
        format!("export AWS_ACCESS_KEY_ID={access_key_id}"),
        format!("export AWS_SECRET_ACCESS_KEY={secret_access_key}"),
        "export AWS_DEFAULT_REGION=us-east-1".to_owned(),
    ] {
        printer.data(&line);
    }
    printer.say(&format!("AWS Batch, Step Functions and S3 at http://{address} on {} cores; Ctrl-C ends it", cores()));
    let (engine_handle, mut failure) = (engine.clone(), None);
    let stop = async {
        tokio::select! {
            _ = signals.asked.recv() => {}
            reason = engine_handle.failed() => failure = Some(reason),
        }
    };
    let access = Access { access_key_id, secret_access_key, anonymous: false };
    serve(listener, with_objects(router(engine.clone(), logs), objects, access), stop).await;
    engine.shutdown().await;
    drop(home);
    failure.map_or(Ok(Exit::Ok), |reason| Err(Error::Io { what: "the engine gave up".into(), source: std::io::Error::other(reason) }))
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::Refused(error.to_string())
}

/// Where logs and working directories are; gone with this value unless the user named it.
struct Home {
    directory: PathBuf,
    kept: bool,
}

impl Drop for Home {
    fn drop(&mut self) {
        if !self.kept {
            drop(std::fs::remove_dir_all(&self.directory));
        }
    }
}

/// An engine that is not started yet.
enum Dormant {
    Remembering(Box<Recovered>),
    Forgetful(Box<Engine>),
}

/// What is in the state directory, or something that begins here and ends with this process.
fn open(asked: Option<PathBuf>, settings: Settings, printer: &Printer) -> Result<(Home, Dormant), Error> {
    let Some(directory) = asked else {
        let directory = state_dir::runs(None)?.join(format!("local-{}", run_id::new(jiff::Timestamp::now())));
        return Ok((Home { directory, kept: false }, Dormant::Forgetful(Box::new(Engine::new(settings)))));
    };
    let directory = StateDir::open(&directory).map_err(refused)?;
    let home = Home { directory: directory.path().to_owned(), kept: true };
    let recovered = Journal::open(directory, settings).map_err(refused)?;
    if !recovered.lost.is_empty() {
        printer.say(&format!("attempts that were running when fanout ended: {}; their host is lost", recovered.lost.len()));
    }
    Ok((home, Dormant::Remembering(Box::new(recovered))))
}

fn start(
    dormant: Dormant,
    home: &Home,
    pass_env: Vec<String>,
    images: Vec<ImageCommand>,
    objects: Objects,
) -> Result<(EngineHandle, LogStore), Error> {
    let logs = LogStore::new(make(home.directory.join("logs"))?);
    // Nobody else has the directory: whatever is there was left behind by a fanout that was killed.
    drop(std::fs::remove_dir_all(home.directory.join("work")));
    let settings = ProcessSettings { pass_env, images, ..ProcessSettings::new(WorkDir::Fresh(make(home.directory.join("work"))?)) };
    let runner = Box::new(ProcessRunner::new(settings, logs.clone()).map_err(Error::io("processes cannot be run"))?);
    let engine = match dormant {
        Dormant::Remembering(recovered) => resume(*recovered, runner, Arc::new(objects)),
        Dormant::Forgetful(engine) => drive(*engine, runner, Arc::new(objects), Clock::start()),
    };
    Ok((engine.map_err(Error::io("the engine cannot be started"))?, logs))
}

fn make(directory: PathBuf) -> Result<PathBuf, Error> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
    made.map_err(Error::io(format!("the directory {} cannot be made", directory.display())))?;
    Ok(directory)
}

fn image_command(text: String) -> Result<ImageCommand, Error> {
    let (pattern, argv) = text.split_once('=').ok_or_else(|| Error::Image(text.clone()))?;
    let argv: Vec<String> = argv.split_whitespace().map(str::to_owned).collect();
    if pattern.is_empty() || argv.is_empty() {
        return Err(Error::Image(text));
    }
    Ok(ImageCommand { pattern: pattern.into(), command: argv })
}

fn cores() -> usize {
    available_parallelism().map_or(1, std::num::NonZero::get)
}
