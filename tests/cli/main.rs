//! The command line from end to end: the real binary, real processes, one sentence per promise.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

#[path = "../support/cli.rs"]
mod support;

mod auto;
mod bad_input;
mod bench;
mod cascades;
mod chaos;
mod checks;
mod concurrency;
mod contract;
mod distributed;
mod executions;
mod explain;
mod failures;
mod help_pages;
mod hostile_items;
mod multi_node;
mod output;
mod places;
mod plans;
mod records;
mod retries;
mod settings;
mod stopping;
mod targets;
