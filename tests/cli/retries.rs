//! `fanout retry` and `--max-fails`.

use serde_json::{Value, json};

use crate::records::Records;
use crate::support::STRATEGIES;

/// Fails for odd items until a file `mended` is there; its result tells what it was given.
const MENDABLE: &str = r#"printf '[%s,%s,%s]' "$FANOUT_INDEX" "$FANOUT_SIZE" "$FANOUT_ITEM" >"$FANOUT_RESULT"
test -e mended || test "$(({index} % 2))" = 0"#;

/// Index, status and attempts of each run.
fn runs(report: &Value) -> Vec<(u64, String, u64)> {
    let run = |run: &Value| {
        let number = |name: &str| run[name].as_u64().expect("a number");
        (number("index"), run["status"].as_str().expect("a status").to_owned(), number("attempts"))
    };
    report["runs"].as_array().expect("runs").iter().map(run).collect()
}

fn named(runs: &[(u64, &str, u64)]) -> Vec<(u64, String, u64)> {
    runs.iter().map(|(index, status, attempts)| (*index, (*status).to_owned(), *attempts)).collect()
}

#[test]
fn a_retry_runs_what_failed_and_merges_under_every_strategy() {
    let flaky = named(&[(0, "PASS", 1), (1, "FLAKY", 2), (2, "PASS", 1), (3, "FLAKY", 2), (4, "PASS", 1)]);
    let mut results = Vec::new();
    for strategy in STRATEGIES {
        for (inject, items) in [("sh", "1-5"), ("sh", "[1,2,3,4,5]"), ("worker", "1-5")] {
            let records = Records::new();
            records.fanout(&["run", "-s", strategy, "--inject", inject, "--items", items]).script(MENDABLE).expect_exit(100);
            records.file("mended");
            let retried = records.done(&["retry", "-o", "json"]).json();
            assert_eq!(runs(&retried), flaky, "{strategy} {inject} {items}");
            assert_eq!((&retried["retries"], &retried["totals"]["runs"]), (&json!(1), &json!(5)));
            let first = &retried["runs"][1]["earlier"];
            assert_eq!((first.as_array().map(Vec::len), &first[0]["cause"]), (Some(1), &json!("exit 1")));
            results.push(records.done(&["results"]).stdout);
        }
    }
    assert!(results[0].contains(r#"{"index":3,"item":4,"status":"PASS","result":[3,5,4]}"#), "{}", results[0]);
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
}

#[test]
fn a_retry_may_take_another_strategy_other_runs_and_more_room() {
    let records = Records::new();
    records.fanout(&["run", "-s", "map", "--items", "1-5"]).script(MENDABLE).expect_exit(100);
    let report = records.fanout(&["retry", "-s", "array", "-j", "2", "--memory", "100", "-o", "json"]).expect_exit(100).json();
    assert_eq!((&report["strategy"], runs(&report)[1].2), (&json!("array"), 2));
    records.file("mended");
    let report = records.fanout(&["retry", "--only", "1", "--only", "4", "-s", "submit", "-o", "json"]).expect_exit(5).json();
    let expected = [(0, "PASS", 1), (1, "FLAKY", 3), (2, "PASS", 1), (3, "FAIL", 2), (4, "PASS", 2)];
    assert_eq!(runs(&report), named(&expected));
    records.done(&["retry", "--failed"]);
    records.fanout(&["retry"]).expect_exit(4).stderr_contains("no runs that are to be run once more").stderr_contains("--only");
    records.fanout(&["retry", "--only", "9"]).expect_exit(2).stderr_contains("there are 5 runs, counted from 0");
    let shown = records.done(&["show", "-o", "json"]).json();
    assert_eq!((&shown["retries"], &shown["totals"]["flaky"]), (&json!(3), &json!(2)));
    let listed = records.done(&["runs", "-o", "json"]).json();
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["state"]), (Some(1), &json!("ended")));
}

#[test]
fn a_retry_prints_its_calls_without_making_them() {
    let records = Records::new();
    records.fanout(&["run", "--items", "1-3"]).script(MENDABLE).expect_exit(100);
    let plan = records.done(&["retry", "--dry-run", "-s", "submit"]).json();
    assert_eq!((&plan["size"], plan["calls"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    let name = plan["calls"][1]["input"]["jobName"].as_str().expect("a name");
    assert!(name.ends_with("-r1-0"), "AWS knows the first round's names: {name}");
    let shown = records.fanout(&["show", "-o", "json"]).expect_exit(100).json();
    assert_eq!(shown["retries"], json!(0));
}

#[test]
fn a_record_that_is_retried_is_not_over() {
    let records = Records::new();
    records.fanout(&["run", "--items", "1"]).script("test -e mended || exit 1; sleep 60").expect_exit(100);
    assert!(records.files().contains(&"report.json".to_owned()));
    records.file("mended");
    records.done(&["retry", "--detach"]).stderr_contains("it goes on without this command");
    assert!(!records.files().contains(&"report.json".to_owned()));
    records.done(&["cancel", "last"]);
    let shown = records.done(&["show", "-o", "json"]).json();
    assert_eq!((&shown["cancelled"], &shown["totals"]["runs"]), (&json!(true), &json!(1)));
}

#[test]
fn too_many_failures_end_a_fan_out_under_every_strategy() {
    for strategy in STRATEGIES {
        for (budget, stops) in [("2", false), ("5%:now", true)] {
            let records = Records::new();
            let arguments = ["run", "-s", strategy, "--items", "1-40", "-j", "4", "--max-fails", budget, "-o", "json"];
            let done = records.fanout(&arguments).script("sleep 0.2; exit 3").expect_exit(101);
            let report = done.json();
            let total = |way: &str| report["totals"][way].as_u64().expect("a total");
            assert_eq!(total("fail") + total("cancelled") + total("skip"), 40, "{strategy} {budget}: {}", report["totals"]);
            assert!((3..=12).contains(&total("fail")) && total("skip") >= 28, "{strategy} {budget}: {}", report["totals"]);
            assert!(stops || total("cancelled") == 0, "what runs may end: {strategy}: {}", report["totals"]);
            assert!(done.stderr.contains("--max-fails allows 2"), "{}", done.stderr);
            assert_eq!(report["maxFailsExceeded"], json!(true));
            let skipped = report["runs"].as_array().expect("runs").iter().find(|run| run["status"] == "SKIP").expect("a run");
            assert_eq!(skipped["cause"], json!("not started: more than 2 runs failed"), "{strategy} {budget}");
        }
    }
}

#[test]
fn as_many_failures_as_allowed_end_nothing() {
    let records = Records::new();
    records.fanout(&["run", "--items", "1-6", "--max-fails", "3"]).script("exit $(({} % 2))").expect_exit(100);
    let shown = records.fanout(&["show", "-o", "json"]).expect_exit(100).json();
    assert_eq!((&shown["totals"]["pass"], &shown["totals"]["fail"]), (&json!(3), &json!(3)));
    records.fanout(&["run", "--items", "1-6", "--max-fails", "3:later"]).script("true").expect_exit(2).stderr_contains("there are now");
}

#[test]
fn runs_that_failed_in_the_same_way_are_told_of_once() {
    let records = Records::new();
    let done = records.fanout(&["run", "--items", "x,y,z,w"]).script("echo no rows for {} >&2; test {} = w").expect_exit(100);
    let (_, end) = done.stderr.split_once("FAIL 3 runs (0-2): exit 1\n").expect("a group");
    assert_eq!(end.trim(), "no rows for {}");
}
