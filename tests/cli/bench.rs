//! `fanout bench`.

use serde_json::{Value, json};

use crate::support::{Dir, Fanout};

fn order(done: &crate::support::Done) -> Vec<String> {
    let word = |line: &str| line.strip_prefix("block ").and_then(|rest| rest.split_whitespace().nth(1)).map(str::to_owned);
    done.stderr.lines().filter_map(word).collect()
}

#[test]
fn strategies_are_compared_and_exported() {
    let dir = Dir::new();
    let (json, markdown) = (dir.file("b.json", "old and much longer than nothing"), dir.path().join("b.md").display().to_string());
    let done = Fanout::bench(["--runs", "2", "--items", "1-4", "--export-json", &json, "--export-markdown", &markdown])
        .command(["true"])
        .expect_exit(0)
        .stdout_contains("ratio to best")
        .stdout_contains("not AWS's speed")
        .stderr_contains("2 blocks of map, parallel, array, each in random order (seed ");
    let mut order = order(&done);
    assert_eq!(order.len(), 6);
    order[..3].sort();
    assert_eq!(order[..3], ["array", "map", "parallel"]);
    let exported: Value = serde_json::from_str(&dir.read("b.json")).expect("one JSON value");
    assert_eq!((&exported["schema"], &exported["blocks"], &exported["runs"]), (&json!(1), &json!(2), &json!(4)));
    assert_eq!(exported["samples"].as_array().map(Vec::len), Some(6));
    assert_eq!(exported["comparison"].as_array().map(Vec::len), Some(3));
    assert!(done.stderr.contains(&format!("(seed {})", exported["seed"])), "{}", done.stderr);
    let table = dir.read("b.md");
    assert!(table.starts_with("| strategy "), "{table}");
    assert_eq!(table.lines().filter(|line| line.starts_with('|')).count(), 5, "{table}");
}

#[test]
fn the_same_seed_gives_the_same_order() {
    let of = |seed: &str| order(&Fanout::bench(["--runs", "4", "--seed", seed, "--items", "1-2"]).command(["true"]).expect_exit(0));
    let first = of("7");
    assert_eq!(first, of("7"));
    assert_ne!(first, of("8"));
}

#[test]
fn samples_with_failed_runs_are_told_and_not_compared() {
    Fanout::bench(["--runs", "1", "--strategy", "map,array", "--items", "1-2"])
        .command(["false"])
        .expect_exit(100)
        .stderr_contains("2 runs failed")
        .stdout_contains("0 (1 failed)");
}

#[test]
fn all_are_the_strategies_that_have_a_plan() {
    Fanout::bench(["--runs", "1", "-s", "all", "--items", "1-3"])
        .command(["true"])
        .expect_exit(0)
        .stderr_contains("1 blocks of map, distributed-map, parallel, array, submit, multi-node, each in random order");
    Fanout::bench(["--runs", "1", "-s", "all", "--items", "1-3", "--retries", "1"])
        .command(["true"])
        .expect_exit(0)
        .stderr_contains("note: multi-node is not measured: --retries 1: ")
        .stderr_contains("1 blocks of map, distributed-map, parallel, array, submit, each in random order");
}

#[test]
fn what_cannot_be_measured_or_written_is_refused_before_anything_is_measured() {
    for (arguments, words, code) in [
        (["--strategy", "map,loop"], "invalid value 'loop'", 2),
        (["--runs", "0"], "invalid value '0' for '--runs <N>'", 2),
        (["--runs", "-1"], "invalid value '-1' for '--runs <N>'", 2),
        (["--items", "1-5000"], "hint: use --strategy array", 104),
        (["--export-json", "/no/such/directory/b.json"], "error: /no/such/directory/b.json: No such file or directory", 2),
    ] {
        let items: &[&str] = if arguments[0] == "--items" { &[] } else { &["--items", "1-2"] };
        Fanout::bench(arguments)
            .and(items)
            .command(["true"])
            .expect_exit(code)
            .stdout_is_empty()
            .stderr_contains(words)
            .stderr_lacks("block ")
            .nothing_was_begun();
    }
}
