//! Losing the client at any moment: another one goes on with what it had told.

use std::cell::RefCell;
use std::collections::BTreeMap;

use fanout_core::event::RunStatus;
use fanout_core::item::Item;
use fanout_core::run_list::RunList;
use fanout_core::strategy::{self, Strategy};
use fanout_engine::AttemptEnd;
use fanout_sim::Behaviour;
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world::{World, fan_out, fan_out_over};

/// Items that only an object holds.
fn beyond_any_input() -> RunList {
    let padding = "x".repeat(3_500);
    RunList::Items((0..80).map(|run| Item::new(format!("{run}{padding}").into())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whoever_goes_on_runs_nothing_twice_and_loses_nothing(
        losses in prop::collection::vec((0..150_000i64, any::<bool>()), 1..5),
        runs in 1..80usize,
        max_concurrency in prop::option::of(1..10usize),
        cancel_after in prop::option::of(0..150_000i64),
        while_preparing in prop::option::of((0..2_000i64, any::<bool>())),
        is_large in any::<bool>(),
    ) {
        for strategy in strategy::ALL.into_iter().chain([&strategy::Auto as &dyn Strategy]) {
            let mut fan_out = match strategy.name() {
                "distributed-map" if is_large => fan_out_over(beyond_any_input()),
                _ => fan_out(&format!("1-{runs}")),
            };
            let runs = fan_out.runs.len();
            fan_out.max_concurrency = max_concurrency;
            let started: RefCell<BTreeMap<usize, u32>> = RefCell::default();
            let program = |run: usize, _attempt: u32| {
                *started.borrow_mut().entry(run).or_default() += 1;
                let code = i32::from(run % 7 == 3);
                Behaviour { runs_for: SignedDuration::from_secs(30), end: AttemptEnd::Exited { code, reason: None } }
            };
            let world = World {
                vcpus: 6,
                program: &program,
                losses: losses.iter().chain(&while_preparing).map(|(at, with_calls)| (SignedDuration::from_millis(*at), *with_calls)).collect(),
                cancel_after: cancel_after.map(SignedDuration::from_millis),
                ..World::default()
            };
            let (report, _) = world.carry_out(&fan_out, strategy);
            prop_assert!(started.borrow().values().all(|times| *times == 1), "{}: {:?}", strategy.name(), started.borrow());
            let known = |status| matches!(status, RunStatus::Pass | RunStatus::Fail | RunStatus::Cancelled);
            prop_assert!(report.runs().all(|run| known(run.status)), "{}: {:?}", strategy.name(), report.totals());
            if cancel_after.is_none() {
                let totals = report.totals();
                let failing = (0..runs).filter(|run| run % 7 == 3).count();
                prop_assert_eq!((totals.pass, totals.fail), (runs - failing, failing));
            }
        }
    }
}
