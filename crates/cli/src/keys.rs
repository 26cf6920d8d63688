//! The keys that requests to `fanout local` are signed with: as given, as kept, or new.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;

/// As AWS makes them: the letters of Base32, after `AKIA`.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An access key and its secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Keys {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

impl Keys {
    /// Keys that nobody knows yet.
    pub(crate) fn new() -> Self {
        Self { access_key_id: format!("AKIA{}", letters(16)), secret_access_key: letters(40) }
    }

    /// The keys that a state directory has had since its first start. Only its owner can read them.
    pub(crate) fn kept(directory: &Path) -> Result<Self, Error> {
        let path = directory.join("keys.json");
        let wrong = |source| Error::Io { what: format!("the keys in {} cannot be used", path.display()), source };
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::from).map_err(wrong),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let keys = Self::new();
                keys.write(directory).map_err(wrong)?;
                Ok(keys)
            }
            Err(error) => Err(wrong(error)),
        }
    }

    /// Whole or not at all: they are moved into their place.
    fn write(&self, directory: &Path) -> io::Result<()> {
        let beside = directory.join("keys.json.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(serde_json::to_string(self)?.as_bytes())?;
        file.sync_all()?;
        fs::rename(beside, directory.join("keys.json"))
    }
}

/// Random letters: five bits of each of a UUID's last seven bytes, which are random altogether.
fn letters(count: usize) -> String {
    let bytes = std::iter::repeat_with(|| Uuid::new_v4().into_bytes()).flat_map(|bytes| bytes.into_iter().skip(9));
    bytes.take(count).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn new_keys_are_never_the_same_and_kept_ones_are() {
        let (one, other) = (Keys::new(), Keys::new());
        assert_ne!(one.secret_access_key, other.secret_access_key);
        assert_eq!((one.access_key_id.len(), one.secret_access_key.len()), (20, 40));
        let directory = std::env::temp_dir().join(format!("fanout-keys-{}", Uuid::new_v4()));
        fs::create_dir(&directory).unwrap();
        let first = Keys::kept(&directory).unwrap();
        assert_eq!(Keys::kept(&directory).unwrap().secret_access_key, first.secret_access_key);
        assert_eq!(fs::metadata(directory.join("keys.json")).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(directory.join("keys.json"), "{").unwrap();
        assert!(Keys::kept(&directory).is_err());
        fs::remove_dir_all(directory).unwrap();
    }
}
