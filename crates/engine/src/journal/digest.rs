//! What an input led to, in 64 bits.

use crate::{Effect, Reply};

/// A fingerprint (FNV-1a) of effects in their order. It tells accidents, not attackers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    /// Of no effect at all.
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// The next effect.
    pub fn add(&mut self, effect: &Effect) {
        match effect {
            Effect::Reply { id: _, reply } => match &**reply {
                Reply::Batch(Ok(reply)) => self.text(&reply.to_json().to_string()),
                Reply::Batch(Err(error)) => self.text(&error.message),
                Reply::States(Ok(reply)) => self.text(&reply.to_json().to_string()),
                Reply::States(Err(error)) => self.text(&error.code),
            },
            Effect::CallObjects { id, call } => self.text(&format!("objects {} {call:?}", id.0)),
            Effect::StartAttempt { attempt } => self.text(&format!("start {}", attempt.0)),
            Effect::StopAttempt { attempt } => self.text(&format!("stop {}", attempt.0)),
        }
    }

    /// Something that belongs to the same entry, such as its own text.
    pub fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// As it is stored.
    pub fn to_bits(self) -> u64 {
        self.0
    }
}
