//! The wire: how jobs are listed.

use serde::{Deserialize, Serialize};

use super::{ArrayDetail, CapacityUsage, NodeSummary};

shapes! {
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
        /// Which node it is, and of how many.
        #[serde(skip_serializing_if = "Option::is_none")]
        node_properties: Option<NodeSummary>,
        /// Of a fair-share queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        share_identifier: Option<String>,
        /// The vCPUs that it needs.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        capacity_usage: Vec<CapacityUsage>,
        /// ARN with revision.
        #[serde(skip_serializing_if = "Option::is_none")]
        job_definition: Option<String>,
        /// True once cancelled.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_cancelled: Option<bool>,
        /// True once terminated.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_terminated: Option<bool>,
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
}
