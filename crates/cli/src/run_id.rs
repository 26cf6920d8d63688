//! Names for fan-outs: sortable by time, short enough to type.

use jiff::Timestamp;
use uuid::Uuid;

/// Letters without those that are mistaken for others.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// A new name, as in `20261122-143512-k3f9`.
pub(crate) fn new(now: Timestamp) -> String {
    let random = Uuid::new_v4();
    let tail: String = random.as_bytes()[..4].iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{tail}", now.strftime("%Y%m%d-%H%M%S"))
}

/// A seed that nobody chose.
pub(crate) fn seed() -> u64 {
    Uuid::new_v4().as_u64_pair().0
}
