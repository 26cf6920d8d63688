use serde_json::{Value, json};

use super::{Map, Shape, ShapedMap};
use crate::plan::{Plan, Work};
use crate::strategy::testing::fan_out;
use crate::strategy::{PlanError, Strategy};

/// The shape of the plan's cascade, and both ceilings; `None`: one level.
fn shape_of(plan: &Plan) -> Option<(usize, u64, u64)> {
    let Work::Execution { nested, state_machine, .. } = &plan.work else { panic!("a map is an execution") };
    let cap = |definition: &str| {
        let document: Value = serde_json::from_str(definition).expect("JSON");
        document["States"]["Fan out"]["MaxConcurrency"].as_u64().expect("a ceiling")
    };
    nested.as_ref().map(|nested| (nested.firsts.len(), cap(&state_machine.definition), cap(&nested.state_machine.definition)))
}

fn planned(items: &str, at_once: Option<usize>) -> Result<Plan, PlanError> {
    let mut fan_out = fan_out(items);
    fan_out.max_concurrency = at_once;
    Map.plan(&fan_out)
}

fn shape(items: &str, at_once: Option<usize>) -> Option<(usize, u64, u64)> {
    shape_of(&planned(items, at_once).expect("a plan"))
}

#[test]
fn one_level_is_enough_for_forty_at_a_time_and_what_one_history_holds() {
    for (items, at_once) in
        [("1", None), ("1-2", None), ("1-39", None), ("1-40", Some(40)), ("1-41", None), ("1-2499", None), ("1-2499", Some(40))]
    {
        assert_eq!(shape(items, at_once), None, "{items} {at_once:?}");
    }
}

#[test]
fn a_cascade_is_as_small_as_it_can_be() {
    // More at a time than one level has.
    assert_eq!(shape("1-41", Some(41)), Some((2, 0, 0)));
    assert_eq!(shape("1-1000", Some(60)), Some((2, 2, 30)));
    assert_eq!(shape("1-1000", Some(500)), Some((20, 20, 25)));
    assert_eq!(shape("1-500", Some(500)), Some((13, 0, 0)));
    assert_eq!(shape("1-10000", Some(10_000)), Some((40, 0, 0)));
    // More runs than one history has, few at a time.
    assert_eq!(shape("1-2500", None), Some((2, 0, 0)));
    assert_eq!(shape("1-10000", Some(6)), Some((5, 1, 6)));
    // More items than one input has: they are computed, a thousand by each call of States.ArrayRange.
    assert_eq!(shape("1-100000", None), Some((100, 0, 0)));
}

#[test]
fn a_given_shape_is_kept() {
    let plan = |shape: &str, items: &str, at_once| {
        let mut fan_out = fan_out(items);
        fan_out.max_concurrency = at_once;
        ShapedMap(shape.parse().expect("a shape")).plan(&fan_out)
    };
    assert_eq!(shape_of(&plan("20x25", "1-500", None).expect("a plan")), Some((20, 0, 0)));
    assert_eq!(shape_of(&plan("20x25", "1-500", Some(100)).expect("a plan")), Some((20, 4, 25)));
    assert_eq!(shape_of(&plan("1x6", "1-6", None).expect("a plan")), Some((1, 0, 0)));
    let refused = plan("2x4", "1-10", None).expect_err("ten are more than eight");
    assert_eq!(refused.violations[0].to_string(), "--strategy map:2x4: 2 nested executions of 4 runs are not enough for 10 runs");
    assert!(refused.violations[0].help().starts_with("use --strategy map:2x5"));
    assert!(!refused.is_quota());
}

#[test]
fn a_shape_beyond_a_history_is_refused_with_the_number() {
    let refused = ShapedMap(Shape { outer: 1, inner: 3_000 }).plan(&fan_out("1-3000")).expect_err("too many events");
    let words = refused.violations[0].to_string();
    assert!(
        words.starts_with("3,000 runs of one nested execution of 10 events, if all fail: 30,006 events, but one execution's history"),
        "{words}"
    );
}

#[test]
fn every_run_is_in_one_group_under_its_own_index() {
    let plan = planned("1-100", Some(100)).expect("a plan");
    let Work::Execution { input, nested: Some(nested), .. } = &plan.work else { panic!("a cascade") };
    assert_eq!(nested.firsts, [0, 34, 67]);
    let input: Value = serde_json::from_str(input).expect("JSON");
    let groups = input["groups"].as_array().expect("groups");
    for (group, first) in groups.iter().zip(&nested.firsts) {
        assert_eq!((&group["first"], &group["runs"][0]), (&json!(first), &json!(first + 1)));
    }
    assert_eq!(groups.iter().map(|group| group["runs"].as_array().expect("runs").len()).sum::<usize>(), 100);
}

#[test]
fn items_that_no_input_holds_are_refused() {
    let long: Vec<String> = (0..3_000).map(|number| format!("{number}-{}", "x".repeat(96))).collect();
    let refused = planned(&serde_json::to_string(&long).expect("JSON"), None).expect_err("300 kB");
    let words = refused.violations[0].to_string();
    assert!(words.contains("the 3,000 items as the execution's input"), "{words}");
    assert!(refused.is_quota());
    // Zeros in front make them texts, which States.ArrayRange does not make.
    assert!(planned("000001-100000", None).is_err());
}

#[test]
fn what_is_not_reached_is_told() {
    let notes = |items: &str, at_once| planned(items, at_once).expect("a plan").notes.join("\n");
    assert_eq!(notes("1-41", None), "");
    assert!(notes("1-1000", Some(41)).starts_with("40 runs are in flight at most, not 41"));
    assert_eq!(notes("1-1000", Some(60)), "1,000 runs are 2 nested executions of up to 500; --strategy map:2x500 says the same");
    assert!(notes("1-9000", Some(9_000)).contains("1,600 runs are in flight at most, not 9,000"));
}
