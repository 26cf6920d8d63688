//! Growing lists whose places have a type: a job's key cannot be used for a queue.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A place in a [`Keyed`] list.
pub(crate) trait Key: Copy {
    fn new(index: usize) -> Self;
    fn index(self) -> usize;
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u32);

        impl Key for $name {
            fn new(index: usize) -> Self {
                Self(index as u32)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

keys! {
    /// A compute environment, also a deleted one.
    EnvironmentKey;
    /// A job queue, also a deleted one.
    QueueKey;
    /// A scheduling policy, also a deleted one.
    PolicyKey;
    /// What a client submitted: a plain job or an array.
    JobKey;
    /// What can run: a plain job or one child of an array.
    UnitKey;
}

/// A list that grows at its end; what was there first may be forgotten.
#[derive(Debug)]
pub(crate) struct Keyed<K, T> {
    items: Vec<T>,
    /// How many have been dropped from the beginning.
    dropped: usize,
    /// How many at the beginning of `items` are forgotten and wait to be dropped together.
    forgotten: usize,
    key: PhantomData<K>,
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self { items: Vec::new(), dropped: 0, forgotten: 0, key: PhantomData }
    }
}

impl<K: Key, T> Keyed<K, T> {
    pub(crate) fn push(&mut self, item: T) -> K {
        self.items.push(item);
        K::new(self.dropped + self.items.len() - 1)
    }

    /// The key that the next item gets.
    pub(crate) fn next(&self) -> K {
        K::new(self.dropped + self.items.len())
    }

    /// Those that are not forgotten.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items[self.forgotten..].iter()
    }

    pub(crate) fn get(&self, key: K) -> Option<&T> {
        let place = key.index().checked_sub(self.dropped).filter(|place| *place >= self.forgotten)?;
        self.items.get(place)
    }

    /// Forgets the next items.
    pub(crate) fn forget_first(&mut self, count: usize) {
        self.forgotten = (self.forgotten + count).min(self.items.len());
        // All at once, lest the rest be moved each time.
        if self.forgotten * 2 > self.items.len() {
            self.items.drain(..self.forgotten);
            self.items.shrink_to(self.items.len() * 2);
            self.dropped += self.forgotten;
            self.forgotten = 0;
        }
    }

    /// Forgets all items before this one.
    pub(crate) fn forget_before(&mut self, key: K) {
        self.forget_first(key.index().saturating_sub(self.dropped + self.forgotten));
    }
}

impl<K: Key, T> Index<K> for Keyed<K, T> {
    type Output = T;
    fn index(&self, key: K) -> &T {
        &self.items[key.index() - self.dropped]
    }
}

impl<K: Key, T> IndexMut<K> for Keyed<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.items[key.index() - self.dropped]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_what_they_are_when_the_first_are_forgotten() {
        let mut list: Keyed<JobKey, u32> = Keyed::default();
        let keys: Vec<JobKey> = (0..10).map(|number| list.push(number)).collect();
        for count in [1, 2, 3, 1] {
            list.forget_first(count);
            assert_eq!(list[keys[8]], 8);
        }
        assert_eq!((list.get(keys[6]), list.get(keys[7]), list.iter().count()), (None, Some(&7), 3));
        list.forget_before(keys[9]);
        assert_eq!((list.push(10), list.get(keys[8]), list[keys[9]]), (JobKey(10), None, 9));
    }
}
