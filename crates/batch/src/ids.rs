//! Where ids come from: one seeded source.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Uuid;

use crate::port::AttemptId;

/// A stream of ids in order, and ids that follow from what they name.
#[derive(Debug)]
pub(crate) struct Ids {
    /// Untouched: attempts' ids are read from streams of their own.
    seeded: ChaCha8Rng,
    next: ChaCha8Rng,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let seeded = ChaCha8Rng::seed_from_u64(seed);
        Self { next: seeded.clone(), seeded }
    }

    /// A UUID that was not handed out before.
    pub(crate) fn uuid(&mut self) -> Uuid {
        uuid(&mut self.next)
    }

    /// The ECS task of an attempt: 32 hex digits. Derived, so that nobody has to store it.
    pub(crate) fn task(&self, attempt: AttemptId) -> String {
        self.attempt_bytes(attempt).0.simple().to_string()
    }

    /// The ECS container instance under an attempt on EC2: 32 hex digits.
    pub(crate) fn container_instance(&self, attempt: AttemptId) -> String {
        self.attempt_bytes(attempt).1.simple().to_string()
    }

    /// The EC2 instance under an attempt: `i-` and 17 hex digits.
    pub(crate) fn instance(&self, attempt: AttemptId) -> String {
        let host = self.attempt_bytes(attempt).1.simple().to_string();
        format!("i-0{}", &host[..16])
    }

    fn attempt_bytes(&self, attempt: AttemptId) -> (Uuid, Uuid) {
        let mut source = self.seeded.clone();
        source.set_stream(attempt.0.wrapping_add(1));
        (uuid(&mut source), uuid(&mut source))
    }
}

fn uuid(source: &mut ChaCha8Rng) -> Uuid {
    let mut bytes = [0; 16];
    source.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
