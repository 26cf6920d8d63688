//! AWS Batch's calls as data: what a client asks and what the service answers.
//!
//! Shapes and names are those of the service model `batch/2016-08-10` (REST-JSON: every operation
//! but the tag calls is `POST /v1/<operation in lower case>`). Member names are camel case on the
//! wire, times are integer milliseconds since the epoch, and what is absent is left out. The same
//! types are written by the client, read by the scheduler and translated by the wire front end.
//! Members that few calls have are carried in `rest`, whether or not the scheduler reads them, and come back unchanged.

use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }
    )*};
}

mod cancel;
mod definition;
mod environment;
mod error;
mod job;
mod list;
mod node;
mod policy;
mod queue;
mod submit;
mod tag;

pub use cancel::*;
pub use definition::*;
pub use environment::*;
pub use error::*;
pub use job::*;
pub use list::*;
pub use node::*;
pub use policy::*;
pub use queue::*;
pub use submit::*;
pub use tag::*;

shapes! {
    /// An answer without members.
    Empty {}
}

fn to_json(shape: &impl Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or_default()
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident @ $path:literal => $reply:ident;)*) => {
        /// One call.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request {
            $($(#[$doc])* $name($name),)*
        }

        impl Request {
            /// The operation's name.
            pub fn operation(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// The path after `/v1/`; of a call about tags, its place in that scheme.
            pub fn path(&self) -> &'static str {
                match self { $(Self::$name(_) => $path,)* }
            }

            /// Reads the body of a call to `/v1/<path>`; `None` for a path that this engine does not have.
            pub fn decode(path: &str, body: &[u8]) -> Option<Result<Self, serde_json::Error>> {
                match path {
                    $($path => Some(serde_json::from_slice(if body.is_empty() { b"{}" } else { body }).map(Self::$name)),)*
                    _ => None,
                }
            }

            /// The body as the wire has it.
            pub fn to_json(&self) -> Value {
                match self { $(Self::$name(call) => to_json(call),)* }
            }
        }

        /// What the service answers, named for the call.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Reply {
            $(#[doc = concat!("To `", stringify!($name), "`.")] $name($reply),)*
        }

        impl Reply {
            /// The body as the wire has it.
            pub fn to_json(&self) -> Value {
                match self { $(Self::$name(shape) => to_json(shape),)* }
            }
        }
    };
}

operations! {
    /// Creates a compute environment.
    CreateComputeEnvironment @ "createcomputeenvironment" => ComputeEnvironmentRef;
    /// Changes a compute environment.
    UpdateComputeEnvironment @ "updatecomputeenvironment" => ComputeEnvironmentRef;
    /// Deletes a compute environment.
    DeleteComputeEnvironment @ "deletecomputeenvironment" => Empty;
    /// Describes compute environments.
    DescribeComputeEnvironments @ "describecomputeenvironments" => ComputeEnvironments;
    /// Creates a job queue.
    CreateJobQueue @ "createjobqueue" => JobQueueRef;
    /// Changes a job queue.
    UpdateJobQueue @ "updatejobqueue" => JobQueueRef;
    /// Deletes a job queue.
    DeleteJobQueue @ "deletejobqueue" => Empty;
    /// Describes job queues.
    DescribeJobQueues @ "describejobqueues" => JobQueues;
    /// What stands at the front of a queue.
    GetJobQueueSnapshot @ "getjobqueuesnapshot" => JobQueueSnapshot;
    /// Registers a new revision of a job definition.
    RegisterJobDefinition @ "registerjobdefinition" => JobDefinitionRef;
    /// Makes a revision inactive.
    DeregisterJobDefinition @ "deregisterjobdefinition" => Empty;
    /// Describes job definitions.
    DescribeJobDefinitions @ "describejobdefinitions" => JobDefinitions;
    /// Submits a job or an array job.
    SubmitJob @ "submitjob" => JobSubmitted;
    /// Describes up to 100 jobs by id.
    DescribeJobs @ "describejobs" => Jobs;
    /// Lists jobs of a queue or an array.
    ListJobs @ "listjobs" => JobList;
    /// Cancels a job that has not started.
    CancelJob @ "canceljob" => Empty;
    /// Cancels or stops a job.
    TerminateJob @ "terminatejob" => Empty;
    /// Cancels up to 50 jobs.
    CancelJobs @ "canceljobs" => BulkResult;
    /// Cancels or stops up to 50 jobs.
    TerminateJobs @ "terminatejobs" => BulkResult;
    /// Creates a scheduling policy.
    CreateSchedulingPolicy @ "createschedulingpolicy" => SchedulingPolicyRef;
    /// Changes a scheduling policy.
    UpdateSchedulingPolicy @ "updateschedulingpolicy" => Empty;
    /// Deletes a scheduling policy.
    DeleteSchedulingPolicy @ "deleteschedulingpolicy" => Empty;
    /// Describes scheduling policies.
    DescribeSchedulingPolicies @ "describeschedulingpolicies" => SchedulingPolicies;
    /// Lists scheduling policies.
    ListSchedulingPolicies @ "listschedulingpolicies" => SchedulingPolicyList;
    /// Adds tags. On the wire it is a POST of `/v1/tags/<ARN>`.
    TagResource @ "tagresource" => Empty;
    /// Takes tags away. On the wire it is a DELETE of `/v1/tags/<ARN>`.
    UntagResource @ "untagresource" => Empty;
    /// Lists tags. On the wire it is a GET of `/v1/tags/<ARN>`.
    ListTagsForResource @ "listtagsforresource" => ResourceTags;
}

impl Request {
    /// Whether the call changes anything: only such calls have to be remembered.
    pub fn mutates(&self) -> bool {
        !matches!(
            self,
            Self::DescribeComputeEnvironments(_)
                | Self::DescribeJobQueues(_)
                | Self::GetJobQueueSnapshot(_)
                | Self::DescribeJobDefinitions(_)
                | Self::DescribeJobs(_)
                | Self::ListJobs(_)
                | Self::DescribeSchedulingPolicies(_)
                | Self::ListSchedulingPolicies(_)
                | Self::ListTagsForResource(_)
        )
    }
}
