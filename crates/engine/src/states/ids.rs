//! Ids from a seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Uuid;

/// A source of ids that gives the same ids for the same seed.
#[derive(Clone, Debug)]
pub(crate) struct Ids(ChaCha8Rng);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// From 0 to 99.
    pub(crate) fn percent(&mut self) -> u32 {
        (self.0.next_u64() % 100) as u32
    }

    pub(crate) fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }
}
