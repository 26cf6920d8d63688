//! `fanout run`: plan, carry out, report.

use std::path::PathBuf;
use std::sync::Arc;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::fan_out::FanOut;
use fanout_core::plan::Plan;
use fanout_core::report::Report;
use fanout_engine::Chaos;

use crate::args::{HereArgs, LogsOf, Output, RunArgs};
use crate::carry_out::{Carried, carry_out};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::output::Reporter;
use crate::printer::Printer;
use crate::signals::Signals;
use crate::state_dir;
use crate::target::local::LocalTarget;
use crate::{chaos, pass_env, run_id, runtime};

pub(crate) fn run(arguments: RunArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let RunArgs { strategy, fan_out, here, chaos, seed, dry_run, output, logs, quiet: _ } = arguments;
    let fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    let plan = strategy_of(strategy).plan(&fan_out)?;
    if dry_run {
        printer.data(&serde_json::to_string_pretty(&plan.to_json()).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    LocalTarget::check(&fan_out)?;
    let HereArgs { pass_env, state_dir } = here;
    let here = Here {
        pass_env: pass_env::names(pass_env, printer),
        directory: state_dir::runs(state_dir)?.join(&fan_out.run_id),
        chaos: chaos::of(chaos.chaos, seed.unwrap_or_default(), printer),
    };
    let settings = Settings { pace: Pace::LOCAL, logs: logs_of(logs) };
    runtime()?.block_on(run_here(fan_out, plan, settings, here, output, printer))
}

/// What runs on this machine need beside the plan.
struct Here {
    pass_env: Vec<String>,
    directory: PathBuf,
    chaos: Option<Chaos>,
}

async fn run_here(
    fan_out: FanOut,
    plan: Plan,
    settings: Settings,
    here: Here,
    output: Output,
    printer: &mut Printer,
) -> Result<Exit, Error> {
    let Here { pass_env, directory, chaos } = here;
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let target = LocalTarget::open(&fan_out, pass_env, &directory.join("logs"), chaos).await?;
    let clock = target.clock;
    let mut reporter = Reporter::new(printer, output, &fan_out.runs);
    let carried = carry_out(Arc::new(plan), &target.clients, settings, clock, &mut signals.asked, |event| {
        reporter.take_in(event);
    })
    .await;
    target.close(carried).await;
    drop(std::fs::remove_dir(&directory));
    if carried == Carried::Abandoned {
        reporter.abandon(clock.now());
    }
    let report = reporter.finish();
    Ok(if report.was_cancelled() { signals.exit() } else { exit_of(&report) })
}

fn exit_of(report: &Report) -> Exit {
    let totals = report.totals();
    if totals.succeeded() == totals.runs {
        Exit::Ok
    } else if totals.skip == totals.runs {
        Exit::Unexpected
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
