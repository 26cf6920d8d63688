//! `--max-fails`: too many failures end a fan-out in the same way under every strategy.

use fanout_core::event::RunStatus;
use fanout_core::max_fails::{Halt, MaxFails, Most};
use fanout_core::strategy::{self, Strategy as _};
use fanout_engine::AttemptEnd;
use fanout_sim::Behaviour;
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::world::{World, fan_out};

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_more_is_started_once_too_many_have_failed(
        most in 0..6usize,
        now in any::<bool>(),
        runs in 1..100usize,
        every in 1..9usize,
        max_concurrency in prop::option::of(1..20usize),
        losses in prop::collection::vec((0..150_000i64, any::<bool>()), 0..4),
    ) {
        for strategy in strategy::ALL {
            let mut fan_out = fan_out(&format!("1-{runs}"));
            fan_out.max_concurrency = max_concurrency;
            fan_out.max_fails = Some(MaxFails { most: Most::Runs(most), halt: if now { Halt::Now } else { Halt::Soon } });
            let program = |run: usize, _attempt: u32| {
                let code = i32::from(run.is_multiple_of(every));
                Behaviour { runs_for: SignedDuration::from_secs(30), end: AttemptEnd::Exited { code, reason: None } }
            };
            let losses = losses.iter().map(|(at, with_calls)| (SignedDuration::from_millis(*at), *with_calls)).collect();
            let (report, outcome) = World { vcpus: 6, program: &program, losses, ..World::default() }.carry_out(&fan_out, strategy);
            let totals = report.totals();
            prop_assert_eq!(totals.pass + totals.fail + totals.cancelled + totals.skip, runs, "{}", strategy.name());
            if runs.div_ceil(every) <= most {
                prop_assert_eq!((totals.cancelled, totals.skip, report.given_up()), (0, 0, None), "{}", strategy.name());
            } else if totals.skip + totals.cancelled > 0 {
                prop_assert_eq!(report.given_up(), Some(most), "{}", strategy.name());
                prop_assert!(totals.fail > most, "{}", strategy.name());
            }
            prop_assert!(now || totals.cancelled == 0, "what runs may end: {}: {totals:?}", strategy.name());
            prop_assert!(report.runs().all(|run| run.status != RunStatus::Skip || run.started_at.is_none()));
            // Six run at a time, for half a minute: whoever sees the failures of one half minute has stopped in the next but two.
            let six_at_a_time = strategy.name() != strategy::MultiNode.name();
            if every == 1 && six_at_a_time && losses_are_none(&outcome) {
                prop_assert!(totals.fail + totals.cancelled <= most + 1 + 4 * 6, "{}: {totals:?}", strategy.name());
            }
        }
    }
}

fn losses_are_none(outcome: &fanout_sim::Outcome) -> bool {
    !outcome.events.iter().any(|event| event.kind == fanout_core::event::EventKind::Resumed)
}
