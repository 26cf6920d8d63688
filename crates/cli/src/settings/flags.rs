//! The flags of a command as settings: what they are called in files and in the environment, and what their values have to be.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::builder::ValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

/// Flags that are no settings: they say where settings are, or are answered at once.
const NO_SETTINGS: [&str; 4] = ["help", "version", super::FILE_FLAG, super::PROFILE_FLAG];
/// Commands without settings.
const WITHOUT_SETTINGS: [&str; 4] = ["help", "config", "completions", "man"];

/// A command, asked for its flags and what it would say to a value.
#[derive(Clone, Debug)]
pub(crate) struct Flags {
    /// As typed after `fanout`: `["asl", "check"]`.
    pub(crate) path: Vec<String>,
    command: Command,
}

/// What values a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// None: it is there or not.
    Switch,
    /// One.
    One,
    /// One, in which several stand side by side, separated like this.
    Several(char),
    /// One each time that it is written.
    Repeated,
    /// The same, as NAME=VALUE.
    Named,
}

impl Flags {
    /// Of the command with this path below `fanout`, if it has settings.
    pub(crate) fn of(fanout: &Command, path: &[String]) -> Option<Self> {
        let command = path.iter().try_fold(fanout, |command, name| command.find_subcommand(name).filter(|found| !found.is_hide_set()))?;
        let has_none = path.first().is_none_or(|name| WITHOUT_SETTINGS.contains(&name.as_str()));
        if has_none {
            return None;
        }
        let command = command.clone().disable_help_flag(true).bin_name(format!("fanout {}", path.join(" ")));
        Some(Self { path: path.to_vec(), command })
    }

    /// Every command of fanout that has settings, those below others included.
    pub(crate) fn all(fanout: &Command) -> Vec<Self> {
        let (mut all, mut paths) = (Vec::new(), vec![Vec::new()]);
        while let Some(path) = paths.pop() {
            let below = path.iter().try_fold(fanout, |command, name: &String| command.find_subcommand(name));
            for command in below.into_iter().flat_map(Command::get_subcommands) {
                let path: Vec<String> = path.iter().cloned().chain([command.get_name().to_owned()]).collect();
                if let Some(flags) = Self::of(fanout, &path) {
                    all.push(flags);
                    paths.push(path);
                }
            }
        }
        all
    }

    /// Those that can be set, in the order of the help.
    pub(crate) fn settings(&self) -> impl Iterator<Item = (&str, &Arg)> {
        let named = self.command.get_arguments().filter_map(|arg| arg.get_long().map(|long| (long, arg)));
        named.filter(|(long, arg)| !arg.is_hide_set() && !NO_SETTINGS.contains(long))
    }

    pub(crate) fn find(&self, long: &str) -> Option<&Arg> {
        self.settings().find(|(name, _)| *name == long).map(|(_, arg)| arg)
    }

    /// The positional that holds the words of the command to run.
    pub(crate) fn worker(&self) -> Option<&Arg> {
        self.command.get_positionals().find(|arg| arg.is_last_set())
    }

    /// Which flags cannot be used with this one.
    pub(crate) fn conflicts(&self, long: &str) -> Vec<&str> {
        let Some(arg) = self.find(long) else { return Vec::new() };
        let mine = self.command.get_arg_conflicts_with(arg).into_iter().filter_map(Arg::get_long);
        // A conflict is written at one of the two.
        let theirs = self.settings().filter(|(_, other)| self.command.get_arg_conflicts_with(other).contains(&arg));
        mine.chain(theirs.map(|(long, _)| long)).collect()
    }

    /// What the command would say to this value of this flag: nothing, if it is right.
    pub(crate) fn check(&mut self, long: &str, text: &OsStr) -> Result<(), String> {
        match self.parse([written(long, self.kind(long), text)]) {
            Err(error) if error.kind() != ErrorKind::MissingRequiredArgument => Err(words_of(&error)),
            _ => Ok(()),
        }
    }

    /// The flags without which this one means nothing.
    pub(crate) fn needs(&mut self, long: &str, text: &OsStr) -> Vec<String> {
        let Err(error) = self.parse([written(long, self.kind(long), text)]) else { return Vec::new() };
        let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else { return Vec::new() };
        self.settings().filter(|(_, arg)| missing.contains(&arg.to_string())).map(|(long, _)| long.to_owned()).collect()
    }

    /// Reads words as the command would, but for what it misses.
    pub(crate) fn read(&mut self, words: &[String]) -> Result<ArgMatches, String> {
        match self.parse(words.iter().map(OsString::from)) {
            Ok(matches) => Ok(matches),
            Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
                let lenient = self.command.clone().ignore_errors(true);
                let words = words.iter().map(OsString::from);
                lenient.try_get_matches_from([self.program()].into_iter().chain(words)).map_err(|error| words_of(&error))
            }
            Err(error) => Err(words_of(&error)),
        }
    }

    pub(crate) fn kind(&self, long: &str) -> Kind {
        self.find(long).map_or(Kind::One, Kind::of)
    }

    fn parse(&mut self, words: impl IntoIterator<Item = OsString>) -> Result<ArgMatches, clap::Error> {
        let program = self.program();
        self.command.try_get_matches_from_mut([program].into_iter().chain(words))
    }

    fn program(&self) -> OsString {
        format!("fanout {}", self.path.join(" ")).into()
    }
}

impl Kind {
    pub(crate) fn of(arg: &Arg) -> Self {
        let is_named = arg.get_value_names().is_some_and(|names| names.iter().any(|name| name.contains('=')));
        match (arg.get_action(), arg.get_value_delimiter()) {
            (ArgAction::SetTrue | ArgAction::SetFalse | ArgAction::Count, _) => Self::Switch,
            (_, Some(delimiter)) => Self::Several(delimiter),
            (ArgAction::Append, None) if is_named => Self::Named,
            (ArgAction::Append, None) => Self::Repeated,
            _ => Self::One,
        }
    }

    /// Whether what several layers say holds together.
    pub(crate) fn adds_up(self) -> bool {
        matches!(self, Self::Repeated | Self::Named)
    }
}

/// Whether its values are paths.
pub(crate) fn is_path(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == ValueParser::path_buf().type_id()
}

/// Whether its values are whole numbers.
pub(crate) fn is_number(arg: &Arg) -> bool {
    let id = arg.get_value_parser().type_id();
    let numbers: [ValueParser; 3] = [value_parser!(u32).into(), value_parser!(u64).into(), value_parser!(usize).into()];
    numbers.iter().any(|number| number.type_id() == id)
}

/// The flag as one word of the command line.
pub(crate) fn written(long: &str, kind: Kind, text: &OsStr) -> OsString {
    let mut word = OsString::from(format!("--{long}"));
    if kind != Kind::Switch {
        word.push("=");
        word.push(text);
    }
    word
}

/// The variable of the environment for a flag of `fanout run`, or of another command.
pub(crate) fn variable(path: &[String], long: &str) -> String {
    let command: &[String] = if path == ["run"] { &[] } else { path };
    let words = ["fanout"].into_iter().chain(command.iter().map(String::as_str)).chain([long]);
    words.map(|word| word.replace('-', "_").to_ascii_uppercase()).collect::<Vec<_>>().join("_")
}

/// What clap says, without how it says so.
fn words_of(error: &clap::Error) -> String {
    let text = error.to_string();
    let end = ["\n\nUsage:", "\n\nFor more information"].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    text[..end].trim_start_matches("error: ").trim_end().to_owned()
}

/// Paths in a file of settings are seen from where the file is.
pub(crate) fn beside(directory: &Path, text: &OsStr) -> OsString {
    if text.is_empty() || text == "-" { text.into() } else { directory.join(text).into() }
}
