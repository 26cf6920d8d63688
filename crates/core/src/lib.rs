//! fanout's own words, without I/O: run lists, strategies, plans, the client machine, reports.

pub mod assignment;
pub mod call;
pub mod client;
pub mod command;
pub mod comparison;
pub mod event;
pub mod explain;
pub mod fan_out;
pub mod infrastructure;
pub mod item;
pub mod limits;
pub mod max_fails;
pub mod plan;
pub mod report;
pub mod retries;
pub mod rounds;
pub mod run_list;
pub mod select;
pub mod strategy;
pub mod survey;
