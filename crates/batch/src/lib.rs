//! AWS Batch as a pure state machine: no I/O, no clock, no randomness of its own.
//!
//! A [`Scheduler`] is an account in one region. It is told what happened ([`Input`]), says what to
//! do next ([`Effect`]) and when it wants to be woken ([`Deadline`]). Each operation of the service
//! has its file; what they have in common is the life of a job: `submit` makes it, `dependency`
//! lets it go, `placement` starts it, `progress` follows its attempts, `array` sums up children,
//! `gang` keeps nodes together.
//!
//! Nobody waits or moves the clock while an effect is undrained.

pub mod api;

mod admission;
mod array;
mod cancel;
mod checks;
mod container;
mod definition;
mod dependency;
mod describe;
mod ecs;
mod environment;
mod explain;
mod fargate;
mod gang;
mod ids;
mod job;
mod keyed;
mod launch;
pub mod limits;
mod list;
mod names;
mod nodes;
mod overstay;
mod page;
mod placement;
mod policy;
mod port;
mod progress;
mod queue;
mod refusal;
mod register;
mod retention;
mod retry;
mod scheduler;
mod share;
mod size;
mod snapshot;
mod submit;
mod tags;
mod unit;
pub mod words;

pub use explain::{Explanation, Room};
pub use fargate::is_fargate_size;
pub use names::{is_job_name, is_name};
pub use port::{AttemptEnd, AttemptId, AttemptView, CallId, Deadline, Effect, Input, Launch};
pub use scheduler::{Scheduler, Settings};
