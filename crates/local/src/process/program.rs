//! What a job runs: its command or its image's, and the file behind a bare name.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use fanout_engine::Launch;
use rustix::fs::{Access, access};

use super::refusal::Refusal;

/// What an image runs if the job says nothing: the stand-in for its ENTRYPOINT and CMD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageCommand {
    /// An image's name; `*` stands for any characters.
    pub pattern: String,
    /// Program and arguments.
    pub command: Vec<String>,
}

/// Program and arguments of an attempt.
pub(super) fn command<'a>(launch: &'a Launch, images: &'a [ImageCommand]) -> Result<&'a [String], Refusal> {
    let image = launch.image.as_deref().unwrap_or_default();
    let by_image = || images.iter().find(|known| matches(&known.pattern, image)).map(|known| known.command.as_slice());
    let own = Some(launch.command.as_slice()).filter(|command| !command.is_empty());
    own.or_else(by_image).filter(|command| !command.is_empty()).ok_or(Refusal::NoCommand)
}

/// The file to execute. Found here and not by the child, lest it take the slow way to a new process.
pub(super) fn file(program: &str, path: &OsStr, directory: &Path) -> Result<PathBuf, Refusal> {
    if program.contains('/') {
        return Ok(directory.join(program));
    }
    let mut refusal = Refusal::NotInPath { program: program.to_owned() };
    for place in std::env::split_paths(path).filter(|_| !program.is_empty()) {
        let candidate = directory.join(place).join(program);
        if !candidate.is_file() {
            continue;
        }
        if access(&candidate, Access::EXEC_OK).is_ok() {
            return Ok(candidate);
        }
        refusal = Refusal::NotExecutable { program: program.to_owned() };
    }
    Err(refusal)
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.any(|at| matches(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text) in [("*", ""), ("a*", "a"), ("*/etl:*", "repo/etl:7"), ("a*b*c", "a-b-b-c"), ("é*", "éa"), ("x", "x")] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a*b", "a-c"), ("*/etl:7", "repo/etl:70"), ("a", "ab")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
