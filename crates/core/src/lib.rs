//! fanout's own words, without I/O.

pub mod call;
