//! The execution's only source of chance: jitter, `States.UUID`, `States.MathRandom`.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use uuid::Uuid;

/// A seeded stream of random values.
#[derive(Debug)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// The stream that belongs to `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Uniform in `0.0..1.0`.
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `from..to`; `from` if the range is empty.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = i128::from(to) - i128::from(from);
        if width <= 0 {
            return from;
        }
        let step = (u128::from(self.0.next_u64()) * width.unsigned_abs()) >> 64;
        (i128::from(from) + step as i128) as i64
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (random.uuid(), random.between(-5, 5), random.fraction().to_bits())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn ranges_are_kept() {
        let mut random = Random::new(1);
        assert!((0..1000).all(|_| (-3..4).contains(&random.between(-3, 4))));
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.fraction())));
        assert_eq!(random.between(4, 4), 4);
        // A width that no i64 holds once came out below its beginning.
        assert!((0..1000).any(|_| random.between(-1, i64::MAX) > i64::MAX / 2));
        assert!((0..1000).any(|_| random.between(i64::MIN, i64::MAX) > 0));
    }
}
