//! An engine again, from what it was told.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Digest, Entry, EntryError};
use crate::{AttemptId, CallId, Effect, Engine, Input, Settings};

/// Takes stored inputs in their order. Nobody is answered and nothing is started.
#[derive(Debug)]
pub struct Replay {
    engine: Engine,
    in_flight: BTreeSet<AttemptId>,
    last: Timestamp,
}

/// Why a stored input cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is no input.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// It is damaged, or this engine does otherwise than the one that stored it.
    #[error("it does not lead to what it led to when it was written")]
    Differs,
}

impl Replay {
    /// An engine that was told nothing yet.
    pub fn new(settings: Settings) -> Self {
        Self { engine: Engine::new(settings), in_flight: BTreeSet::new(), last: Timestamp::MIN }
    }

    /// The next input, when it came, and what its digest was.
    ///
    /// # Errors
    /// [`ReplayError`]; the replay is of no use afterwards.
    pub fn feed(&mut self, entry: &Entry, at: Timestamp, digest: u64) -> Result<(), ReplayError> {
        let input = entry.input(CallId(0))?;
        if let Input::AttemptEnded { attempt, .. } = &input {
            self.in_flight.remove(attempt);
        }
        let mut found = entry.digest(at);
        self.engine.handle(input, at);
        while let Some(effect) = self.engine.poll_effect() {
            found.add(&effect);
            if let Effect::StartAttempt { attempt } = effect {
                self.in_flight.insert(attempt);
            }
        }
        self.last = at;
        if found.to_bits() == digest { Ok(()) } else { Err(ReplayError::Differs) }
    }

    /// The engine, the attempts that were in flight when the journal ends, and the time of its last input.
    pub fn finish(self) -> (Engine, BTreeSet<AttemptId>, Timestamp) {
        (self.engine, self.in_flight, self.last)
    }
}

impl Entry {
    /// Of the entry itself; its effects are to be added.
    pub fn digest(&self, at: Timestamp) -> Digest {
        let mut digest = Digest::default();
        digest.text(&self.kind);
        digest.text(&self.body);
        digest.text(&at.to_string());
        digest
    }
}

#[cfg(test)]
mod tests;
