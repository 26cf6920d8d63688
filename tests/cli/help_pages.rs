//! What shells complete, and manual pages: read by the real programs where they are there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Dir, Fanout, STRATEGIES};

/// What bash would offer for the last of these words.
fn offered(at: &Path, words: &[&str]) -> Vec<String> {
    const ASK: &str = r#"eval "$("$FANOUT_PROGRAM" completions bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
_clap_complete_fanout fanout "${@: -1}" "${@: -2:1}" 2> /dev/null
printf '%s\n' "${COMPREPLY[@]}""#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ASK, "bash"]).args(words).current_dir(at).env("FANOUT_PROGRAM", env!("CARGO_BIN_EXE_fanout"));
    let output = bash.env("XDG_CONFIG_HOME", at).env("FANOUT_STATE_DIR", at).output().expect("bash runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn is_here(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: there is no {program}");
    }
    found
}

#[test]
fn bash_completes_commands_flags_strategies_profiles_and_fan_outs() {
    if !is_here("bash") {
        return;
    }
    let dir = Dir::new();
    dir.file("fanout.toml", "[profile.ci]\n[profile.nightly]\n");
    let at = dir.path().display().to_string();
    let run = |script: &str, detach: &[&str]| {
        Fanout::plain(["run", "--state-dir", &at, "--items", "1"]).and(detach).directory(dir.path()).script(script).expect_exit(0)
    };
    run("true", &[]);
    let live = run("for i in $(seq 1000); do test -e over && exit; sleep 0.05; done", &["--detach"]).stdout.trim().to_owned();
    let offered = |words: &[&str]| offered(dir.path(), words);
    assert_eq!(offered(&["fanout", "comp"]), ["completions"]);
    assert_eq!(offered(&["fanout", "run", "--max-c"]), ["--max-concurrency"]);
    let strategies = offered(&["fanout", "run", "--strategy", ""]);
    assert!(STRATEGIES.iter().all(|strategy| strategies.iter().any(|offered| offered == strategy)), "{strategies:?}");
    assert_eq!(offered(&["fanout", "run", "--strategy", "arr"]), ["array"]);
    assert_eq!(offered(&["fanout", "bench", "--strategy", "map,pa"]), ["map,parallel"]);
    assert_eq!(offered(&["fanout", "run", "--config-profile", ""]), ["ci", "nightly"]);
    assert_eq!(offered(&["fanout", "run", "--logs", "f"]), ["failed"]);
    assert_eq!(offered(&["fanout", "cancel", ""])[0], live);
    let ids = |offered: Vec<String>| offered.into_iter().filter(|word| !word.starts_with('-')).collect::<Vec<_>>();
    assert_eq!(ids(offered(&["fanout", "cancel", ""])).len(), 1, "what is over cannot be cancelled");
    for command in ["attach", "retry", "show", "results", "diff"] {
        let found = ids(offered(&["fanout", command, ""]));
        assert_eq!((found.len(), &found[0]), (2, &live), "{command}");
    }
    assert_eq!(ids(offered(&["fanout", "explain", "--run", &live[..18]])), [live.as_str()]);
    dir.file("over", "");
    Fanout::plain(["attach", "--state-dir", &at, &live]).expect_exit(0);
    assert_eq!(ids(offered(&["fanout", "cancel", ""])), Vec::<String>::new());
}

#[test]
fn every_shell_has_a_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        Fanout::plain(["completions", shell]).expect_exit(0).stdout_contains("FANOUT_COMPLETE").stdout_contains("fanout").stderr_is_empty();
    }
    Fanout::plain(["completions", "tcsh"]).expect_exit(2).stderr_contains("[possible values: bash, elvish, fish, powershell, zsh]");
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = Dir::new();
    let pages = dir.path().join("man");
    Fanout::plain(["man", "--dir", &pages.display().to_string()]).expect_exit(0).stdout_is_empty();
    let mut names: Vec<String> =
        fs::read_dir(&pages).expect("pages").flatten().map(|page| page.file_name().into_string().expect("a name")).collect();
    names.sort_unstable();
    for name in ["fanout.1", "fanout-run.1", "fanout-asl-check.1", "fanout-config-show.1", "fanout-local.1"] {
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("carry")), "{names:?}");
    let has_groff = is_here("groff");
    for name in names {
        let page = fs::read_to_string(pages.join(&name)).expect("a page");
        let command = name.trim_end_matches(".1");
        assert!(page.contains(&format!(".TH {command} 1")) && page.contains("\n.SH SYNOPSIS\n"), "{name}: {page}");
        if has_groff {
            let output = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(pages.join(&name)).output().expect("groff runs");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
            assert!(output.status.success() && output.stdout.len() > 300, "{name}");
        }
    }
}

#[test]
fn a_page_is_printed() {
    Fanout::plain(["man"]).expect_exit(0).stdout_contains(".TH fanout 1").stdout_contains("fanout\\-run(1)");
    Fanout::plain(["man", "run"]).expect_exit(0).stdout_contains(".TH fanout-run 1").stdout_contains("\\-\\-max\\-concurrency");
    Fanout::plain(["man", "asl", "check"]).expect_exit(0).stdout_contains(".TH fanout-asl-check 1");
    Fanout::plain(["man", "rum"]).expect_exit(2).stderr_contains("there is no command fanout rum");
}
