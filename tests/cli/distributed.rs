//! `--strategy distributed-map`: items in the input and items in S3.

use serde_json::json;

use crate::support::{Dir, Fanout};

/// More than 256 KiB of items, two hundred of them.
fn long_items() -> String {
    let items: Vec<_> = (0..200).map(|number| json!({"n": number, "text": format!("it's \"{}\" $HOME\n", "x".repeat(1_500))})).collect();
    json!(items).to_string()
}

#[test]
fn items_that_no_input_holds_come_from_an_object_that_is_gone_afterwards() {
    let (dir, out, state) = (Dir::new(), Dir::new(), Dir::new());
    let items = dir.file("items.json", long_items());
    let to = format!("OUT={}", out.path().display());
    let at = state.path().display().to_string();
    Fanout::plain(["run", "-s", "distributed-map", "--items-file", &items, "-j", "20", "-e", &to, "--state-dir", &at])
        .script(r#"printf '%s' "$FANOUT_ITEM" > "$OUT/$FANOUT_INDEX-$n""#)
        .expect_exit(0)
        .stdout_contains("200 runs by distributed-map: 200 passed in ")
        .stderr_contains("more than a state's input holds: they go to s3://fanout/fanout/");
    let expected: Vec<serde_json::Value> = serde_json::from_str(&long_items()).expect("JSON");
    for (index, item) in expected.iter().enumerate() {
        assert_eq!(out.read(&format!("{index}-{index}")), item.to_string(), "run {index}");
    }
    let record = std::fs::read_dir(state.path()).expect("records").next().expect("a record").expect("a record").path();
    assert!(!record.join("engine").exists(), "the objects are gone with the engine's memory");
}

#[test]
fn one_failing_run_stops_no_other_child() {
    let done = Fanout::run(["-s", "distributed-map", "--items", "1-6", "-o", "json"]).script("test $RunNumber != 2").expect_exit(100);
    let report = done.json();
    assert_eq!((&report["totals"]["pass"], &report["totals"]["fail"]), (&5.into(), &1.into()));
}

#[test]
fn the_object_is_part_of_the_plan_and_its_bucket_is_chosen() {
    let dir = Dir::new();
    let items = dir.file("items.json", long_items());
    let plan = |bucket: &str| Fanout::run(["-s", "distributed-map", "--items-file", &items, "--bucket", bucket]);
    let printed = plan("runs-of-mine").and(["--dry-run"]).command(["true"]).expect_exit(0).nothing_was_begun().json();
    let calls = printed["calls"].as_array().expect("calls");
    let operations: Vec<&str> = calls.iter().map(|call| call["operation"].as_str().expect("a name")).collect();
    assert_eq!(operations, ["RegisterJobDefinition", "PutObject", "CreateStateMachine", "StartExecution"]);
    assert_eq!(calls[1]["input"]["Bucket"], "runs-of-mine");
    plan("No_Bucket")
        .command(["true"])
        .expect_exit(2)
        .stderr_contains("error: --bucket \"No_Bucket\"")
        .stderr_contains("hint: a bucket's name has 3 to 63");
}
