//! AWS on a bad day: hosts that are taken away, images that cannot be pulled, programs that fail, calls that are refused
//! as too fast. Only if asked for, and for one seed always the same.

mod fate;
mod faults;
mod host;
mod share;
mod throttle;

pub use faults::{Faults, FaultsError};
pub use share::Share;

pub(crate) use host::{Begin, Due, Host, Stopping};
pub(crate) use throttle::{Service, Throttle};

/// What goes wrong, and what decides for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// What was asked for.
    pub faults: Faults,
    /// Of every draw; ids have another one.
    pub seed: u64,
    /// The variable of a job's environment that says which run of a fan-out the job is, or which the first run of its
    /// array; where it is set, the same run has the same fate however it was submitted.
    pub index_variable: String,
}

#[cfg(test)]
mod tests;
