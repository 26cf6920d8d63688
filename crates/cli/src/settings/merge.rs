//! Layers of settings become one: what is nearer to the command line wins.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use super::Layer;
use super::flags::{Flags, Kind, written};
use super::origin::{Origin, Problem, Problems, Value};

/// What holds below what was typed.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) settings: Layer,
    pub(crate) left_out: Vec<LeftOut>,
}

/// A setting that is moot, because of one above it or for want of another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) long: String,
    pub(crate) origin: Origin,
    pub(crate) why: String,
}

/// The first of the layers is the highest; `given` was typed and is above all.
pub(crate) fn merge<'l>(
    flags: &mut Flags,
    given: &BTreeMap<String, Vec<OsString>>,
    layers: impl IntoIterator<Item = &'l Layer>,
) -> Result<Merged, Problems> {
    let (mut merged, mut problems) = (Merged::default(), Problems::default());
    for layer in layers {
        // What is set for `fanout run` may be no flag of a command that shares the rest with it.
        let known: Layer =
            layer.iter().filter(|(long, _)| flags.find(long).is_some()).map(|(long, values)| (long.clone(), values.clone())).collect();
        problems.0.extend(contradictions(flags, &known));
        let mut above: BTreeSet<String> = given.keys().cloned().collect();
        above.extend(merged.settings.iter().filter(|(_, values)| is_on(values)).map(|(long, _)| long.clone()));
        for (long, values) in &known {
            let Some(first) = values.first() else { continue };
            if let Some(other) = flags.conflicts(long).into_iter().find(|other| above.contains(*other)) {
                let why = format!("--{other} is set above it");
                merged.left_out.push(LeftOut { long: long.clone(), origin: first.origin.clone(), why });
                continue;
            }
            let kind = flags.kind(long);
            if kind.adds_up() {
                let typed = given.get(long).map(Vec::as_slice).unwrap_or_default();
                let there = merged.settings.entry(long.clone()).or_default();
                let added = values.iter().filter(|value| {
                    let name = name_of(&value.text, kind);
                    !typed.iter().chain(there.iter().map(|value| &value.text)).any(|text| name_of(text, kind) == name)
                });
                let added: Vec<Value> = added.cloned().collect();
                there.splice(0..0, added);
            } else if !given.contains_key(long) {
                merged.settings.entry(long.clone()).or_insert_with(|| values.clone());
            }
        }
    }
    problems.none_or()?;
    leave_out_what_lacks_another(flags, given, &mut merged);
    Ok(merged)
}

impl Merged {
    /// The settings as words of the command line, before those that were typed.
    pub(crate) fn words(&self, flags: &Flags) -> Vec<OsString> {
        let words = self.settings.iter().filter(|(_, values)| is_on(values)).flat_map(|(long, values)| {
            let kind = flags.kind(long);
            values.iter().map(move |value| written(long, kind, &value.text))
        });
        words.collect()
    }
}

/// Two flags of one layer that cannot be used together.
fn contradictions(flags: &Flags, layer: &Layer) -> Vec<Problem> {
    let mut found = Vec::new();
    for (long, values) in layer.iter().filter(|(_, values)| is_on(values)) {
        for other in flags.conflicts(long).into_iter().filter(|other| *other > long.as_str()).collect::<BTreeSet<_>>() {
            if let Some(theirs) = layer.get(other).filter(|values| is_on(values)) {
                let words = format!("--{long} cannot be used with --{other} ({})", theirs[0].origin);
                found.push(Problem::new(values[0].origin.clone(), words));
            }
        }
    }
    found
}

/// `--seed` alone means nothing, and is no mistake in a file that is read by every command.
fn leave_out_what_lacks_another(flags: &mut Flags, given: &BTreeMap<String, Vec<OsString>>, merged: &mut Merged) {
    loop {
        let is_there = |long: &String| given.contains_key(long) || merged.settings.get(long).is_some_and(|values| is_on(values));
        let lacking = merged.settings.iter().filter(|(_, values)| is_on(values)).find_map(|(long, values)| {
            let missing = flags.needs(long, &values[0].text).into_iter().find(|needed| !is_there(needed))?;
            Some(LeftOut { long: long.clone(), origin: values[0].origin.clone(), why: format!("it needs --{missing}") })
        });
        let Some(left_out) = lacking else { return };
        merged.settings.remove(&left_out.long);
        merged.left_out.push(left_out);
    }
}

/// A flag that is switched off is as one that is not written.
fn is_on(values: &[Value]) -> bool {
    values.first().is_some_and(|value| value.text != "false")
}

/// What a value of a flag that may be repeated replaces.
fn name_of(text: &OsStr, kind: Kind) -> &[u8] {
    let bytes = text.as_encoded_bytes();
    let end = bytes.iter().position(|byte| *byte == b'=').filter(|_| kind == Kind::Named);
    &bytes[..end.unwrap_or(bytes.len())]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::{Arg, ArgAction, Command};

    use super::merge;
    use crate::settings::Layer;
    use crate::settings::flags::Flags;
    use crate::settings::origin::{Origin, Value};

    fn flags() -> Flags {
        let run = Command::new("run")
            .arg(Arg::new("items").long("items"))
            .arg(Arg::new("file").long("items-file").conflicts_with("items"))
            .arg(Arg::new("quiet").long("quiet").action(ArgAction::SetTrue))
            .arg(Arg::new("chaos").long("chaos"))
            .arg(Arg::new("seed").long("seed").requires("chaos"))
            .arg(Arg::new("env").long("env").action(ArgAction::Append).value_name("NAME=VALUE"))
            .arg(Arg::new("pass").long("pass-env").action(ArgAction::Append));
        Flags::of(&Command::new("fanout").subcommand(run), &["run".into()]).expect("a command")
    }

    fn layer(name: &str, settings: &[(&str, &[&str])]) -> Layer {
        let value = |text: &&str| Value { text: text.into(), origin: Origin::Variable(name.into()) };
        settings.iter().map(|(long, texts)| ((*long).to_owned(), texts.iter().map(value).collect())).collect()
    }

    fn words(given: &[(&str, &str)], layers: &[Layer]) -> String {
        let mut flags = flags();
        let mut typed: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (long, text) in given {
            typed.entry((*long).to_owned()).or_default().push((*text).into());
        }
        match merge(&mut flags, &typed, layers) {
            Ok(merged) => merged.words(&flags).iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "),
            Err(problems) => problems.to_string(),
        }
    }

    #[test]
    fn the_highest_layer_wins() {
        let layers = [layer("A", &[("items", &["1-2"])]), layer("B", &[("items", &["1-3"]), ("chaos", &["oom=5%"])])];
        assert_eq!(words(&[], &layers), "--chaos=oom=5% --items=1-2");
        assert_eq!(words(&[("items", "9")], &layers), "--chaos=oom=5%");
    }

    #[test]
    fn what_may_be_repeated_adds_up_and_the_same_name_is_replaced() {
        let layers =
            [layer("A", &[("env", &["B=2"]), ("pass-env", &["X"])]), layer("B", &[("env", &["A=1", "B=1"]), ("pass-env", &["X", "Y"])])];
        assert_eq!(words(&[], &layers), "--env=A=1 --env=B=2 --pass-env=Y --pass-env=X");
        assert_eq!(words(&[("env", "A=3")], &layers), "--env=B=2 --pass-env=Y --pass-env=X");
    }

    #[test]
    fn a_switch_can_be_taken_back_above() {
        let on = layer("B", &[("quiet", &["true"])]);
        assert_eq!(words(&[], std::slice::from_ref(&on)), "--quiet");
        assert_eq!(words(&[], &[layer("A", &[("quiet", &["false"])]), on]), "");
    }

    #[test]
    fn what_contradicts_a_higher_layer_is_left_out_and_in_one_layer_it_is_an_error() {
        let file = layer("B", &[("items-file", &["x"])]);
        assert_eq!(words(&[("items", "1")], std::slice::from_ref(&file)), "");
        assert_eq!(words(&[], &[layer("A", &[("items", &["1"])]), file]), "--items=1");
        let both = layer("A", &[("items", &["1"]), ("items-file", &["x"])]);
        assert_eq!(words(&[], &[both]), "A: --items cannot be used with --items-file (A)");
    }

    #[test]
    fn what_needs_another_is_left_out_without_it() {
        let seed = layer("A", &[("seed", &["7"])]);
        assert_eq!(words(&[], std::slice::from_ref(&seed)), "");
        assert_eq!(words(&[("chaos", "oom=5%")], std::slice::from_ref(&seed)), "--seed=7");
        assert_eq!(words(&[], &[seed, layer("B", &[("chaos", &["oom=5%"])])]), "--chaos=oom=5% --seed=7");
    }
}
