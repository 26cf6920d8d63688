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

/// A list that only grows.
#[derive(Debug)]
pub(crate) struct Keyed<K, T> {
    items: Vec<T>,
    key: PhantomData<K>,
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self { items: Vec::new(), key: PhantomData }
    }
}

impl<K: Key, T> Keyed<K, T> {
    pub(crate) fn push(&mut self, item: T) -> K {
        self.items.push(item);
        K::new(self.items.len() - 1)
    }

    /// The key that the next item gets.
    pub(crate) fn next(&self) -> K {
        K::new(self.items.len())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }

    pub(crate) fn get(&self, key: K) -> Option<&T> {
        self.items.get(key.index())
    }
}

impl<K: Key, T> Index<K> for Keyed<K, T> {
    type Output = T;
    fn index(&self, key: K) -> &T {
        &self.items[key.index()]
    }
}

impl<K: Key, T> IndexMut<K> for Keyed<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.items[key.index()]
    }
}
