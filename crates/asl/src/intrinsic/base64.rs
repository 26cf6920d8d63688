//! `States.Base64Encode` and `States.Base64Decode`.

use serde_json::Value;

use super::text::limited;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode(value: &Value) -> Result<Value, String> {
    let text = limited(value)?;
    let mut encoded = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * position) & 63) as usize] as char;
            encoded.push(if position <= chunk.len() { symbol } else { '=' });
        }
    }
    Ok(encoded.into())
}

pub(super) fn decode(value: &Value) -> Result<Value, String> {
    let text = limited(value)?;
    let symbols = text.trim_end_matches('=');
    if text.len() - symbols.len() > 2 || symbols.len() % 4 == 1 {
        return Err("The argument is not valid Base64.".into());
    }
    let mut decoded = Vec::with_capacity(symbols.len() * 3 / 4);
    for chunk in symbols.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for symbol in chunk {
            let position = ALPHABET.iter().position(|known| known == symbol);
            bits = bits << 6 | position.ok_or("The argument is not valid Base64.")? as u32;
        }
        bits <<= 6 * (4 - chunk.len());
        decoded.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Ok(String::from_utf8_lossy(&decoded).into())
}
