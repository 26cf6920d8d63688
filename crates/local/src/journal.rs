//! What outlives the process: every input of the engine, on disk before anybody sees what came of it.
//!
//! `journal.sqlite` in the state directory holds one row for each input (`fanout_engine::journal` says what is in it)
//! and the engine's settings as row 0. It can be read with `sqlite3` while fanout writes it.

mod directory;
mod store;

pub use directory::{StateDir, StateDirError};
pub use store::{Journal, JournalError, Recovered, Survives};

#[cfg(test)]
mod tests;
