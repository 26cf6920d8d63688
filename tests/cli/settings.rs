//! Settings: what is not typed, from the real environment, real files and real scripts.

use std::fs;
use std::os::unix::fs::chown;

use crate::support::{Dir, Fanout};

const FILE: &str = "[run]\nstrategy = \"array\"\nitems = \"1-2\"\nseed = 3\nenv = { STAGE = \"file\" }\n\n[profile.ci]\nvcpus = 2\n";

#[test]
fn settings_of_a_file_are_those_of_the_command() {
    let dir = Dir::new();
    dir.file("fanout.toml", FILE);
    let here = |fanout: Fanout| fanout.directory(dir.path());
    let done = here(Fanout::run(["-o", "json"])).script("echo $STAGE {} >> seen").expect_exit(0);
    assert_eq!((&done.json()["strategy"], done.json()["runs"].as_array().map(Vec::len)), (&"array".into(), Some(2)));
    done.stderr_contains("with settings of fanout.toml\n");
    let mut seen: Vec<String> = dir.read("seen").lines().map(str::to_owned).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["file 1", "file 2"]);
    here(Fanout::run(["-q"])).script("true").expect_exit(0).stderr_is_empty();
    let typed =
        here(Fanout::run(["-o", "json", "--items", "x", "-s", "map", "-e", "STAGE=typed"])).script("test $STAGE$RunNumber = typedx");
    assert_eq!(typed.expect_exit(0).json()["strategy"], "map");
}

#[test]
fn settings_are_shown_with_their_origin_and_can_be_set_as_they_are_shown() {
    let dir = Dir::new();
    dir.file("fanout.toml", FILE);
    dir.file("job.sh", "#!/bin/sh\n#FANOUT -j 2\ntrue\n");
    let show =
        |arguments: &[&str]| Fanout::plain(["config", "show"]).and(arguments).directory(dir.path()).shell_variable("FANOUT_TIMEOUT", "10m");
    show(&["--origin", "--config-profile", "ci", "--name", "n", "--", "sh", "job.sh"])
        .expect_exit(0)
        .stdout_contains("[run]\nstrategy = \"array\" # fanout.toml:2:12\nitems = \"1-2\" # fanout.toml:3:9\n")
        .stdout_contains("max-concurrency = 2 # job.sh:2\n")
        .stdout_contains("# retries is not set; default: 3:spot,capacity,pull\n")
        .stdout_contains("timeout = \"10m\" # FANOUT_TIMEOUT\nvcpus = 2 # fanout.toml:8:9\n")
        .stdout_contains("env = [\n  \"STAGE=file\", # fanout.toml:5:9\n]\n")
        .stdout_contains("env-name = \"RunNumber\" # default\n")
        .stdout_contains("name = \"n\" # flag\n")
        .stdout_contains("quiet = false # default\n")
        .stdout_contains("# seed of fanout.toml:4:8 is left out: it needs --chaos\n")
        .stderr_contains("read fanout.toml\n");
    let shown = show(&["--env", "QUOTED=\"\\\t'"]).expect_exit(0).stdout;
    let again = Dir::new();
    again.file("fanout.toml", &shown);
    let told = Fanout::plain(["config", "show"]).directory(again.path()).expect_exit(0).stdout;
    let settings = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(settings(&told), settings(&shown));
}

#[test]
fn a_wrong_setting_starts_nothing() {
    let dir = Dir::new();
    dir.file("fanout.toml", "[run]\nstrategi = \"map\"\n");
    Fanout::run(["--items", "1-3"])
        .directory(dir.path())
        .script("true")
        .expect_exit(2)
        .nothing_was_begun()
        .stderr_contains("error: fanout.toml:2:1: fanout run has no setting strategi\nhint: strategy is the nearest name");
    Fanout::run(["--items", "1-3", "--config-file", "/dev/null"]).directory(dir.path()).script("true").expect_exit(0);
    Fanout::plain(["run", "--help"]).directory(dir.path()).expect_exit(0);
    Fanout::run(["--items", "1-3"])
        .shell_variable("FANOUT_MEMORY", "2X")
        .script("true")
        .expect_exit(2)
        .nothing_was_begun()
        .stderr_contains("error: FANOUT_MEMORY: invalid value '2X' for '--memory <SIZE>': \"2X\" is no size");
    dir.file("fanout.toml", "[profile.nightly]\n");
    Fanout::run(["--config-profile", "nightli"])
        .directory(dir.path())
        .script("true")
        .expect_exit(2)
        .stderr_contains("error: --config-profile: there is no profile nightli in fanout.toml\nhint: nightly is the nearest name");
}

#[test]
fn an_error_of_a_flag_that_was_not_typed_says_where_it_is_set() {
    let dir = Dir::new();
    dir.file("fanout.toml", "[run]\ninject = \"magic\"\nenv-name = \"1x\"\n");
    let refused = |arguments: &[&str]| Fanout::run(["--items", "1"]).and(arguments).directory(dir.path()).script("true").expect_exit(2);
    refused(&[]).stderr_contains("error: --inject \"magic\" is not known").stderr_contains("note: --inject is set in fanout.toml:2:10\n");
    refused(&["--inject", "sh"]).stderr_contains("note: --env-name is set in fanout.toml:3:12\n").stderr_lacks("--inject");
}

#[test]
fn records_are_found_where_they_were_put() {
    let dir = Dir::new();
    dir.file("fanout.toml", "[run]\nstate-dir = \"records\"\n");
    fs::create_dir(dir.path().join("below")).expect("a directory");
    Fanout::plain(["run", "--items", "1-2", "--", "true"]).directory(dir.path()).expect_exit(0);
    let below = Fanout::plain(["show", "-o", "json"]).directory(&dir.path().join("below")).expect_exit(0).json();
    assert_eq!(below["totals"]["pass"], 2);
}

#[test]
fn a_file_of_another_user_above_is_not_read() {
    let dir = Dir::new();
    let path = dir.file("fanout.toml", "[run]\nitems = \"1-2\"\n");
    if chown(&path, Some(54_321), None).is_err() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    fs::create_dir(dir.path().join("below")).expect("a directory");
    let below = || Fanout::plain(["run", "--dry-run"]).directory(&dir.path().join("below"));
    below()
        .script("true")
        .expect_exit(2)
        .stderr_contains("belongs to another user and is not read; to read it write --config-file")
        .stderr_contains("no items are given");
    below().and(["--config-file", &path]).script("true").expect_exit(0);
}

#[test]
fn what_is_wrong_with_what_was_typed_is_told_without_the_settings() {
    let dir = Dir::new();
    dir.file("fanout.toml", FILE);
    let done = Fanout::run(["--items", "1", "--maxx", "2"]).directory(dir.path()).script("true").expect_exit(2);
    done.stderr_contains("unexpected argument '--maxx' found").stderr_contains("Usage: fanout run").stderr_lacks("--env");
    Fanout::run(["--items", "1", "--seed", "2"]).directory(dir.path()).script("true").expect_exit(2).stderr_contains("--chaos <FAULTS>");
}
