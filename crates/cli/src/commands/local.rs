//! `fanout local`: the engine behind a port of this machine.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use fanout_engine::{Engine, Settings};
use fanout_local::process::ImageCommand;
use fanout_local::{Access, Clock, Journal, Listener, Objects, StateDir, router, serve, signed, with_objects};

use crate::args::LocalArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::home::{Dormant, Home, Jobs};
use crate::keys::Keys;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::{chaos, pass_env, run_id, runtime, state_dir};

pub(crate) fn local(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    runtime()?.block_on(listen(arguments, printer))
}

async fn listen(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let LocalArgs { listen, access_key_id, secret_access_key, state_dir, pass_env, images, strict, chaos, seed, quotas } = arguments;
    Listener::check(listen).map_err(refused)?;
    let quotas = quotas.read()?;
    let images = images.into_iter().map(image_command).collect::<Result<Vec<_>, _>>()?;
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let chaos = chaos::of(chaos.chaos, seed.unwrap_or_default(), printer);
    let settings = Settings { seed: run_id::seed(), strict, quotas, chaos, ..Settings::default() };
    let listener = Listener::bind(listen).await.map_err(refused)?;
    let (home, dormant) = open(state_dir, settings, printer)?;
    let Keys { access_key_id, secret_access_key } = match access_key_id.zip(secret_access_key) {
        Some((access_key_id, secret_access_key)) => Keys { access_key_id, secret_access_key },
        None if home.kept => Keys::kept(&home.directory)?,
        None => Keys::new(),
    };
    let objects = Objects::open(home.directory.join("objects")).map_err(Error::io("objects cannot be kept"))?;
    let jobs = Jobs { pass_env: pass_env::names(pass_env, printer), images };
    let (engine, logs) = home.start(dormant, jobs, Arc::new(objects.clone()))?;
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
    serve(listener, with_objects(signed(router(engine.clone(), logs), access.clone()), objects, access), stop).await;
    engine.shutdown().await;
    drop(home);
    failure.map_or(Ok(Exit::Ok), |reason| Err(Error::Io { what: "the engine gave up".into(), source: std::io::Error::other(reason) }))
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::Refused(error.to_string())
}

/// What is in the state directory, or something that begins here and ends with this process.
fn open(asked: Option<PathBuf>, settings: Settings, printer: &Printer) -> Result<(Home, Dormant), Error> {
    let Some(directory) = asked else {
        let directory = state_dir::runs(None)?.join(format!("local-{}", run_id::new(jiff::Timestamp::now())));
        return Ok((Home { directory, kept: false }, Dormant::Forgetful(Box::new(Engine::new(settings)), Clock::start())));
    };
    let directory = StateDir::open(&directory).map_err(refused)?;
    let home = Home { directory: directory.path().to_owned(), kept: true };
    let recovered = Journal::open(directory, settings).map_err(refused)?;
    if !recovered.lost.is_empty() {
        printer.say(&format!("attempts that were running when fanout ended: {}; their host is lost", recovered.lost.len()));
    }
    Ok((home, Dormant::Remembering(Box::new(recovered))))
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
