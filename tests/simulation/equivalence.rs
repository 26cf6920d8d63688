//! Every strategy gives every run the same outcome.

use fanout_core::event::RunStatus;
use fanout_core::fan_out::FanOut;
use fanout_core::item::Item;
use fanout_core::retries::Retries;
use fanout_core::run_list::{Range, RunList};
use fanout_core::strategy;
use fanout_engine::AttemptEnd;
use fanout_sim::Behaviour;
use jiff::SignedDuration;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof};
use proptest::{prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::world::{World, each_retried, fan_out_over};

/// What must be the same: run, status, attempts, exit code, cause without the host's name.
type Outcome = (usize, RunStatus, u32, Option<i32>, Option<String>);

/// What one program does, attempt by attempt; the last entry repeats.
type Script = Vec<(u8, u16)>;

fn behaviour(script: &Script, attempt: u32) -> Behaviour {
    let (how, seconds) = script[(attempt as usize - 1).min(script.len() - 1)];
    let end = match how % 8 {
        0..=3 => AttemptEnd::Exited { code: 0, reason: None },
        4 => AttemptEnd::Exited { code: 1, reason: None },
        5 => AttemptEnd::Exited { code: 137, reason: Some("OutOfMemoryError: Container killed due to memory usage".into()) },
        6 => AttemptEnd::HostLost,
        _ => AttemptEnd::FailedToStart { reason: "CannotPullContainerError: no such image".into() },
    };
    Behaviour { runs_for: SignedDuration::from_secs(seconds.into()), end }
}

fn item() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::from),
        "[ -~é\n\"$']{0,12}".prop_map(Value::from),
        any::<f32>().prop_filter("JSON has no such number", |number| number.is_finite()).prop_map(|number| json!(number)),
        ("[a-c]{1}", any::<bool>()).prop_map(|(name, value)| json!({name: value, "note": null})),
    ]
}

fn run_list() -> impl Strategy<Value = RunList> {
    let whole = prop_oneof![
        (any::<i16>(), 1..5i64, 1..60usize).prop_map(|(first, step, count)| RunList::Range(Range {
            first: first.into(),
            step,
            count,
            width: 0
        })),
        prop::collection::vec(item(), 1..60).prop_map(|items| RunList::Items(items.into_iter().map(Item::new).collect())),
    ];
    // Some runs of a list are what a retry has.
    (whole, prop::option::of(prop::collection::btree_set(any::<usize>(), 1..30))).prop_map(|(runs, picked)| match picked {
        Some(picked) => runs.pick(&picked.iter().map(|place| place % runs.len()).collect()),
        None => runs,
    })
}

fn retries() -> impl Strategy<Value = Retries> {
    let causes = prop::sample::select(vec!["all", "infra", "app", "spot,oom,timeout", "pull"]);
    (0..4u32, causes).prop_map(|(times, causes)| format!("{times}:{causes}").parse().expect("retries"))
}

fn fan_outs() -> impl Strategy<Value = FanOut> {
    (run_list(), prop::option::of(1..20usize), retries(), prop::option::of(60..400u32), 1..4u32).prop_map(
        |(runs, max_concurrency, retries, timeout_seconds, vcpus)| {
            let mut fan_out = FanOut { max_concurrency, retries, timeout_seconds, ..fan_out_over(runs) };
            fan_out.worker.vcpus = vcpus;
            fan_out
        },
    )
}

/// The strategies, and a cascade for lists that need none.
fn all() -> impl Iterator<Item = &'static dyn strategy::Strategy> {
    const CASCADE: strategy::ShapedMap = strategy::ShapedMap(strategy::Shape { outer: 7, inner: 10 });
    each_retried().into_iter().chain([&CASCADE as &dyn strategy::Strategy])
}

/// How each run ended, and that all add up.
fn outcomes(world: &World<'_>, fan_out: &FanOut, strategy: &dyn strategy::Strategy) -> Vec<Outcome> {
    let (report, _) = world.carry_out(fan_out, strategy);
    let totals = report.totals();
    assert_eq!(totals.pass + totals.flaky + totals.fail, fan_out.runs.len());
    if let Some(most) = fan_out.max_concurrency {
        assert!(report.figures().concurrency <= most, "{}: {} at a time", strategy.name(), report.figures().concurrency);
    }
    assert!(report.runs().all(|run| run.attempts <= fan_out.retries.times + 1));
    let cause = |cause: &Option<String>| cause.as_ref().map(|cause| cause.split("i-").next().unwrap_or_default().to_owned());
    report.runs().map(|run| (run.index, run.status, run.attempts, run.exit_code, cause(&run.cause))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_strategy_gives_every_run_the_same_outcome(
        fan_out in fan_outs(),
        scripts in prop::collection::vec(prop::collection::vec((any::<u8>(), 1..500u16), 1..4), 1..10),
        vcpus in 4..40i64,
    ) {
        let program = |run: usize, attempt: u32| behaviour(&scripts[run % scripts.len()], attempt);
        let world = World { vcpus, program: &program, ..World::default() };
        let expected = outcomes(&world, &fan_out, &strategy::Map);
        for strategy in all() {
            prop_assert_eq!(&expected, &outcomes(&world, &fan_out, strategy), "{}", strategy.name());
        }
        // Nodes are not tried again, and their time is kept by scripts, which do not run here.
        let once = FanOut { retries: Retries::of_all(0), timeout_seconds: None, ..fan_out };
        prop_assert_eq!(outcomes(&world, &once, &strategy::Array), outcomes(&world, &once, &strategy::MultiNode));
    }
}
