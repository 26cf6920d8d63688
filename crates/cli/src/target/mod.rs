//! Where a plan is carried out: a set of AWS clients and what stands behind them.

pub(crate) mod local;
pub(crate) mod program;
