//! `fanout retry`: some runs of a fan-out once more, in the same record.

use std::collections::BTreeSet;

use fanout_core::event::RunStatus;
use fanout_core::fan_out::FanOut;
use fanout_core::report::Report;
use fanout_core::run_list::RunList;
use fanout_core::select::select;

use crate::args::{RetryArgs, RetryWhat, StrategyName};
use crate::begin::begin;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::strategy_of;
use crate::printer::Printer;
use crate::record::{Here, Manifest, Record, Target};
use crate::target::aws::AwsTarget;
use crate::target::local::LocalTarget;
use crate::{runtime, state_dir};

pub(crate) fn retry(arguments: RetryArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let root = state_dir::runs(arguments.record.state_dir.clone())?;
    let mut record = Record::find(&root, &arguments.record.run)?;
    let hold = record.hold()?.map_err(|by| Error::Held { id: record.id().into(), by })?;
    let (report, over) = record.report()?;
    if !over {
        return Err(Error::NotOver { id: record.id().into() });
    }
    let runs = record.runs()?;
    let chosen = chosen(&arguments.what, &runs, &report)?;
    if chosen.is_empty() {
        return Err(Error::NothingToRetry { id: record.id().into() });
    }
    let (strategy, fan_out) = once_more(&record, &runs, &chosen, &arguments)?;
    let plan = strategy_of(strategy).plan(&fan_out)?;
    if arguments.dry_run {
        printer.data(&serde_json::to_string_pretty(&plan.to_json()).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    let target = match &record.current().target {
        Target::Local(before) => {
            LocalTarget::check(&fan_out)?;
            // The programs run where those of the fan-out did, and see the same variables. Faults were the first round's.
            let here = LocalTarget::here(&fan_out, std::slice::from_ref(&plan), before.pass_env.clone(), None)?;
            Target::Local(Here { directory: before.directory.clone(), ..here })
        }
        Target::Aws(before) => {
            let there = runtime()?.block_on(AwsTarget::survey(before.login(), &plan, &fan_out, printer))?;
            if there.queue_arn != before.queue_arn {
                return Err(Error::OtherAccount { queue_arn: before.queue_arn.clone() });
            }
            Target::Aws(there)
        }
    };
    let manifest = Manifest::new(strategy.to_string(), target, &fan_out);
    printer.say(&format!("retry {} of fan-out {}: {} of {} runs", fan_out.round, record.id(), chosen.len(), runs.len()));
    let write = || {
        record.add_retry(manifest, &plan)?;
        Ok((record, hold))
    };
    begin(write, &root, arguments.detach, arguments.view.into(), printer)
}

/// The runs that are to be run once more: those that did not succeed, unless others are asked for.
fn chosen(what: &RetryWhat, runs: &RunList, report: &Report) -> Result<BTreeSet<usize>, Error> {
    let RetryWhat { failed, lost, only } = what;
    if !only.is_empty() {
        return select(only, runs, report).map_err(Error::Refused);
    }
    let wanted = |status: RunStatus| match status {
        RunStatus::Pass | RunStatus::Flaky => false,
        RunStatus::Fail => *failed || !*lost,
        RunStatus::Lost => *lost || !*failed,
        RunStatus::Cancelled | RunStatus::Skip => !*failed && !*lost,
    };
    Ok(report.runs().filter(|run| wanted(run.status)).map(|run| run.index).collect())
}

/// The fan-out of the retry: what was asked for the last time, but for what is asked for now.
fn once_more(record: &Record, runs: &RunList, chosen: &BTreeSet<usize>, arguments: &RetryArgs) -> Result<(StrategyName, FanOut), Error> {
    let Manifest { strategy, fan_out, .. } = record.current();
    let strategy = match arguments.strategy {
        Some(strategy) => strategy,
        None => strategy.parse().map_err(Error::Refused)?,
    };
    let mut fan_out = FanOut { runs: runs.pick(chosen), round: fan_out.round + 1, ..fan_out.clone() };
    if let Some(most) = arguments.max_concurrency {
        fan_out.max_concurrency = Some(most as usize);
    }
    if let Some(retries) = &arguments.retries {
        fan_out.retries = retries.clone();
    }
    if let Some(max_fails) = arguments.max_fails {
        fan_out.max_fails = Some(max_fails);
    }
    if let Some(timeout) = arguments.timeout {
        fan_out.timeout_seconds = Some(timeout.0);
    }
    if let Some(vcpus) = arguments.vcpus {
        fan_out.worker.vcpus = vcpus;
    }
    if let Some(memory) = arguments.memory {
        fan_out.worker.memory_mib = memory.0;
    }
    if let Some(definition) = &mut fan_out.worker.hosting.definition {
        definition.vcpus = arguments.vcpus.or(definition.vcpus);
        definition.memory_mib = arguments.memory.map(|memory| memory.0).or(definition.memory_mib);
    }
    Ok((strategy, fan_out))
}
