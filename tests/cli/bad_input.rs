//! What a user can do wrong: the message, the next step, the exit code, and nothing begun.

use serde_json::json;

use crate::support::{Dir, Fanout, RETRYING, STRATEGIES};

const USAGE: i32 = 2;
const NOTHING_TO_RUN: i32 = 4;
const INFEASIBLE: i32 = 104;

/// `fanout run ARGUMENTS -- true` is refused with these words.
fn refused<'a>(arguments: impl IntoIterator<Item = &'a str>, code: i32, words: &[&str]) {
    let fanout = Fanout::run(arguments).command(["true"]);
    let mut done = fanout.expect_exit(code).stdout_is_empty().nothing_was_begun().stderr_lacks("panicked");
    for word in words {
        done = done.stderr_contains(word);
    }
}

#[test]
fn a_strategy_that_does_not_exist() {
    refused(["--strategy", "maap", "--items", "1-3"], USAGE, &["invalid value 'maap'", "map, distributed-map, parallel, array, submit"]);
}

#[test]
fn a_list_without_items() {
    let dir = Dir::new();
    for items in ["", " ", "[]"] {
        refused(["--items", items], NOTHING_TO_RUN, &["error: --items holds no items: there is nothing to run"]);
    }
    for (name, content) in [("e.txt", "\n \n"), ("e.csv", "a,b\n"), ("e.json", "[]"), ("e.jsonl", "")] {
        refused(["--items-file", &dir.file(name, content)], NOTHING_TO_RUN, &[name, "holds no items: there is nothing to run"]);
    }
    Fanout::run(["--items-file", "-"])
        .command(["true"])
        .stdin("")
        .expect_exit(NOTHING_TO_RUN)
        .stderr_contains("standard input holds no items");
}

#[test]
fn a_list_that_means_nothing_is_refused_with_its_place() {
    for (items, words) in [
        ("a,,b", "error: --items: \"\" (character 3): an item is missing here"),
        ("x,6-1", "error: --items: \"6-1\" (character 3): the range runs backwards"),
        ("1-10:0", "the step 0 has to be at least 1"),
        ("1-99999999999999999999", "is larger than 2^53"),
        ("1-9000000000", "a run list holds at most 100000000"),
        ("[1,", "error: --items:1:3: "),
        ("[1] 2", "error: --items:1:5: trailing characters"),
    ] {
        refused(["--items", items], USAGE, &[words]);
    }
}

#[test]
fn a_file_that_means_nothing_is_refused_with_file_line_and_column() {
    let dir = Dir::new();
    for (name, content, words) in [
        ("short.csv", &b"a,b\n1,2\n3\n"[..], ":3:1: this record has 1 values, the header has 2 names"),
        ("twice.csv", b"a,a\n1,2\n", ":1:1: the header names \"a\" twice"),
        ("nameless.csv", b"a,\n1,2\n", ":1:1: a column of the header has no name"),
        ("latin1.csv", b"a\nn\xe9e\n", ":2:2: this byte is not UTF-8"),
        ("broken.json", b"[1,\n x]", ":2:2: expected value; a JSON array of items is expected"),
        ("object.json", b"{\"a\": 1}", ": a JSON array of items is expected"),
        ("broken.jsonl", b"1\n{\"a\":}\n", ":2:6: expected value; one JSON value per line is expected"),
    ] {
        let path = dir.file(name, content);
        let place = words.starts_with(":1") || words.starts_with(":2") || words.starts_with(":3");
        let words = if place { format!("error: {path}{words}") } else { words.trim_start_matches(": ").to_owned() };
        refused(["--items-file", &path], USAGE, &[&words]);
    }
}

#[test]
fn a_file_that_cannot_be_read() {
    let dir = Dir::new();
    let hint = "hint: --items-file takes the path of a readable file, or - for standard input";
    refused(["--items-file", "nosuch.csv"], USAGE, &["error: nosuch.csv: No such file or directory", hint]);
    refused(["--items-file", &dir.path().display().to_string()], USAGE, &["Is a directory", hint]);
}

#[test]
fn two_lists_or_none_or_a_format_without_a_file() {
    refused(["--items", "1-3", "--items-file", "x"], USAGE, &["'--items <LIST>' cannot be used with '--items-file <FILE>'"]);
    refused([], USAGE, &["error: no items are given", "hint: give a list, as in --items 1-6"]);
    refused(["--items", "1-3", "--items-format", "csv"], USAGE, &["'--items <LIST>' cannot be used with '--items-format <FORMAT>'"]);
}

#[test]
fn a_command_that_is_not_given() {
    let hint = "-- python3 etl.py {}";
    for command in [&[][..], &["--"], &["--", ""]] {
        Fanout::run(["--items", "1-3"])
            .and(command)
            .expect_exit(USAGE)
            .nothing_was_begun()
            .stderr_contains("no command is given")
            .stderr_contains(hint);
    }
    Fanout::run(["--items", "1-3", "python3"])
        .expect_exit(USAGE)
        .stderr_contains("unexpected argument 'python3' found")
        .stderr_contains("tip: the command is written after --")
        .stderr_contains(hint);
}

#[test]
fn a_command_that_is_not_found_starts_nothing() {
    let dir = Dir::new();
    let no_program = dir.file("data.csv", "1");
    for (program, words) in [
        ("nosuchprogram", "hint: check the spelling, or give the program's path"),
        ("./nosuch.sh", "hint: the path is looked up from the current directory"),
        (&no_program, "check that the file is there and executable"),
    ] {
        Fanout::run(["--items", "1-3"])
            .command([program])
            .expect_exit(USAGE)
            .nothing_was_begun()
            .stderr_contains(&format!("error: {program}: command not found"))
            .stderr_contains(words);
    }
    refused(["--items", "1-3", "--inject", "worker:/nosuch/worker"], USAGE, &["error: /nosuch/worker: command not found"]);
    refused(["--items", "1-3", "--inject", "zsh"], USAGE, &["--inject \"zsh\" is not known", "hint: use sh, worker or worker:/path"]);
}

#[test]
fn numbers_that_make_no_sense() {
    for (flag, value, words) in [
        ("-j", "0", "0 is too few; at least 1 is needed"),
        ("-j", "-1", "-1 is too few; at least 1 is needed"),
        ("-j", "many", "\"many\" is no whole number"),
        ("--retries", "-1", "invalid value '-1' for '--retries <N>'"),
        ("--vcpus", "0", "invalid value '0' for '--vcpus <N>'"),
        ("--vcpus", "-2", "invalid value '-2' for '--vcpus <N>'"),
        ("--memory", "1", "Batch gives a job 4 MiB at least"),
        ("--memory", "-1", "\"-1\" is no size; write MiB (512), 512M or 2G"),
        ("--memory", "lots", "\"lots\" is no size"),
        ("--memory", "99999999999999999G", "MiB at most"),
        ("--timeout", "0", "a timeout has whole seconds and at least one"),
        ("--timeout", "-5", "\"-5\" is no time; write seconds (90)"),
        ("--timeout", "soon", "\"soon\" is no time; write seconds (90) or 90s, 10m"),
        ("--timeout", "4294967295", "Batch's longest timeout is 2147483647 s"),
    ] {
        refused(["--items", "1-3", flag, value], USAGE, &[words]);
    }
}

#[test]
fn names_that_make_no_sense() {
    for (arguments, words) in [
        (["--env", "NOVALUE"], "\"NOVALUE\" is not NAME=VALUE"),
        (["--env", "=x"], "is not NAME=VALUE"),
        (["--env", "AWS_BATCH_X=1"], "names that begin with AWS_BATCH or FANOUT_, and MANAGED_BY_AWS, are set by"),
        (["--env", "FANOUT_ITEM=1"], "are set by Batch, by fanout and by Step Functions"),
        (["--env", "MANAGED_BY_AWS=1"], "are set by Batch, by fanout and by Step Functions"),
        (["--env", "PATH=/bin"], "or the program would not start without it"),
        (["--env", "RunNumber=1"], "the variable RunNumber is set twice"),
        (["--env-name", "1x"], "letters, digits and _ and does not begin with a digit"),
        (["--env-name", "FANOUT_INDEX"], "are set by Batch, by fanout and by Step Functions"),
        (["--pass-env", "A=B"], "only a name is expected here; to set a variable use --env A=B"),
        (["--name", "a b"], "a job's name has at most 128 letters, digits, - and _"),
        (["--queue", "a b"], "hint: here a queue has a name of at most 128 letters, digits, - and _"),
        (["--queue", "arn:aws:batch:us-east-1:123456789012:job-queue/q"], "cannot be made on this machine"),
        (["--image", ""], "a value is required for '--image <IMAGE>'"),
    ] {
        refused(["--items", "1-3"].into_iter().chain(arguments), USAGE, &[words]);
    }
    refused(["--items", "1-3", "-e", "A=1", "-e", "A=2"], USAGE, &["the variable A is set twice"]);
}

#[test]
fn fields_that_cannot_be_variables() {
    for (items, words) in [
        (json!([{"a b": 1, "a-b": 2}]), "the variable a_b is set twice"),
        (json!([{"RunNumber": 1}]), "the variable RunNumber is set twice"),
        (json!([{"PATH": "/bin"}]), "or the program would not start without it"),
        (json!([{"": 1}]), "a variable's name has letters, digits and _"),
        (json!([{"FANOUT_SIZE": 1}]), "are set by Batch, by fanout and by Step Functions"),
    ] {
        refused(["--items", &items.to_string()], USAGE, &[words, "hint: "]);
    }
}

#[test]
fn a_variable_that_this_shell_does_not_have_is_a_note() {
    Fanout::run(["--items", "1", "--pass-env", "NO_SUCH_VARIABLE"])
        .command(["true"])
        .expect_exit(0)
        .stderr_contains("note: --pass-env NO_SUCH_VARIABLE: there is no such variable here");
}

#[test]
fn what_a_quota_forbids_is_refused_with_the_number_the_limit_and_the_way_out() {
    let dir = Dir::new();
    let long = dir.file("long.json", json!(["short", "x".repeat(9_000)]).to_string());
    let many: Vec<String> = (0..500).map(|number| format!("{number}{}", "x".repeat(2_400))).collect();
    let many = dir.file("many.json", json!(many).to_string());
    refused(
        ["-s", "map:1x5000", "--items", "1-5000"],
        INFEASIBLE,
        &["5,000 runs of ", "25,000 at most (Step Functions quotas", "hint: use --strategy array"],
    );
    refused(["-s", "map:20", "--items", "1-3"], USAGE, &["invalid value 'map:20'", "as in map:20x25"]);
    refused(["-s", "map:2x2", "--items", "1-5"], USAGE, &["not enough for 5 runs", "hint: use --strategy map:2x3"]);
    refused(["-s", "parallel", "--items", "1-5000"], INFEASIBLE, &["25,000 at most (Step Functions quotas", "hint: use --strategy array"]);
    refused(["-s", "parallel", "--items-file", &many], INFEASIBLE, &["1,048,576 at most", "hint: use --strategy "]);
    refused(["-s", "map", "--items-file", &many], INFEASIBLE, &["262,144 at most", "hint: use --strategy array"]);
    for strategy in STRATEGIES {
        refused(["-s", strategy, "--items-file", &long], INFEASIBLE, &["run 1: ", "8,192 at most", "hint: shorten that item"]);
    }
    refused(["-s", "multi-node", "--items", "1-3", "--retries", "1"], USAGE, &["tries a job of several nodes again as a whole"]);
    for strategy in RETRYING {
        refused(["-s", strategy, "--items", "1-3", "--retries", "10"], INFEASIBLE, &["11 attempts", "10 at most", "hint: use --retries 9"]);
    }
}

#[test]
fn an_array_takes_what_a_map_does_not() {
    Fanout::run(["--dry-run", "-s", "array", "--items", "1-25000"]).command(["true"]).expect_exit(0).stdout_contains("\"size\": 10000");
}

#[test]
fn words_that_are_no_command_of_fanout() {
    Fanout::plain(["frobnicate"]).expect_exit(USAGE).stderr_contains("unrecognized subcommand 'frobnicate'");
    Fanout::plain::<&str>([]).expect_exit(USAGE).stderr_contains("Usage: fanout [OPTIONS] <COMMAND>");
    Fanout::plain(["--help"]).expect_exit(0).stdout_contains("Exit codes: 0 all runs succeeded").stderr_is_empty();
    Fanout::plain(["--version"]).expect_exit(0).stdout_contains("fanout ");
}
