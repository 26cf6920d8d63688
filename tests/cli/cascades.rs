//! `--strategy map` beyond what one Map state holds.

use crate::support::{Dir, Fanout, peak, spans};

#[test]
fn a_cascade_runs_every_item_once_under_its_own_index() {
    for (shape, items, count) in [("map:3x4", "11-20", 10), ("map:1x2", "11-12", 2), ("map:50x50", "11-17", 7)] {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        let done = Fanout::run(["-s", shape, "--items", items, "-j", "4", "-e", &to])
            .script(r#": > "$OUT/$FANOUT_INDEX-$RunNumber-$FANOUT_ITEM-$FANOUT_SIZE-$MANAGED_BY_AWS""#)
            .expect_exit(0);
        done.stdout_contains(&format!("{count} runs by map: {count} passed in "));
        for index in 0..count {
            let item = 11 + index;
            assert!(out.path().join(format!("{index}-{item}-{item}-{count}-STARTED_BY_STEP_FUNCTIONS")).exists(), "{shape}: {item}");
        }
        assert_eq!(out.count(), count, "{shape}");
    }
}

#[test]
fn objects_and_hostile_items_pass_through_both_levels() {
    let out = Dir::new();
    let to = format!("OUT={}", out.path().display());
    let items = r#"[{"a": "it's", "b": 1}, {"a": "$HOME \"x\"", "b": {"c": [null]}}, {"b": 0.5}]"#;
    Fanout::run(["-s", "map:2x2", "--items", items, "-e", &to])
        .script(r#"printf '%s|%s|%s' "$FANOUT_ITEM" "$a" "$b" > "$OUT/$FANOUT_INDEX""#)
        .expect_exit(0);
    assert_eq!(out.read("0"), r#"{"a":"it's","b":1}|it's|1"#);
    assert_eq!(out.read("1"), r#"{"a":"$HOME \"x\"","b":{"c":[null]}}|$HOME "x"|{"c":[null]}"#);
    assert_eq!(out.read("2"), r#"{"b":0.5}||0.5"#);
}

#[test]
fn one_failing_run_stops_no_other_of_its_group_or_of_another() {
    let done = Fanout::run(["-s", "map:2x3", "--items", "1-6", "-o", "json"]).script("test $RunNumber != 2").expect_exit(100);
    let report = done.json();
    assert_eq!((&report["totals"]["pass"], &report["totals"]["fail"]), (&5.into(), &1.into()));
}

#[test]
fn no_more_are_at_a_time_than_asked_for() {
    let done = Fanout::run(["-s", "map:3x4", "--items", "1-12", "-j", "4", "-o", "json"]).command(["sleep", "0.2"]).expect_exit(0);
    assert_eq!(peak(&spans(&done.json())), 4);
}

#[test]
fn the_nested_machine_is_made_before_the_one_that_starts_it() {
    let plan = Fanout::run(["--dry-run", "--items", "1-100", "-j", "100"]).command(["true"]).expect_exit(0).json();
    let calls = plan["calls"].as_array().expect("calls");
    let operations: Vec<&str> = calls.iter().map(|call| call["operation"].as_str().expect("a name")).collect();
    assert_eq!(operations, ["RegisterJobDefinition", "CreateStateMachine", "CreateStateMachine", "StartExecution"]);
    let name = |call: usize| calls[call]["input"]["name"].as_str().expect("a name");
    assert_eq!(name(1), format!("{}-nested", name(2)));
    let printed = Fanout::plain(["asl", "--items", "1-100", "-j", "100"]).command(["true"]).expect_exit(0);
    let documents = serde_json::Deserializer::from_str(&printed.stdout).into_iter::<serde_json::Value>();
    let tasks: Vec<String> = documents
        .map(|document| document.expect("JSON")["States"]["Fan out"]["ItemProcessor"]["States"].clone())
        .map(|states| states.as_object().expect("states").values().find_map(|state| state["Resource"].as_str()).expect("a task").to_owned())
        .collect();
    assert_eq!(tasks, ["arn:aws:states:::batch:submitJob.sync", "arn:aws:states:::states:startExecution.sync:2"]);
}
