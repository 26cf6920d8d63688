//! Which streams there are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::page::milliseconds;
use super::{is_absent, layout};

/// Which streams to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// What their names begin with.
    pub prefix: String,
    /// In which order.
    pub order: Order,
    /// The last first.
    pub descending: bool,
    /// Only what comes after this place of an earlier list.
    pub after: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// What streams are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Their names.
    #[default]
    Name,
    /// Their last writes.
    LastWrite,
}

/// Some of the streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamList {
    /// In the order that was asked for.
    pub streams: Vec<StreamInfo>,
    /// The place of the last of them, if there are more after it.
    pub next: Option<String>,
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

pub(super) fn list(directory: &Path, listing: &Listing) -> io::Result<StreamList> {
    let mut found = Vec::new();
    walk(directory, "", &listing.prefix, &mut found)?;
    let place = |(name, path): (String, PathBuf)| -> io::Result<(String, String, PathBuf)> {
        let place = match listing.order {
            Order::Name => name.clone(),
            // As many digits as there may be: such places are in order as texts.
            Order::LastWrite => format!("{:020}/{name}", milliseconds(fs::metadata(&path)?.modified()?)),
        };
        Ok((place, name, path))
    };
    let mut found = found.into_iter().map(place).collect::<io::Result<Vec<_>>>()?;
    found.sort_unstable();
    if listing.descending {
        found.reverse();
    }
    if let Some(after) = &listing.after {
        found.retain(|(place, ..)| if listing.descending { place < after } else { place > after });
    }
    let next = found.get(listing.limit).and(found.get(listing.limit.wrapping_sub(1))).map(|(place, ..)| place.clone());
    let streams = found.into_iter().take(listing.limit).map(|(_, name, path)| describe(name, &path)).collect::<io::Result<_>>()?;
    Ok(StreamList { streams, next })
}

pub(super) fn names(directory: &Path, prefix: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    walk(directory, "", prefix, &mut found)?;
    Ok(found.into_iter().map(|(name, _)| name).collect())
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
