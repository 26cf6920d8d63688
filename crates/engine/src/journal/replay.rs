//! An engine again, from what it was told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Digest, Entry, EntryError};
use crate::{AttemptId, CallId, Effect, Engine, Input, ObjectCall, ObjectCallId, Settings};

/// Takes stored inputs in their order. Nobody is answered and nothing is started.
#[derive(Debug)]
pub struct Replay {
    engine: Engine,
    in_flight: BTreeSet<AttemptId>,
    asked: BTreeMap<ObjectCallId, ObjectCall>,
    last: Timestamp,
}

/// What a journal leads to.
#[derive(Debug)]
pub struct Replayed {
    /// The engine.
    pub engine: Engine,
    /// The attempts that were in flight.
    pub in_flight: BTreeSet<AttemptId>,
    /// The calls on objects that were not answered.
    pub asked: BTreeMap<ObjectCallId, ObjectCall>,
    /// When the last input came.
    pub last: Timestamp,
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
        Self { engine: Engine::new(settings), in_flight: BTreeSet::new(), asked: BTreeMap::new(), last: Timestamp::MIN }
    }

    /// The next input, when it came, and what its digest was.
    ///
    /// # Errors
    /// [`ReplayError`]; the replay is of no use afterwards.
    pub fn feed(&mut self, entry: &Entry, at: Timestamp, digest: u64) -> Result<(), ReplayError> {
        let input = entry.input(CallId(0))?;
        match &input {
            Input::AttemptEnded { attempt, .. } => drop(self.in_flight.remove(attempt)),
            Input::ObjectAnswered { id, .. } => drop(self.asked.remove(id)),
            Input::Call { .. } | Input::AttemptStarted { .. } | Input::Tick => {}
        }
        let mut found = entry.digest(at);
        self.engine.handle(input, at);
        while let Some(effect) = self.engine.poll_effect() {
            found.add(&effect);
            match effect {
                Effect::StartAttempt { attempt } => drop(self.in_flight.insert(attempt)),
                Effect::CallObjects { id, call } => drop(self.asked.insert(id, call)),
                Effect::Reply { .. } | Effect::StopAttempt { .. } => {}
            }
        }
        self.last = at;
        if found.to_bits() == digest { Ok(()) } else { Err(ReplayError::Differs) }
    }

    /// Where the journal ends.
    pub fn finish(self) -> Replayed {
        let Self { engine, in_flight, asked, last } = self;
        Replayed { engine, in_flight, asked, last }
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
