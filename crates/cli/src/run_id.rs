//! Names for fan-outs: sortable by time, short enough to type.

use jiff::Timestamp;
use uuid::Uuid;

/// Letters without those that are mistaken for others, in the order in which names are sorted.
const LETTERS: &[u8; 32] = b"023456789abcdefghjkmnpqrstuvwxyz";

/// A new name, as in `20261122-143512-k3f9q`: the second, two letters for the millisecond, and three that nobody can guess.
pub(crate) fn new(now: Timestamp) -> String {
    let millisecond = now.subsec_millisecond().unsigned_abs() as usize;
    let random = Uuid::new_v4();
    let places = [millisecond / 32, millisecond % 32];
    let random = random.as_bytes()[..3].iter().map(|byte| usize::from(byte % 32));
    let tail: String = places.into_iter().chain(random).map(|place| char::from(LETTERS[place])).collect();
    format!("{}-{tail}", now.strftime("%Y%m%d-%H%M%S"))
}

/// A seed that nobody chose.
pub(crate) fn seed() -> u64 {
    Uuid::new_v4().as_u64_pair().0
}

#[cfg(test)]
mod tests {
    use super::new;
    use jiff::Timestamp;

    #[test]
    fn names_are_sorted_by_time() {
        let names: Vec<String> =
            [0, 1, 31, 32, 500, 999, 1_000].into_iter().map(|at| new(Timestamp::from_millisecond(at).unwrap())).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
