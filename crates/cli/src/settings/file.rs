//! `fanout.toml`: tables of settings, named for commands, targets and profiles.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Command;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::flags::{Flags, Kind, beside, is_path};
use super::origin::{Origin, Problem, Problems, Value, nearest};
use super::{Layer, RUN, TARGET_FLAG};

const PROFILE: &str = "profile";
const TARGET: &str = "target";

/// Settings by the path of their command.
pub(crate) type Sections = BTreeMap<Vec<String>, Layer>;

/// A file of settings that was read.
#[derive(Debug, Default)]
pub(crate) struct SettingsFile {
    /// `[run]`, `[bench]`, `[asl.check]`
    pub(crate) sections: Sections,
    /// `[target.aws]`: settings of `fanout run` if that is its target.
    pub(crate) targets: BTreeMap<String, Layer>,
    /// `[profile.ci]`: settings of `fanout run`, and below it of other commands.
    pub(crate) profiles: BTreeMap<String, Sections>,
}

/// Reads a file's text; `path` is what it is called in messages, `directory` where its paths begin unless that is where fanout is.
pub(crate) fn read(text: &str, path: &Path, directory: Option<&Path>, fanout: &Command) -> Result<SettingsFile, Problems> {
    let mut reader = Reader { text, path, directory, fanout, flags: BTreeMap::new(), problems: Problems::default() };
    match DeTable::parse(text) {
        Ok(tables) => {
            let file = reader.file(tables.get_ref());
            reader.problems.none_or()?;
            Ok(file)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            Err(Problem::new(reader.place(at), error.message().to_owned()).with_hint("the file is TOML: https://toml.io").into())
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
    directory: Option<&'a Path>,
    fanout: &'a Command,
    flags: BTreeMap<Vec<String>, Flags>,
    problems: Problems,
}

type Key<'k> = Spanned<std::borrow::Cow<'k, str>>;

impl Reader<'_> {
    fn file(&mut self, tables: &DeTable<'_>) -> SettingsFile {
        let mut file = SettingsFile::default();
        for (key, value) in tables {
            let name = key.get_ref().as_ref();
            match (name, value.get_ref().as_table()) {
                (PROFILE, Some(profiles)) => {
                    for (name, table) in profiles {
                        let mut sections = Sections::new();
                        match table.get_ref().as_table() {
                            Some(table) => self.table(&*RUN, table, true, &mut sections),
                            None => self.expect_table(name, &format!("[profile.{}]", name.get_ref())),
                        }
                        file.profiles.insert(name.get_ref().to_string(), sections);
                    }
                }
                (TARGET, Some(targets)) if self.has_targets() => {
                    for (name, table) in targets {
                        if let Some(layer) = self.target(name, table) {
                            file.targets.insert(name.get_ref().to_string(), layer);
                        }
                    }
                }
                (_, Some(table)) if self.flags_of(&[name.to_owned()]).is_some() => {
                    self.table(&[name.to_owned()], table, false, &mut file.sections);
                }
                (_, Some(_)) => {
                    let mut names = self.commands();
                    names.push(PROFILE.to_owned());
                    names.extend(self.has_targets().then(|| TARGET.to_owned()));
                    let words = format!("there is no table [{name}]");
                    let hint = nearest(name, names.iter().map(String::as_str)).map_or_else(
                        || "tables are called as commands are, [run] or [bench], or [profile.NAME]".to_owned(),
                        |nearest| format!("[{nearest}] is the nearest name"),
                    );
                    self.problem(key.span().start, &words, hint);
                }
                (_, None) => self.expect_table(key, "[run]"),
            }
        }
        file
    }

    fn expect_table(&mut self, key: &Key<'_>, header: &str) {
        let words = format!("{} stands outside of a table of settings", key.get_ref());
        self.problem(key.span().start, &words, format!("settings of fanout run stand below a line with {header}"));
    }

    fn target(&mut self, name: &Key<'_>, table: &Spanned<DeValue<'_>>) -> Option<Layer> {
        let Some(settings) = table.get_ref().as_table() else {
            self.expect_table(name, &format!("[target.{}]", name.get_ref()));
            return None;
        };
        let refused = self.flags_of(&*RUN)?.check(TARGET_FLAG, name.get_ref().as_ref().as_ref()).err();
        if let Some(words) = refused {
            self.problem(name.span().start, &words, "the tables [target.NAME] hold settings for one --target each".into());
        }
        if let Some((key, _)) = settings.get_key_value(TARGET_FLAG) {
            self.problem(key.span().start, "a table for one target cannot choose another", "target stands in [run] or in a profile".into());
        }
        let mut sections = Sections::new();
        self.table(&*RUN, settings, false, &mut sections);
        sections.remove(&RUN[..])
    }

    /// The settings of a command; in a profile, tables below are of other commands, elsewhere of commands below.
    fn table(&mut self, path: &[String], table: &DeTable<'_>, is_profile: bool, sections: &mut Sections) {
        let mut layer = Layer::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let below: Vec<String> =
                if is_profile { vec![name.to_owned()] } else { path.iter().cloned().chain([name.to_owned()]).collect() };
            if let Some(table) = value.get_ref().as_table()
                && self.flags_of(&below).is_some()
            {
                self.table(&below, table, false, sections);
                continue;
            }
            match self.flags_of(path).map(|flags| flags.find(name).map(Kind::of)) {
                Some(Some(kind)) => {
                    let values = self.values(path, name, kind, value);
                    layer.insert(name.to_owned(), values);
                }
                _ => self.unknown(path, key),
            }
        }
        sections.entry(path.to_vec()).or_default().extend(layer);
    }

    fn unknown(&mut self, path: &[String], key: &Key<'_>) {
        let (command, name) = (path.join(" "), key.get_ref().as_ref());
        let words = format!("fanout {command} has no setting {name}");
        let Some(flags) = self.flags_of(path) else { return };
        let hint = nearest(&name.replace('_', "-"), flags.settings().map(|(long, _)| long)).map_or_else(
            || format!("settings are called as flags are; see: fanout {command} --help"),
            |nearest| format!("{nearest} is the nearest name; settings are called as flags are"),
        );
        self.problem(key.span().start, &words, hint);
    }

    /// The values as they would be typed, checked as if they had been.
    fn values(&mut self, path: &[String], name: &str, kind: Kind, value: &Spanned<DeValue<'_>>) -> Vec<Value> {
        let start = value.span().start;
        let written: Option<Vec<(usize, String)>> = match (kind, value.get_ref()) {
            (Kind::Switch, DeValue::Boolean(said)) => Some(vec![(start, said.to_string())]),
            (Kind::Switch, _) => None,
            (Kind::Several(_) | Kind::Repeated | Kind::Named, DeValue::Array(values)) => {
                values.iter().map(|value| Some((value.span().start, scalar(value.get_ref())?))).collect()
            }
            (Kind::Named, DeValue::Table(table)) => {
                let pairs = table.iter().map(|(key, value)| {
                    let text = scalar(value.get_ref())?;
                    Some((key.span().start, format!("{}={text}", key.get_ref())))
                });
                pairs.collect()
            }
            (_, value) => scalar(value).map(|text| vec![(start, text)]),
        };
        let Some(mut written) = written else {
            let expected = match kind {
                Kind::Switch => "true or false",
                Kind::One => "a string or a number",
                Kind::Several(_) | Kind::Repeated => "a string, or an array of strings",
                Kind::Named => "an array of strings, or a table",
            };
            let words = format!("{name} is {expected}, not {}", described(value.get_ref()));
            self.problem(start, &words, format!("it is given as --{name} is; see: fanout {} --help", path.join(" ")));
            return Vec::new();
        };
        if let Kind::Several(delimiter) = kind {
            let texts: Vec<String> = written.into_iter().map(|(_, text)| text).collect();
            written = vec![(start, texts.join(&delimiter.to_string()))];
        }
        let written: Vec<Value> = written.into_iter().map(|(at, text)| Value { text: text.into(), origin: self.place(at) }).collect();
        self.checked(path, name, kind, written)
    }

    fn checked(&mut self, path: &[String], name: &str, kind: Kind, values: Vec<Value>) -> Vec<Value> {
        let directory = self.directory;
        let Some(flags) = self.flags_of(path) else { return Vec::new() };
        let is_path = flags.find(name).is_some_and(is_path);
        let mut wrong = Vec::new();
        let mut done = Vec::new();
        for Value { text, origin } in values {
            if kind != Kind::Switch
                && let Err(words) = flags.check(name, &text)
            {
                wrong.push(Problem::new(origin.clone(), words));
            }
            let text: OsString = match directory {
                Some(directory) if is_path => beside(directory, &text),
                _ => text,
            };
            done.push(Value { text, origin });
        }
        self.problems.0.extend(wrong);
        done
    }

    fn flags_of(&mut self, path: &[String]) -> Option<&mut Flags> {
        if !self.flags.contains_key(path) {
            self.flags.insert(path.to_vec(), Flags::of(self.fanout, path)?);
        }
        self.flags.get_mut(path)
    }

    fn has_targets(&mut self) -> bool {
        self.flags_of(&*RUN).is_some_and(|flags| flags.find(TARGET_FLAG).is_some())
    }

    fn commands(&self) -> Vec<String> {
        let all = Flags::all(self.fanout).into_iter().filter(|flags| flags.path.len() == 1);
        all.flat_map(|flags| flags.path).collect()
    }

    fn problem(&mut self, at: usize, words: &str, hint: String) {
        let problem = Problem::new(self.place(at), words).with_hint(hint);
        self.problems.0.push(problem);
    }

    fn place(&self, at: usize) -> Origin {
        let before = &self.text[..self.text.floor_char_boundary(at)];
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        Origin::File { path: PathBuf::from(self.path), line: before.matches('\n').count() + 1, column: before[begin..].chars().count() + 1 }
    }
}

/// A string or a number as it would be typed.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            Some(i128::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| number.to_string(), |n| n.to_string()))
        }
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or a time without quotes",
        DeValue::Array(_) => "an array with such values",
        DeValue::Table(_) => "a table",
    }
}
