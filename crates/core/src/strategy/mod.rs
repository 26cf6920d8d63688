//! Strategies: pure functions from a fan-out to a plan, one file each.

mod array;
mod auto;
mod definition;
mod distributed_map;
mod document;
mod map;
mod multi_node;
mod overrides;
mod packer;
mod parallel;
mod submit;
#[cfg(test)]
pub(crate) mod testing;

use crate::fan_out::FanOut;
use crate::limits::Violation;
use crate::plan::Plan;

pub use array::Array;
pub use auto::Auto;
pub use distributed_map::DistributedMap;
pub use map::{Map, Shape, ShapeError, ShapedMap};
pub(crate) use multi_node::KEEPER_VCPUS;
pub use multi_node::{MultiNode, room_of};
pub use parallel::Parallel;
pub use submit::Submit;

/// A way to fan out.
pub trait Strategy {
    /// As typed after `--strategy`.
    fn name(&self) -> &'static str;

    /// What AWS is to be asked for this fan-out.
    ///
    /// # Errors
    /// Everything that AWS would refuse or that contradicts itself, at once.
    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError>;
}

/// Every strategy; [`Auto`] is a choice among some of them.
pub const ALL: [&dyn Strategy; 6] = [&Map, &DistributedMap, &Parallel, &Array, &Submit, &MultiNode];

/// A fan-out that has no plan under a strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {strategy} plan for this fan-out")]
pub struct PlanError {
    /// Which strategy.
    pub strategy: &'static str,
    /// Why not: at least one reason.
    pub violations: Vec<Violation>,
}

impl PlanError {
    fn new(strategy: &'static str, violations: Vec<Violation>) -> Self {
        Self { strategy, violations }
    }

    /// Whether a quota is the reason, rather than a fan-out that makes no sense.
    pub fn is_quota(&self) -> bool {
        self.violations.iter().all(|violation| matches!(violation, Violation::Over { .. }))
    }
}
