//! Records: what a fan-out leaves behind, and what can be done with it from another shell.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Dir, Done, Fanout, STRATEGIES};

/// A place for records.
pub(crate) struct Records(Dir);

impl Records {
    pub(crate) fn new() -> Self {
        Self(Dir::new())
    }

    /// `fanout COMMAND --state-dir … ARGUMENTS`.
    pub(crate) fn fanout(&self, arguments: &[&str]) -> Fanout {
        let at = self.0.path().display().to_string();
        Fanout::plain([arguments[0], "--state-dir", &at].iter().copied().chain(arguments[1..].iter().copied())).directory(self.0.path())
    }

    pub(crate) fn done(&self, arguments: &[&str]) -> Done {
        self.fanout(arguments).expect_exit(0)
    }

    /// An empty file beside the records, where the programs run.
    pub(crate) fn file(&self, name: &str) {
        self.0.file(name, "");
    }

    /// The files of the only record.
    pub(crate) fn files(&self) -> Vec<String> {
        let record =
            fs::read_dir(self.0.path()).expect("records").flatten().map(|entry| entry.path()).find(|path| path.is_dir()).expect("a record");
        let mut files: Vec<String> =
            fs::read_dir(record).expect("a record").flatten().map(|file| file.file_name().into_string().expect("a name")).collect();
        files.sort_unstable();
        files
    }
}

#[test]
fn a_record_holds_what_was_asked_for_and_what_became_of_it() {
    let records = Records::new();
    records.fanout(&["run", "--items", "a,b,c"]).script("echo {}; test {} != b").expect_exit(100);
    let files = ["events.jsonl", "items.jsonl", "joblog.tsv", "lock", "logs", "manifest.json", "plan.json", "report.json"];
    assert_eq!(records.files(), files);
    let shown = records.fanout(&["show", "-o", "json"]).expect_exit(100).json();
    assert_eq!((&shown["totals"]["pass"], &shown["totals"]["fail"]), (&json!(2), &json!(1)));
    let listed = records.done(&["runs", "-o", "json"]).json();
    assert_eq!((&listed[0]["state"], &listed[0]["runs"], &listed[0]["runId"]), (&json!("ended"), &json!(3), &shown["runId"]));
    let joblog = fs::read_dir(records.0.path()).expect("records").flatten().next().expect("a record").path().join("joblog.tsv");
    let joblog = fs::read_to_string(joblog).expect("a joblog");
    let second: Vec<&str> = joblog.lines().nth(2).expect("a line").split('\t').collect();
    assert_eq!((second.len(), second[0], second[6], second[8]), (9, "2", "1", "sh -c echo b; test b != b"));
}

#[test]
fn results_come_back_beside_their_items_and_the_same_under_every_strategy() {
    let script = r#"echo "out $RunNumber"; printf '{"double": %s}' "$((RunNumber * 2))" > "$FANOUT_RESULT"; exit $((RunNumber == 3))"#;
    let mut all = Vec::new();
    for strategy in STRATEGIES {
        for inject in ["sh", "worker"] {
            let records = Records::new();
            records.fanout(&["run", "-s", strategy, "--inject", inject, "--items", "1-4"]).script(script).expect_exit(100);
            all.push(records.done(&["results"]).stdout);
            let csv = records.done(&["results", "--format", "csv"]).stdout;
            assert_eq!(csv, "index,item,status,double\n0,1,PASS,2\n1,2,PASS,4\n2,3,FAIL,6\n3,4,PASS,8\n");
            let logs = records.done(&["logs"]).stdout;
            assert_eq!(logs, "[1] out 1\n[2] out 2\n[3] out 3\n[4] out 4\n", "results are no part of the log");
        }
    }
    assert_eq!(all[0].lines().nth(2), Some(r#"{"index":2,"item":3,"status":"FAIL","result":{"double":6}}"#));
    assert!(all.iter().all(|results| *results == all[0]), "{all:?}");
}

#[test]
fn logs_are_chosen_by_run_item_outcome_attempt_and_pattern() {
    let records = Records::new();
    records
        .fanout(&["run", "--items", "a,b,c", "--retries", "1"])
        .script(r#"echo "{} tries $FANOUT_ATTEMPT"; test {} != b"#)
        .expect_exit(100);
    let logs = |more: &[&str]| records.done(&[&["logs"], more].concat()).stdout;
    assert_eq!(logs(&["0", "c"]), "[a] a tries 1\n[c] c tries 1\n");
    assert_eq!(logs(&["--failed"]), "[b] b tries 2\n");
    assert_eq!(logs(&["--attempt", "1", "b"]), "[b] b tries 1\n");
    assert_eq!(logs(&["--grep", "^[ac]"]), "[a] a tries 1\n[c] c tries 1\n");
    records.fanout(&["logs", "9"]).expect_exit(2).stderr_contains("there are 3 runs, counted from 0");
    records.fanout(&["logs", "--grep", "("]).expect_exit(2).stderr_contains("regex");
}

#[test]
fn a_detached_fan_out_is_followed_from_another_shell() {
    let records = Records::new();
    let id =
        records.fanout(&["run", "--detach", "--items", "1-3", "-j", "3"]).script("echo {}; sleep 0.3; echo {} ends").expect_exit(0).stdout;
    let id = id.trim();
    let logs = records.done(&["logs", "-f", "-r", id]).stdout;
    for line in ["[1] 1\n", "[2] 2 ends\n", "[3] 3 ends\n"] {
        assert!(logs.contains(line), "{logs}");
    }
    assert_eq!(logs.lines().count(), 6);
    let seen = records.fanout(&["attach", id, "-o", "json"]).expect_exit(0).json();
    assert_eq!(seen["totals"]["pass"], 3);
}

#[test]
fn a_detached_fan_out_is_stopped_from_another_shell() {
    for strategy in STRATEGIES {
        let records = Records::new();
        let program = "sleep 61.5";
        let id = records.fanout(&["run", "--detach", "-s", strategy, "--items", "1-4", "-j", "2"]).script(program).expect_exit(0).stdout;
        let mut attached = records.fanout(&["attach", id.trim()]).stdout(Stdio::piped()).start();
        attached.wait_until("programs run", |attached| {
            crate::stopping::is_running(program) && attached.has_told("is carried out by process") == 1
        });
        attached.signal("INT");
        attached.expect_exit(130).stderr_contains("left; the fan-out goes on in process ");
        assert!(crate::stopping::is_running(program), "leaving stops nothing");
        let stopped = records.done(&["cancel", id.trim(), "-o", "json"]).json();
        assert_eq!(stopped["totals"]["cancelled"], 4, "{strategy}: {stopped}");
        assert!(!crate::stopping::is_running(program), "{strategy}: a program goes on");
        records.done(&["cancel", id.trim()]).stderr_contains("is over already");
    }
}

#[test]
fn two_fan_outs_differ_by_the_ends_of_their_items() {
    let records = Records::new();
    records.fanout(&["run", "--items", "a,b,c"]).script("test {} != b").expect_exit(100);
    records.fanout(&["run", "--items", "b,c,d"]).script("true").expect_exit(0);
    let different = records.done(&["diff", "-o", "json", "--", "-2", "last"]).json();
    let items: Vec<&Value> = different.as_array().expect("a list").iter().map(|line| &line["item"]).collect();
    assert_eq!(items, [&json!("a"), &json!("b"), &json!("d")]);
    assert_eq!((&different[1]["a"]["status"], &different[1]["b"]["status"]), (&json!("FAIL"), &json!("PASS")));
}

#[test]
fn old_records_are_removed_and_no_others() {
    let records = Records::new();
    for _ in 0..3 {
        records.fanout(&["run", "--items", "1"]).command(["true"]).expect_exit(0);
    }
    assert_eq!(records.done(&["prune", "--keep", "0"]).stdout, "", "they are not old");
    let would = records.done(&["prune", "--keep", "1", "--older-than", "0", "--dry-run"]).stdout;
    assert_eq!((would.lines().count(), records.0.count()), (2, 3));
    records.done(&["prune", "--keep", "1", "--older-than", "0"]);
    assert_eq!(records.0.count(), 1);
}

#[test]
fn a_record_is_found_by_a_part_of_its_name() {
    let records = Records::new();
    records.fanout(&["show"]).expect_exit(2).stderr_contains("there is no fan-out \"last\"");
    let id = records.fanout(&["run", "--items", "1", "-o", "json"]).command(["true"]).expect_exit(0).json()["runId"].clone();
    let id = id.as_str().expect("an id");
    for name in [id, "last", "-1", &id[..12], id.rsplit('-').next().expect("an end")] {
        assert_eq!(records.done(&["show", "-o", "json", name]).json()["runId"], id, "{name}");
    }
    records.fanout(&["show", "nothing"]).expect_exit(2).stderr_contains("hint: those that there are, are listed by: fanout runs");
}
