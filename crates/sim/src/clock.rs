//! What is going to happen, in order of time and then of asking.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::Timestamp;

/// Coming events of type `T`.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<(Timestamp, u64, usize)>>,
    slots: Vec<Option<T>>,
    free: Vec<usize>,
    asked: u64,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self { heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), asked: 0 }
    }

    pub(crate) fn add(&mut self, at: Timestamp, event: T) {
        let slot = self.free.pop().unwrap_or(self.slots.len());
        if slot == self.slots.len() {
            self.slots.push(Some(event));
        } else {
            self.slots[slot] = Some(event);
        }
        self.heap.push(Reverse((at, self.asked, slot)));
        self.asked += 1;
    }

    /// Forgets what is not kept.
    pub(crate) fn retain(&mut self, keeps: impl Fn(&T) -> bool) {
        for slot in &mut self.slots {
            *slot = slot.take().filter(&keeps);
        }
        let (kept, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.heap).into_iter().partition(|Reverse((_, _, slot))| self.slots[*slot].is_some());
        self.heap = kept.into();
        self.free.extend(gone.into_iter().map(|Reverse((_, _, slot))| slot));
    }

    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, _, _))| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Timestamp, T)> {
        let Reverse((at, _, slot)) = self.heap.pop()?;
        self.free.push(slot);
        self.slots[slot].take().map(|event| (at, event))
    }
}

#[cfg(test)]
mod tests {
    use super::Agenda;
    use jiff::Timestamp;

    #[test]
    fn events_come_by_time_and_then_by_asking() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut agenda = Agenda::new();
        for (second, name) in [(2, "c"), (1, "a"), (1, "b")] {
            agenda.add(at(second), name);
        }
        assert_eq!(agenda.next_at(), Some(at(1)));
        let order: Vec<&str> = std::iter::from_fn(|| agenda.pop()).map(|(_, name)| name).collect();
        assert_eq!(order, ["a", "b", "c"]);
    }

    #[test]
    fn what_is_forgotten_does_not_come() {
        let mut agenda = Agenda::new();
        for (second, name) in [(1, "a"), (2, "b"), (3, "c")] {
            agenda.add(Timestamp::from_second(second).unwrap(), name);
        }
        agenda.retain(|name| *name != "b");
        agenda.add(Timestamp::from_second(4).unwrap(), "d");
        let order: Vec<&str> = std::iter::from_fn(|| agenda.pop()).map(|(_, name)| name).collect();
        assert_eq!(order, ["a", "c", "d"]);
    }
}
