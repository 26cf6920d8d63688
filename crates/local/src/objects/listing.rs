//! Lists: in the order of the keys' bytes, page by page, with what a delimiter rolls up.

use jiff::Timestamp;
use rusqlite::Rows;

use super::ObjectError;
use super::index::{Index, size, time};

/// An object in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was stored, to the second.
    pub last_modified: Timestamp,
    /// Its ETag, in quotes.
    pub etag: String,
    /// `STANDARD`: there is no other one here.
    pub storage_class: &'static str,
}

/// What is to be listed.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) delimiter: Option<&'a str>,
    /// The first key that may be listed; `None` if none may.
    pub(crate) from: Option<String>,
    /// The most objects and common prefixes.
    pub(crate) limit: usize,
}

/// A part of a list.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<Listed>,
    pub(crate) prefixes: Vec<String>,
    /// Where the next page begins; `None` if this is the last one.
    pub(crate) next: Option<String>,
}

impl Index {
    pub(super) fn page(&self, bucket: &str, ask: &Ask<'_>) -> Result<Page, ObjectError> {
        self.bucket(bucket)?;
        let select = "SELECT key, size, etag, modified FROM object WHERE bucket = ? AND key >= ? ORDER BY key";
        let (mut select, mut page) = (self.connection.prepare(select)?, Page::default());
        let mut from = ask.from.clone().map(|from| from.max(ask.prefix.to_owned())).filter(|_| ask.limit > 0);
        while let Some(start) = from {
            from = page.fill(ask, select.query([bucket, &start])?)?;
        }
        Ok(page)
    }
}

impl Page {
    /// Takes objects until one is rolled up, and answers where to go on.
    fn fill(&mut self, ask: &Ask<'_>, mut rows: Rows<'_>) -> rusqlite::Result<Option<String>> {
        while let Some(row) = rows.next()? {
            let key: String = row.get(0)?;
            if !key.starts_with(ask.prefix) {
                return Ok(None);
            }
            if self.objects.len() + self.prefixes.len() == ask.limit {
                self.next = Some(key);
                return Ok(None);
            }
            if let Some(rolled_up) = ask.rolled_up(&key) {
                self.prefixes.push(rolled_up.to_owned());
                return Ok(beyond(rolled_up));
            }
            let etag = format!("\"{}\"", row.get::<_, String>(2)?);
            self.objects.push(Listed { key, size: size(row, 1)?, last_modified: time(row, 3)?, etag, storage_class: "STANDARD" });
        }
        Ok(None)
    }
}

impl Ask<'_> {
    /// What stands in the list for this key and all its like.
    fn rolled_up<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let rest = key.strip_prefix(self.prefix)?;
        let end = self.prefix.len() + rest.find(delimiter)? + delimiter.len();
        key.get(..end)
    }

    /// Where a list begins of which the client has seen everything up to `marker`.
    pub(crate) fn beginning_after(&self, marker: &str) -> Option<String> {
        match self.rolled_up(marker) {
            Some(rolled_up) => beyond(rolled_up),
            None => Some(after(marker)),
        }
    }
}

/// The first key after this one.
fn after(key: &str) -> String {
    format!("{key}\0")
}

/// The first key that is greater than all that begin with `prefix`. The order of UTF-8's bytes is that of its characters.
fn beyond(prefix: &str) -> Option<String> {
    let mut rest = prefix.chars();
    while let Some(last) = rest.next_back() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            return Some(format!("{}{next}", rest.as_str()));
        }
    }
    None
}
