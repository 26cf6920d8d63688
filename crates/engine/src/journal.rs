//! The journal of inputs: an engine is what its settings and its inputs have made of it, so these are all that has to
//! be remembered.
//!
//! Each input is written with a digest of the effects that it had. Replaying it must have the same effects: whatever
//! damaged the journal, and an engine that answers otherwise than the one that wrote it, is found out.

mod digest;
mod replay;
mod settings;
mod wire;

pub use digest::Digest;
pub use replay::{Replay, ReplayError, Replayed};
pub use settings::SettingsError;
pub use wire::{Entry, EntryError};
