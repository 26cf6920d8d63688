//! The plans that are really submitted, on virtual time.

mod support;

use fanout_core::strategy;
use fanout_engine::{AttemptEnd, AttemptView};
use fanout_sim::Behaviour;
use jiff::SignedDuration;

fn ok(_: &AttemptView<'_>) -> Behaviour {
    Behaviour { runs_for: SignedDuration::from_secs(30), end: AttemptEnd::Exited { code: 0, reason: None } }
}

#[test]
fn six_runs_under_every_strategy() {
    for strategy in strategy::ALL {
        let fan_out = support::fan_out("1-6");
        let (report, outcome) = support::simulate(&fan_out, strategy, fanout_engine::Settings::default(), 6, &mut ok, |_, _| {});
        let totals = report.totals();
        assert_eq!((totals.runs, totals.pass), (6, 6), "{}: {:#?}", strategy.name(), outcome.events);
        assert_eq!(report.figures().concurrency, 6, "{}", strategy.name());
    }
}
