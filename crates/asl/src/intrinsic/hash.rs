//! `States.Hash`.

use std::fmt::Write;

use md5::Md5;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::text::limited;

pub(super) fn hash(value: &Value, algorithm: &Value) -> Result<Value, String> {
    let text = limited(value)?;
    let digest = algorithm.as_str().and_then(|algorithm| digest(text.as_bytes(), algorithm));
    digest.map(Value::from).ok_or_else(|| "The hash algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512.".into())
}

/// The digest in hexadecimal; `None` for an algorithm that Step Functions does not have.
pub(crate) fn digest(bytes: &[u8], algorithm: &str) -> Option<String> {
    let digest = match algorithm {
        "MD5" => Md5::digest(bytes).to_vec(),
        "SHA-1" => Sha1::digest(bytes).to_vec(),
        "SHA-256" => Sha256::digest(bytes).to_vec(),
        "SHA-384" => Sha384::digest(bytes).to_vec(),
        "SHA-512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    };
    Some(digest.iter().fold(String::with_capacity(digest.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        _ = write!(hex, "{byte:02x}");
        hex
    }))
}
