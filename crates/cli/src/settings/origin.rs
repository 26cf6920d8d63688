//! Where a setting comes from, and what is said of it when it is wrong.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nowhere.
    Default,
    /// A file of settings; lines and columns are counted from 1, columns in characters.
    File { path: PathBuf, line: usize, column: usize },
    /// A file of settings as a whole.
    Whole(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// A `#FANOUT` line of the script that is run.
    Script { path: PathBuf, line: usize },
    /// This flag of all commands.
    Typed(&'static str),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Whole(path) => write!(f, "{}", path.display()),
            Self::Typed(flag) => write!(f, "--{flag}"),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Script { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// A value as it would be typed after its flag; `true` or `false` for a flag that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) text: OsString,
    pub(crate) origin: Origin,
}

/// Something that is wrong, where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) origin: Origin,
    pub(crate) words: String,
    /// What to do.
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(origin: Origin, words: impl Into<String>) -> Self {
        Self { origin, words: words.into(), hint: None }
    }

    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// All that is wrong with the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// Nothing, or an error.
    pub(crate) fn none_or(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(crate) fn hints(&self) -> Vec<String> {
        let mut hints: Vec<String> = self.0.iter().filter_map(|problem| problem.hint.clone()).collect();
        hints.dedup();
        hints
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Problem { origin, words, .. }) in self.0.iter().enumerate() {
            let again = if index == 0 { "" } else { "\nerror: " };
            write!(f, "{again}{origin}: {words}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The path as somebody in that directory would write it.
pub(crate) fn seen_from(directory: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(directory).map_or_else(|_| path.into(), Path::to_path_buf)
}

/// The name that was probably meant.
pub(crate) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.8;
    let alike = names.into_iter().map(|name| (strsim::jaro_winkler(word, name), name)).filter(|(alike, _)| *alike > ALIKE);
    alike.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}
