//! Amazon States Language as pure machinery: no I/O, no clock, no randomness of its own.
//!
//! A [`Definition`] is a document, read and checked. An [`Execution`] runs one: [`Execution::handle`] takes in what
//! happened, [`Execution::poll_effect`] says what the caller has to do, [`Execution::poll_deadline`] when a tick is wanted.
//!
//! The files: `document/` is what is written (one file per state type), `execution/` what it does (again one per type),
//! `path/`, `expression/`, `jsonata/` and `intrinsic/` are the language of the values, `history/` what is remembered. `graph/`
//! draws any document, correct or not; `check/` finds what is wrong with one, beyond what keeps it from being read;
//! `test_state/` tries one state on its own; `mocks/` answers tasks that are not to be run.

pub mod api;
pub mod check;
mod context;
mod document;
mod execution;
mod expression;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod graph;
pub mod history;
mod intrinsic;
mod jsonata;
mod language;
pub mod map_run;
pub mod mocks;
mod path;
mod payload;
mod port;
mod random;
pub mod reads;
pub mod services;
mod settings;
mod test_state;
mod variables;

pub use document::{Definition, MachineType, Processor, Resource};
pub use execution::Execution;
pub use payload::Payload;
pub use port::{Deadline, Effect, FailureStage, Input, Outcome, TaskId};
pub use settings::{
    HISTORY_EVENTS, INLINE_MAP_CONCURRENCY, MAP_RUN_CONCURRENCY, PAYLOAD_BYTES, Quotas, Settings, StartedAs, VARIABLES_BYTES,
};
pub use test_state::test_state;
