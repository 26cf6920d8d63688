//! Why a call is refused, in AWS's words and in AWS's two styles.

use uuid::Uuid;

use crate::api::ApiError;

/// One reason to refuse a call. Where no AWS output is known, the words are this engine's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    // Recorded from AWS.
    #[error("Job name should match valid pattern")]
    JobName,
    #[error("Job cannot have more than 20 dependencies")]
    Dependencies,
    #[error("Job size must be less than {limit} KiB, got {got} KiB")]
    JobTooBig { limit: usize, got: usize },
    #[error("RetryAttempts must be provided with retry strategy")]
    RetryWithoutAttempts,
    #[error("JobDefinition name {0} does not exist or is not in ACTIVE status")]
    DefinitionName(String),
    #[error("JobDefinition {0} is not in ACTIVE status")]
    DefinitionArn(String),
    #[error("JobQueue {0} not found.")]
    QueueNotFound(String),
    #[error("Maximum number of jobs supported is  100 .")]
    DescribedJobs,
    #[error("Provided name {0} is not supported pattern[a-zA-Z_0-9-]{{1,128}}")]
    Name(String),
    #[error("Command cannot be empty")]
    EmptyCommand,
    #[error("networkConfiguration not applicable for EC2.")]
    NetworkOnEc2,
    #[error("Instance role is required.")]
    InstanceRole,
    #[error("{0} is not applicable for Fargate.")]
    NotForFargate(&'static str),
    #[error("Object already exists")]
    Exists,
    #[error("Cannot delete, found existing JobQueue relationship")]
    EnvironmentInUse,
    #[error("Value {value} for type {kind} in resourceRequirement is not valid")]
    Resource { kind: String, value: String },
    // Wording not confirmed.
    #[error("Cannot delete, {0} must be in DISABLED state")]
    NotDisabled(String),
    #[error("{0} does not exist")]
    NotFound(String),
    #[error("JobQueue {0} is not in ENABLED state")]
    QueueDisabled(String),
    #[error("{field} must not be empty")]
    Missing { field: &'static str },
    #[error("{field} cannot be {value}")]
    Value { field: &'static str, value: String },
    #[error("{field} must be between {least} and {most}, got {got}")]
    Range { field: &'static str, least: i64, most: i64, got: i64 },
    #[error("{field} must be at most {most} characters, got {got}")]
    TooLong { field: &'static str, most: usize, got: usize },
    #[error("Maximum number of {0} reached")]
    Quota(&'static str),
    #[error("Job definition size must be less than {limit} KiB, got {got} KiB")]
    DefinitionTooBig { limit: usize, got: usize },
    #[error("Timeout attemptDurationSeconds must be at least 60, got {0}")]
    Timeout(i32),
    #[error("Array size must be between 2 and 10000, got {0}")]
    ArraySize(i32),
    #[error("Environment variable name {0} is not allowed: names beginning AWS_BATCH are reserved")]
    ReservedVariable(String),
    #[error("{0} must be specified in the job definition or in the container overrides")]
    ResourceMissing(&'static str),
    #[error("Fargate resource requirements ({vcpus} vCPU, {memory_mib} MiB) are not a valid combination")]
    FargateSize { vcpus: String, memory_mib: String },
    #[error("executionRoleArn is required for Fargate jobs.")]
    ExecutionRole,
    #[error("{0} is not a valid role")]
    Role(String),
    #[error("EC2 and Fargate compute environments cannot be mixed in a job queue")]
    MixedEnvironments,
    #[error("Dependency {0} does not exist")]
    DependencyNotFound(String),
    #[error("Dependency of type {0} is not valid for this job")]
    DependencyType(String),
    #[error("Array sizes of an N_TO_N dependency must match: {own} and {other}")]
    DependencySize { own: u32, other: u32 },
    #[error("Exactly one of jobQueue, arrayJobId and multiNodeJobId must be specified")]
    ListTarget,
    #[error("{field} cannot be read: {problem}")]
    Shape { field: &'static str, problem: String },
    #[error("{0} is only applicable for unmanaged compute environments.")]
    OnlyForUnmanaged(&'static str),
    #[error("{0} is only applicable for managed compute environments.")]
    OnlyForManaged(&'static str),
    #[error("{0} is not a valid job ID")]
    JobId(String),
    #[error("{0} is not applicable for this form of job definition.")]
    OverridesOfOtherForm(&'static str),
    #[error("Only one of containerProperties, ecsProperties and eksProperties can be specified")]
    TwoForms,
    #[error("numNodes must be between 1 and 1000, got {0}")]
    Nodes(i32),
    #[error("mainNode {main} must be fewer than numNodes {nodes}")]
    MainNode { main: i32, nodes: i32 },
    #[error("targetNodes {0} is not a range of this job's nodes")]
    TargetNodes(String),
    #[error("Node {0} is in no node range")]
    NodeWithoutRange(u32),
    #[error("numNodes cannot be {0}: an open node range is needed, and every range must begin below it")]
    NodeCount(i32),
    #[error("{0} is not applicable for multi-node parallel jobs.")]
    NotForNodes(&'static str),
    #[error("{0} is only applicable for multi-node parallel jobs.")]
    OnlyForNodes(&'static str),
    #[error("Multi-node parallel jobs need a managed compute environment of EC2 On-Demand instances in the job queue")]
    NodesNowhere,
    #[error("Scheduling policy {0} is used by a job queue")]
    PolicyInUse(String),
    #[error("The share identifier {0} overlaps with another one of the policy")]
    SharesOverlap(String),
    #[error("shareIdentifier must be specified for a job queue with a fair-share scheduling policy")]
    ShareMissing,
    #[error("shareIdentifier cannot be specified for a job queue without a fair-share scheduling policy")]
    ShareWithoutPolicy,
    #[error("A scheduling policy cannot be added to or removed from a job queue")]
    PolicyChange,
    #[error("A resource can have at most 50 tags")]
    Tags,
    #[error("Only one filter can be used at a time")]
    Filters,
    #[error("The nextToken is not valid")]
    Token,
    #[error("{0} is not supported by this engine")]
    NotSupported(String),
}

impl Refusal {
    /// The error as a client sees it.
    pub(crate) fn into_error(self, request_id: impl FnOnce() -> Uuid) -> ApiError {
        if self.is_plain() {
            return ApiError::client(self.to_string());
        }
        ApiError::client(format!("Error executing request, Exception : {self}, RequestId: {}", request_id()))
    }

    fn is_plain(&self) -> bool {
        matches!(
            self,
            Self::DefinitionName(_)
                | Self::DefinitionArn(_)
                | Self::QueueNotFound(_)
                | Self::Name(_)
                | Self::EmptyCommand
                | Self::Exists
                | Self::EnvironmentInUse
                | Self::NotDisabled(_)
                | Self::NotFound(_)
        )
    }
}
