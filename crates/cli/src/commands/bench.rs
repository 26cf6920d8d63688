//! `fanout bench`: the same fan-out under several strategies, in blocks of random order.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use fanout_core::client::{Client, Logs, Pace, Settings};
use fanout_core::comparison::{Line, Sample, compare};
use fanout_core::fan_out::FanOut;
use fanout_core::plan::Plan;
use fanout_core::report::Report;
use fanout_core::strategy::Strategy;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::args::{BenchArgs, Contestants, HereArgs, StrategyName};
use crate::carry_out::{Carried, carry_out};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::output::{comparison_markdown, comparison_table, seconds};
use crate::printer::Printer;
use crate::record::Here;
use crate::signals::Signals;
use crate::target::OpenTarget;
use crate::target::local::LocalTarget;
use crate::{chaos, pass_env, run_id, runtime, state_dir};

/// What is measured, how often, and where it is written.
struct Bench {
    fan_out: FanOut,
    strategies: Vec<Candidate>,
    blocks: usize,
    seed: u64,
    here: Here,
    directory: PathBuf,
}

/// A strategy, and how it was typed.
struct Candidate {
    label: String,
    strategy: Box<dyn Strategy>,
}

pub(crate) fn bench(arguments: BenchArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let BenchArgs { strategy, runs, seed, fan_out, here, chaos, export_json, export_markdown, quiet: _ } = arguments;
    let HereArgs { pass_env, state_dir } = here;
    let fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    let (strategies, plans) = contest(&strategy, &fan_out, printer)?;
    LocalTarget::check(&fan_out)?;
    let pass_env = pass_env::names(pass_env, printer);
    let json = export_json.map(Export::open).transpose()?;
    let markdown = export_markdown.map(Export::open).transpose()?;
    let directory = state_dir::runs(state_dir)?.join(format!("bench-{}", fan_out.run_id));
    let seed = seed.unwrap_or_else(|| run_id::seed() % 1_000_000);
    let chaos = chaos::of(chaos.chaos, seed, printer);
    let here = LocalTarget::here(&fan_out, &plans, pass_env, chaos)?;
    let bench = Bench { fan_out, strategies, blocks: runs as usize, seed, here, directory };
    let measured = runtime()?.block_on(measure(&bench, printer));
    drop(std::fs::remove_dir_all(&bench.directory));
    let (samples, stopped) = measured?;
    if let Some(exit) = stopped {
        printer.complain(&format!("stopped after {} of {} measurements", samples.len(), bench.blocks * bench.strategies.len()));
        return Ok(exit);
    }
    let lines = compare(&samples);
    printer.data(&comparison_table(&lines));
    printer.data(&footer(&bench));
    if let Some(json) = json {
        json.write(&serde_json::to_string_pretty(&all_samples(&bench, &samples, &lines)).unwrap_or_default())?;
    }
    if let Some(markdown) = markdown {
        markdown.write(&format!("{}\n\n{}", comparison_markdown(&lines), footer(&bench)))?;
    }
    Ok(if samples.iter().any(|sample| sample.failed > 0) { Exit::RunsFailed } else { Exit::Ok })
}

/// The strategies that are measured, none twice, and their plans. Of all, those that are refused are told of.
fn contest(contestants: &[Contestants], fan_out: &FanOut, printer: &Printer) -> Result<(Vec<Candidate>, Vec<Plan>), Error> {
    let (mut strategies, mut plans) = (Vec::<Candidate>::new(), Vec::new());
    for contestant in contestants {
        let (names, may_be_refused) = match contestant {
            Contestants::All => (StrategyName::ALL.to_vec(), true),
            Contestants::One(name) => (vec![*name], false),
        };
        for name in names {
            let candidate = Candidate { label: name.to_string(), strategy: strategy_of(name) };
            if strategies.iter().any(|other| other.label == candidate.label) {
                continue;
            }
            match candidate.strategy.plan(fan_out) {
                Ok(plan) => plans.push(plan),
                Err(error) if may_be_refused => {
                    let reasons: Vec<String> = error.violations.iter().map(ToString::to_string).collect();
                    printer.complain(&format!("note: {} is not measured: {}", candidate.label, reasons.join("; ")));
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            strategies.push(candidate);
        }
    }
    if strategies.is_empty() {
        return Err(Error::Refused("no strategy has a plan for this fan-out".into()));
    }
    Ok((strategies, plans))
}

async fn measure(bench: &Bench, printer: &mut Printer) -> Result<(Vec<Sample>, Option<Exit>), Error> {
    let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
    let mut order = ChaCha8Rng::seed_from_u64(bench.seed);
    let mut samples = Vec::new();
    printer.say(&format!(
        "{} blocks of {}, each in random order (seed {})",
        bench.blocks,
        bench.strategies.iter().map(|candidate| candidate.label.as_str()).collect::<Vec<_>>().join(", "),
        bench.seed
    ));
    for block in 0..bench.blocks {
        for at in shuffled(bench.strategies.len(), &mut order) {
            let Candidate { label, strategy } = &bench.strategies[at];
            let name = format!("{}-{block}-{at}", bench.fan_out.run_id);
            let report = one(bench, strategy.as_ref(), name, &mut signals, printer).await?;
            if report.was_cancelled() {
                return Ok((samples, Some(signals.exit())));
            }
            let totals = report.totals();
            let failed = totals.runs - totals.succeeded();
            let sample = Sample { block, strategy: label.clone(), figures: report.figures(), failed };
            let failures = if failed > 0 { format!(", {failed} runs failed") } else { String::new() };
            printer.say(&format!("block {}: {label} {}{failures}", block + 1, seconds(sample.figures.makespan)));
            samples.push(sample);
        }
    }
    Ok((samples, None))
}

/// Fisher–Yates.
fn shuffled(count: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
    order
}

/// One fan-out on an engine of its own.
async fn one(bench: &Bench, strategy: &dyn Strategy, run_id: String, signals: &mut Signals, printer: &Printer) -> Result<Report, Error> {
    let fan_out = FanOut { run_id, ..bench.fan_out.clone() };
    let plan = Arc::new(strategy.plan(&fan_out)?);
    let (target, _) = LocalTarget::open(&fan_out, &plan, &bench.here, &bench.directory.join(&fan_out.run_id), None).await?;
    let target = OpenTarget::Local(Box::new(target));
    let settings = Settings { pace: Pace::LOCAL, logs: Logs::None, streams: false };
    let mut report = Report::default();
    let client = Client::new(plan, settings);
    let carried = carry_out(client, &target, false, &mut signals.asked, |event| {
        if let fanout_core::event::EventKind::Note { message } = &event.kind {
            printer.complain(&format!("note: {message}"));
        }
        report.take_in(&event);
        Ok(())
    })
    .await?;
    target.close(carried == Carried::ToTheEnd).await;
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

fn all_samples(bench: &Bench, samples: &[Sample], lines: &[Line]) -> Value {
    json!({
        "schema": 1, "target": "local", "seed": bench.seed, "blocks": bench.blocks, "runs": bench.fan_out.runs.len(),
        "command": bench.fan_out.worker.command, "version": env!("CARGO_PKG_VERSION"), "comparison": lines, "samples": samples,
    })
}

/// A file for results, opened before anything is measured: hours of samples have somewhere to go.
struct Export {
    path: PathBuf,
    file: File,
}

impl Export {
    fn open(path: PathBuf) -> Result<Self, Error> {
        match File::options().create(true).append(true).open(&path) {
            Ok(file) => Ok(Self { path, file }),
            Err(source) => Err(Error::Export { path, source }),
        }
    }

    fn write(mut self, text: &str) -> Result<(), Error> {
        // A pipe has no length, and needs none.
        drop(self.file.set_len(0));
        let written = writeln!(self.file, "{text}");
        written.map_err(|source| Error::Export { path: self.path, source })
    }
}
