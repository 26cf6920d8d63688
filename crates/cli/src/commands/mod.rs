//! The commands, one file each.

pub(crate) mod asl;
pub(crate) mod attach;
pub(crate) mod bench;
pub(crate) mod config;
pub(crate) mod explain;
pub(crate) mod help_pages;
pub(crate) mod local;
pub(crate) mod logs;
pub(crate) mod records;
pub(crate) mod results;
pub(crate) mod retry;
pub(crate) mod run;
