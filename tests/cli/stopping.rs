//! Ctrl-C, SIGTERM and SIGHUP: every program ends, and what was running is told.

use std::fs;
use std::process::Stdio;

use serde_json::json;

use crate::support::{Dir, Done, Fanout, Running, STRATEGIES};

/// Whether any process has these words in its command line. Every test has a program of its own.
pub(crate) fn is_running(words: &str) -> bool {
    let lines = fs::read_dir("/proc").expect("/proc").flatten().filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).any(|line| line.contains(words))
}

/// A fan-out of four runs, two at a time, once the first two are known to run.
fn two_of_four(strategy: &str, marks: &Dir, script: &str) -> Running {
    let to = format!("OUT={}", marks.path().display());
    let fanout = Fanout::run(["-s", strategy, "--items", "a,b,c,d", "-j", "2", "-o", "jsonl", "-e", &to]).stdout(Stdio::piped());
    let mut running = fanout.script(&format!(r#": > "$OUT/{{}}"; {script}"#)).start();
    running.wait_until("two programs run", |running| marks.count() == 2 && running.has_said("\"run-started\"") == 2);
    running
}

/// Every run has ended as cancelled, once, and nothing was started afterwards. Gives the causes of the first two.
fn assert_cancelled(done: Done, marks: &Dir, what: &str) -> [String; 2] {
    let events = done.json_lines();
    let report = events.last().expect("a report");
    assert_eq!(report["cancelled"], true, "{what}");
    assert_eq!(report["totals"], json!({"runs": 4, "pass": 0, "flaky": 0, "fail": 0, "cancelled": 4, "lost": 0, "skip": 0}), "{what}");
    let end_of = |run: usize| {
        let mut ends = events.iter().filter(|event| event["event"] == "run-ended" && event["index"] == run);
        let cause = ends.next().expect("an end")["cause"].as_str().expect("a cause").to_owned();
        assert!(ends.next().is_none(), "{what}: run {run} ended twice");
        cause
    };
    assert_eq!(marks.count(), 2, "{what}: something was started afterwards");
    let causes = [0, 1, 2, 3].map(end_of);
    assert!(causes[2..].iter().all(|cause| cause.starts_with("cancelled before it was ")), "{what}: {causes:?}");
    done.stderr_contains("stopping; running: run 0 (a), run 1 (b);");
    let [first, second, ..] = causes;
    [first, second]
}

#[test]
fn a_signal_ends_every_program_and_says_what_was_running() {
    for (number, strategy) in STRATEGIES.into_iter().chain(["map:2x2"]).enumerate() {
        for (signal, code) in [("INT", 130), ("TERM", 143)] {
            let marks = Dir::new();
            let program = format!("sleep 60.{number}{code}");
            let mut running = two_of_four(strategy, &marks, &format!("{program} & {program}"));
            assert!(is_running(&program));
            running.signal(signal);
            let done = running.expect_exit(code);
            assert!(done.took.as_secs() < 5, "{strategy}: {:?}", done.took);
            assert_cancelled(done, &marks, strategy);
            assert!(!is_running(&program), "{strategy} {signal}: a program goes on");
        }
    }
}

#[test]
fn the_end_of_the_terminal_ends_every_program() {
    let marks = Dir::new();
    let mut running = two_of_four("map", &marks, "sleep 60.7");
    running.signal("HUP");
    assert_cancelled(running.expect_exit(129), &marks, "HUP");
    assert!(!is_running("sleep 60.7"), "a program goes on");
}

#[test]
fn a_second_signal_leaves_at_once_whatever_programs_think_of_the_first() {
    for (number, strategy) in STRATEGIES.into_iter().enumerate() {
        let marks = Dir::new();
        let program = format!("sleep 60.8{number}");
        let mut running = two_of_four(strategy, &marks, &format!("trap '' TERM INT HUP; {program}; {program}"));
        running.signal("INT");
        running.wait_until("the first is obeyed", |running| running.has_said("\"cancelling\"") == 1).signal("INT");
        let done = running.expect_exit(130);
        assert!(done.took.as_secs() < 5, "{strategy}: {:?}", done.took);
        assert_eq!(assert_cancelled(done, &marks, strategy), ["killed"; 2], "{strategy}");
        assert!(!is_running(&program), "{strategy}: a program goes on");
    }
}

#[test]
fn what_a_program_leaves_behind_ends_with_it() {
    Fanout::run(["--items", "1-2"]).script("sleep 60.9 & exit 0").expect_exit(0);
    assert!(!is_running("sleep 60.9"), "a program goes on");
}

#[test]
fn a_benchmark_that_is_stopped_says_how_far_it_came() {
    let marks = Dir::new();
    let to = format!("OUT={}", marks.path().display());
    let mut running = Fanout::bench(["--items", "1-2", "-j", "2", "-e", &to]).script(r#": > "$OUT/{}"; sleep 60.6"#).start();
    running.wait_until("both programs run", |_| marks.count() == 2).signal("INT");
    running.expect_exit(130).stderr_contains("stopped after 0 of 15 measurements");
    assert!(!is_running("sleep 60.6"), "a program goes on");
}
