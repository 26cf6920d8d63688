//! Words of AWS that Batch says and its clients look for.

/// The log group of jobs (BUG using_awslogs).
pub const LOG_GROUP: &str = "/aws/batch/job";
/// The status reason of an attempt whose program ended by itself, well or not (public outputs).
pub const EXITED: &str = "Essential container in task exited";
