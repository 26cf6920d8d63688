//! What may come next on a command line, asked by a shell while somebody types: flags and values by clap, and what only this machine
//! knows, the ids of fan-outs on record and the names of profiles.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory as _};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use crate::args::{self, Arguments, ShellName, StrategyName};
use crate::error::Error;
use crate::record::{REPORT, Record};
use crate::state_dir;

/// The variable by which a shell says that it wants to complete, and which shell it is.
pub(crate) const VARIABLE: &str = "FANOUT_COMPLETE";
/// So many of the latest fan-outs are offered.
const OFFERED: usize = 50;
/// What can only be done with a fan-out that is not over.
const OF_LIVE: [&str; 1] = ["cancel"];

/// Answers a shell and ends; does nothing if none asks.
pub(crate) fn answer() {
    CompleteEnv::with_factory(completed).var(VARIABLE).complete();
}

/// The script that makes a shell ask.
pub(crate) fn script(shell: ShellName) -> Result<String, Error> {
    let name = match shell {
        ShellName::Bash => "bash",
        ShellName::Elvish => "elvish",
        ShellName::Fish => "fish",
        ShellName::Powershell => "powershell",
        ShellName::Zsh => "zsh",
    };
    // The program by its path, so that it is asked even where PATH does not lead to it.
    let program = std::env::current_exe().map_err(Error::io("this program does not know where it is"))?;
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let completer = shells.completer(name).ok_or_else(|| Error::Refused(format!("{name} cannot be completed for")))?;
    completer
        .write_registration(VARIABLE, "fanout", "fanout", &program.to_string_lossy(), &mut script)
        .map_err(Error::io("the script cannot be made"))?;
    Ok(String::from_utf8_lossy(&script).trim().to_owned())
}

/// fanout's commands, with completers where values have the same name: a new command that takes a RUN is completed too.
fn completed() -> Command {
    let fanout = Arguments::command().mut_arg("config_profile", |arg| arg.add(ArgValueCompleter::new(profiles)));
    fanout.mut_subcommands(|command| {
        let is_of_live = OF_LIVE.contains(&command.get_name());
        let of_records = command.get_name() == "diff";
        command.mut_args(move |arg| with_completer(arg, of_records, is_of_live))
    })
}

fn with_completer(arg: Arg, of_records: bool, is_of_live: bool) -> Arg {
    let names: Vec<String> = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
    match names.first().map(String::as_str) {
        Some("RUN") if is_of_live => arg.add(ArgValueCompleter::new(|typed: &OsStr| fan_outs(typed, true))),
        Some("RUN") => arg.add(ArgValueCompleter::new(|typed: &OsStr| fan_outs(typed, false))),
        Some("A" | "B") if of_records => arg.add(ArgValueCompleter::new(|typed: &OsStr| fan_outs(typed, false))),
        Some("ITEM") => arg.add(ArgValueCompleter::new(|typed: &OsStr| words(typed, ["failed", "lost", "flaky"].map(str::to_owned)))),
        Some("STRATEGY") => arg.add(ArgValueCompleter::new(strategies)),
        Some("STRATEGIES") => arg.add(ArgValueCompleter::new(strategy_lists)),
        _ => arg,
    }
}

fn profiles(typed: &OsStr) -> Vec<CompletionCandidate> {
    words(typed, args::profiles())
}

fn strategies(typed: &OsStr) -> Vec<CompletionCandidate> {
    words(typed, StrategyName::ALL.into_iter().chain([StrategyName::Auto]).map(|name| name.to_string()))
}

/// The next strategy behind a comma, each once.
fn strategy_lists(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let before = typed.rsplit_once(',').map_or("", |(before, _)| before);
    let there: Vec<&str> = before.split(',').filter(|name| !name.is_empty()).collect();
    let comma = if before.is_empty() { "" } else { "," };
    let names = StrategyName::ALL.iter().map(ToString::to_string).filter(|name| !there.contains(&name.as_str()));
    let all = before.is_empty().then(|| "all".to_owned());
    words(typed.as_ref().as_ref(), names.chain(all).map(|name| format!("{before}{comma}{name}")))
}

/// The latest first, and what they are; those that are over only if that makes sense.
fn fan_outs(typed: &OsStr, only_live: bool) -> Vec<CompletionCandidate> {
    let Some(root) = records() else { return Vec::new() };
    let ids = Record::ids(&root).unwrap_or_default();
    let found = ids.into_iter().rev().filter(|id| !only_live || !is_over(&root, id)).take(OFFERED);
    let described = found.enumerate().map(|(order, id)| {
        let help = Record::open(root.join(&id)).ok().map(|record| {
            let state = if is_over(&root, &id) { "over" } else { "live" };
            format!("{state}, {} runs by {}", record.manifest.runs.count(), record.manifest.strategy)
        });
        CompletionCandidate::new(id).help(help.map(Into::into)).display_order(Some(order))
    });
    beginning_with(typed, described)
}

/// The report is the last file of a record.
fn is_over(root: &Path, id: &str) -> bool {
    fs::exists(root.join(id).join(REPORT)).unwrap_or(false)
}

/// Where `fanout runs` would look.
fn records() -> Option<PathBuf> {
    let words = ["fanout".into(), "runs".into()].to_vec();
    let set = args::settings_of(words).ok().and_then(|settings| {
        let setting = settings.all.into_iter().find(|setting| setting.long == "state-dir")?;
        setting.values.into_iter().next_back().map(|value| PathBuf::from(value.text))
    });
    state_dir::runs(set).ok()
}

fn words(typed: &OsStr, words: impl IntoIterator<Item = String>) -> Vec<CompletionCandidate> {
    beginning_with(typed, words.into_iter().map(CompletionCandidate::new))
}

fn beginning_with(typed: &OsStr, all: impl Iterator<Item = CompletionCandidate>) -> Vec<CompletionCandidate> {
    let begin = typed.as_encoded_bytes();
    all.filter(|candidate| candidate.get_value().as_encoded_bytes().starts_with(begin)).collect()
}
