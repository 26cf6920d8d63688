//! Ids of requests: in the form of a UUID, none twice.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Debug)]
pub(super) struct RequestIds(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner { process: RandomState::new().hash_one(std::process::id()), next: AtomicU64::new(1) }))
    }

    pub(super) fn next(&self) -> String {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let random = self.0.process;
        format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{number:012x}", random >> 32, (random >> 16) & 0xffff, random & 0xfff, (random >> 4) & 0xfff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_look_like_uuids_and_differ() {
        let ids = RequestIds::new();
        let (first, second) = (ids.next(), ids.next());
        assert_ne!(first, second);
        assert_eq!(first.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }
}
