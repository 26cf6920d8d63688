//! `--strategy auto`: a choice with its reasons.

use serde_json::json;

use crate::support::{Dir, Fanout};

#[test]
fn the_choice_is_told_in_three_lines_before_anything_is_started() {
    for (most, chosen) in [("6", "array"), ("5", "map"), ("2", "map")] {
        let done = Fanout::run(["-s", "auto", "--items", "1-6", "-j", most]).command(["true"]).expect_exit(0);
        let why: Vec<&str> = done.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
        assert_eq!(why.len(), 3, "{why:?}");
        assert!(why[0].starts_with(&format!("note: auto takes {chosen}: 6 runs, ")), "{why:?}");
        assert!(why[1].starts_with("note: not "), "{why:?}");
        assert!(why[2].contains(&format!("--strategy {chosen};")), "{why:?}");
        done.stdout_contains(&format!("6 runs by {chosen}: 6 passed"));
    }
    Fanout::run(["-s", "auto", "--items", "1-6", "--dry-run"])
        .command(["true"])
        .expect_exit(0)
        .stdout_contains("\"strategy\": \"array\"")
        .stderr_contains("note: auto takes array: ");
}

#[test]
fn the_record_has_what_was_typed_and_whoever_goes_on_chooses_the_same() {
    let state = Dir::new();
    let at = state.path().display().to_string();
    // The directory that it began in is there as long as this value.
    let begun =
        Fanout::plain(["run", "--detach", "-s", "auto", "--items", "1-4", "-j", "2", "--state-dir", &at]).script("exit 0").expect_exit(0);
    let id = begun.stdout.clone();
    let seen = Fanout::plain(["attach", id.trim(), "-o", "json", "--state-dir", &at]).expect_exit(0).json();
    assert_eq!(seen["totals"]["pass"], json!(4));
    let manifest: serde_json::Value = serde_json::from_str(&state.read(&format!("{}/manifest.json", id.trim()))).expect("JSON");
    assert_eq!(manifest["strategy"], "auto");
}
