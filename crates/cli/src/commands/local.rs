//! `fanout local`: the engine behind a port of this machine.

use std::path::PathBuf;
use std::thread::available_parallelism;

use fanout_engine::Engine;
use fanout_local::process::{ImageCommand, Settings as ProcessSettings, WorkDir};
use fanout_local::{Clock, Listener, LogStore, ProcessRunner, drive, router, serve};

use crate::args::LocalArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::{run_id, runtime, state_dir};

pub(crate) fn local(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    runtime()?.block_on(listen(arguments, printer))
}

async fn listen(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let LocalArgs { listen, access_key_id, secret_access_key, state_dir, pass_env, images, strict } = arguments;
    let images = images.into_iter().map(image_command).collect::<Result<Vec<_>, _>>()?;
    let listener = Listener::bind(listen).await.map_err(|error| Error::Refused(error.to_string()))?;
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let kept = state_dir.is_some();
    let directory = match state_dir {
        Some(directory) => directory,
        None => state_dir::runs(None)?.join(format!("local-{}", run_id::new(jiff::Timestamp::now()))),
    };
    let logs = LogStore::new(make(directory.join("logs"))?);
    let settings = ProcessSettings { pass_env, images, ..ProcessSettings::new(WorkDir::Fresh(make(directory.join("work"))?)) };
    let runner = ProcessRunner::new(settings, logs.clone()).map_err(Error::io("processes cannot be run"))?;
    let engine = Engine::new(fanout_engine::Settings { seed: run_id::seed(), strict, ..fanout_engine::Settings::default() });
    let engine = drive(engine, Box::new(runner), Clock::start()).map_err(Error::io("the engine cannot be started"))?;
    let address = listener.address();
    for line in [
        format!("export AWS_ENDPOINT_URL=http://{address}"),
        format!("export AWS_ACCESS_KEY_ID={access_key_id}"),
        format!("export AWS_SECRET_ACCESS_KEY={secret_access_key}"),
        "export AWS_DEFAULT_REGION=us-east-1".to_owned(),
    ] {
        printer.data(&line);
    }
    printer.say(&format!("AWS Batch and Step Functions at http://{address} on {} cores; Ctrl-C ends it", cores()));
    let stop = async move {
        signals.asked.recv().await;
    };
    serve(listener, router(engine.clone(), logs), stop).await.map_err(Error::io("serving ended"))?;
    engine.shutdown().await;
    if !kept {
        drop(std::fs::remove_dir_all(&directory));
    }
    Ok(Exit::Ok)
}

fn make(directory: PathBuf) -> Result<PathBuf, Error> {
    std::fs::create_dir_all(&directory).map_err(Error::io(format!("the directory {} cannot be made", directory.display())))?;
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
