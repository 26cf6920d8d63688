//! `--strategy multi-node`: runs are nodes, and the main node is none.

use serde_json::json;

use crate::support::Fanout;

#[test]
fn all_runs_of_one_job_begin_together_and_the_waiting_main_node_is_no_run() {
    let done = Fanout::run(["-s", "multi-node", "--items", "1-12", "-o", "json"]).script("sleep 1; test $RunNumber != 2").expect_exit(100);
    let report = done.json();
    assert_eq!(report["totals"]["runs"], json!(12));
    assert_eq!((&report["totals"]["pass"], &report["totals"]["fail"]), (&json!(11), &json!(1)));
    assert_eq!(report["figures"]["concurrency"], json!(12), "{}", report["figures"]);
}

#[test]
fn with_a_cap_several_small_jobs_are_in_flight() {
    let plan = Fanout::run(["-s", "multi-node", "--items", "1-20", "-j", "8", "--dry-run"]).command(["true"]).expect_exit(0).json();
    let submitted: Vec<_> = plan["calls"].as_array().expect("calls").iter().filter(|call| call["operation"] == "SubmitJob").collect();
    assert_eq!(submitted.len(), 10);
    assert!(submitted.iter().all(|call| call["input"]["nodeOverrides"]["numNodes"] == 3), "two runs and the main node");
    Fanout::run(["-s", "multi-node", "--items", "1-20", "-j", "8"]).command(["true"]).expect_exit(0).stdout_contains("20 passed");
}

/// Source: Batch User Guide, multi-node parallel jobs: not on Spot capacity.
#[test]
fn nodes_are_not_started_on_capacity_that_is_taken_away() {
    Fanout::run(["-s", "multi-node", "--items", "1-3", "--chaos", "spot=10%"])
        .command(["true"])
        .expect_exit(100)
        .stderr_contains("Multi-node parallel jobs need a managed compute environment of EC2 On-Demand instances");
}
