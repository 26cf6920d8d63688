//! Step Functions' calls as data: what a client asks and what the service answers.
//!
//! Shapes, names and error codes are those of the service model `stepfunctions/2016-11-23`
//! (JSON 1.0: `POST /`, `X-Amz-Target: AWSStepFunctions.<operation>`). Member names are camel case
//! on the wire; times are epoch seconds with milliseconds; documents, inputs and outputs are JSON
//! inside strings. The same types are written by the client, read by the engine and translated by
//! the wire front end, so there is one description of each call.

mod activity;
mod alias;
mod configuration;
mod constraints;
pub mod epoch_seconds;
mod error;
mod execution;
mod history;
mod machine;
mod map_run;
mod not_json;
mod reply;
mod request;
mod shapes;
mod tags;
mod task;
mod test_state;
mod validation;
mod version;

pub use activity::*;
pub use alias::*;
pub use configuration::*;
pub use error::{ApiError, DecodeError};
pub use execution::*;
pub use history::*;
pub use machine::*;
pub use map_run::*;
pub use not_json::not_json;
pub use reply::Reply;
pub use request::Request;
pub use tags::*;
pub use task::*;
pub use test_state::*;
pub use validation::*;
pub use version::*;

/// What Step Functions writes into the environment of a Batch job that it waits for. It is the key of
/// the event rule by which it learns of the job's end (terraform copies of the managed rule).
pub const MANAGED_BY_AWS: (&str, &str) = ("MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS");

fn to_json(shape: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(shape).unwrap_or_default()
}

#[cfg(test)]
mod tests;
