//! What was typed, as far as layers below have to know it.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::flags::{Flags, Kind};
use super::{FILE_FLAG, PROFILE_FLAG};

/// A command line that names a command with settings.
pub(crate) struct Typed {
    /// The command whose flags these are.
    pub(crate) flags: Flags,
    /// How many words come before its flags.
    pub(crate) before: usize,
    /// The flags that were typed, and their values.
    pub(crate) given: BTreeMap<String, Vec<OsString>>,
    /// The words after `--`.
    pub(crate) worker: Vec<OsString>,
    pub(crate) file: Option<OsString>,
    pub(crate) profile: Option<OsString>,
}

impl Typed {
    /// Nothing, if the command has no settings, or if help was asked for. What is wrong with it is told later, by clap.
    pub(crate) fn understand(fanout: &Command, words: &[OsString]) -> Option<Self> {
        let lenient = fanout.clone().ignore_errors(true);
        let matches = lenient.try_get_matches_from(words).ok()?;
        let mut path = Vec::new();
        let mut here = &matches;
        while let Some((name, below)) = here.subcommand() {
            path.push(name.to_owned());
            here = below;
        }
        let before = words_before(words, &path)?;
        // What is shown are the settings of `fanout run`.
        let of_run = path == ["config", "show"];
        let flags = Flags::of(fanout, if of_run { &*super::RUN } else { &path })?;
        let is_given = |id: &str| here.try_contains_id(id).is_ok() && here.value_source(id) == Some(ValueSource::CommandLine);
        let raw = |id: &str| -> Vec<OsString> { here.get_raw(id).into_iter().flatten().map(OsString::from).collect() };
        let worker = flags.worker().filter(|arg| is_given(arg.get_id().as_str()));
        let worker = worker.map(|arg| raw(arg.get_id().as_str())).unwrap_or_default();
        let given = flags.settings().filter(|(_, arg)| is_given(arg.get_id().as_str())).map(|(long, arg)| {
            let is_switch = Kind::of(arg) == Kind::Switch;
            (long.to_owned(), if is_switch { vec!["true".into()] } else { raw(arg.get_id().as_str()) })
        });
        let given = given.collect();
        Some(Self { before, given, worker, file: global(here, FILE_FLAG), profile: global(here, PROFILE_FLAG), flags })
    }
}

fn global(matches: &ArgMatches, long: &str) -> Option<OsString> {
    let id = long.replace('-', "_");
    matches.try_contains_id(&id).ok()?;
    matches.get_raw(&id)?.next_back().map(OsString::from)
}

/// Before the name of a command there are only the flags that all commands have, and each has a value.
fn words_before(words: &[OsString], path: &[String]) -> Option<usize> {
    let mut at = 1;
    for name in path {
        while let Some(word) = words.get(at)?.to_str().filter(|word| word.starts_with("--")) {
            at += if word.contains('=') { 1 } else { 2 };
        }
        if words.get(at)? != name.as_str() {
            return None;
        }
        at += 1;
    }
    Some(at)
}
