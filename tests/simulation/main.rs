//! The plans that are really submitted, carried out on virtual time by the machines that really
//! carry them out.
#![expect(unreachable_pub, reason = "a test program")]

mod chaos;
mod equivalence;
mod failing;
mod losing;
mod sizes;
mod stopping;
mod world;

use fanout_core::event::{EventKind, RunStatus};
use fanout_core::fan_out::FanOut;
use fanout_core::plan::{Plan, Work};
use fanout_core::retries::Retries;
use fanout_core::strategy::{self, PlanError, Strategy};
use fanout_engine::AttemptEnd;
use fanout_sim::Behaviour;
use jiff::SignedDuration;

use world::{World, each_retried, fan_out};

#[test]
fn six_runs_go_at_the_same_time_under_every_strategy() {
    for strategy in strategy::ALL {
        let (report, _) = World::default().carry_out(&fan_out("1-6"), strategy);
        assert_eq!(report.totals().pass, 6, "{}", strategy.name());
        assert_eq!(report.figures().concurrency, 6, "{}", strategy.name());
    }
}

/// Source: Step Functions Developer Guide, Map state in Inline mode: up to 40 concurrent iterations.
#[test]
fn the_41st_iteration_of_an_inline_map_waits() {
    let world = World { vcpus: 1000, ..World::default() };
    let (report, _) = world.carry_out(&fan_out("1-100"), &strategy::Map);
    assert_eq!(report.figures().concurrency, 40);
    let (report, _) = world.carry_out(&fan_out("1-100"), &strategy::Array);
    assert_eq!(report.figures().concurrency, 100);
}

#[test]
fn a_plan_that_fills_an_execution_to_its_limit_still_ends_well() {
    let failing =
        |_: usize, _: u32| Behaviour { runs_for: SignedDuration::from_secs(1), end: AttemptEnd::Exited { code: 1, reason: None } };
    let world = World { vcpus: 1000, program: &failing, ..World::default() };
    let (report, _) = world.carry_out(&fan_out("1-2499"), &strategy::Map);
    assert_eq!(report.totals().fail, 2499);
}

/// A cascade whose jobs Batch does not take.
struct OfAnAbsentDefinition(strategy::ShapedMap);

impl Strategy for OfAnAbsentDefinition {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let mut plan = self.0.plan(fan_out)?;
        let Work::Execution { nested: Some(nested), .. } = &mut plan.work else { panic!("a cascade") };
        let definition = &mut nested.state_machine.definition;
        *definition = definition.replace(r#""JobDefinition":"fanout-test""#, r#""JobDefinition":"absent""#);
        Ok(plan)
    }
}

/// Source: the same for both levels; States.MathAdd counts the runs through.
#[test]
fn a_cascade_has_as_many_in_flight_as_are_asked_for_and_no_more() {
    let world = World { vcpus: 1000, ..World::default() };
    for (asked, most) in [(60, 60), (100, 100), (101, 100)] {
        let mut fan_out = fan_out("1-300");
        fan_out.max_concurrency = Some(asked);
        let (report, _) = world.carry_out(&fan_out, &strategy::Map);
        assert_eq!((report.totals().pass, report.figures().concurrency), (300, most));
    }
}

#[test]
fn a_cascade_whose_items_are_computed_runs_every_item() {
    let world = World { vcpus: 2000, ..World::default() };
    let fan_out = fan_out("100000001-100054000:2");
    let plan = strategy::Map.plan(&fan_out).expect("a plan");
    assert!(plan.state_machines()[0].definition.contains("States.ArrayRange($.from, $.to, 2)"));
    let (report, _) = world.carry_out(&fan_out, &strategy::Map);
    assert_eq!(report.totals().pass, 27_000);
}

#[test]
fn runs_of_a_cascade_that_batch_refuses_say_why() {
    for strategy in
        [strategy::ShapedMap(strategy::Shape { outer: 2, inner: 3 }), strategy::ShapedMap(strategy::Shape { outer: 1, inner: 5 })]
    {
        let (report, _) = World::default().carry_out(&fan_out("1-5"), &OfAnAbsentDefinition(strategy));
        let causes: Vec<_> = report.runs().map(|run| (run.status, run.cause.clone().unwrap_or_default())).collect();
        assert_eq!(causes.len(), 5);
        assert!(causes.iter().all(|(status, cause)| *status == RunStatus::Fail && cause.contains("absent")), "{causes:?}");
    }
}

#[test]
fn ten_thousand_and_one_runs_are_two_sibling_arrays() {
    let plan = strategy::Array.plan(&fan_out("1-10001")).expect("a plan");
    let Work::Jobs { submissions, .. } = &plan.work else { panic!("arrays are jobs") };
    let sizes: Vec<usize> = submissions.iter().map(|submission| submission.count).collect();
    assert_eq!(sizes, [10_000, 1]);
    assert!(submissions[1].request.array_properties.is_none(), "one run is a plain job");
    let world = World { vcpus: 20_000, ..World::default() };
    let (report, _) = world.carry_out(&fan_out("1-10001"), &strategy::Array);
    assert_eq!(report.totals().pass, 10_001);
}

/// Source: Batch service quotas, SubmitJob transactions: 50 per second per account.
#[test]
fn no_second_sees_more_submissions_than_batch_takes() {
    let world = World { vcpus: 1000, ..World::default() };
    let (report, outcome) = world.carry_out(&fan_out("1-400"), &strategy::Submit);
    assert_eq!(report.totals().pass, 400);
    let submitted: Vec<_> =
        outcome.events.iter().filter(|event| matches!(event.kind, EventKind::Submitted { .. })).map(|event| event.at).collect();
    let spans = submitted.windows(51).map(|window| window[50].duration_since(window[0]));
    assert!(spans.min().expect("400 submissions") > SignedDuration::from_secs(1));
    let all = submitted[399].duration_since(submitted[0]);
    assert!(all < SignedDuration::from_secs(9), "400 submissions at 50 a second took {all:?}");
}

/// Source: Step Functions, Map state in Distributed mode: each child execution has a history of its own.
#[test]
fn a_distributed_map_over_an_object_runs_every_item_and_removes_it() {
    let world = World { vcpus: 2_000, ..World::default() };
    let mut fan_out = fan_out("100000000000001-100000000017000");
    fan_out.max_concurrency = Some(500);
    let plan = strategy::DistributedMap.plan(&fan_out).expect("a plan");
    assert_eq!(plan.objects.len(), 1);
    let (report, _) = world.carry_out(&fan_out, &strategy::DistributedMap);
    assert_eq!((report.totals().pass, report.figures().concurrency), (17_000, 500));
}

/// A distributed Map whose jobs Batch does not take.
struct DistributedOfAnAbsentDefinition;

impl Strategy for DistributedOfAnAbsentDefinition {
    fn name(&self) -> &'static str {
        strategy::DistributedMap.name()
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let mut plan = strategy::DistributedMap.plan(fan_out)?;
        let Work::Execution { state_machine, .. } = &mut plan.work else { panic!("an execution") };
        state_machine.definition = state_machine.definition.replace(r#""JobDefinition":"fanout-test""#, r#""JobDefinition":"absent""#);
        Ok(plan)
    }
}

#[test]
fn runs_of_a_distributed_map_that_batch_refuses_have_failed() {
    let (report, _) = World::default().carry_out(&fan_out("1-5"), &DistributedOfAnAbsentDefinition);
    assert_eq!(report.totals().fail, 5);
    assert!(report.runs().all(|run| run.cause.as_deref().is_some_and(|cause| cause.contains("could not be submitted"))));
}

/// More than one DescribeJobs call is needed to see them all.
#[test]
fn many_plain_jobs_are_watched_a_hundred_at_a_time() {
    let world = World { vcpus: 2_000, ..World::default() };
    let (report, _) = world.carry_out(&fan_out("1-1500"), &strategy::Submit);
    assert_eq!(report.totals().pass, 1_500);
}

#[test]
fn a_job_that_no_environment_can_run_is_waited_for_and_not_lost() {
    for strategy in strategy::ALL {
        let mut fan_out = fan_out("1-3");
        fan_out.worker.vcpus = 4;
        let world = World { vcpus: 2, cancel_after: Some(SignedDuration::from_hours(1)), ..World::default() };
        let (report, _) = world.carry_out(&fan_out, strategy);
        assert_eq!(report.totals().cancelled, 3, "{}", strategy.name());
    }
}

#[test]
fn throttled_calls_are_made_again() {
    for strategy in strategy::ALL {
        let world = World { refuse: &|call| call % 3 != 0, ..World::default() };
        let (report, outcome) = world.carry_out(&fan_out("1-20"), strategy);
        assert_eq!(report.totals().pass, 20, "{}: {:?}", strategy.name(), outcome.events.last());
    }
}

#[test]
fn a_refusal_that_lasts_leaves_no_run_unaccounted_for() {
    for strategy in strategy::ALL {
        for first_refused in 1..12 {
            let world = World { refuse: &move |call| call >= first_refused, ..World::default() };
            let report = world.carry_out_blindly(&fan_out("1-5"), strategy);
            let totals = report.totals();
            assert_eq!(totals.pass + totals.fail + totals.lost + totals.skip, 5, "{} from call {first_refused}", strategy.name());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for strategy in strategy::ALL {
        let events = || format!("{:?}", World::default().carry_out(&fan_out("1-30"), strategy).1.events);
        assert_eq!(events(), events(), "{}", strategy.name());
    }
}

#[test]
fn a_run_that_succeeds_on_its_second_attempt_is_flaky() {
    let program = |run: usize, attempt: u32| Behaviour {
        runs_for: SignedDuration::from_secs(5),
        end: if run == 2 && attempt == 1 { AttemptEnd::HostLost } else { AttemptEnd::Exited { code: 0, reason: None } },
    };
    for strategy in each_retried() {
        let mut fan_out = fan_out("a,b,c,d");
        fan_out.retries = Retries::of_all(1);
        let (report, _) = World { program: &program, ..World::default() }.carry_out(&fan_out, strategy);
        let flaky: Vec<_> = report.runs().filter(|run| run.status == RunStatus::Flaky).map(|run| (run.index, run.attempts)).collect();
        assert_eq!(flaky, [(2, 2)], "{}", strategy.name());
    }
}
