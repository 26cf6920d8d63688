//! A fan-out, a world to carry it out in, and what must hold in it at every moment.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use fanout_core::client::{Logs, Pace, Settings};
use fanout_core::event::EventKind;
use fanout_core::fan_out::FanOut;
use fanout_core::infrastructure::{self, Capacity};
use fanout_core::report::Report;
use fanout_core::retries::Retries;
use fanout_core::run_list::{RunList, parse_words};
use fanout_core::strategy::{self, Strategy};
use fanout_engine::{AttemptEnd, AttemptView, Engine};
use fanout_sim::{Behaviour, Latencies, Outcome, Simulation};
use jiff::{SignedDuration, Timestamp};

/// A fan-out of `true` over a list of words.
pub fn fan_out(items: &str) -> FanOut {
    fan_out_over(parse_words(items).expect("the test's list parses"))
}

/// A fan-out of `true` over a list, without retries.
pub fn fan_out_over(runs: RunList) -> FanOut {
    FanOut { retries: Retries::of_all(0), ..FanOut::of("test", &["true"], runs) }
}

/// When simulations begin.
pub fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// A world in which every program does what a table says.
pub struct World<'a> {
    pub vcpus: i64,
    pub capacity: Capacity,
    pub engine: fanout_engine::Settings,
    /// What the program of a run does in its nth attempt.
    pub program: &'a dyn Fn(usize, u32) -> Behaviour,
    /// When the user asks to stop.
    pub cancel_after: Option<SignedDuration>,
    /// When the client vanishes and another goes on; whether the calls on their way are lost with it.
    pub losses: Vec<(SignedDuration, bool)>,
    /// Which of the client's calls are refused as too fast.
    pub refuse: &'a dyn Fn(u64) -> bool,
}

/// A program that succeeds after half a minute.
pub fn succeeds(_run: usize, _attempt: u32) -> Behaviour {
    Behaviour { runs_for: SignedDuration::from_secs(30), end: AttemptEnd::Exited { code: 0, reason: None } }
}

impl Default for World<'_> {
    fn default() -> Self {
        Self {
            vcpus: 8,
            capacity: Capacity::OnDemand,
            engine: fanout_engine::Settings::default(),
            program: &succeeds,
            cancel_after: None,
            losses: Vec::new(),
            refuse: &|_| false,
        }
    }
}

impl World<'_> {
    /// Carries out the fan-out and checks, after each step, that no more vCPUs are in use than there
    /// are, and at the end that every run ended once and nothing is left running.
    pub fn carry_out(&self, fan_out: &FanOut, strategy: &dyn Strategy) -> (Report, Outcome) {
        let in_use = Cell::new(0.0);
        let outcome = self.outcome(fan_out, strategy, |engine, at| {
            let (used, offered) = engine.vcpus();
            assert!(used <= offered, "{used} of {offered} vCPUs in use at {at}");
            in_use.set(used);
        });
        assert!(in_use.get() == 0.0, "{}: {} vCPUs still in use at the end", strategy.name(), in_use.get());
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for event in &outcome.events {
            if let EventKind::RunEnded(end) = &event.kind {
                *ends.entry(end.index).or_default() += 1;
            }
        }
        assert!(outcome.left.is_empty(), "{}: {:?} are still in S3", strategy.name(), outcome.left);
        assert_eq!(ends.len(), fan_out.runs.len(), "{}: every run ends", strategy.name());
        assert!(ends.values().all(|times| *times == 1), "{}: a run ends once", strategy.name());
        (report_of(&outcome), outcome)
    }

    /// The same where looking may be refused for ever: the client gives up, and what it cannot see may go on.
    pub fn carry_out_blindly(&self, fan_out: &FanOut, strategy: &dyn Strategy) -> Report {
        report_of(&self.outcome(fan_out, strategy, |_, _| {}))
    }

    fn outcome(&self, fan_out: &FanOut, strategy: &dyn Strategy, check: impl FnMut(&Engine, Timestamp)) -> Outcome {
        let plan = Arc::new(strategy.plan(fan_out).expect("a plan"));
        let mut program = |view: &AttemptView<'_>| run_of(view).map_or_else(keeps, |run| (self.program)(run, view.attempt_number));
        let settings = Settings { pace: Pace::AWS, logs: Logs::Failed, streams: false };
        let engine = Engine::new(self.engine.clone());
        let mut simulation = Simulation::new(engine, Arc::clone(&plan), settings, Latencies::PLANNING, start(), &mut program);
        simulation.refuse_calls(self.refuse);
        // Where one run has room, so have the nodes that start at one time.
        let (together, _) = strategy::room_of(&plan, fan_out);
        let vcpus = if self.vcpus < fan_out.worker.vcpus.into() { self.vcpus } else { self.vcpus.max(together as i64) };
        for request in infrastructure::prepare("fanout", vcpus, self.capacity) {
            simulation.set_up(request);
        }
        if let Some(after) = self.cancel_after {
            simulation.cancel_at(start() + after);
        }
        for (after, with_calls) in &self.losses {
            simulation.lose_client_at(start() + *after, *with_calls);
        }
        simulation.run(check)
    }
}

fn report_of(outcome: &Outcome) -> Report {
    let mut report = Report::default();
    for event in &outcome.events {
        report.take_in(event);
    }
    report
}

/// The run behind an attempt: jobs are called by their (first) run's index. The main node of a job is no run.
pub fn run_of(view: &AttemptView<'_>) -> Option<usize> {
    let first: usize = view.job_name.rsplit('-').next().and_then(|index| index.parse().ok()).expect("a job's name ends in an index");
    match view.node_index {
        Some(node) => Some(first + (node as usize).checked_sub(1)?),
        None => Some(first + view.array_index.unwrap_or_default() as usize),
    }
}

/// The strategies under which each run is tried again by itself.
pub fn each_retried() -> [&'static dyn Strategy; 5] {
    let all: Vec<&dyn Strategy> = strategy::ALL.into_iter().filter(|strategy| strategy.name() != strategy::MultiNode.name()).collect();
    all.try_into().unwrap_or_else(|_| panic!("all strategies but one"))
}

/// What the main node of a job does until it is told to stop.
fn keeps() -> Behaviour {
    Behaviour { runs_for: SignedDuration::from_hours(24 * 365), end: AttemptEnd::Exited { code: 0, reason: None } }
}
