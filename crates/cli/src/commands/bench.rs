//! `fanout bench`: the same fan-out under several strategies, in blocks of random order.

use std::path::Path;
use std::sync::Arc;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::comparison::{Line, Sample, compare};
use fanout_core::fan_out::FanOut;
use fanout_core::report::Report;
use fanout_core::strategy::Strategy;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::args::{BenchArgs, HereArgs};
use crate::carry_out::carry_out;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::output::{comparison_markdown, comparison_table, seconds};
use crate::printer::Printer;
use crate::signals::Signals;
use crate::target::local::LocalTarget;
use crate::{run_id, runtime, state_dir};

/// What is measured, how often, and where it is written.
struct Bench {
    fan_out: FanOut,
    strategies: Vec<&'static dyn Strategy>,
    blocks: usize,
    seed: u64,
    pass_env: Vec<String>,
    directory: std::path::PathBuf,
}

pub(crate) fn bench(arguments: BenchArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let BenchArgs { strategy, runs, seed, fan_out, here, export_json, export_markdown, quiet: _ } = arguments;
    let HereArgs { pass_env, state_dir } = here;
    let fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    let mut strategies: Vec<&'static dyn Strategy> = Vec::new();
    for strategy in strategy.into_iter().map(strategy_of) {
        if !strategies.iter().any(|other| other.name() == strategy.name()) {
            strategy.plan(&fan_out)?;
            strategies.push(strategy);
        }
    }
    LocalTarget::check(&fan_out)?;
    let directory = state_dir::runs(state_dir)?.join(format!("bench-{}", fan_out.run_id));
    let seed = seed.unwrap_or_else(|| run_id::seed() % 1_000_000);
    let bench = Bench { fan_out, strategies, blocks: runs as usize, seed, pass_env, directory };
    let (samples, stopped) = runtime()?.block_on(measure(&bench, printer))?;
    drop(std::fs::remove_dir_all(&bench.directory));
    if let Some(exit) = stopped {
        printer.complain(&format!("stopped after {} of {} measurements", samples.len(), bench.blocks * bench.strategies.len()));
        return Ok(exit);
    }
    let lines = compare(&samples);
    printer.data(&comparison_table(&lines));
    printer.data(&footer(&bench));
    export(&bench, &samples, &lines, export_json.as_deref(), export_markdown.as_deref())?;
    Ok(if samples.iter().any(|sample| sample.failed > 0) { Exit::RunsFailed } else { Exit::Ok })
}

async fn measure(bench: &Bench, printer: &mut Printer) -> Result<(Vec<Sample>, Option<Exit>), Error> {
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let mut order = ChaCha8Rng::seed_from_u64(bench.seed);
    let mut samples = Vec::new();
    printer.say(&format!(
        "{} blocks of {}, each in random order (seed {})",
        bench.blocks,
        bench.strategies.iter().map(|strategy| strategy.name()).collect::<Vec<_>>().join(", "),
        bench.seed
    ));
    for block in 0..bench.blocks {
        for strategy in shuffled(&bench.strategies, &mut order) {
            let name = format!("{}-{block}-{}", bench.fan_out.run_id, strategy.name());
            let report = one(bench, strategy, name, &mut signals, printer).await?;
            if report.was_cancelled() {
                return Ok((samples, Some(signals.exit())));
            }
            let totals = report.totals();
            let failed = totals.runs - totals.succeeded();
            let sample = Sample { block, strategy: strategy.name(), figures: report.figures(), failed };
            let failures = if failed > 0 { format!(", {failed} runs failed") } else { String::new() };
            printer.say(&format!("block {}: {} {}{failures}", block + 1, strategy.name(), seconds(sample.figures.makespan)));
            samples.push(sample);
        }
    }
    Ok((samples, None))
}

/// Fisher–Yates.
fn shuffled(strategies: &[&'static dyn Strategy], random: &mut ChaCha8Rng) -> Vec<&'static dyn Strategy> {
    let mut order = strategies.to_vec();
    for last in (1..order.len()).rev() {
        order.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
    order
}

/// One fan-out on an engine of its own.
async fn one(bench: &Bench, strategy: &dyn Strategy, run_id: String, signals: &mut Signals, printer: &Printer) -> Result<Report, Error> {
    let fan_out = FanOut { run_id, ..bench.fan_out.clone() };
    let plan = Arc::new(strategy.plan(&fan_out)?);
    let target = LocalTarget::open(&fan_out, bench.pass_env.clone(), &bench.directory.join(&fan_out.run_id)).await?;
    let settings = Settings { pace: Pace::LOCAL, logs: Logs::None };
    let mut report = Report::default();
    carry_out(plan, &target.clients, settings, target.clock, &mut signals.asked, |event| {
        if let fanout_core::event::EventKind::Note { message } = &event.kind {
            printer.complain(&format!("note: {message}"));
        }
        report.take_in(event);
    })
    .await;
    target.close().await;
    Ok(report)
}

fn footer(bench: &Bench) -> String {
    format!(
        "{} runs of {:?} per measurement on this machine, median [min … max]; seed {}. Local figures show the shape of a strategy, not AWS's speed.",
        bench.fan_out.runs.len(),
        bench.fan_out.worker.command.join(" "),
        bench.seed
    )
}

fn export(bench: &Bench, samples: &[Sample], lines: &[Line], json: Option<&Path>, markdown: Option<&Path>) -> Result<(), Error> {
    let write = |path: &Path, text: String| std::fs::write(path, text + "\n").map_err(Error::io(format!("{} cannot be written", path.display())));
    if let Some(path) = json {
        let value = json!({
            "schema": 1, "target": "local", "seed": bench.seed, "blocks": bench.blocks, "runs": bench.fan_out.runs.len(),
            "command": bench.fan_out.worker.command, "version": env!("CARGO_PKG_VERSION"), "comparison": lines, "samples": samples,
        });
        write(path, serde_json::to_string_pretty(&value).unwrap_or_default())?;
    }
    if let Some(path) = markdown {
        write(path, format!("{}\n\n{}", comparison_markdown(lines), footer(bench)))?;
    }
    Ok(())
}
