//! How a stream's name becomes a file's: a directory for each part of the name, awkward characters as `%XX`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

const SUFFIX: &str = ".log";

/// The file of a stream: always below `directory`, another one for every name.
pub(super) fn file(directory: &Path, stream: &str) -> PathBuf {
    let mut path = directory.to_path_buf();
    path.push(stream.split('/').map(encode).collect::<Vec<_>>().join("/") + SUFFIX);
    path
}

/// The part of a stream's name that a directory or a file stands for; `None` for what is not ours.
pub(super) fn part(file_name: &str, is_file: bool) -> Option<String> {
    if is_file { file_name.strip_suffix(SUFFIX).and_then(decode) } else { decode(file_name) }
}

fn encode(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    if part.is_empty() {
        encoded.push('%');
    }
    for (at, byte) in part.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => encoded.push(byte.into()),
            b'.' if at > 0 => encoded.push('.'),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

fn decode(encoded: &str) -> Option<String> {
    if encoded == "%" {
        return Some(String::new());
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => (hex(rest.next()?)? << 4) | hex(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_stream_is_readable_on_disk() {
        assert_eq!(file(Path::new("/logs"), "etl/default/0af3"), Path::new("/logs/etl/default/0af3.log"));
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for name in ["../../etc/passwd", "/etc/passwd", "..", ".", "", "a//b", "a/../b", "\0"] {
            let path = file(Path::new("/logs"), name);
            let below = path.strip_prefix("/logs").unwrap();
            assert!(below.components().all(|part| matches!(part, std::path::Component::Normal(_))), "{name:?}: {path:?}");
        }
    }

    #[test]
    fn names_come_back() {
        for name in ["etl", "", "..", ".x", "a.b", "50%", "é", "a b", "%"] {
            assert_eq!(part(&encode(name), false).as_deref(), Some(name));
            assert_eq!(part(&(encode(name) + SUFFIX), true).as_deref(), Some(name));
        }
        assert_eq!(part("notes.txt", true), None);
        assert_eq!(part("%zz", false), None);
    }
}
