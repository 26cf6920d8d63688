//! `--chaos`: programs that lose their host, calls that are refused, and the same victims for the same seed.

use serde_json::{Value, json};

use crate::support::{Fanout, RETRYING, STRATEGIES};

/// Status and attempts of each run.
fn fates(report: &Value) -> Vec<(Value, Value)> {
    report["runs"].as_array().expect("runs").iter().map(|run| (run["status"].clone(), run["attempts"].clone())).collect()
}

#[test]
fn the_same_seed_hits_the_same_runs_under_every_strategy() {
    let of = |strategy: &str, seed: &str| {
        let done = Fanout::run(["-s", strategy, "--items", "1-12", "--retries", "1", "-o", "json"])
            .and(["--chaos", "spot=20%,pull=10%,oom=5%,fail=1@3", "--seed", seed])
            .script("sleep 0")
            .expect_exit(100);
        let report = done.json();
        let totals = &report["totals"];
        let sum: i64 = ["pass", "flaky", "fail"].iter().filter_map(|name| totals[*name].as_i64()).sum();
        assert_eq!(sum, 12, "{totals}");
        fates(&report)
    };
    let seven = of("map", "7");
    assert_eq!(seven[3].1, 2, "run 3 fails its first attempt");
    assert_ne!(seven, of("map", "8"));
    for strategy in RETRYING {
        assert_eq!(of(strategy, "7"), seven, "{strategy}");
    }
}

#[test]
fn a_program_whose_host_is_taken_away_is_told_and_tried_again() {
    // With this seed the host of the first attempt goes within a second, and the second attempt's does not go.
    let done = Fanout::run(["--items", "a", "--retries", "1", "-o", "json", "--chaos", "spot=50%", "--seed", "39"])
        .script("[ $FANOUT_ATTEMPT = 2 ] && exit 0; trap 'exit 0' TERM; sleep 50 & wait")
        .expect_exit(0)
        .stderr_contains("chaos: spot=50% (seed 39)");
    assert_eq!(fates(&done.json()), [(json!("FLAKY"), json!(2))]);
    assert!(done.took.as_secs() < 20, "{:?}", done.took);
}

#[test]
fn calls_that_are_refused_are_made_again() {
    for strategy in STRATEGIES {
        Fanout::run(["-s", strategy, "--items", "1-6", "-j", "3", "--chaos", "throttle=4/s"])
            .command(["true"])
            .expect_exit(0)
            .stdout_contains("6 passed");
    }
}

#[test]
fn a_slow_start_is_not_running() {
    let done = Fanout::bench(["--runs", "1", "-s", "array", "--items", "1-2", "--chaos", "slow-start=700ms", "--export-json", "b.json"])
        .command(["true"])
        .expect_exit(0)
        .stderr_contains("chaos: slow-start=700ms (seed ");
    assert!(done.took.as_millis() >= 700, "{:?}", done.took);
}

#[test]
fn a_fault_that_is_none_is_named() {
    for (faults, words) in [
        ("spot=5", r#""spot=5": write spot=P%"#),
        ("spot=5%,reboot=1%", r#""reboot=1%" is no fault; there are spot=P%, pull=P%"#),
        ("throttle=fast", "write throttle=N/s"),
    ] {
        Fanout::run(["--items", "1-3", "--chaos", faults]).command(["true"]).expect_exit(2).stderr_contains(words).nothing_was_begun();
    }
    Fanout::run(["--items", "1-3", "--seed", "7"]).command(["true"]).expect_exit(2).stderr_contains("--chaos").nothing_was_begun();
}
