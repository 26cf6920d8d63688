//! `fanout local`: the engine behind a port of this machine.

mod exec;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use fanout_engine::{Engine, Settings};
use fanout_local::process::ImageCommand;
use fanout_local::{
    Access, Clock, EngineHandle, Journal, Listener, Objects, Reach, StateDir, Survives, router, serve, signed, with_objects,
};

use crate::args::LocalArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::home::{Dormant, Home, Jobs};
use crate::keys::Keys;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::{chaos, pass_env, run_id, runtime, state_dir};
use exec::Command;

/// Where clients look first.
const PORT: u16 = 4566;

pub(crate) fn local(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    runtime()?.block_on(listen(arguments, printer))
}

async fn listen(arguments: LocalArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let LocalArgs {
        listen,
        exec,
        command,
        allow_remote,
        hosts,
        access_key_id,
        secret_access_key,
        state_dir,
        pass_env,
        images,
        strict,
        chaos,
        seed,
        quotas,
    } = arguments;
    let reach = if allow_remote { Reach::Others(hosts) } else { Reach::ThisMachine };
    let listen = listen.map_or_else(|| (Ipv4Addr::LOCALHOST, if exec { 0 } else { PORT }).into(), |listen| listen.0);
    Listener::check(listen, &reach).map_err(refused)?;
    let command = exec.then(|| Command::find(command)).transpose()?;
    let quotas = quotas.read()?;
    let images = images.into_iter().map(image_command).collect::<Result<Vec<_>, _>>()?;
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let chaos = chaos::of(chaos.chaos, seed.unwrap_or_default(), printer).map(|(faults, seed)| chaos::with_seed(faults, seed));
    let settings = Settings { seed: run_id::seed(), strict, quotas, chaos, ..Settings::default() };
    let listener = Listener::bind(listen, reach).await.map_err(refused)?;
    let (home, dormant) = open(state_dir, settings, printer)?;
    let keys = match access_key_id.zip(secret_access_key) {
        Some((access_key_id, secret_access_key)) => Keys { access_key_id, secret_access_key },
        None if home.kept => Keys::kept(&home.directory)?,
        None => Keys::new(),
    };
    let objects = Objects::open(home.directory.join("objects")).map_err(Error::io("objects cannot be kept"))?;
    let address = as_seen_from_here(listener.address());
    let exports = exports(address, &keys);
    let jobs = Jobs { pass_env: pass_env::names_beside(&exports, pass_env, printer), exports: exports.clone(), images };
    let (engine, logs) = home.start(dormant, jobs, Arc::new(objects.clone()))?;
    let Keys { access_key_id, secret_access_key } = keys;
    let access = Access { access_key_id, secret_access_key, anonymous: false };
    let router = with_objects(signed(router(engine.clone(), logs), access.clone()), objects, access);
    warn_of_others(listener.address(), printer);
    if command.is_none() {
        announce(address, &exports, printer);
    }
    let mut ended = Ok(Exit::Ok);
    let until = async {
        ended = match command {
            Some(command) => command.run(&exports, &mut signals, &engine).await,
            None => stay(&mut signals, &engine).await,
        }
    };
    serve(listener, router, until).await;
    engine.shutdown().await;
    drop(home);
    ended
}

fn announce(address: SocketAddr, exports: &[(String, String)], printer: &mut Printer) {
    for (name, value) in exports {
        printer.data(&format!("export {name}={value}"));
    }
    printer.say(&format!("AWS Batch, Step Functions and S3 at http://{address} on {} cores; Ctrl-C ends it", cores()));
}

/// Whoever lets others in shall know what that means.
fn warn_of_others(address: SocketAddr, printer: &Printer) {
    if !address.ip().to_canonical().is_loopback() {
        printer.complain(&format!(
            "warning: other machines reach {address}: whoever has the keys can run programs as you, and nothing is encrypted"
        ));
    }
}

/// Waits until somebody asks to stop.
async fn stay(signals: &mut Signals, engine: &EngineHandle) -> Result<Exit, Error> {
    tokio::select! {
        _ = signals.asked.recv() => Ok(Exit::Ok),
        reason = engine.failed() => Err(gave_up(reason)),
    }
}

fn gave_up(reason: String) -> Error {
    Error::Io { what: "the engine gave up".into(), source: std::io::Error::other(reason) }
}

/// What a client has to know, by the names that clients look for. The prefix that some calls put before the host's name leads
/// nowhere on loopback.
fn exports(address: SocketAddr, keys: &Keys) -> Vec<(String, String)> {
    let exports = [
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
        ("AWS_DISABLE_HOST_PREFIX_INJECTION", "true".into()),
        ("AWS_DEFAULT_REGION", "us-east-1".into()),
    ];
    exports.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Nobody can be called at the address that stands for all.
fn as_seen_from_here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    (ip, address.port()).into()
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
    let recovered = Journal::open(directory, settings, Survives::PowerLoss).map_err(refused)?;
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
