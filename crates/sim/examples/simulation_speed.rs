//! How much processor time 100,000 simulated runs take under each strategy.
//!
//! Each run starts 2 s after its place is free and lasts 10 s, a call takes 0.15 s, the environment
//! has 4,000 vCPUs and AWS's quotas are on. A list that one execution does not hold is split into lists that it holds, simulated one after
//! another. Arguments: one strategy to measure, how many runs.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement reads arguments and the clock and prints"
)]

use std::sync::Arc;
use std::time::Instant;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::fan_out::{FanOut, Injection, Worker};
use fanout_core::infrastructure;
use fanout_core::retries::Retries;
use fanout_core::run_list::parse_words;
use fanout_core::strategy::{self, Strategy};
use fanout_engine::{AttemptEnd, AttemptView, Engine};
use fanout_sim::{Behaviour, Latencies, Simulation};
use jiff::SignedDuration;

fn main() {
    let only = std::env::args().nth(1);
    let all: usize = std::env::args().nth(2).map_or(100_000, |count| count.parse().unwrap());
    for (strategy, at_once) in [(&strategy::Map as &dyn Strategy, 2_400), (&strategy::Parallel, 1_200), (&strategy::Array, all)] {
        if only.as_ref().is_some_and(|only| only != strategy.name()) {
            continue;
        }
        let begin = Instant::now();
        let (mut done, mut calls, mut steps) = (0, 0, 0);
        while done < all {
            let count = at_once.min(all - done);
            let outcome = simulate(strategy, done + 1, count);
            done += count;
            calls += outcome.calls;
            steps += outcome.steps;
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!(
            "{:9} {all} runs in {seconds:.3} s ({:.1} µs a run), {calls} calls, {steps} engine steps",
            strategy.name(),
            seconds * 1e6 / all as f64
        );
    }
}

fn simulate(strategy: &dyn Strategy, first: usize, count: usize) -> fanout_sim::Outcome {
    let fan_out = FanOut {
        round: 0,
        run_id: "speed".into(),
        name: "fanout".into(),
        worker: Worker {
            command: vec!["true".into()],
            image: "local".into(),
            environment: Vec::new(),
            env_name: "RunNumber".into(),
            vcpus: 1,
            memory_mib: 2048,
            injection: Injection::Shell,
        },
        runs: parse_words(&format!("{first}-{}", first + count - 1)).unwrap(),
        max_concurrency: None,
        retries: Retries::of_all(0),
        max_fails: None,
        timeout_seconds: None,
        job_queue: "fanout".into(),
        role_arn: "arn:aws:iam::123456789012:role/fanout".into(),
    };
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
    let outcome = simulation.run(|_, _| {});
    let ended = outcome.events.iter().filter(|event| matches!(event.kind, fanout_core::event::EventKind::RunEnded(_))).count();
    assert_eq!(ended, count, "every run ends once");
    outcome
}
