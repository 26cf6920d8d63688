//! How much processor time and memory 100,000 simulated runs take under each strategy.
//!
//! Each run starts 2 s after its place is free and lasts 10 s, a call takes 0.15 s, the environment
//! has 4,000 vCPUs and AWS's quotas are on. A list that one execution does not hold is split into lists that it holds, simulated one after
//! another. Arguments: one strategy to measure (then the peak of the process's memory is its own), how many runs, and `names` for items that are
//! text and not a range.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement reads arguments and the clock and prints"
)]

use std::sync::Arc;
use std::time::Instant;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::event::EventKind;
use fanout_core::fan_out::FanOut;
use fanout_core::infrastructure;
use fanout_core::item::Item;
use fanout_core::retries::Retries;
use fanout_core::run_list::{RunList, parse_words};
use fanout_core::strategy::{self, Strategy};
use fanout_engine::{AttemptEnd, AttemptView, Engine};
use fanout_sim::{Behaviour, Latencies, Simulation};
use jiff::SignedDuration;

fn main() {
    let only = std::env::args().nth(1);
    let all: usize = std::env::args().nth(2).map_or(100_000, |count| count.parse().unwrap());
    let named = std::env::args().nth(3).is_some_and(|word| word == "names");
    let strategies: [(&dyn Strategy, usize); 4] =
        [(&strategy::Map, all), (&strategy::Parallel, 1_200), (&strategy::Array, all), (&strategy::Submit, all)];
    for (strategy, at_once) in strategies {
        if only.as_ref().is_some_and(|only| only != strategy.name()) {
            continue;
        }
        let begin = Instant::now();
        let (mut done, mut calls, mut steps) = (0, 0, 0);
        while done < all {
            let count = at_once.min(all - done);
            let outcome = simulate(strategy, done + 1, count, named);
            done += count;
            calls += outcome.calls;
            steps += outcome.steps;
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!(
            "{:9} {all} runs in {seconds:.3} s ({:.1} µs a run), {calls} calls, {steps} engine steps, at most {} MiB of memory so far",
            strategy.name(),
            seconds * 1e6 / all as f64,
            peak_mib()
        );
    }
}

/// The most memory that this process had, by the kernel's account.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().map_or(0, |kib| kib / 1024)
}

fn simulate(strategy: &dyn Strategy, first: usize, count: usize, named: bool) -> fanout_sim::Outcome {
    let last = first + count - 1;
    let runs = if named {
        RunList::Items((first..=last).map(|number| Item::new(format!("data/year=2024/part-{number:07}.parquet").into())).collect())
    } else {
        parse_words(&format!("{first}-{last}")).unwrap()
    };
    let fan_out = FanOut { retries: Retries::of_all(0), ..FanOut::of("speed", &["true"], runs) };
    let mut program =
        |_: &AttemptView<'_>| Behaviour { runs_for: SignedDuration::from_secs(10), end: AttemptEnd::Exited { code: 0, reason: None } };
    let settings = Settings { pace: Pace::AWS, logs: Logs::Failed, streams: false };
    let plan = Arc::new(strategy.plan(&fan_out).unwrap());
    let engine = Engine::new(fanout_engine::Settings { record_history: false, ..fanout_engine::Settings::default() });
    let start = jiff::Timestamp::UNIX_EPOCH;
    let mut simulation = Simulation::new(engine, plan, settings, Latencies::WARM, start, &mut program);
    for request in infrastructure::prepare("fanout", 4_000, infrastructure::Capacity::OnDemand) {
        simulation.set_up(request);
    }
    let ended = std::cell::Cell::new(0);
    simulation.hear(|event| ended.set(ended.get() + usize::from(matches!(event.kind, EventKind::RunEnded(_)))));
    let outcome = simulation.run(|_, _| {});
    assert_eq!(ended.get(), count, "every run ends once");
    outcome
}
