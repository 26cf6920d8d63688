//! The wire: what is asked and said of job definitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

shapes! {
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
}

impl From<(&str, &str)> for KeyValue {
    fn from((name, value): (&str, &str)) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}
