//! AWS Batch's calls as data: what a client asks and what the service answers.
//!
//! Shapes and names are those of the service model `batch/2016-08-10` (REST-JSON: every operation
//! but the tag calls is `POST /v1/<operation in lower case>`). Member names are camel case on the
//! wire, times are integer milliseconds since the epoch, and what is absent is left out. The same
//! types are written by the client, read by the scheduler and translated by the wire front end.
//! Members that the scheduler does not interpret are carried in `rest` and come back unchanged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The two errors that the service model has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// `ClientException` (400), `ServerException` (500) or an unmodelled one such as
    /// `TooManyRequestsException` (429).
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// AWS's words.
    pub message: String,
}

impl ApiError {
    /// The caller's fault: `ClientException`, HTTP 400.
    pub fn client(message: impl Into<String>) -> Self {
        Self { code: "ClientException".into(), status: 400, message: message.into() }
    }

    /// The service's fault: `ServerException`, HTTP 500.
    pub fn server(message: impl Into<String>) -> Self {
        Self { code: "ServerException".into(), status: 500, message: message.into() }
    }
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

            /// The path after `/v1/`.
            pub fn path(&self) -> &'static str {
                match self { $(Self::$name(_) => $path,)* }
            }

            /// Reads the body of a call to `/v1/<path>`; `None` for a path that this engine does not have.
            pub fn decode(path: &str, body: &[u8]) -> Option<Result<Self, serde_json::Error>> {
                match path {
                    $($path => Some(serde_json::from_slice(body).map(Self::$name)),)*
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
}

impl Request {
    /// Whether the call changes anything: only such calls have to be remembered.
    pub fn mutates(&self) -> bool {
        !matches!(
            self,
            Self::DescribeComputeEnvironments(_)
                | Self::DescribeJobQueues(_)
                | Self::DescribeJobDefinitions(_)
                | Self::DescribeJobs(_)
                | Self::ListJobs(_)
        )
    }
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }
    )*};
}

shapes! {
    /// An answer without members.
    Empty {}

    /// `CreateComputeEnvironment`.
    CreateComputeEnvironment {
        /// 1–128 of letters, digits, `-`, `_`.
        compute_environment_name: String,
        /// `MANAGED` or `UNMANAGED`.
        #[serde(rename = "type")]
        kind: String,
        /// `ENABLED` (default) or `DISABLED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// What the environment is made of; required if managed.
        #[serde(skip_serializing_if = "Option::is_none")]
        compute_resources: Option<ComputeResources>,
        /// Empty means the service-linked role.
        #[serde(skip_serializing_if = "Option::is_none")]
        service_role: Option<String>,
        /// Tags.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// What a managed environment is made of.
    ComputeResources {
        /// `EC2`, `SPOT`, `FARGATE` or `FARGATE_SPOT`.
        #[serde(rename = "type")]
        kind: String,
        /// The most vCPUs in use at one time.
        maxv_cpus: i64,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `UpdateComputeEnvironment`.
    UpdateComputeEnvironment {
        /// Name or ARN.
        compute_environment: String,
        /// `ENABLED` or `DISABLED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// Members to change, such as `maxvCpus`.
        #[serde(skip_serializing_if = "Option::is_none")]
        compute_resources: Option<Map<String, Value>>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `DeleteComputeEnvironment`.
    DeleteComputeEnvironment {
        /// Name or ARN.
        compute_environment: String,
    }
    /// Names a compute environment.
    ComputeEnvironmentRef {
        /// Name.
        compute_environment_name: String,
        /// ARN.
        compute_environment_arn: String,
    }
    /// `DescribeComputeEnvironments`.
    DescribeComputeEnvironments {
        /// Names or ARNs; all if empty.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        compute_environments: Vec<String>,
        /// Page size.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `DescribeComputeEnvironments`.
    ComputeEnvironments {
        /// One description each.
        compute_environments: Vec<ComputeEnvironmentDetail>,
        /// Present if there is more.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// A compute environment.
    ComputeEnvironmentDetail {
        /// Name.
        compute_environment_name: String,
        /// ARN.
        compute_environment_arn: String,
        /// The ECS cluster behind it.
        ecs_cluster_arn: String,
        /// `MANAGED` or `UNMANAGED`.
        #[serde(rename = "type")]
        kind: String,
        /// `ENABLED` or `DISABLED`.
        state: String,
        /// `VALID`, `INVALID`, `CREATING`, `UPDATING`, `DELETING`, `DELETED`.
        status: String,
        /// Why.
        status_reason: String,
        /// What it is made of.
        #[serde(skip_serializing_if = "Option::is_none")]
        compute_resources: Option<ComputeResources>,
        /// The role it acts under.
        #[serde(skip_serializing_if = "Option::is_none")]
        service_role: Option<String>,
        /// Tags.
        tags: BTreeMap<String, String>,
        /// `ECS`.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_orchestration_type: Option<String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    /// `CreateJobQueue`.
    CreateJobQueue {
        /// 1–128 of letters, digits, `-`, `_`.
        job_queue_name: String,
        /// Higher goes first among queues that share an environment.
        priority: i32,
        /// `ENABLED` (default) or `DISABLED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// 1–3 environments, tried in ascending order.
        compute_environment_order: Vec<ComputeEnvironmentOrder>,
        /// Tags.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// One environment of a queue.
    ComputeEnvironmentOrder {
        /// Lower is tried first.
        order: i32,
        /// Name or ARN.
        compute_environment: String,
    }
    /// `UpdateJobQueue`.
    UpdateJobQueue {
        /// Name or ARN.
        job_queue: String,
        /// `ENABLED` or `DISABLED`.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// New priority.
        #[serde(skip_serializing_if = "Option::is_none")]
        priority: Option<i32>,
        /// New environments, if not empty.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        compute_environment_order: Vec<ComputeEnvironmentOrder>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `DeleteJobQueue`.
    DeleteJobQueue {
        /// Name or ARN.
        job_queue: String,
    }
    /// Names a job queue.
    JobQueueRef {
        /// Name.
        job_queue_name: String,
        /// ARN.
        job_queue_arn: String,
    }
    /// `DescribeJobQueues`.
    DescribeJobQueues {
        /// Names or ARNs; all if empty.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        job_queues: Vec<String>,
        /// Page size.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `DescribeJobQueues`.
    JobQueues {
        /// One description each.
        job_queues: Vec<JobQueueDetail>,
        /// Present if there is more.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// A job queue.
    JobQueueDetail {
        /// Name.
        job_queue_name: String,
        /// ARN.
        job_queue_arn: String,
        /// `ENABLED` or `DISABLED`.
        state: String,
        /// `VALID`, `CREATING`, …
        status: String,
        /// Why.
        status_reason: String,
        /// Higher goes first.
        priority: i32,
        /// Its environments.
        compute_environment_order: Vec<ComputeEnvironmentOrder>,
        /// Tags.
        tags: BTreeMap<String, String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    /// `RegisterJobDefinition`.
    RegisterJobDefinition {
        /// 1–128 of letters, digits, `-`, `_`.
        job_definition_name: String,
        /// `container` or `multinode`.
        #[serde(rename = "type")]
        kind: String,
        /// Defaults of `Ref::name` in the command.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        parameters: BTreeMap<String, String>,
        /// How a job's container is run.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_properties: Option<ContainerProperties>,
        /// Attempts, and which failures are tried again.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_strategy: Option<RetryStrategy>,
        /// How long an attempt may take.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<JobTimeout>,
        /// `EC2` or `FARGATE`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        platform_capabilities: Vec<String>,
        /// Whether tags go on to the ECS task.
        #[serde(skip_serializing_if = "Option::is_none")]
        propagate_tags: Option<bool>,
        /// Tags.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// How a job's container is run.
    ContainerProperties {
        /// The image.
        #[serde(skip_serializing_if = "Option::is_none")]
        image: Option<String>,
        /// Arguments; with `Ref::name` for parameters.
        #[serde(skip_serializing_if = "Option::is_none")]
        command: Option<Vec<String>>,
        /// vCPUs, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        vcpus: Option<i64>,
        /// MiB, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        memory: Option<i64>,
        /// Variables.
        #[serde(skip_serializing_if = "Option::is_none")]
        environment: Option<Vec<KeyValue>>,
        /// vCPUs, MiB and GPUs, in today's form.
        #[serde(skip_serializing_if = "Option::is_none")]
        resource_requirements: Option<Vec<ResourceRequirement>>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// One environment variable.
    KeyValue {
        /// Name.
        name: String,
        /// Value.
        value: String,
    }
    /// One resource.
    ResourceRequirement {
        /// `VCPU`, `MEMORY` or `GPU`.
        #[serde(rename = "type")]
        kind: String,
        /// A number as text: vCPUs, MiB or GPUs.
        value: String,
    }
    /// Attempts, and which failures are tried again.
    RetryStrategy {
        /// 1–10 in all.
        #[serde(skip_serializing_if = "Option::is_none")]
        attempts: Option<i32>,
        /// At most 5 rules; the first that matches decides; none: try again.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        evaluate_on_exit: Vec<EvaluateOnExit>,
    }
    /// One rule of a retry strategy: all its conditions must match.
    EvaluateOnExit {
        /// Against the attempt's status reason; a trailing `*` matches any rest.
        #[serde(skip_serializing_if = "Option::is_none")]
        on_status_reason: Option<String>,
        /// Against the container's reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        on_reason: Option<String>,
        /// Against the exit code in decimal.
        #[serde(skip_serializing_if = "Option::is_none")]
        on_exit_code: Option<String>,
        /// `RETRY` or `EXIT`, in any case.
        action: String,
    }
    /// How long an attempt may take.
    JobTimeout {
        /// Seconds, at least 60.
        #[serde(skip_serializing_if = "Option::is_none")]
        attempt_duration_seconds: Option<i32>,
    }
    /// Names a revision.
    JobDefinitionRef {
        /// Name.
        job_definition_name: String,
        /// ARN with revision.
        job_definition_arn: String,
        /// From 1.
        revision: i32,
    }
    /// `DeregisterJobDefinition`.
    DeregisterJobDefinition {
        /// `name:revision` or ARN.
        job_definition: String,
    }
    /// `DescribeJobDefinitions`.
    DescribeJobDefinitions {
        /// `name:revision` or ARNs, at most 100.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        job_definitions: Vec<String>,
        /// All revisions of one name.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_definition_name: Option<String>,
        /// `ACTIVE` or `INACTIVE`.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// Page size.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `DescribeJobDefinitions`.
    JobDefinitions {
        /// One description each.
        job_definitions: Vec<JobDefinitionDetail>,
        /// Present if there is more.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// A revision of a job definition.
    JobDefinitionDetail {
        /// Name.
        job_definition_name: String,
        /// ARN with revision.
        job_definition_arn: String,
        /// From 1.
        revision: i32,
        /// `ACTIVE` or `INACTIVE`.
        status: String,
        /// `container` or `multinode`.
        #[serde(rename = "type")]
        kind: String,
        /// Defaults of `Ref::name` in the command.
        parameters: BTreeMap<String, String>,
        /// How a job's container is run.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_properties: Option<ContainerProperties>,
        /// Attempts, and which failures are tried again.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_strategy: Option<RetryStrategy>,
        /// How long an attempt may take.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<JobTimeout>,
        /// `EC2` or `FARGATE`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        platform_capabilities: Vec<String>,
        /// Whether tags go on to the ECS task.
        #[serde(skip_serializing_if = "Option::is_none")]
        propagate_tags: Option<bool>,
        /// Tags.
        tags: BTreeMap<String, String>,
        /// `ECS`.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_orchestration_type: Option<String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }

    /// `SubmitJob`.
    SubmitJob {
        /// 1–128 of letters, digits, `-`, `_`, first a letter or digit.
        job_name: String,
        /// Name or ARN.
        job_queue: String,
        /// `name`, `name:revision` or ARN.
        job_definition: String,
        /// Makes it an array job.
        #[serde(skip_serializing_if = "Option::is_none")]
        array_properties: Option<ArraySize>,
        /// At most 20.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        depends_on: Vec<JobDependency>,
        /// Values of `Ref::name`.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        parameters: BTreeMap<String, String>,
        /// Instead of what the definition says; at most 8,192 characters.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_overrides: Option<ContainerOverrides>,
        /// Instead of the definition's.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_strategy: Option<RetryStrategy>,
        /// Instead of the definition's.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<JobTimeout>,
        /// Whether tags go on to the ECS task.
        #[serde(skip_serializing_if = "Option::is_none")]
        propagate_tags: Option<bool>,
        /// Tags.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Required by a fair-share queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        share_identifier: Option<String>,
        /// 0–9,999.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduling_priority_override: Option<i32>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// The size of an array job.
    ArraySize {
        /// 2–10,000.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<i32>,
    }
    /// What a job waits for.
    JobDependency {
        /// A job, an array or one child.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_id: Option<String>,
        /// `N_TO_N` or `SEQUENTIAL`.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
    }
    /// Instead of what the definition says.
    ContainerOverrides {
        /// Arguments.
        #[serde(skip_serializing_if = "Option::is_none")]
        command: Option<Vec<String>>,
        /// vCPUs, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        vcpus: Option<i64>,
        /// MiB, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        memory: Option<i64>,
        /// Added to, or replacing by name, the definition's.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        environment: Vec<KeyValue>,
        /// Replacing by type the definition's.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        resource_requirements: Vec<ResourceRequirement>,
        /// Not for Fargate.
        #[serde(skip_serializing_if = "Option::is_none")]
        instance_type: Option<String>,
    }
    /// Names a job.
    JobSubmitted {
        /// ARN.
        job_arn: String,
        /// As submitted.
        job_name: String,
        /// A UUID.
        job_id: String,
    }
    /// `DescribeJobs`.
    DescribeJobs {
        /// At most 100; unknown ones are left out of the answer.
        jobs: Vec<String>,
    }
    /// Answer of `DescribeJobs`.
    Jobs {
        /// One description each.
        jobs: Vec<JobDetail>,
    }
    /// A job, in alphabetical order of members, as `.sync` tasks return it.
    JobDetail {
        /// Parent: size and summary; child: index.
        #[serde(skip_serializing_if = "Option::is_none")]
        array_properties: Option<ArrayDetail>,
        /// One for each finished attempt.
        attempts: Vec<AttemptDetail>,
        /// How the latest attempt is run.
        #[serde(skip_serializing_if = "Option::is_none")]
        container: Option<ContainerDetail>,
        /// Milliseconds since the epoch.
        created_at: i64,
        /// What it waits for.
        depends_on: Vec<JobDependency>,
        /// True once cancelled.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_cancelled: Option<bool>,
        /// True once terminated.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_terminated: Option<bool>,
        /// ARN.
        job_arn: String,
        /// ARN with revision.
        job_definition: String,
        /// UUID; `<parent>:<index>` for a child.
        job_id: String,
        /// Shared by a parent and its children.
        job_name: String,
        /// ARN.
        job_queue: String,
        /// Values of `Ref::name`.
        parameters: BTreeMap<String, String>,
        /// `EC2` or `FARGATE`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        platform_capabilities: Vec<String>,
        /// Whether tags go on to the ECS task.
        #[serde(skip_serializing_if = "Option::is_none")]
        propagate_tags: Option<bool>,
        /// Attempts, and which failures are tried again.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_strategy: Option<RetryStrategy>,
        /// 0–9,999.
        #[serde(skip_serializing_if = "Option::is_none")]
        scheduling_priority: Option<i32>,
        /// Of a fair-share queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        share_identifier: Option<String>,
        /// Of the latest attempt: when it went from STARTING to RUNNING.
        #[serde(skip_serializing_if = "Option::is_none")]
        started_at: Option<i64>,
        /// `SUBMITTED`, `PENDING`, `RUNNABLE`, `STARTING`, `RUNNING`, `SUCCEEDED`, `FAILED`.
        status: String,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        status_reason: Option<String>,
        /// When it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        stopped_at: Option<i64>,
        /// Tags.
        tags: BTreeMap<String, String>,
        /// How long an attempt may take.
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<JobTimeout>,
    }
    /// What `DescribeJobs` says of an array or a child.
    ArrayDetail {
        /// Child: which one, from 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        index: Option<i32>,
        /// Parent: how many children.
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<i32>,
        /// Parent: how many children have each of the seven statuses.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        status_summary: BTreeMap<String, i32>,
        /// Parent: when that last changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        status_summary_last_updated_at: Option<i64>,
    }
    /// One finished attempt.
    AttemptDetail {
        /// Its container.
        container: AttemptContainer,
        /// When it went from STARTING to RUNNING.
        #[serde(skip_serializing_if = "Option::is_none")]
        started_at: Option<i64>,
        /// Why it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        status_reason: Option<String>,
        /// When it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        stopped_at: Option<i64>,
    }
    /// The container of one attempt.
    AttemptContainer {
        /// Where it ran.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_instance_arn: Option<String>,
        /// 0–255; 128 + n for signal n.
        #[serde(skip_serializing_if = "Option::is_none")]
        exit_code: Option<i32>,
        /// In group `/aws/batch/job`.
        #[serde(skip_serializing_if = "Option::is_none")]
        log_stream_name: Option<String>,
        /// Always empty here.
        network_interfaces: Vec<Value>,
        /// Such as `CannotPullContainerError: …`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The ECS task.
        #[serde(skip_serializing_if = "Option::is_none")]
        task_arn: Option<String>,
    }
    /// How a job's latest attempt is run.
    ContainerDetail {
        /// Arguments, parameters filled in.
        command: Vec<String>,
        /// Where it runs.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_instance_arn: Option<String>,
        /// Definition's and overrides together.
        environment: Vec<KeyValue>,
        /// 0–255; 128 + n for signal n.
        #[serde(skip_serializing_if = "Option::is_none")]
        exit_code: Option<i32>,
        /// The image.
        #[serde(skip_serializing_if = "Option::is_none")]
        image: Option<String>,
        /// Set at RUNNING; in group `/aws/batch/job`.
        #[serde(skip_serializing_if = "Option::is_none")]
        log_stream_name: Option<String>,
        /// MiB, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        memory: Option<i64>,
        /// As in the definition.
        mount_points: Vec<Value>,
        /// Always empty here.
        network_interfaces: Vec<Value>,
        /// Such as `CannotPullContainerError: …`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// vCPUs, MiB and GPUs.
        resource_requirements: Vec<ResourceRequirement>,
        /// As in the definition.
        secrets: Vec<Value>,
        /// Set at STARTING.
        #[serde(skip_serializing_if = "Option::is_none")]
        task_arn: Option<String>,
        /// As in the definition.
        ulimits: Vec<Value>,
        /// vCPUs, in the old form.
        #[serde(skip_serializing_if = "Option::is_none")]
        vcpus: Option<i64>,
        /// As in the definition.
        volumes: Vec<Value>,
        /// Other members of the definition, unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `ListJobs`: exactly one of queue, array and multi-node job.
    ListJobs {
        /// Name or ARN.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_queue: Option<String>,
        /// The children of this array.
        #[serde(skip_serializing_if = "Option::is_none")]
        array_job_id: Option<String>,
        /// The nodes of this job.
        #[serde(skip_serializing_if = "Option::is_none")]
        multi_node_job_id: Option<String>,
        /// `RUNNING` if absent; ignored with a filter.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_status: Option<String>,
        /// One filter at most.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        filters: Vec<Filter>,
        /// At most 1,000, with a filter 100.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// One filter of `ListJobs`.
    Filter {
        /// `JOB_NAME`, `JOB_DEFINITION`, `BEFORE_CREATED_AT`, `AFTER_CREATED_AT`.
        name: String,
        /// A trailing `*` of a name matches any rest.
        values: Vec<String>,
    }
    /// Answer of `ListJobs`.
    JobList {
        /// One line each.
        job_summary_list: Vec<JobSummary>,
        /// Present if there is more.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// One line of `ListJobs`.
    JobSummary {
        /// ARN.
        job_arn: String,
        /// UUID; `<parent>:<index>` for a child.
        job_id: String,
        /// As submitted.
        job_name: String,
        /// Milliseconds since the epoch.
        created_at: i64,
        /// As in `DescribeJobs`.
        status: String,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        status_reason: Option<String>,
        /// When the latest attempt began to run.
        #[serde(skip_serializing_if = "Option::is_none")]
        started_at: Option<i64>,
        /// When it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        stopped_at: Option<i64>,
        /// How it ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        container: Option<ContainerSummary>,
        /// Parent: size; child: index.
        #[serde(skip_serializing_if = "Option::is_none")]
        array_properties: Option<ArrayDetail>,
        /// ARN with revision.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_definition: Option<String>,
    }
    /// How a container ended.
    ContainerSummary {
        /// 0–255; 128 + n for signal n.
        #[serde(skip_serializing_if = "Option::is_none")]
        exit_code: Option<i32>,
        /// Such as `CannotPullContainerError: …`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
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
        /// What was done.
        successful: Vec<BulkSuccess>,
        /// What was not.
        errors: Vec<BulkError>,
    }
    /// A job that a bulk call reached.
    BulkSuccess {
        /// Which job.
        job_id: String,
    }
    /// A job that a bulk call did not reach.
    BulkError {
        /// Which job.
        job_id: String,
        /// The error's name.
        error_code: String,
        /// AWS's words.
        error_message: String,
    }
}

impl From<(&str, &str)> for KeyValue {
    fn from((name, value): (&str, &str)) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}
