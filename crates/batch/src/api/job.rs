//! The wire: how a job is described.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{JobDependency, JobTimeout, KeyValue, NodeDetails, NodeProperties, ResourceRequirement, RetryStrategy};

shapes! {
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
        /// How the latest attempt is run, if the definition is in this form.
        #[serde(skip_serializing_if = "Option::is_none")]
        ecs_properties: Option<Value>,
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
        /// Which node of its job it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        node_details: Option<NodeDetails>,
        /// Of a job of several nodes.
        #[serde(skip_serializing_if = "Option::is_none")]
        node_properties: Option<NodeProperties>,
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
        /// Its task, if the definition is in the form of `ecsProperties`.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        task_properties: Vec<Value>,
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
}
