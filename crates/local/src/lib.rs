//! What makes the engine real: a clock, processes, logs, and the HTTP face that AWS clients speak to.
//!
//! One thread owns the engine ([`driver`]); HTTP calls, process ends and timers only send it messages.

pub mod clock;
pub mod driver;
pub mod journal;
pub mod logs;
pub mod objects;
pub mod process;
pub mod runner;
pub mod serve;
pub mod store;
pub mod wire;

pub use clock::Clock;
pub use driver::{EngineHandle, drive, resume};
pub use journal::{Journal, JournalError, Recovered, StateDir, StateDirError, Survives};
pub use logs::LogStore;
pub use objects::{Listed, ObjectError, Objects};
pub use process::ProcessRunner;
pub use runner::{Report, Reports, Runner};
pub use serve::{Listener, Reach, ServeError, serve};
pub use store::{NoObjects, ObjectStore};
pub use wire::{Access, router, signed, with_objects};

#[cfg(test)]
mod testing;
