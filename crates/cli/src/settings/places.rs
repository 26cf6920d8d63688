//! Where files of settings are looked for.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::origin::{Origin, Problem, seen_from};

/// What a file of settings is called.
const NAME: &str = "fanout.toml";

/// A file as it was found.
pub(crate) struct Found {
    /// As it is called in messages.
    pub(crate) shown: PathBuf,
    pub(crate) text: String,
    /// Where it is, unless that is where fanout is.
    pub(crate) directory: Option<PathBuf>,
}

/// Files, the nearest first, and what is to be said about those that are not read.
#[derive(Default)]
pub(crate) struct FoundFiles {
    pub(crate) files: Vec<Found>,
    pub(crate) notes: Vec<String>,
}

/// The file that was asked for, alone; `by` says how it was asked for.
pub(crate) fn asked(path: &OsString, by: Origin, here: &Path) -> Result<FoundFiles, Problem> {
    let shown = PathBuf::from(path);
    match read(&here.join(path), &shown, here) {
        Ok(file) => Ok(FoundFiles { files: vec![file], notes: Vec::new() }),
        Err(error) => {
            Err(Problem::new(by, format!("{}: {error}", shown.display())).with_hint("name a readable file; /dev/null has no settings"))
        }
    }
}

/// The nearest `fanout.toml` here or above, then the user's own.
pub(crate) fn found(here: &Path, user_directory: Option<&Path>) -> Result<FoundFiles, Problem> {
    let mut found = FoundFiles::default();
    let me = rustix::process::geteuid().as_raw();
    let owner_here = fs::metadata(here).map(|metadata| metadata.uid()).ok();
    for path in here.ancestors().map(|directory| directory.join(NAME)) {
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if !metadata.is_file() {
            continue;
        }
        let shown = seen_from(here, &path);
        if is_trusted(metadata.uid(), me, owner_here) {
            found.files.push(read(&path, &shown, here).map_err(|error| Problem::new(Origin::Whole(shown), error.to_string()))?);
        } else {
            let shown = shown.display();
            found.notes.push(format!("{shown} belongs to another user and is not read; to read it write --config-file {shown}"));
        }
        break;
    }
    let users = user_directory.map(|directory| directory.join("fanout").join(NAME)).filter(|path| path.is_file());
    if let Some(path) = users {
        found.files.push(read(&path, &path, here).map_err(|error| Problem::new(Origin::Whole(path.clone()), error.to_string()))?);
    }
    Ok(found)
}

fn read(path: &Path, shown: &Path, here: &Path) -> io::Result<Found> {
    let text = fs::read_to_string(path)?;
    let directory = path.parent().filter(|directory| *directory != here).map(Path::to_path_buf);
    Ok(Found { shown: shown.into(), text, directory })
}

/// A file above may be anybody's, as in /tmp, and settings can name programs: it has to be of this user, of root, or of whoever owns
/// the directory that the user works in.
fn is_trusted(owner: u32, me: u32, owner_here: Option<u32>) -> bool {
    owner == me || owner == 0 || owner_here == Some(owner)
}

#[cfg(test)]
mod tests {
    use super::is_trusted;

    #[test]
    fn another_user_sets_nothing() {
        assert!(is_trusted(1000, 1000, None) && is_trusted(0, 1000, Some(1000)) && is_trusted(1000, 0, Some(1000)));
        assert!(!is_trusted(1001, 1000, Some(1000)) && !is_trusted(1001, 0, Some(0)));
    }
}
