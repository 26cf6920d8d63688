//! The only user of the AWS SDK: calls as data become requests, answers become data, and nothing is decided here.

mod account;
mod batch;
mod clients;
mod failure;
mod in_process;
mod logs;
mod members;
mod objects;
mod states;

pub use account::{Account, Login, NoRegion, is_loopback};
pub use clients::Clients;
pub use in_process::InProcess;
pub use logs::LogPage;

#[cfg(test)]
mod tests;
