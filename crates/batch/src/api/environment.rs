//! The wire: what is asked and said of compute environments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

shapes! {
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
}
