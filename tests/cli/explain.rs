//! `fanout explain`: why runs are not running.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::records::Records;
use crate::support::STRATEGIES;

/// What is told of each run once the first of them runs.
fn explained(records: &Records) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let told = records.done(&["explain", "-o", "json"]).json();
        let told = told.as_array().expect("runs").clone();
        if told.iter().filter(|run| run["status"] == "RUNNING").count() == 2 {
            return told;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{told:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_run_that_waits_for_others_is_explained_under_every_strategy() {
    for strategy in STRATEGIES {
        let records = Records::new();
        records.fanout(&["run", "-s", strategy, "-j", "2", "--items", "1-6", "--detach"]).script("sleep 60").expect_exit(0);
        let told = explained(&records);
        assert_eq!((told.len(), &told[5]["item"], &told[5]["status"]), (6, &json!(6), &json!("NOT SUBMITTED")), "{strategy}");
        let cause = told[5]["cause"].as_str().expect("a cause");
        assert!(cause.starts_with("-j 2: "), "{strategy}: {cause}");
        assert_eq!(told[5]["fix"], json!("a larger --max-concurrency"));
        let text = records.done(&["explain", "5"]).stdout;
        assert!(text.starts_with("run 5 (6): NOT SUBMITTED: -j 2: "), "{text}");
        records.done(&["cancel", "last"]);
        records.done(&["explain"]).stderr_contains("all runs of fan-out").stdout_is_empty();
        let after = records.done(&["explain", "5"]).stdout;
        assert!(after.starts_with("run 5 (6): CANCELLED: cancelled before it was submitted"), "{after}");
    }
}

#[test]
fn a_run_that_waits_for_room_is_explained_with_what_is_free() {
    let records = Records::new();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let vcpus = (cores.div_ceil(2)).to_string();
    records.fanout(&["run", "-s", "array", "--vcpus", &vcpus, "--items", "1-9", "--detach"]).script("sleep 60").expect_exit(0);
    let begun = Instant::now();
    let text = loop {
        let text = records.done(&["explain"]).stdout;
        if text.contains("RUNNING") && text.contains("RUNNABLE") {
            break text;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{text}");
    };
    assert!(text.contains("which others have: environment fanout has"), "{text}");
    assert!(text.contains("the first of them is next") && text.contains("known from: the scheduler of the engine (Capacity)"), "{text}");
    records.done(&["cancel", "last"]);
}
