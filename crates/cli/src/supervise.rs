//! Carrying out what a record says: from its beginning, or from where another process was lost.

use std::fs;
use std::sync::Arc;

use fanout_core::client::{Client, Logs, Settings};
use fanout_core::event::{Event, EventKind};
use fanout_core::report::Report;
use fanout_core::rounds;

use crate::args::{LogsOf, Output, ViewArgs};
use crate::carry_out::{Carried, carry_out};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::strategy_named;
use crate::output::{Reporter, report_json};
use crate::printer::Printer;
use crate::record::{EventFile, Hold, REPORT, Record, joblog};
use crate::signals::Signals;
use crate::target::OpenTarget;

/// What whoever waits wants to see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) output: Output,
    pub(crate) logs: LogsOf,
}

impl From<ViewArgs> for View {
    fn from(ViewArgs { output, logs, quiet: _ }: ViewArgs) -> Self {
        Self { output, logs }
    }
}

/// Carries a fan-out out to its end, and asks to stop it at once if that is wanted.
pub(crate) async fn supervise(
    record: &Record,
    hold: Hold,
    view: View,
    cancel: bool,
    signals: &mut Signals,
    printer: &mut Printer,
) -> Result<Exit, Error> {
    let runs = record.runs()?;
    let fan_out = record.fan_out(&runs);
    let plan = strategy_named(&record.current().strategy)?.plan(&fan_out)?;
    record.check_plan(&plan)?;
    let past = record.events()?;
    let target = OpenTarget::of(record, &fan_out, &plan, printer).await?;
    let unwritten = |source| Error::StateDir { path: record.directory.clone(), source };
    let mut events = EventFile::open(record).map_err(unwritten)?;
    let mut reporter = Reporter::new(printer, view.output, &runs, fan_out.round);
    for event in &past {
        reporter.take_in(event);
    }
    let settings = Settings { pace: target.pace(), logs: logs_of(view.logs), streams: true };
    let client = target.brief(Client::resume(Arc::new(plan), settings, rounds::for_client(past, &fan_out)));
    let carried = carry_out(client, &target, cancel, &mut signals.asked, |event| {
        let event = rounds::for_record(event, &fan_out);
        events.add(&event)?;
        reporter.take_in(&event);
        Ok(())
    })
    .await;
    let (now, goes_on) = (target.clock().now(), target.goes_on_alone());
    target.close(matches!(carried, Ok(Carried::ToTheEnd))).await;
    let carried = carried?;
    if let Carried::Left(error) = carried {
        reporter.leave();
        return Err(Error::Left { id: record.id().into(), error });
    }
    if carried == Carried::Abandoned && goes_on {
        reporter.leave();
        let id = record.id();
        printer.complain(&format!("left while it was being stopped; what is left of it goes on (to stop it: fanout cancel {id})"));
        return Ok(signals.exit());
    }
    if carried == Carried::Abandoned {
        for event in reporter.abandoned(now).into_iter().chain([Event { at: now, kind: EventKind::FanOutEnded }]) {
            events.add(&event).map_err(unwritten)?;
            reporter.take_in(&event);
        }
    }
    let report = reporter.finish();
    let ended = fs::write(record.directory.join(REPORT), report_json(&report, &runs) + "\n")
        .and_then(|()| fs::write(record.directory.join("joblog.tsv"), joblog(&report, &runs, &fan_out.worker.command)))
        .and_then(|()| if goes_on { Ok(()) } else { fs::remove_dir_all(record.engine()) });
    drop(hold);
    ended.map_err(unwritten)?;
    Ok(if report.was_cancelled() { signals.exit() } else { exit_of(&report) })
}

/// What a report amounts to.
pub(crate) fn exit_of(report: &Report) -> Exit {
    let totals = report.totals();
    if totals.succeeded() == totals.runs {
        Exit::Ok
    } else if report.given_up().is_some() {
        Exit::GivenUp
    } else if totals.skip == totals.runs {
        Exit::Unexpected
    } else if report.has_retried_with_success() {
        Exit::OthersOutstanding
    } else {
        Exit::RunsFailed
    }
}

fn logs_of(logs: LogsOf) -> Logs {
    match logs {
        LogsOf::None => Logs::None,
        LogsOf::Failed => Logs::Failed,
        LogsOf::All => Logs::All,
    }
}
