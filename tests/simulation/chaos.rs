//! Bad days: whatever goes wrong, every run ends once, and the seed alone decides who is hit.

use fanout_core::assignment;
use fanout_core::event::RunStatus;
use fanout_core::infrastructure::Capacity;
use fanout_core::retries::Retries;
use fanout_core::strategy::{self, Strategy as FanOutStrategy};
use fanout_engine::{Chaos, Settings};
use proptest::prelude::{ProptestConfig, Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world::{World, each_retried, fan_out};

/// Run, status, attempts, exit code, and the cause without the host's name.
type Outcome = (usize, RunStatus, u32, Option<i32>, Option<String>);

fn settings(faults: &str, seed: u64) -> Settings {
    let faults = faults.parse().expect("faults");
    Settings { chaos: Some(Chaos { faults, seed, index_variable: assignment::INDEX.into() }), ..Settings::default() }
}

fn bad_day(faults: &str, seed: u64) -> World<'static> {
    World { vcpus: 12, capacity: Capacity::Spot, engine: settings(faults, seed), ..World::default() }
}

fn outcomes(world: &World<'_>, runs: usize, retries: u32, most: Option<usize>, strategy: &dyn FanOutStrategy) -> Vec<Outcome> {
    let mut fan_out = fan_out(&format!("1-{runs}"));
    (fan_out.retries, fan_out.max_concurrency) = (Retries::of_all(retries), most);
    let (report, _) = world.carry_out(&fan_out, strategy);
    assert_eq!(report.totals().pass + report.totals().flaky + report.totals().fail, runs, "{}", strategy.name());
    let cause = |cause: &Option<String>| cause.as_ref().map(|cause| cause.split("i-").next().unwrap_or_default().to_owned());
    report.runs().map(|run| (run.index, run.status, run.attempts, run.exit_code, cause(&run.cause))).collect()
}

fn faults() -> impl Strategy<Value = String> {
    let shares = prop::array::uniform4(0..60u32);
    (shares, prop::collection::btree_map(0..30u64, 1..4u32, 0..4), 0..90u32).prop_map(|([spot, pull, oom, fail], first, start)| {
        let mut faults = vec![format!("spot={spot}%,pull={pull}%,oom={oom}%,fail={fail}%,slow-start={start}s")];
        faults.extend(first.iter().map(|(run, attempts)| format!("fail={attempts}@{run}")));
        faults.join(",")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn on_a_bad_day_every_strategy_gives_every_run_the_same_outcome(
        faults in faults(),
        seed in any::<u64>(),
        runs in 1..60usize,
        retries in 0..4u32,
        most in prop::option::of(1..20usize),
    ) {
        let world = bad_day(&faults, seed);
        let [map, others @ ..] = each_retried().map(|strategy| outcomes(&world, runs, retries, most, strategy));
        for other in &others {
            prop_assert_eq!(other, &map);
        }
    }

    #[test]
    fn runs_add_up_however_few_calls_are_taken(
        calls in 1..40u32,
        faults in faults(),
        seed in any::<u64>(),
        runs in 1..60usize,
        most in prop::option::of(1..20usize),
    ) {
        let world = bad_day(&format!("throttle={calls}/s,{faults}"), seed);
        for strategy in each_retried() {
            let mut fan_out = fan_out(&format!("1-{runs}"));
            fan_out.max_concurrency = most;
            let (report, outcome) = world.carry_out(&fan_out, strategy);
            prop_assert_eq!(report.totals().runs, runs);
            let gave_up = report.runs().any(|run| matches!(run.status, RunStatus::Lost | RunStatus::Skip));
            prop_assert!(!gave_up, "{}: {:?}", strategy.name(), outcome.events.last());
        }
    }
}

#[test]
fn the_seed_decides_who_is_hit() {
    let victims = |strategy: &dyn FanOutStrategy, seed| -> Vec<usize> {
        let world = bad_day("spot=10%,fail=10%", seed);
        outcomes(&world, 100, 0, None, strategy).into_iter().filter(|run| run.1 == RunStatus::Fail).map(|run| run.0).collect()
    };
    let seven = victims(&strategy::Map, 7);
    assert!((8..=32).contains(&seven.len()), "about 19 of 100: {}", seven.len());
    for strategy in each_retried() {
        assert_eq!(victims(strategy, 7), seven, "{}", strategy.name());
        assert_ne!(victims(strategy, 8), seven, "{}", strategy.name());
    }
}

#[test]
fn a_run_that_is_to_fail_twice_needs_two_retries() {
    for strategy in each_retried() {
        for (retries, status, attempts) in [(1, RunStatus::Fail, 2), (2, RunStatus::Flaky, 3)] {
            let run = outcomes(&bad_day("fail=2@17", 1), 40, retries, Some(7), strategy).swap_remove(17);
            assert_eq!((run.1, run.2), (status, attempts), "{} with {retries} retries", strategy.name());
        }
    }
}

#[test]
fn slow_starts_take_their_time() {
    for strategy in each_retried() {
        let took = |faults: &str| {
            let (_, outcome) = bad_day(faults, 1).carry_out(&fan_out("1-6"), strategy);
            outcome.ended.duration_since(crate::world::start()).as_secs()
        };
        let (usual, slow) = (took("spot=0%"), took("slow-start=10m"));
        assert!((595..700).contains(&(slow - usual)), "{}: {usual} s and {slow} s", strategy.name());
    }
}
