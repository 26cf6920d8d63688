//! The scheduler from outside: this input gives exactly these effects, and these descriptions.
//!
//! Each test that holds a behaviour of AWS names its source: BUG is the AWS Batch User Guide, BM the service
//! model of botocore 1.44.5, "public" an output that somebody quoted.

mod account;
mod arrays;
mod cancelling;
mod control_plane;
mod definitions;
mod dependencies;
mod describing;
mod explaining;
mod listing;
mod model;
mod model_of_nodes;
mod nodes;
mod overstaying;
mod placing;
mod retaining;
mod retrying;
mod robustness;
mod sharing;
mod submitting;
mod tagging;
mod tasks;
mod timing_out;
mod wire;
