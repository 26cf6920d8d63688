//! `fanout attach`: sees a fan-out to its end, whoever carries it out; if nobody does any more, this command goes on. `fanout cancel`
//! and the process behind `fanout run --detach` are the same with another intent.

use std::time::Duration;

use fanout_core::report::Report;
use rustix::process::{Pid, Signal, kill_process, setsid};

use crate::args::{AttachArgs, CancelArgs, CarryArgs, LogsOf, Output, RecordArgs};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::output::Reporter;
use crate::printer::Printer;
use crate::record::{Follower, Record};
use crate::signals::Signals;
use crate::supervise::{View, exit_of, supervise};
use crate::{runtime, state_dir};

/// How often a fan-out that somebody else carries out is looked at.
const LOOK: Duration = Duration::from_millis(30);

pub(crate) fn attach(arguments: AttachArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let AttachArgs { record: RecordArgs { run, state_dir }, view } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    runtime()?.block_on(see_to_the_end(&record, view.into(), Intent::See, printer))
}

pub(crate) fn cancel(arguments: CancelArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let CancelArgs { run, state_dir, output } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    if record.report()?.1 {
        printer.say(&format!("fan-out {} is over already", record.id()));
        return Ok(Exit::Ok);
    }
    let exit = runtime()?.block_on(see_to_the_end(&record, View { output, logs: LogsOf::None }, Intent::Stop, printer))?;
    // What was asked for was done.
    Ok(if matches!(exit, Exit::Interrupted | Exit::RunsFailed | Exit::GivenUp) { Exit::Ok } else { exit })
}

/// The process that carries a detached fan-out out.
pub(crate) fn carry(arguments: CarryArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let CarryArgs { run, state_dir } = arguments;
    // The end of the terminal is not its end. Only the leader of a group cannot leave its session, and it is none.
    _ = setsid();
    let record = Record::open(state_dir.join(run))?;
    runtime()?.block_on(see_to_the_end(&record, View { output: Output::None, logs: LogsOf::Failed }, Intent::See, printer))
}

/// What somebody wants of a fan-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    See,
    Stop,
}

async fn see_to_the_end(record: &Record, view: View, intent: Intent, printer: &mut Printer) -> Result<Exit, Error> {
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let mut asked = false;
    loop {
        match record.hold()? {
            Ok(hold) => {
                if record.report()?.1 {
                    drop(hold);
                    return follow(record, view, None, &mut signals, printer).await.map(|exit| exit.unwrap_or(Exit::Unexpected));
                }
                return supervise(record, hold, view, intent == Intent::Stop, &mut signals, printer).await;
            }
            Err(holder) => {
                if intent == Intent::Stop && !asked {
                    asked = true;
                    ask_to_stop(record, holder)?;
                }
                let by = holder.map_or_else(|| "another process".into(), |pid| format!("process {pid}"));
                printer.say(&format!("fan-out {} is carried out by {by}", record.id()));
                if let Some(exit) = follow(record, view, holder, &mut signals, printer).await? {
                    return Ok(exit);
                }
            }
        }
    }
}

fn ask_to_stop(record: &Record, holder: Option<u32>) -> Result<(), Error> {
    let pid = holder.and_then(|pid| Pid::from_raw(pid.cast_signed()));
    let Some(pid) = pid else { return Err(Error::Held { id: record.id().into(), by: None }) };
    kill_process(pid, Signal::TERM)
        .map_err(|error| Error::Io { what: format!("process {} cannot be asked to stop", pid.as_raw_nonzero()), source: error.into() })
}

/// Tells of what another process does; `None` if it is gone and the fan-out is not over.
async fn follow(
    record: &Record,
    view: View,
    holder: Option<u32>,
    signals: &mut Signals,
    printer: &mut Printer,
) -> Result<Option<Exit>, Error> {
    let runs = record.runs()?;
    let mut reporter = Reporter::new(printer, view.output, &runs, record.round());
    let mut follower = Follower::new(record);
    loop {
        // First whether anybody is there, then what was written: what comes after is nobody's.
        let abandoned = record.hold()?.is_ok();
        for event in follower.news()? {
            reporter.take_in(&event);
        }
        if record.is_over(reporter.report()) {
            let report: Report = reporter.finish();
            return Ok(Some(if report.was_cancelled() { Exit::Interrupted } else { exit_of(&report) }));
        }
        if abandoned {
            reporter.leave();
            return Ok(None);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = signals.asked.recv() => {
                reporter.leave();
                let by = holder.map(|pid| format!(" in process {pid}")).unwrap_or_default();
                let id = record.id();
                printer.complain(&format!("left; the fan-out goes on{by} (fanout attach {id}; to stop it: fanout cancel {id})"));
                return Ok(Some(signals.exit()));
            }
        }
    }
}
