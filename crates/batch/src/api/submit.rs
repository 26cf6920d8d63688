//! The wire: how a job is submitted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{JobTimeout, KeyValue, ResourceRequirement, RetryStrategy};

shapes! {
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
}
