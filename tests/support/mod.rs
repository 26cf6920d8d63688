//! What several tests need.

use std::sync::Arc;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::fan_out::{FanOut, Injection, Worker};
use fanout_core::infrastructure;
use fanout_core::report::Report;
use fanout_core::run_list::{RunList, parse_words};
use fanout_core::strategy::Strategy;
use fanout_engine::Engine;
use fanout_sim::{Latencies, Outcome, Program, Simulation};
use jiff::Timestamp;

/// A fan-out of `true` over a list of words.
pub fn fan_out(items: &str) -> FanOut {
    fan_out_over(parse_words(items).expect("the test's list parses"))
}

/// A fan-out of `true` over a list.
pub fn fan_out_over(runs: RunList) -> FanOut {
    FanOut {
        run_id: "test".into(),
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
        runs,
        max_concurrency: None,
        retries: 0,
        timeout_seconds: None,
        job_queue: "fanout".into(),
        role_arn: "arn:aws:iam::123456789012:role/fanout".into(),
    }
}

/// When simulations begin.
pub fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// How the simulated client looks: as it does on AWS.
pub const SETTINGS: Settings = Settings { pace: Pace::AWS, logs: Logs::Failed };

/// Carries out a plan on a virtual clock and an environment of `vcpus`.
pub fn simulate(
    fan_out: &FanOut,
    strategy: &dyn Strategy,
    engine: fanout_engine::Settings,
    vcpus: i64,
    program: &mut Program<'_>,
    check: impl FnMut(&Engine, Timestamp),
) -> (Report, Outcome) {
    let plan = Arc::new(strategy.plan(fan_out).expect("a plan"));
    let mut simulation = Simulation::new(Engine::new(engine), plan, SETTINGS, Latencies::PLANNING, start(), program);
    for request in infrastructure::prepare("fanout", vcpus) {
        simulation.set_up(request);
    }
    let outcome = simulation.run(check);
    let mut report = Report::default();
    for event in &outcome.events {
        report.take_in(event);
    }
    (report, outcome)
}
