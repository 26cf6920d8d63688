//! Where ids come from: one seeded source.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Uuid;

use crate::port::AttemptId;

/// A stream of ids in order, and ids that follow from what they name.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    next: ChaCha8Rng,
    /// Of ids that only the client of a reading call sees.
    transient: ChaCha8Rng,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let next = ChaCha8Rng::seed_from_u64(seed);
        let mut transient = next.clone();
        transient.set_stream(u64::MAX);
        Self { seed, next, transient }
    }

    /// A UUID that was not handed out before.
    pub(crate) fn uuid(&mut self) -> Uuid {
        uuid(&mut self.next)
    }

    /// A UUID for the answer of a call that changes nothing, and is therefore not remembered: all other ids are the
    /// same whether or not there was such a call.
    pub(crate) fn transient(&mut self) -> Uuid {
        uuid(&mut self.transient)
    }

    /// The ECS task of an attempt: 32 hex digits. Derived, so that nobody has to store it.
    pub(crate) fn task(&self, attempt: AttemptId) -> String {
        simple(self.attempt_bytes(attempt).0)
    }

    /// The ECS container instance under an attempt on EC2: 32 hex digits.
    pub(crate) fn container_instance(&self, attempt: AttemptId) -> String {
        simple(self.attempt_bytes(attempt).1)
    }

    /// The EC2 instance under an attempt: `i-` and 17 hex digits.
    pub(crate) fn instance(&self, attempt: AttemptId) -> String {
        let host = simple(self.attempt_bytes(attempt).1);
        format!("i-0{}", &host[..16])
    }

    /// Mixed and not drawn: a description names them each time it is read.
    fn attempt_bytes(&self, attempt: AttemptId) -> (Uuid, Uuid) {
        let base = mix(self.seed ^ mix(attempt.0));
        let word = |which: u64| mix(base.wrapping_add(which));
        (Uuid::from_u64_pair(word(1), word(2)), Uuid::from_u64_pair(word(3), word(4)))
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood 2014). Log streams are named by it, so it
/// has to be the same in every release.
fn mix(seed: u64) -> u64 {
    let mut word = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

fn simple(id: Uuid) -> String {
    id.as_simple().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

fn uuid(source: &mut ChaCha8Rng) -> Uuid {
    let mut bytes = [0; 16];
    source.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
