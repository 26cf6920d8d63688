//! Which streams there are, in order of name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::page::milliseconds;
use super::{is_absent, layout};

/// Some of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamList {
    /// In order of name.
    pub streams: Vec<StreamInfo>,
    /// Whether there are more after these.
    pub more: bool,
}

/// What is known of a stream without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Its name.
    pub name: String,
    /// Milliseconds since the epoch: the first write, where the file system knows it.
    pub created_at: i64,
    /// Milliseconds since the epoch: the last write.
    pub written_at: i64,
    /// In bytes.
    pub size: u64,
}

pub(super) fn list(directory: &Path, prefix: &str, after: Option<&str>, limit: usize) -> io::Result<StreamList> {
    let mut found = Vec::new();
    walk(directory, "", prefix, &mut found)?;
    found.retain(|(name, _)| after.is_none_or(|after| name.as_str() > after));
    found.sort_unstable();
    let more = found.len() > limit;
    let streams = found.into_iter().take(limit).map(|(name, path)| describe(name, &path)).collect::<io::Result<_>>()?;
    Ok(StreamList { streams, more })
}

/// Every file below `directory` whose stream's name begins with `prefix`; `above` is the name so far.
fn walk(directory: &Path, above: &str, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Err(error) if is_absent(&error) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let is_file = entry.file_type()?.is_file();
        let Some(part) = entry.file_name().to_str().and_then(|name| layout::part(name, is_file)) else { continue };
        let name = format!("{above}{part}");
        if is_file && name.starts_with(prefix) {
            found.push((name, entry.path()));
        } else if !is_file && (name.starts_with(prefix) || prefix.starts_with(&name)) {
            walk(&entry.path(), &(name + "/"), prefix, found)?;
        }
    }
    Ok(())
}

fn describe(name: String, path: &Path) -> io::Result<StreamInfo> {
    let metadata = fs::metadata(path)?;
    let written = metadata.modified()?;
    Ok(StreamInfo {
        name,
        created_at: milliseconds(metadata.created().unwrap_or(written)),
        written_at: milliseconds(written),
        size: metadata.len(),
    })
}
