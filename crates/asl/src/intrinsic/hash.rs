//! `States.Hash`, with MD5 and SHA-1.

use std::fmt::Write;

use serde_json::Value;

use super::sha2;
use super::text::limited;

pub(super) fn hash(value: &Value, algorithm: &Value) -> Result<Value, String> {
    let text = limited(value)?;
    let bytes = text.as_bytes();
    let digest = match algorithm.as_str() {
        Some("MD5") => md5(bytes),
        Some("SHA-1") => sha1(bytes),
        Some("SHA-256") => sha2::sha256(bytes),
        Some("SHA-384") => sha2::sha384(bytes),
        Some("SHA-512") => sha2::sha512(bytes),
        _ => return Err("The hash algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512.".into()),
    };
    let hex = digest.iter().fold(String::with_capacity(digest.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok(hex.into())
}

/// The message, a one bit, zeros, and the length in bits at the end of a block of `block` bytes.
pub(super) fn padded(message: &[u8], block: usize, length: &[u8]) -> Vec<u8> {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + length.len()).next_multiple_of(block) - length.len(), 0);
    padded.extend_from_slice(length);
    padded
}

fn md5(message: &[u8]) -> Vec<u8> {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state = [0x6745_2301u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(message, 64, &(message.len() as u64 * 8).to_le_bytes()).chunks_exact(64) {
        let words: Vec<u32> = block.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for round in 0..64usize {
            let (mixed, word) = match round / 16 {
                0 => ((b & c) | (!b & d), round),
                1 => ((d & b) | (!d & c), (5 * round + 1) % 16),
                2 => (b ^ c ^ d, (3 * round + 5) % 16),
                _ => (c ^ (b | !d), (7 * round) % 16),
            };
            let constant = (((round + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(words[word]);
            let turned = b.wrapping_add(sum.rotate_left(SHIFTS[round / 16][round % 4]));
            (a, d, c, b) = (d, c, b, turned);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[expect(clippy::many_single_char_names, reason = "the standard's own names")]
fn sha1(message: &[u8]) -> Vec<u8> {
    let mut state = [0x6745_2301u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(message, 64, &(message.len() as u64 * 8).to_be_bytes()).chunks_exact(64) {
        let mut words: Vec<u32> = block.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]])).collect();
        for at in 16..80 {
            words.push((words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (round, word) in words.iter().enumerate() {
            let (mixed, constant) = match round / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}
