//! Settings of made-up files, environments and scripts, in front of fanout's own flags.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory as _};
use proptest::prelude::*;

use super::flags::{Flags, variable};
use super::{Surroundings, apply, variables};
use crate::args::Arguments;

/// A directory with files that goes away again.
struct Place(PathBuf);

impl Place {
    fn with(files: &[(&str, &str)]) -> Self {
        let place = Self(std::env::temp_dir().join(format!("fanout-settings-{}-{}", std::process::id(), uuid::Uuid::new_v4())));
        for (name, text) in files {
            let path = place.0.join(name);
            std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
            std::fs::write(path, text).expect("a file");
        }
        place
    }

    /// The words that clap reads, or what is wrong.
    fn applied(&self, fanout: &Command, line: &str, variables: &[(&str, &str)]) -> Result<String, String> {
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        let around = Surroundings {
            directory: &self.0.join("here"),
            user_directory: Some(&self.0.join("user")),
            variables: &|name| variables.get(name).map(OsString::from),
        };
        let words = line.split(' ').map(OsString::from).collect();
        let (words, _) = apply(fanout, words, &around).map_err(|problems| self.shortened(&problems.to_string()))?;
        Ok(self.shortened(&words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")))
    }

    fn shortened(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn of(files: &[(&str, &str)], line: &str, variables: &[(&str, &str)]) -> String {
    Place::with(files).applied(&Arguments::command(), line, variables).unwrap_or_else(|problem| format!("error: {problem}"))
}

const HERE: &str = "here/fanout.toml";

#[test]
fn each_layer_is_above_the_next() {
    let user = ("user/fanout/fanout.toml", "[run]\nname = 'user'\nvcpus = 2\nimage = 'u'\n");
    let file = (HERE, "[run]\nname = 'file'\nvcpus = 4\n[profile.ci]\nname = 'profile'\n[profile.ci.bench]\nname = 'bench'\n");
    let script = ("here/job.sh", "#!/bin/sh\n#FANOUT --name script\ntrue\n");
    let all = [user, file, script];
    let name = |line: &str, variables: &[(&str, &str)]| {
        let words = of(&all, line, variables);
        words.split(' ').find_map(|word| word.strip_prefix("--name=")).unwrap_or(&words).to_owned()
    };
    assert_eq!(of(&all, "fanout run -- true", &[]), "fanout run --image=u --name=file --vcpus=4 -- true");
    assert_eq!(name("fanout run --config-profile ci -- true", &[]), "profile");
    assert_eq!(name("fanout --config-profile=ci bench -- true", &[]), "bench");
    assert_eq!(name("fanout run --config-profile ci -- sh job.sh", &[]), "script");
    assert_eq!(name("fanout run -- ./job.sh", &[("FANOUT_NAME", "variable")]), "variable");
    assert_eq!(
        of(&all, "fanout run --name typed -- ./job.sh", &[("FANOUT_NAME", "variable")]),
        "fanout run --image=u --vcpus=4 --name typed -- ./job.sh"
    );
    assert_eq!(name("fanout run -- true", &[("FANOUT_NAME", "")]), "file", "empty is not set");
}

#[test]
fn the_file_is_found_above_and_paths_begin_where_it_is() {
    let above = ("fanout.toml", "[run]\nitems-file = 'months.csv'\n");
    assert_eq!(of(&[above, ("here/x", "")], "fanout run -- true", &[]), "fanout run --items-file=months.csv -- true");
    let nearer = ("here/fanout.toml", "[run]\nitems-file = 'months.csv'\nstate-dir = '/state'\n");
    assert_eq!(of(&[above, nearer], "fanout run", &[]), "fanout run --items-file=months.csv --state-dir=/state");
    assert_eq!(of(&[above, ("here/x", "")], "fanout run", &[("FANOUT_ITEMS", "1-3")]), "fanout run --items=1-3");
    let asked = [above, ("here/mine.toml", "[run]\nvcpus = 2\n")];
    assert_eq!(of(&asked, "fanout run --config-file mine.toml", &[]), "fanout run --vcpus=2 --config-file mine.toml");
    assert_eq!(of(&asked, "fanout run", &[("FANOUT_CONFIG_FILE", "/dev/null")]), "fanout run");
    assert!(of(&asked, "fanout run --config-file no.toml", &[]).starts_with("error: --config-file: no.toml: No such file"));
}

#[test]
fn other_commands_share_what_is_the_same() {
    let file = (HERE, "[run]\nstrategy = 'array'\nseed = 1\nchaos = 'oom=5%'\nstate-dir = '/state'\noutput = 'json'\n[bench]\nruns = 3\n");
    for (line, words) in [
        ("fanout bench -- true", "fanout bench --chaos=oom=5% --runs=3 --state-dir=/state -- true"),
        ("fanout asl -- true", "fanout asl --strategy=array -- true"),
        ("fanout runs", "fanout runs --state-dir=/state"),
        ("fanout attach last", "fanout attach --state-dir=/state last"),
        ("fanout local", "fanout local"),
        ("fanout asl check x", "fanout asl check x"),
        ("fanout completions bash", "fanout completions bash"),
        ("fanout", "fanout"),
    ] {
        assert_eq!(of(&[file], line, &[]), words, "{line}");
    }
    let variables = [("FANOUT_STATE_DIR", "/s"), ("FANOUT_LOCAL_STRICT", "yes"), ("FANOUT_ASL_CHECK_DENY_WARNINGS", "1")];
    assert_eq!(of(&[file], "fanout local", &variables), "fanout local --strict");
    assert_eq!(of(&[file], "fanout asl check x", &variables), "fanout asl check --deny-warnings x");
    assert_eq!(of(&[file], "fanout show", &variables), "fanout show --state-dir=/s");
}

#[test]
fn a_wrong_file_is_told_with_its_place_and_all_at_once() {
    for (text, words) in [
        ("[run]\nstrategie = 'map'\n", "2:1: fanout run has no setting strategie"),
        ("[run]\nmax_concurrency = 2\n", "2:1: fanout run has no setting max_concurrency"),
        ("[run]\nvcpus = [1]\n", "2:9: vcpus is a string or a number, not an array with such values"),
        ("[run]\nvcpus = true\n", "2:9: vcpus is a string or a number, not true or false"),
        ("[run]\nquiet = 'yes'\n", "2:9: quiet is true or false, not a string"),
        ("[run]\nname = 2024-01-01\n", "2:8: name is a string or a number, not a date or a time without quotes"),
        ("[run]\nenv = { A = [1] }\n", "2:7: env is an array of strings, or a table, not a table"),
        ("[run]\nenv = ['A=1', 'B']\n", "2:15: invalid value 'B' for '--env <NAME=VALUE>': \"B\" is not NAME=VALUE"),
        ("[run]\nvcpus = 193\n", "2:9: invalid value '193' for '--vcpus <N>': 193 is not in 1..=192"),
        ("[bench]\nstrategy = ['map', 'maap']\n", "2:12: invalid value 'maap' for '--strategy <STRATEGIES>'"),
        ("[run]\nitems = '1'\nitems-file = 'x'\n", "2:9: --items cannot be used with --items-file (fanout.toml:3:14)"),
        ("strategy = 'map'\n", "1:1: strategy stands outside of a table of settings"),
        ("[rum]\n", "1:2: there is no table [rum]"),
        ("[config]\n", "1:2: there is no table [config]"),
        ("[carry]\n", "1:2: there is no table [carry]"),
        ("[profile]\nci = 1\n", "2:1: ci stands outside of a table of settings"),
        ("[profile.ci]\ndry-rum = true\n", "2:1: fanout run has no setting dry-rum"),
        ("[asl.check]\nformat = 'xml'\n", "2:10: invalid value 'xml' for '--format <FORMAT>'\n  [possible values: text, json, sarif]"),
        ("[run]\nä = 1 2\n", "2:1: "),
        ("[run]\nname = 'é', x\n", "2:11: "),
        (
            "[run]\nhelp = true\nconfig-file = 'x'\n",
            "2:1: fanout run has no setting help\nerror: fanout.toml:3:1: fanout run has no setting",
        ),
    ] {
        let told = of(&[(HERE, text)], "fanout run -- true", &[]);
        assert!(told.starts_with(&format!("error: fanout.toml:{words}")), "{text:?}: {told}");
    }
    // Whichever command reads it.
    assert!(of(&[(HERE, "[run]\nx = 1\n")], "fanout runs", &[]).starts_with("error: fanout.toml:2:1"));
    assert_eq!(of(&[(HERE, "[run]\nx = 1\n")], "fanout run --help", &[]), "fanout run --help", "help is given in any case");
}

#[test]
fn wrong_variables_are_told_by_name_and_unknown_ones_are_not_looked_at() {
    for (name, text, words) in [
        ("FANOUT_STRATEGY", "maap", "FANOUT_STRATEGY: invalid value 'maap' for '--strategy <STRATEGY>'"),
        ("FANOUT_QUIET", "perhaps", "FANOUT_QUIET: perhaps is neither true nor false"),
        ("FANOUT_ENV", "A='1", "FANOUT_ENV: a quote is not closed"),
        ("FANOUT_CONFIG_PROFILE", "ci", "FANOUT_CONFIG_PROFILE: there is no profile ci, for no file of settings was found"),
    ] {
        let told = of(&[("here/x", "")], "fanout run", &[(name, text)]);
        assert!(told.starts_with(&format!("error: {words}")), "{told}");
    }
    let set = [("FANOUT_ENV", "A=1 'B=two words'"), ("FANOUT_QUIET", "off"), ("FANOUT_KILLS", "3"), ("FANOUT_INDEX", "1")];
    assert_eq!(of(&[("here/x", "")], "fanout run", &set), "fanout run --env=A=1 --env=B=two words");
}

#[test]
fn lines_of_scripts_are_flags() {
    let script = |lines: &str| of(&[("here/etl.py", lines)], "fanout run -- python3 etl.py", &[]);
    assert_eq!(
        script("#FANOUT -j 2 --env 'A=1 2' # why\n# words\n#FANOUT --env B=1 --chaos oom=5% --seed 3\nimport os\n#FANOUT --vcpus 2\n"),
        { "fanout run --chaos=oom=5% --env=A=1 2 --env=B=1 --max-concurrency=2 --seed=3 -- python3 etl.py" }
    );
    for (lines, words) in [
        ("#FANOUT --strategy maap\n", "etl.py:1: invalid value 'maap' for '--strategy <STRATEGY>'"),
        ("\n#FANOUT --maxx 2\n", "etl.py:2: unexpected argument '--maxx' found"),
        ("#FANOUT --name 'a\n", "etl.py:1: a quote is not closed"),
        ("#FANOUT --dry-run\n", "etl.py:1: --dry-run is not for scripts"),
        ("#FANOUT --config-file x\n", "etl.py:1: unexpected argument '--config-file' found"),
        ("#FANOUT --help\n", "etl.py:1: unexpected argument '--help' found"),
        ("#FANOUT -j 2 -- true\n", "etl.py:1: the command stands on the command line"),
        ("#FANOUT true\n", "etl.py:1: unexpected argument 'true' found"),
        ("#FANOUT -j 2\n#FANOUT -j 3\n", "etl.py:2: --max-concurrency is set in etl.py:1 already"),
    ] {
        assert!(script(lines).starts_with(&format!("error: {words}")), "{lines:?}: {}", script(lines));
    }
}

#[test]
fn the_script_is_the_first_word_that_is_a_text() {
    let files = [
        ("here/data", "\0#FANOUT -j 9\n"),
        ("here/sh", "#FANOUT -j 8\n"),
        ("here/a.sh", "#FANOUT -j 1\n"),
        ("here/b.sh", "#FANOUT -j 2\n"),
    ];
    for (worker, j) in
        [("./a.sh b.sh", "1"), ("sh -u ./data a.sh b.sh", "1"), ("sh b.sh", "2"), ("sh . nosuch b.sh", "2"), ("./sh a.sh", "8")]
    {
        let words = of(&files, &format!("fanout run -- {worker}"), &[]);
        assert_eq!(words, format!("fanout run --max-concurrency={j} -- {worker}"));
    }
    assert_eq!(of(&files, "fanout run a.sh", &[]), "fanout run a.sh", "only behind --");
    assert_eq!(of(&files, "fanout runs", &[]), "fanout runs");
}

#[test]
fn a_target_has_settings_of_its_own() {
    let run = |command: Command| {
        command
            .arg(Arg::new("target").long("target").value_parser(["local", "aws"]).default_value("local"))
            .arg(Arg::new("queue").long("queue"))
    };
    let fanout = Command::new("fanout").subcommand(run(Command::new("run"))).subcommand(run(Command::new("asl")));
    let applied = |file: &str, line: &str, variables: &[(&str, &str)]| {
        Place::with(&[(HERE, file)]).applied(&fanout, line, variables).unwrap_or_else(|problem| format!("error: {problem}"))
    };
    let file =
        "[run]\nqueue = 'q'\n[target.aws]\nqueue = 'arn'\n[profile.ci]\ntarget = 'aws'\n[profile.own]\ntarget = 'aws'\nqueue = 'own'\n";
    assert_eq!(applied(file, "fanout run", &[]), "fanout run --queue=q");
    assert_eq!(applied(file, "fanout run --target aws", &[]), "fanout run --queue=arn --target aws");
    assert_eq!(applied(file, "fanout asl", &[("FANOUT_TARGET", "aws")]), "fanout asl --queue=arn --target=aws");
    assert_eq!(applied(file, "fanout run", &[("FANOUT_CONFIG_PROFILE", "ci")]), "fanout run --queue=arn --target=aws");
    assert_eq!(applied(file, "fanout run", &[("FANOUT_CONFIG_PROFILE", "own")]), "fanout run --queue=own --target=aws");
    let refused = applied("[target.gcp]\nqueue = 'q'\n", "fanout run", &[]);
    assert!(refused.starts_with("error: fanout.toml:1:9: invalid value 'gcp' for '--target <target>'"), "{refused}");
    let refused = applied("[target.aws]\ntarget = 'local'\n", "fanout run", &[]);
    assert!(refused.starts_with("error: fanout.toml:2:1: a table for one target cannot choose another"), "{refused}");
}

/// A variable has one meaning, whatever flags come to be.
#[test]
fn no_variable_means_two_things() {
    let mut names = BTreeSet::new();
    for flags in Flags::all(&Arguments::command()) {
        for (long, _) in flags.settings() {
            let name = variable(&flags.path, long);
            assert!(!variables::NO_SETTINGS.contains(&name.as_str()), "{name} would be a setting of fanout {}", flags.path.join(" "));
            assert!(names.insert(name.clone()), "{name} would set two flags");
        }
    }
    assert!(names.contains("FANOUT_MAX_CONCURRENCY") && names.contains("FANOUT_BENCH_RUNS") && names.len() > 60, "{names:?}");
}

/// Every default would be accepted where it is printed by `fanout config show`.
#[test]
fn every_flag_takes_its_own_default() {
    for mut flags in Flags::all(&Arguments::command()) {
        let defaults: Vec<(String, OsString)> = flags
            .settings()
            .flat_map(|(long, arg)| arg.get_default_values().iter().map(|text| (long.to_owned(), OsString::from(text))))
            .collect();
        for (long, text) in defaults {
            assert_eq!(flags.check(&long, &text), Ok(()), "--{long}");
        }
    }
}

/// Pieces of files and scripts in any order.
fn scrambled() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[run]\n",
        "[profile.ci]\n",
        "[profile.",
        "[",
        "]",
        "]\n",
        "=",
        " = ",
        "\n",
        "vcpus",
        "env",
        "quiet",
        "items",
        "'",
        "\"",
        "{ ",
        " }",
        "é",
        "1",
        "-9",
        "0x",
        "1e9",
        ", ",
        ".",
        "true",
        "#FANOUT ",
        "#FANOUT --env ",
        "--",
        "-j ",
        "\\",
        "\\u",
        "2024-01-01",
        "\r\n",
        "\u{feff}",
        "bench",
        "asl.check",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn no_text_makes_fanout_panic(text in scrambled()) {
        let told = of(&[(HERE, &text)], "fanout run --config-profile ci -- ./job.sh", &[("FANOUT_ENV", &text), ("FANOUT_QUIET", &text)]);
        prop_assert!(!told.is_empty());
        let told = of(&[("here/job.sh", &text)], "fanout run -- ./job.sh", &[]);
        prop_assert!(!told.is_empty());
    }
}
