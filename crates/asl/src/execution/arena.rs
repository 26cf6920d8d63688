//! Values that come and go, under keys that are never mistaken for one another's.

/// The name of a value in an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    index: u32,
    generation: u32,
}

impl Key {
    /// The name of nothing.
    pub(super) const NONE: Self = Self { index: u32::MAX, generation: u32::MAX };
}

/// A list whose places are used again.
#[derive(Debug)]
pub(super) struct Arena<T> {
    slots: Vec<(u32, Option<T>)>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Keeps a value.
    pub(super) fn insert(&mut self, value: T) -> Key {
        if let Some(index) = self.free.pop() {
            let (generation, place) = &mut self.slots[index as usize];
            *place = Some(value);
            return Key { index, generation: *generation };
        }
        self.slots.push((0, Some(value)));
        Key { index: (self.slots.len() - 1) as u32, generation: 0 }
    }

    /// The value, if it is still there.
    pub(super) fn get(&self, key: Key) -> Option<&T> {
        let (generation, value) = self.slots.get(key.index as usize)?;
        value.as_ref().filter(|_| *generation == key.generation)
    }

    /// The value, if it is still there.
    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let (generation, value) = self.slots.get_mut(key.index as usize)?;
        value.as_mut().filter(|_| *generation == key.generation)
    }

    /// Takes a value out; its key will name nothing.
    pub(super) fn remove(&mut self, key: Key) -> Option<T> {
        let (generation, value) = self.slots.get_mut(key.index as usize)?;
        if *generation != key.generation {
            return None;
        }
        let value = value.take()?;
        *generation = generation.wrapping_add(1);
        self.free.push(key.index);
        Some(value)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::Arena;

    #[test]
    fn old_keys_name_nothing() {
        let mut arena = Arena::default();
        let first = arena.insert('a');
        assert_eq!(arena.remove(first), Some('a'));
        let second = arena.insert('b');
        assert_eq!((arena.get(first), arena.get(second)), (None, Some(&'b')));
        assert_eq!(arena.remove(first), None);
    }
}
