//! `fanout asl run`: one execution on an engine of its own, watched until it ends.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fanout_asl::api::{
    self, ApiError, CreateStateMachine, DecodeError, DescribeExecution, ExecutionDescription, GetExecutionHistory, StartExecution,
    StopExecution,
};
use fanout_asl::mocks::Mocks;
use fanout_asl::{Definition, Payload};
use fanout_engine::{Engine, Reply, Request, Settings};
use fanout_local::{Clock, EngineHandle, NoObjects};
use serde_json::{Value, json};

use super::trace::Trace;
use super::{is_stdin, name, read};
use crate::args::AslRunArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::home::{Dormant, Home, Jobs};
use crate::printer::Printer;
use crate::signals::Signals;
use crate::{run_id, runtime};

/// Events of one page: the most that a page can have.
const PAGE: i32 = 1_000;
/// Between two looks at the history: at first and at most.
const PACE: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

pub(crate) fn run(arguments: AslRunArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let AslRunArgs { input, input_file, mock, case, skip_waits, history, quotas, seed, quiet: _, file } = arguments;
    let quotas = quotas.read()?;
    let definition = read(&file)?;
    let invalid = |source| Error::InvalidDefinition { name: name(&file), source };
    let parsed = Definition::parse(&definition).map_err(|problems| invalid(ApiError::new("InvalidDefinition", first_of(&problems))))?;
    let refused_at_start = |error: ApiError| if error.code == "InvalidDefinition" { invalid(error) } else { refused(error) };
    let input = input_of(input, input_file, &file)?;
    let mocks = mock.map_or_else(|| Ok(Mocks::default()), |path| mocks_of(path, case.as_deref(), &parsed))?;
    // Opened before anything runs: what cannot be written is known at once.
    let history =
        history.map(|path| fs::File::create(&path).map(|file| (path.clone(), file)).map_err(|source| Error::History { path, source }));
    let history = history.transpose()?;
    let settings = Settings { seed: seed.unwrap_or_else(run_id::seed), quotas, ..Settings::default() };
    let clock = if skip_waits { Clock::leaping() } else { Clock::start() };
    let dormant = Dormant::Forgetful(Box::new(Engine::new(settings).with_mocks(mocks)), clock);
    let directory = std::env::temp_dir().join(format!("fanout-asl-{}", run_id::new(jiff::Timestamp::now())));
    // Nobody else's: it may not be there yet.
    fs::DirBuilder::new().mode(0o700).create(&directory).map_err(Error::io(format!("{} cannot be made", directory.display())))?;
    let home = Home { directory, kept: false };
    let ended = runtime()?.block_on(async {
        let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
        let (engine, _logs) = home.start(dormant, Jobs::default(), Arc::new(NoObjects))?;
        let execution = start(&engine, &definition, input).await.map_err(refused_at_start)?;
        let ended = Watched { engine: &engine, execution, trace: Trace::new(), events: history.is_some().then(Vec::new) }
            .until_it_ends(&mut signals, printer)
            .await;
        engine.shutdown().await;
        ended.map(|ended| (ended, signals))
    });
    let ((ended, events), signals) = ended?;
    let exit = tell(ended, &signals, printer);
    if let (Some((path, mut file)), Some(events)) = (history, events) {
        let text = serde_json::to_string_pretty(&json!({"events": events})).unwrap_or_default();
        file.write_all((text + "\n").as_bytes()).map_err(|source| Error::History { path, source })?;
    }
    Ok(exit)
}

/// What became of it; standard output has the output and nothing else.
fn tell(ended: Option<ExecutionDescription>, signals: &Signals, printer: &mut Printer) -> Exit {
    let Some(ended) = ended else {
        printer.complain("error: left before the execution ended");
        return signals.exit();
    };
    if let ("SUCCEEDED", Some(output)) = (&*ended.status, &ended.output) {
        printer.data(output);
        return Exit::Ok;
    }
    let what = match &*ended.status {
        "TIMED_OUT" => "timed out",
        "ABORTED" => "was stopped",
        _ => "failed",
    };
    let reasons: Vec<String> = ended.error.into_iter().chain(ended.cause).collect();
    let colon = if reasons.is_empty() { "" } else { ": " };
    printer.complain(&format!("error: the execution {what}{colon}{}", reasons.join(": ")));
    if ended.status == "ABORTED" { signals.exit() } else { Exit::RunsFailed }
}

fn first_of(problems: &[api::ValidationDiagnostic]) -> String {
    let more = if problems.len() > 1 { format!(" (and {} more)", problems.len() - 1) } else { String::new() };
    problems.first().map_or_else(String::new, |problem| {
        let at = problem.location.as_deref().map_or_else(String::new, |at| format!(" at {at}"));
        format!("{}{at}{more}", problem.message)
    })
}

/// The input as it was given; it has to be JSON.
fn input_of(given: Option<String>, file: Option<PathBuf>, definition: &Path) -> Result<String, Error> {
    let text = match (given, file) {
        (Some(text), _) => text,
        (None, None) => "{}".into(),
        (None, Some(path)) if is_stdin(&path) && is_stdin(definition) => {
            return Err(Error::Refused("standard input is the definition already; give the input in a file, or with --input".into()));
        }
        (None, Some(path)) => {
            let text = if is_stdin(&path) { io::read_to_string(io::stdin().lock()) } else { fs::read_to_string(&path) };
            text.map_err(|source| Error::InputFile { path, source })?
        }
    };
    Payload::parse(text.as_str()).map(|_| text).map_err(Error::Input)
}

fn mocks_of(path: PathBuf, case: Option<&str>, definition: &Definition) -> Result<Mocks, Error> {
    let text = fs::read_to_string(&path).map_err(|source| Error::MockFile { path: path.clone(), source })?;
    let mocks = Mocks::parse(&text, case).and_then(|mocks| mocks.check(definition).map(|()| mocks));
    mocks.map_err(|source| Error::Mocks { path, source })
}

/// Makes the machine and starts it, as anybody would.
async fn start(engine: &EngineHandle, definition: &str, input: String) -> Result<String, ApiError> {
    let role_arn = "arn:aws:iam::123456789012:role/fanout".into();
    let create = CreateStateMachine { name: "asl-run".into(), definition: definition.into(), role_arn, ..Default::default() };
    let api::Reply::StateMachineCreated(machine) = ask(engine, as_sent("CreateStateMachine", &create)?).await? else {
        return Err(unexpected());
    };
    let start = StartExecution { state_machine_arn: machine.state_machine_arn, input: Some(input), ..Default::default() };
    match ask(engine, as_sent("StartExecution", &start)?).await? {
        api::Reply::ExecutionStarted(execution) => Ok(execution.execution_arn),
        _ => Err(unexpected()),
    }
}

/// A request as the service takes it in: what is too long for it is refused.
fn as_sent(operation: &str, call: &impl serde::Serialize) -> Result<api::Request, ApiError> {
    let body = serde_json::to_vec(call).unwrap_or_default();
    match api::Request::decode(operation, &body) {
        Some(Ok(request)) => Ok(request),
        Some(Err(DecodeError::Refused(error))) => Err(error),
        Some(Err(DecodeError::Unreadable(_))) | None => Err(unexpected()),
    }
}

async fn ask(engine: &EngineHandle, request: api::Request) -> Result<api::Reply, ApiError> {
    match engine.call(Request::States(request)).await {
        Reply::States(answer) => answer,
        Reply::Batch(_) => Err(unexpected()),
    }
}

fn unexpected() -> ApiError {
    ApiError::new("ServiceException", "the engine answered something else than it was asked")
}

/// How it ended, unless it was left, and its history, if that is wanted.
type Ended = (Option<ExecutionDescription>, Option<Vec<Value>>);

/// An execution and how much of its history was seen.
struct Watched<'e> {
    engine: &'e EngineHandle,
    execution: String,
    trace: Trace,
    events: Option<Vec<Value>>,
}

impl Watched<'_> {
    /// Shows the history as it grows. The first signal stops the execution, the second leaves it.
    async fn until_it_ends(mut self, signals: &mut Signals, printer: &Printer) -> Result<Ended, Error> {
        let (mut page, mut seen, mut pause, mut asked) = (None, 0, PACE.0, false);
        loop {
            // Asked first: what ended before the history was read has its last event there.
            let description = self.description().await?;
            // Who stops it does not want to see all that it did until then.
            let next =
                if asked && self.events.is_none() { None } else { self.show(page.clone(), &mut seen, (!asked).then_some(printer)).await? };
            let more = next.is_some();
            if more {
                (page, seen) = (next, 0);
            } else if description.status != "RUNNING" {
                if asked {
                    self.show_last(printer).await?;
                }
                return Ok((Some(description), self.events));
            }
            pause = if more { Duration::ZERO } else { (pause * 2).clamp(PACE.0, PACE.1) };
            tokio::select! {
                biased;
                _ = signals.asked.recv() => {
                    if std::mem::replace(&mut asked, true) {
                        return Ok((None, self.events));
                    }
                    printer.complain("stopping the execution (Ctrl-C again to leave at once)");
                    let stop = StopExecution { execution_arn: self.execution.clone(), ..Default::default() };
                    ask(self.engine, api::Request::StopExecution(stop)).await.map_err(refused)?;
                }
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn description(&self) -> Result<ExecutionDescription, Error> {
        let describe = DescribeExecution { execution_arn: self.execution.clone(), ..Default::default() };
        match ask(self.engine, api::Request::DescribeExecution(describe)).await.map_err(refused)? {
            api::Reply::ExecutionDescription(description) => Ok(description),
            _ => Err(refused(unexpected())),
        }
    }

    /// Takes in what is new on a page; the token of the next page, if this one is full.
    async fn show(&mut self, page: Option<String>, seen: &mut usize, printer: Option<&Printer>) -> Result<Option<String>, Error> {
        let history = self.history(GetExecutionHistory { next_token: page, ..Default::default() }).await?;
        let count = history.events.len();
        for event in history.events.into_iter().skip(*seen) {
            if let Some(printer) = printer {
                printer.say(&self.trace.line(&event));
            }
            self.events.iter_mut().for_each(|events| events.push(event.clone()));
        }
        *seen = count;
        Ok(history.next_token)
    }

    async fn show_last(&mut self, printer: &Printer) -> Result<(), Error> {
        let last = GetExecutionHistory { reverse_order: Some(true), ..Default::default() };
        let events = self.history(last).await?.events;
        events.first().into_iter().for_each(|event| printer.say(&self.trace.line(event)));
        Ok(())
    }

    async fn history(&self, call: GetExecutionHistory) -> Result<api::History, Error> {
        let call = GetExecutionHistory { execution_arn: self.execution.clone(), max_results: Some(PAGE), ..call };
        match ask(self.engine, api::Request::GetExecutionHistory(call)).await.map_err(refused)? {
            api::Reply::History(history) => Ok(history),
            _ => Err(refused(unexpected())),
        }
    }
}

fn refused(error: ApiError) -> Error {
    Error::Refused(error.to_string())
}
