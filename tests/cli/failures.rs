//! Runs that fail, fail first, take too long or are killed.

use serde_json::{Value, json};

use crate::support::{Dir, Fanout, RETRYING, STRATEGIES};

fn statuses(report: &Value) -> Vec<&str> {
    report["runs"].as_array().expect("runs").iter().map(|run| run["status"].as_str().expect("a status")).collect()
}

#[test]
fn one_failing_run_stops_no_other_and_is_told_with_its_last_lines() {
    for strategy in STRATEGIES {
        let done = Fanout::run(["-s", strategy, "--items", "a,b,c,d", "-j", "1", "-o", "json"])
            .script("echo out of {}; echo err of {} >&2; [ {} != b ]")
            .expect_exit(100)
            .stderr_contains("FAIL run 1 (b): exit 1\n  [b] out of b\n  [b] err of b\n")
            .stderr_lacks("out of a");
        let report = done.json();
        assert_eq!(statuses(&report), ["PASS", "FAIL", "PASS", "PASS"], "{strategy}");
        assert_eq!(report["totals"], json!({"runs": 4, "pass": 3, "flaky": 0, "fail": 1, "cancelled": 0, "lost": 0, "skip": 0}));
        assert_eq!(report["runs"][1]["exitCode"], 1);
        assert_eq!(report["runs"][1]["tail"], json!(["out of b", "err of b"]));
    }
}

#[test]
fn a_program_that_fails_first_is_tried_again_and_called_flaky() {
    for strategy in RETRYING {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        let done = Fanout::run(["-s", strategy, "--items", "1-3", "--retries", "3", "-o", "json", "-e", &to])
            .script(r#"echo $FANOUT_ATTEMPT >> "$OUT/{}"; [ {} != 2 ] || [ $FANOUT_ATTEMPT = 3 ]"#)
            .expect_exit(0);
        let report = done.json();
        assert_eq!(statuses(&report), ["PASS", "FLAKY", "PASS"], "{strategy}");
        assert_eq!(report["runs"][1]["attempts"], 3, "{strategy}");
        assert_eq!((out.read("1"), out.read("2")), ("1\n".into(), "1\n2\n3\n".into()), "{strategy}");
    }
}

#[test]
fn retries_are_attempts_after_the_first() {
    for strategy in RETRYING {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        let done = Fanout::run(["-s", strategy, "--items", "1-2", "--retries", "2", "-o", "json", "-e", &to])
            .script(r#"echo x >> "$OUT/{}"; exit 7"#)
            .expect_exit(100)
            .stderr_contains("FAIL run 0 (1): exit 7 after 3 attempts");
        assert_eq!(done.json()["runs"][0]["attempts"], 3, "{strategy}");
        assert_eq!(out.read("1"), "x\nx\nx\n", "{strategy}");
    }
}

#[test]
fn a_run_that_takes_too_long_is_stopped_and_not_tried_again() {
    for strategy in RETRYING {
        let done = Fanout::run(["-s", strategy, "--items", "1-2", "-j", "2", "--timeout", "1", "--retries", "2", "-o", "json"])
            .command(["sleep", "61.5"])
            .expect_exit(100)
            .stderr_contains("FAIL run 0 (1): exit 124 (timed out)")
            .stderr_contains("fanout: stopped after 1 s (--timeout)");
        let report = done.json();
        assert_eq!((&report["runs"][0]["attempts"], &report["runs"][0]["exitCode"]), (&json!(1), &json!(124)), "{strategy}");
        assert!(done.took.as_secs() < 8, "{strategy}: {:?}", done.took);
    }
    assert!(!crate::stopping::is_running("sleep 61.5"), "a program outlived its timeout");
}

#[test]
fn a_program_within_its_timeout_keeps_its_own_exit_code() {
    for strategy in STRATEGIES {
        Fanout::run(["-s", strategy, "--items", "1", "--timeout", "30"]).script("exit 9").expect_exit(100).stderr_contains("exit 9");
    }
}

#[test]
fn a_program_that_is_killed_is_told_with_the_signal() {
    for (signal, cause) in [("KILL", "exit 137 (SIGKILL)"), ("SEGV", "exit 139 (SIGSEGV)"), ("TERM", "exit 143 (SIGTERM)")] {
        Fanout::run(["--items", "1"])
            .script(&format!("kill -{signal} $$"))
            .expect_exit(100)
            .stderr_contains(&format!("FAIL run 0 (1): {cause}"));
    }
}

#[test]
fn a_command_made_of_the_item_that_cannot_be_found_is_told_per_run() {
    Fanout::run(["--items", "true,nosuch"])
        .command(["{}"])
        .expect_exit(100)
        .stderr_contains("FAIL run 1 (nosuch): exit 127 (command not found)");
}

#[test]
fn long_logs_are_told_by_their_last_lines() {
    let done = Fanout::run(["--items", "1"]).script("seq 1 100000; exit 1").expect_exit(100).stderr_contains("[1] 100000\n");
    assert!(done.stderr.lines().count() < 30, "{} lines", done.stderr.lines().count());
}
