//! The wire: how jobs are cancelled and terminated.

use serde::{Deserialize, Serialize};

shapes! {
    /// `CancelJob`.
    CancelJob {
        /// Which job; a child is `<parent>:<index>`.
        job_id: String,
        /// At most 1,024 characters; becomes the status reason.
        reason: String,
    }
    /// `TerminateJob`.
    TerminateJob {
        /// Which job; a child is `<parent>:<index>`.
        job_id: String,
        /// At most 1,024 characters; becomes the status reason.
        reason: String,
    }
    /// `CancelJobs`.
    CancelJobs {
        /// At most 50.
        jobs: Vec<String>,
        /// At most 1,024 characters; becomes the status reason.
        reason: String,
    }
    /// `TerminateJobs`.
    TerminateJobs {
        /// At most 50.
        jobs: Vec<String>,
        /// At most 1,024 characters; becomes the status reason.
        reason: String,
    }
    /// Answer of the bulk calls: always 200.
    BulkResult {
        /// The ids of the jobs that were reached, or that do not exist.
        successful: Vec<String>,
        /// One for each job that was not reached.
        errors: Vec<BulkError>,
    }
    /// A job that a bulk call did not reach.
    BulkError {
        /// Which job.
        job: String,
        /// The error's name.
        code: String,
        /// AWS's words.
        message: String,
    }
}
