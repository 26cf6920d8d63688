//! Settings: what is not typed may stand in the environment (`FANOUT_*`), in `#FANOUT` lines of the script that is run, or in
//! `fanout.toml`. The highest layer that says something about a flag decides it.
//!
//! A setting is a flag that somebody else types: it is put before the flags of the command line, and clap reads it with them. So settings
//! are called as flags are, have the same values and the same messages, and a new flag is a setting without further work.

mod file;
mod flags;
mod merge;
mod origin;
mod places;
mod script;
mod typed;
mod variables;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::Command;

use file::{Sections, SettingsFile};
pub(crate) use flags::Kind;
use flags::{Flags, is_number};
use merge::LeftOut;
pub(crate) use origin::{Origin, Problems, Value};
use origin::{Problem, nearest};
use places::FoundFiles;
use typed::Typed;

const FILE_FLAG: &str = "config-file";
const PROFILE_FLAG: &str = "config-profile";
const TARGET_FLAG: &str = "target";
/// The command whose settings hold for others too.
static RUN: LazyLock<[String; 1]> = LazyLock::new(|| ["run".to_owned()]);

/// Settings by the long names of their flags.
pub(crate) type Layer = BTreeMap<String, Vec<Value>>;

/// Where settings are looked for.
pub(crate) struct Surroundings<'a> {
    /// Where fanout is.
    pub(crate) directory: &'a Path,
    /// Where programs have the user's own settings.
    pub(crate) user_directory: Option<&'a Path>,
    pub(crate) variables: &'a dyn Fn(&str) -> Option<OsString>,
}

/// A setting of the command, in effect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) long: String,
    pub(crate) kind: Kind,
    pub(crate) is_number: bool,
    /// None if it is not set and has no default.
    pub(crate) values: Vec<Value>,
    /// What its help says of it.
    pub(crate) help: String,
}

/// The settings of a command.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) all: Vec<Setting>,
    pub(crate) left_out: Vec<LeftOut>,
    /// The files that were read.
    pub(crate) files: Vec<PathBuf>,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
}

/// The command line with all settings on it, and where they come from.
pub(crate) fn apply(fanout: &Command, words: Vec<OsString>, around: &Surroundings<'_>) -> Result<(Vec<OsString>, Settings), Problems> {
    let Some(mut typed) = Typed::understand(fanout, &words) else { return Ok((words, Settings::default())) };
    let FoundFiles { files: found, notes } = find_files(typed.file.as_ref(), around)?;
    let mut files = Vec::new();
    for file in &found {
        files.push(file::read(&file.text, &file.shown, file.directory.as_deref(), fanout)?);
    }
    let paths: Vec<PathBuf> = found.into_iter().map(|file| file.shown).collect();
    let profile = profile(&typed, around, &files, &paths)?;
    let layers = layers(fanout, &mut typed, &files, profile.as_deref(), around)?;
    let merged = merge::merge(&mut typed.flags, &typed.given, &layers)?;
    let all = in_effect(&typed, &merged.settings);
    let more = merged.words(&typed.flags);
    let words = words[..typed.before].iter().cloned().chain(more).chain(words[typed.before..].iter().cloned()).collect();
    Ok((words, Settings { all, left_out: merged.left_out, files: paths, notes }))
}

/// The profiles of the files that a command would read.
pub(crate) fn profiles(fanout: &Command, around: &Surroundings<'_>) -> Vec<String> {
    let found = find_files(None, around);
    let files = found.map(|found| found.files).unwrap_or_default();
    let read = files.iter().filter_map(|file| file::read(&file.text, &file.shown, None, fanout).ok());
    read.flat_map(|file| file.profiles.into_keys()).collect()
}

/// Whether what is set for `fanout run` holds for this flag of this command too: a fan-out is the same whatever is done with it, and
/// records are where they were put.
fn takes_from_run(path: &[String], long: &str) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["run" | "asl"] => true,
        // It compares several strategies, and chooses a seed for their order.
        ["bench"] => !matches!(long, "strategy" | "seed"),
        // Its directory is another.
        ["local"] => false,
        [_] => long == "state-dir",
        _ => false,
    }
}

/// What was typed, or else what its variable says.
fn of_all(typed: Option<&OsString>, flag: &'static str, around: &Surroundings<'_>) -> Option<(OsString, Origin)> {
    let variable = flags::variable(&*RUN, flag);
    typed.map(|text| (text.clone(), Origin::Typed(flag))).or_else(|| {
        let text = (around.variables)(&variable).filter(|text| !text.is_empty())?;
        Some((text, Origin::Variable(variable)))
    })
}

fn find_files(typed: Option<&OsString>, around: &Surroundings<'_>) -> Result<FoundFiles, Problem> {
    match of_all(typed, FILE_FLAG, around) {
        Some((path, by)) => places::asked(&path, by, around.directory),
        None => places::found(around.directory, around.user_directory),
    }
}

/// The profile that was asked for; it has to be in one of the files.
fn profile(typed: &Typed, around: &Surroundings<'_>, files: &[SettingsFile], paths: &[PathBuf]) -> Result<Option<String>, Problem> {
    let Some((name, by)) = of_all(typed.profile.as_ref(), PROFILE_FLAG, around) else { return Ok(None) };
    let name = name.to_string_lossy().into_owned();
    if files.iter().any(|file| file.profiles.contains_key(&name)) {
        return Ok(Some(name));
    }
    if paths.is_empty() {
        let hint =
            "fanout.toml is looked for in this directory and those above it, and as fanout/fanout.toml in the XDG configuration directory";
        return Err(Problem::new(by, format!("there is no profile {name}, for no file of settings was found")).with_hint(hint));
    }
    let names: Vec<&str> = files.iter().flat_map(|file| file.profiles.keys()).map(String::as_str).collect();
    let hint = match nearest(&name, names.iter().copied()) {
        Some(nearest) => format!("{nearest} is the nearest name"),
        None if names.is_empty() => format!("a profile is a table: [profile.{name}]"),
        None => format!("there is: {}", names.join(", ")),
    };
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    Err(Problem::new(by, format!("there is no profile {name} in {}", paths.join(" and "))).with_hint(hint))
}

/// The highest first.
fn layers(
    fanout: &Command,
    typed: &mut Typed,
    files: &[SettingsFile],
    profile: Option<&str>,
    around: &Surroundings<'_>,
) -> Result<Vec<Layer>, Problems> {
    let path = typed.flags.path.clone();
    let mut layers = variables::layers(&mut typed.flags, around.variables)?.to_vec();
    if let Some(mut run) = Flags::of(fanout, &*RUN).filter(|_| takes_from_run(&path, "name")) {
        let script = script::layer(&mut run, &typed.worker, around.directory)?;
        layers.push(shared(&path, Some(&script)));
    }
    let of_files = |target: Option<&str>| {
        let target = target.unwrap_or_default();
        let layers = files.iter().flat_map(|file| {
            let profile = profile.and_then(|name| file.profiles.get(name));
            let in_profile = profile.map_or([const { Layer::new() }; 2], |sections| of_sections(&path, sections));
            let of_target = shared(&path, file.targets.get(target));
            in_profile.into_iter().chain([of_target]).chain(of_sections(&path, &file.sections))
        });
        layers.collect::<Vec<_>>()
    };
    let target = target(typed, layers.iter().chain(&of_files(None)));
    layers.extend(of_files(target.as_deref()));
    Ok(layers)
}

/// A command's own settings, and those of `fanout run` that hold for it.
fn of_sections(path: &[String], sections: &Sections) -> [Layer; 2] {
    let own = if path == *RUN { None } else { sections.get(path) };
    [own.cloned().unwrap_or_default(), shared(path, sections.get(&RUN[..]))]
}

fn shared(path: &[String], run: Option<&Layer>) -> Layer {
    let settings = run.into_iter().flatten().filter(|(long, _)| takes_from_run(path, long));
    settings.map(|(long, values)| (long.clone(), values.clone())).collect()
}

/// Which `[target.NAME]` holds.
fn target<'l>(typed: &Typed, mut layers: impl Iterator<Item = &'l Layer>) -> Option<String> {
    let arg = typed.flags.find(TARGET_FLAG)?;
    let given = typed.given.get(TARGET_FLAG).and_then(|texts| texts.last().cloned());
    let set = || layers.find_map(|layer| layer.get(TARGET_FLAG)?.first().map(|value| value.text.clone()));
    let default = || arg.get_default_values().first().map(OsString::from);
    given.or_else(set).or_else(default).map(|text| text.to_string_lossy().into_owned())
}

fn in_effect(typed: &Typed, settings: &Layer) -> Vec<Setting> {
    let value = |text: OsString, origin: Origin| Value { text, origin };
    let all = typed.flags.settings().map(|(long, arg)| {
        let kind = Kind::of(arg);
        let mut values = settings.get(long).cloned().unwrap_or_default();
        values.extend(typed.given.get(long).into_iter().flatten().map(|text| value(text.clone(), Origin::Flag)));
        if values.is_empty() && kind == Kind::Switch {
            values.push(value("false".into(), Origin::Default));
        } else if values.is_empty() {
            values.extend(arg.get_default_values().iter().map(|text| value(text.into(), Origin::Default)));
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        Setting { long: long.to_owned(), kind, is_number: is_number(arg), values, help }
    });
    all.collect()
}

impl Settings {
    /// Which of the flags that an error names were not typed, and where they are set.
    pub(crate) fn behind(&self, words: &str) -> Vec<String> {
        let is_named = |long: &str| {
            let flag = format!("--{long}");
            words.match_indices(&flag).any(|(at, _)| {
                let next = words[at + flag.len()..].chars().next();
                next.is_none_or(|next| next != '-' && !next.is_alphanumeric())
            })
        };
        let set = self.all.iter().filter(|setting| is_named(&setting.long));
        let origins = set.flat_map(|setting| setting.values.iter().map(|value| (&setting.long, &value.origin)));
        let elsewhere = origins.filter(|(_, origin)| !matches!(origin, Origin::Default | Origin::Flag | Origin::Typed(_)));
        elsewhere.map(|(long, origin)| format!("--{long} is set in {origin}")).collect()
    }

    /// The files that settings in effect stand in.
    pub(crate) fn sources(&self) -> Vec<&Path> {
        let mut sources: Vec<&Path> = Vec::new();
        for origin in self.all.iter().flat_map(|setting| &setting.values).map(|value| &value.origin) {
            if let Origin::File { path, .. } | Origin::Script { path, .. } = origin
                && !sources.contains(&path.as_path())
            {
                sources.push(path);
            }
        }
        sources
    }
}
