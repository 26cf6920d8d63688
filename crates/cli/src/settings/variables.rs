//! `FANOUT_*`: settings of the environment.

use std::ffi::OsString;

use super::flags::{Flags, Kind, variable};
use super::origin::{Origin, Problem, Problems, Value};
use super::{Layer, takes_from_run};

/// Variables of the runs and of fanout itself that are no settings, whatever flags there are.
#[cfg(test)]
pub(crate) const NO_SETTINGS: [&str; 9] = [
    fanout_core::assignment::INDEX,
    fanout_core::assignment::ITEM,
    fanout_core::assignment::SIZE,
    fanout_core::assignment::RUN_ID,
    fanout_core::assignment::ATTEMPT,
    fanout_core::assignment::RESULT,
    "FANOUT_LOG",
    "FANOUT_BIN",
    crate::completions::VARIABLE,
];

/// What the environment says about the flags of a command: first its own variables, then those of `fanout run`.
pub(crate) fn layers(flags: &mut Flags, variables: &dyn Fn(&str) -> Option<OsString>) -> Result<[Layer; 2], Problems> {
    let (mut own, mut of_run, mut problems) = (Layer::new(), Layer::new(), Problems::default());
    let names: Vec<(String, Kind)> = flags.settings().map(|(long, arg)| (long.to_owned(), Kind::of(arg))).collect();
    for (long, kind) in names {
        let mine = variable(&flags.path, &long);
        let runs = takes_from_run(&flags.path, &long).then(|| variable(&["run".into()], &long));
        for (name, layer) in [(Some(mine.clone()), &mut own), (runs.filter(|name| *name != mine), &mut of_run)] {
            // Empty is not set, so that a variable can be taken back for one command.
            let Some((name, text)) = name.and_then(|name| variables(&name).filter(|text| !text.is_empty()).map(|text| (name, text))) else {
                continue;
            };
            let origin = Origin::Variable(name);
            match values(text, kind, &origin) {
                Ok(values) => {
                    let wrong = values.iter().filter(|_| kind != Kind::Switch).find_map(|value| flags.check(&long, &value.text).err());
                    problems.0.extend(wrong.map(|words| Problem::new(origin, words)));
                    layer.insert(long.clone(), values);
                }
                Err(problem) => problems.0.push(problem),
            }
        }
    }
    problems.none_or()?;
    Ok([own, of_run])
}

fn values(text: OsString, kind: Kind, origin: &Origin) -> Result<Vec<Value>, Problem> {
    let value = |text: OsString| Value { text, origin: origin.clone() };
    match kind {
        Kind::Switch => {
            let said = match text.to_string_lossy().to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => "true",
                "0" | "false" | "no" | "off" => "false",
                _ => return Err(Problem::new(origin.clone(), format!("{} is neither true nor false", text.display()))),
            };
            Ok(vec![value(said.into())])
        }
        Kind::One | Kind::Several(_) => Ok(vec![value(text)]),
        Kind::Repeated | Kind::Named => {
            let words = text.to_str().and_then(shlex::split);
            let words = words.ok_or_else(|| {
                Problem::new(origin.clone(), "a quote is not closed")
                    .with_hint("several values are written as the shell does: A=1 B='two words'")
            })?;
            Ok(words.into_iter().map(|word| value(word.into())).collect())
        }
    }
}
