//! The simulated world: a plan, the client machine and the engine under a virtual clock.
//!
//! These are the machines that make real runs. Only time, latencies and the programs are made up,
//! all of them from arguments, so the same simulation always gives the same events.

mod clock;
mod world;

pub use world::{Behaviour, Latencies, Outcome, Program, Refusal, Simulation};
