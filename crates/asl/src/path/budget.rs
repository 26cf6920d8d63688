//! What following one path may cost. Descents and filters multiply, so a short path can match without end.

use std::cell::Cell;

use serde_json::Value;

use crate::payload::{MOST_WEIGHT, NODE_WEIGHT, weigh};

/// The end of the budget.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spent;

/// The weight of what may still be looked at, compared and copied.
pub(super) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MOST_WEIGHT))
    }
}

impl Budget {
    /// Looks at a node.
    pub(super) fn visit(&self) -> Result<(), Spent> {
        self.visits(1)
    }

    /// Looks so many times.
    pub(super) fn visits(&self, count: usize) -> Result<(), Spent> {
        self.0.set(self.0.get().checked_sub(NODE_WEIGHT.saturating_mul(count)).ok_or(Spent)?);
        Ok(())
    }

    /// Copies a node, or compares all of it.
    pub(super) fn copy(&self, node: &Value) -> Result<(), Spent> {
        self.0.set(weigh(node, self.0.get()).ok_or(Spent)?);
        Ok(())
    }
}
