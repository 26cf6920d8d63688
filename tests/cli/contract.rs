//! What a run sees: the same under every strategy.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{Dir, Fanout, STRATEGIES};

/// What the article's program does, without its 3 seconds: which run am I, who started me?
const ARTICLE: &str = r#"
if [ "$MANAGED_BY_AWS" = STARTED_BY_STEP_FUNCTIONS ]; then run_number=$RunNumber; else run_number=1; fi
echo "Python program $run_number started" >> "$OUT/$run_number"
"#;

/// The variables of one run, from a file written by `env -0`.
fn variables(out: &Dir, name: &str) -> BTreeMap<String, String> {
    let text = out.read(name);
    text.split_terminator('\0').filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

fn assert_variables(found: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(found.get(*name).map(String::as_str), Some(*value), "{name} of {found:?}");
    }
}

#[test]
fn the_worker_of_the_article_finds_its_number_under_every_strategy() {
    for strategy in STRATEGIES {
        let out = Dir::new();
        let to = format!("OUT={}", out.path().display());
        Fanout::run(["--strategy", strategy, "--items", "1-6", "-j", "6", "--env", &to]).script(ARTICLE).expect_exit(0);
        for run in 1..=6 {
            assert_eq!(out.read(&run.to_string()), format!("Python program {run} started\n"), "{strategy}");
        }
        assert_eq!(out.count(), 6, "{strategy}");
    }
}

#[test]
fn the_python_worker_of_the_examples_says_its_number() {
    let worker = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/worker.py");
    Fanout::run(["--items", "1-2", "--env", "WORKER_SECONDS=0", "--logs", "all"])
        .command(["python3", worker])
        .expect_exit(0)
        .stderr_contains("[1] Python program 1 started at ")
        .stderr_contains("[2] Python program 2 ended at ");
}

#[test]
fn a_run_sees_who_it_is() {
    for strategy in STRATEGIES {
        let out = Dir::new();
        let to = format!("{}/{{index}}", out.path().display());
        let done =
            Fanout::run(["-s", strategy, "--items", "07-09", "-o", "json"]).command(["sh", "-c", r#"env -0 > "$0""#, &to]).expect_exit(0);
        let run_id = done.json()["runId"].as_str().expect("a run id").to_owned();
        for (index, item) in ["07", "08", "09"].into_iter().enumerate() {
            let found = variables(&out, &index.to_string());
            let index = index.to_string();
            let quoted = format!("\"{item}\"");
            assert_variables(
                &found,
                &[
                    ("RunNumber", item),
                    ("FANOUT_ITEM", &quoted),
                    ("FANOUT_INDEX", &index),
                    ("FANOUT_SIZE", "3"),
                    ("FANOUT_RUN_ID", &run_id),
                    ("FANOUT_ATTEMPT", "1"),
                    ("MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS"),
                    ("AWS_BATCH_JOB_ATTEMPT", "1"),
                    ("AWS_BATCH_JQ_NAME", "fanout"),
                    ("AWS_BATCH_CE_NAME", "fanout"),
                ],
            );
            let job = &found["AWS_BATCH_JOB_ID"];
            match strategy {
                "array" => {
                    assert_eq!(found["AWS_BATCH_JOB_ARRAY_INDEX"], index);
                    assert!(job.ends_with(&format!(":{index}")), "{job}");
                }
                _ => assert!(!found.contains_key("AWS_BATCH_JOB_ARRAY_INDEX"), "{strategy}"),
            }
        }
    }
}

#[test]
fn fields_of_items_are_variables_and_placeholders_whatever_the_file() {
    let dir = Dir::new();
    let files = [
        dir.file("m.csv", "month,region name,n\n01,eu west,3\n02,\"us, east\",4\n"),
        dir.file("m.tsv", "month\tregion name\tn\n01\teu west\t3\n02\tus, east\t4\n"),
        dir.file(
            "m.json",
            json!([{"month": "01", "region name": "eu west", "n": 3}, {"month": "02", "region name": "us, east", "n": 4}]).to_string(),
        ),
        dir.file(
            "m.jsonl",
            "{\"month\":\"01\",\"region name\":\"eu west\",\"n\":3}\n\n{\"month\":\"02\",\"region name\":\"us, east\",\"n\":4}\n",
        ),
    ];
    for (strategy, file) in STRATEGIES.into_iter().flat_map(|strategy| files.iter().map(move |file| (strategy, file))) {
        let out = Dir::new();
        let script = format!(r#"echo "$month/$region_name/$n $*" > '{}'/$FANOUT_INDEX"#, out.path().display());
        Fanout::run(["-s", strategy, "--items-file", file])
            .command(["sh", "-c", &script, "x", "--m={month}", "{region name}{n}", "{index}", "{{month}}", "{nothing}"])
            .expect_exit(0);
        assert_eq!(out.read("0"), "01/eu west/3 --m=01 eu west3 0 {month} {nothing}\n", "{strategy} {file}");
        assert_eq!(out.read("1"), "02/us, east/4 --m=02 us, east4 1 {month} {nothing}\n", "{strategy} {file}");
    }
}

#[test]
fn items_come_from_standard_input_too() {
    Fanout::run(["--items-file", "-", "--logs", "all"])
        .command(["echo", "got", "{}"])
        .stdin("a b\n\n c\n")
        .expect_exit(0)
        .stderr_contains("[a b] got a b\n")
        .stderr_contains("[ c] got  c\n");
    Fanout::run(["--items-file", "-", "--items-format", "json", "--logs", "all"])
        .command(["echo", "got", "{a}"])
        .stdin(r#"[{"a": 1}]"#)
        .expect_exit(0)
        .stderr_contains("got 1\n");
}

#[test]
fn variables_are_set_renamed_and_passed_on_as_asked_and_nothing_else_comes_in() {
    for strategy in STRATEGIES {
        let out = Dir::new();
        let to = format!("{}/{{}}", out.path().display());
        Fanout::run([
            "-s",
            strategy,
            "--items",
            "a,b",
            "--env-name",
            "MONTH",
            "-e",
            "PLAIN=1",
            "-e",
            "EMPTY=",
            "-e",
            "ODD= $HOME 'x' = \"y\"",
        ])
        .and(["--pass-env", "TOKEN"])
        .shell_variable("TOKEN", "t o k")
        .shell_variable("SECRET", "s")
        .shell_variable("RunNumber", "of the shell")
        .command(["sh", "-c", r#"env -0 > "$0""#, &to])
        .expect_exit(0);
        let found = variables(&out, "a");
        assert_variables(&found, &[("MONTH", "a"), ("PLAIN", "1"), ("EMPTY", ""), ("ODD", " $HOME 'x' = \"y\""), ("TOKEN", "t o k")]);
        let ours = |name: &str| name.starts_with("FANOUT_") || name.starts_with("AWS_BATCH_") || name == "AWS_EXECUTION_ENV";
        let known = ["MONTH", "PLAIN", "EMPTY", "ODD", "TOKEN", "MANAGED_BY_AWS", "PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_"];
        let strange: Vec<&String> = found.keys().filter(|name| !ours(name) && !known.contains(&name.as_str())).collect();
        assert!(strange.is_empty(), "{strategy}: {strange:?}");
    }
}

#[test]
fn runs_work_in_the_directory_that_fanout_was_started_in_and_read_nothing() {
    let done = Fanout::run(["--items", "1", "--logs", "all"]).script("pwd; cat; echo end").stdin("for fanout").expect_exit(0);
    assert!(done.stderr.contains("fanout-cli-"), "{}", done.stderr);
    done.stderr_contains("[1] end").stderr_lacks("for fanout");
}
