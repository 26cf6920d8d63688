//! `#FANOUT` lines: settings that stand in the head of the script which is run, as `#SBATCH` and `#PBS` lines do.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;

use super::Layer;
use super::flags::{Flags, Kind};
use super::origin::{Origin, Problem, Problems, Value};

const MARK: &str = "#FANOUT";
/// Where the head of a script ends at the latest.
const HEAD: u64 = 64 * 1024;
/// They say what this command does with the fan-out, or where to; or, should a file of data be taken for the script, they would let it
/// choose a program, see this shell's variables, or speak to another server.
const NOT_FOR_SCRIPTS: [&str; 8] = ["dry-run", "detach", "output", "quiet", "state-dir", "inject", "pass-env", "endpoint-url"];

/// What the script among these words says.
pub(crate) fn layer(run: &mut Flags, worker: &[OsString], directory: &Path) -> Result<Layer, Problems> {
    let Some((path, head)) = script(worker, directory) else { return Ok(Layer::new()) };
    let (mut layer, mut problems) = (Layer::new(), Problems::default());
    for (line, text) in lines(&head) {
        let origin = Origin::Script { path: path.clone(), line };
        let read = shlex::split(text).ok_or_else(|| "a quote is not closed".to_owned()).and_then(|words| settings(run, &words));
        let settings = match read {
            Ok(settings) => settings,
            Err(words) => {
                problems.0.push(Problem::new(origin, words).with_hint("after #FANOUT there are flags of fanout run, as they are typed"));
                continue;
            }
        };
        for (long, texts) in settings {
            let kind = run.kind(&long);
            let values = texts.into_iter().map(|text| Value { text, origin: origin.clone() });
            let there: &mut Vec<Value> = layer.entry(long.clone()).or_default();
            match there.first() {
                Some(first) if !kind.adds_up() => {
                    problems.0.push(Problem::new(origin.clone(), format!("--{long} is set in {} already", first.origin)));
                }
                _ => there.extend(values),
            }
        }
    }
    problems.none_or()?;
    Ok(layer)
}

/// The first of the words that is the path of a text, and how the text begins. The first word is looked up in PATH unless it has a slash.
fn script(worker: &[OsString], directory: &Path) -> Option<(PathBuf, String)> {
    let has_slash = |word: &OsString| word.as_encoded_bytes().contains(&b'/');
    let words = worker.iter().enumerate().filter(|(index, word)| *index > 0 || has_slash(word));
    words.map(|(_, word)| word).find_map(|word| Some((word.into(), head(&directory.join(word))?)))
}

fn head(path: &Path) -> Option<String> {
    // Whoever opens a pipe takes from the one it is meant for.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(HEAD).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 == HEAD {
        // The last line may be cut, even inside a letter.
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n')?);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// What stands behind `#FANOUT`, with its line counted from 1, up to the first line that is neither empty nor a comment.
fn lines(head: &str) -> impl Iterator<Item = (usize, &str)> {
    let head = head.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
    head.enumerate().filter_map(|(index, line)| {
        let rest = line.strip_prefix(MARK).filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))?;
        Some((index + 1, rest))
    })
}

/// The flags among the words, and their values as typed.
fn settings(run: &mut Flags, words: &[String]) -> Result<Vec<(String, Vec<OsString>)>, String> {
    let matches = run.read(words)?;
    let given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    if run.worker().is_some_and(|worker| given(worker.get_id().as_str())) {
        return Err("the command stands on the command line, not here".into());
    }
    let mut settings = Vec::new();
    for (long, arg) in run.settings().filter(|(_, arg)| given(arg.get_id().as_str())) {
        if NOT_FOR_SCRIPTS.contains(&long) {
            return Err(format!("--{long} is not for scripts; it is typed, or stands in fanout.toml"));
        }
        let texts = match Kind::of(arg) {
            Kind::Switch => vec!["true".into()],
            _ => matches.get_raw(arg.get_id().as_str()).into_iter().flatten().map(OsString::from).collect(),
        };
        settings.push((long.to_owned(), texts));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn the_head_ends_at_the_first_line_that_is_no_comment() {
        let text =
            "#!/usr/bin/env python3\n#FANOUT -j 2\n\n# words\n  #FANOUT\t--retries 1\n#FANOUTS -x\n#FANOUT\nimport os\n#FANOUT -j 3\n";
        assert_eq!(lines(text).collect::<Vec<_>>(), [(2, " -j 2"), (5, "\t--retries 1"), (7, "")]);
    }
}
