//! What is printed, where, and that nobody has to read it.

use std::fs::File;
use std::process::Stdio;

use serde_json::json;

use crate::support::{Dir, Fanout, STRATEGIES};

#[test]
fn text_is_a_table_and_a_summary() {
    let done = Fanout::run(["--items", "a,b"]).script("[ {} = a ]").expect_exit(100);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["run", "item", "status", "attempts", "started", "duration", "exit"]);
    assert!(lines[1].starts_with("   0  a     PASS"), "{}", done.stdout);
    assert!(lines[2].starts_with("   1  b     FAIL"), "{}", done.stdout);
    done.stdout_contains("2 runs by map: 1 passed, 1 failed in ").stdout_contains("first start after ");
}

#[test]
fn json_is_one_value_whose_totals_are_the_length_of_the_list() {
    for strategy in STRATEGIES {
        let done = Fanout::run(["-s", strategy, "--items", r#"[1, "x y", {"a": null}]"#, "-o", "json"]).command(["true"]).expect_exit(0);
        let report = done.json();
        assert_eq!((&report["schema"], &report["strategy"], &report["cancelled"]), (&json!(1), &json!(strategy), &json!(false)));
        assert_eq!(report["totals"], json!({"runs": 3, "pass": 3, "flaky": 0, "fail": 0, "cancelled": 0, "lost": 0, "skip": 0}));
        let runs = report["runs"].as_array().expect("runs");
        let items: Vec<_> = runs.iter().map(|run| run["item"].clone()).collect();
        assert_eq!(items, [json!(1), json!("x y"), json!({"a": null})]);
        assert!(runs.iter().enumerate().all(|(index, run)| run["index"] == index), "{report}");
    }
}

#[test]
fn jsonl_is_one_event_per_line_and_the_report_last() {
    for strategy in STRATEGIES {
        let done = Fanout::run(["-s", strategy, "--items", "1-5", "-o", "jsonl"]).command(["true"]).expect_exit(0);
        let events = done.json_lines();
        assert!(events.iter().all(|event| event["schema"] == 1 && event["event"].is_string()), "{}", done.stdout);
        let of = |kind: &str| events.iter().filter(|event| event["event"] == kind).count();
        assert_eq!((of("fan-out-started"), of("run-ended"), of("fan-out-ended"), of("report")), (1, 5, 1, 1), "{}", done.stdout);
        let last = events.last().expect("a last line");
        assert_eq!((&last["event"], &last["totals"]["runs"], &last["totals"]["pass"]), (&json!("report"), &json!(5), &json!(5)));
    }
}

#[test]
fn quiet_says_nothing_but_errors() {
    Fanout::run(["--items", "1-3", "--quiet"]).command(["true"]).expect_exit(0).stderr_is_empty().stdout_contains("3 passed");
    Fanout::run(["--items", "1-3", "--quiet"])
        .script("[ {} != 2 ]")
        .expect_exit(100)
        .stderr_contains("FAIL run 1 (2): exit 1")
        .stderr_lacks("ended");
}

#[test]
fn without_a_terminal_progress_is_a_line_for_every_tenth() {
    let done = Fanout::run(["--items", "1-40", "-j", "1"]).command(["true"]).expect_exit(0).stderr_contains("40/40 ended");
    assert!(done.stderr.lines().count() <= 10 && !done.stderr.contains('\r') && !done.stderr.contains('\u{1b}'), "{}", done.stderr);
}

#[test]
fn a_reader_that_goes_away_ends_no_run() {
    for output in ["text", "json", "jsonl"] {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let running =
            Fanout::run(["--items", "1-8", "-o", output, "-e", &to]).script(r#"sleep 0.05; : > "$OUT/{}""#).stdout(writer).start();
        drop(reader);
        running.expect_exit(0).stderr_lacks("panicked").stderr_lacks("error");
        assert_eq!(out.count(), 8, "{output}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_and_ends_no_run() {
    let out = Dir::new();
    let to = format!("OUT={}", out.path().display());
    let full = File::options().write(true).open("/dev/full").expect("/dev/full");
    let running = Fanout::run(["--items", "1-3", "-e", &to]).script(r#": > "$OUT/{}""#).stdout(Stdio::from(full)).start();
    running.expect_exit(1).stderr_contains("error: standard output cannot be written: No space left on device");
    assert_eq!(out.count(), 3);
}

#[test]
fn logs_of_all_of_failed_and_of_none() {
    let of = |logs: &str| Fanout::run(["--items", "1-2", "--logs", logs]).script("echo line of {}; [ {} = 1 ]").expect_exit(100);
    of("all").stderr_contains("[1] line of 1").stderr_contains("[2] line of 2");
    of("failed").stderr_contains("[2] line of 2").stderr_lacks("line of 1");
    of("none").stderr_contains("FAIL run 1 (2): exit 1").stderr_lacks("line of");
}

#[test]
fn bytes_that_are_no_text_are_shown_and_break_nothing() {
    let done = Fanout::run(["--items", "1", "-o", "json"]).script(r"printf 'a\377b\n\000c\n'; exit 1").expect_exit(100);
    assert_eq!(done.json()["runs"][0]["tail"].as_array().expect("lines").len(), 2);
}
