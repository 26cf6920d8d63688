//! Asking to stop at any moment.

use fanout_core::event::RunStatus;
use fanout_core::strategy;
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, prop};
use proptest::{prop_assert, proptest};

use crate::world::{World, fan_out};

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn stopping_at_any_moment_ends_every_run_and_leaves_nothing_running(
        milliseconds in 0..150_000i64,
        runs in 1..80usize,
        max_concurrency in prop::option::of(1..10usize),
    ) {
        let cascade = strategy::ShapedMap(strategy::Shape { outer: 9, inner: 9 });
        for strategy in strategy::ALL.into_iter().chain([&cascade as &dyn strategy::Strategy]) {
            let mut fan_out = fan_out(&format!("1-{runs}"));
            fan_out.max_concurrency = max_concurrency;
            let world = World { vcpus: 6, cancel_after: Some(SignedDuration::from_millis(milliseconds)), ..World::default() };
            let (report, _) = world.carry_out(&fan_out, strategy);
            let known = |status| matches!(status, RunStatus::Pass | RunStatus::Cancelled);
            prop_assert!(report.runs().all(|run| known(run.status)), "{}: {:?}", strategy.name(), report.totals());
        }
    }
}

/// Two looks at the same array were under way, and the second counted its end again.
#[test]
fn regression_an_array_ends_once_for_the_window() {
    let mut fan_out = fan_out("1-3");
    fan_out.max_concurrency = Some(1);
    let world = World { vcpus: 6, cancel_after: Some(SignedDuration::from_millis(105_083)), ..World::default() };
    let (report, _) = world.carry_out(&fan_out, &strategy::Array);
    assert_eq!(report.totals().runs, 3);
}
