//! How many at a time, and how many at all.

use std::fmt::Write as _;

use crate::support::{Dir, Fanout, STRATEGIES, peak, spans};

#[test]
fn six_asked_for_are_six_at_the_same_time() {
    for strategy in STRATEGIES {
        let done = Fanout::run(["-s", strategy, "--items", "1-6", "-j", "6", "-o", "json"]).command(["sleep", "2"]).expect_exit(0);
        let report = done.json();
        let spans = spans(&report);
        assert_eq!(peak(&spans), 6, "{strategy}: {spans:?}");
        let skew = report["figures"]["startSkew"].as_f64().expect("a skew");
        assert!(skew < 1.5, "{strategy}: start skew {skew} s");
        assert_eq!(report["figures"]["concurrency"], 6, "{strategy}");
    }
}

#[test]
fn never_more_than_asked_for_and_room_is_used() {
    for strategy in STRATEGIES {
        for (most, items) in [("1", "1-4"), ("3", "1-12"), ("5", "1-11")] {
            let done = Fanout::run(["-s", strategy, "--items", items, "-j", most, "-o", "json"]).command(["sleep", "0.15"]).expect_exit(0);
            let spans = spans(&done.json());
            let (peak, most): (usize, usize) = (peak(&spans), most.parse().expect("a number"));
            assert!(peak <= most, "{strategy}: {peak} at a time, {most} asked for: {spans:?}");
            assert!(peak + 1 >= most, "{strategy}: only {peak} at a time, {most} asked for: {spans:?}");
        }
    }
}

#[test]
fn three_hundred_numbers_are_three_hundred_runs() {
    for strategy in STRATEGIES {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        let done = Fanout::run(["-s", strategy, "--items", "1-300", "-j", "20", "-q", "-e", &to])
            .script(r#": > "$OUT/$FANOUT_INDEX-$RunNumber""#)
            .expect_exit(0)
            .stdout_contains("300 more runs are not listed; --output jsonl lists all")
            .stdout_contains(&format!("300 runs by {strategy}: 300 passed in "))
            .stderr_is_empty();
        drop(done);
        assert_eq!(out.count(), 300, "{strategy}");
        assert!((0..300).all(|index| out.path().join(format!("{index}-{}", index + 1)).exists()), "{strategy}");
    }
}

#[test]
fn more_items_than_one_array_holds_by_their_length_are_several_arrays() {
    let (dir, out) = (Dir::new(), Dir::new());
    let mut lines = String::new();
    for number in 0..500 {
        writeln!(lines, "{number:03}-{}", "x".repeat(96)).expect("a string");
    }
    let file = dir.file("items.txt", lines);
    let to = format!("OUT={}", out.path().display());
    let plan = Fanout::plain(["run", "--dry-run", "-s", "array", "--items-file", &file]).command(["true"]).expect_exit(0).json();
    let arrays = plan["calls"].as_array().expect("calls").iter().filter(|call| call["operation"] == "SubmitJob").count();
    assert!(arrays > 5, "{arrays} arrays");
    Fanout::run(["-s", "array", "--items-file", &file, "-j", "20", "-q", "-e", &to])
        .script(r#": > "$OUT/$FANOUT_INDEX-${RunNumber%%-*}-${#RunNumber}""#)
        .expect_exit(0);
    assert!((0..500).all(|index| out.path().join(format!("{index}-{index:03}-100")).exists()));
    assert_eq!(out.count(), 500);
}
