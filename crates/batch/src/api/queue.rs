//! The wire: what is asked and said of job queues.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

shapes! {
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
    /// `GetJobQueueSnapshot`.
    GetJobQueueSnapshot {
        /// Name or ARN.
        job_queue: String,
    }
    /// Answer of `GetJobQueueSnapshot`.
    JobQueueSnapshot {
        /// The first 100 RUNNABLE jobs.
        front_of_queue: FrontOfQueue,
        /// How much of its environments the queue uses.
        #[serde(skip_serializing_if = "Option::is_none")]
        queue_utilization: Option<QueueUtilization>,
    }
    /// How much of its environments a queue uses.
    QueueUtilization {
        /// All its jobs together.
        total_capacity_usage: Vec<CapacityUsage>,
        /// Share by share.
        #[serde(skip_serializing_if = "Option::is_none")]
        fairshare_utilization: Option<FairshareUtilization>,
        /// Milliseconds since the epoch.
        last_updated_at: i64,
    }
    /// An amount.
    CapacityUsage {
        /// `VCPU`.
        capacity_unit: String,
        /// How many.
        quantity: f64,
    }
    /// Share by share.
    FairshareUtilization {
        /// Shares that use something.
        active_share_count: i64,
        /// The 20 that use most.
        top_capacity_utilization: Vec<ShareUtilization>,
    }
    /// What one share uses.
    ShareUtilization {
        /// Which share.
        share_identifier: String,
        /// How much.
        capacity_usage: Vec<CapacityUsage>,
    }
    /// The first RUNNABLE jobs of a queue.
    FrontOfQueue {
        /// In the order of their turns.
        jobs: Vec<FrontOfQueueJob>,
        /// Milliseconds since the epoch.
        last_updated_at: i64,
    }
    /// A job at the front of a queue.
    FrontOfQueueJob {
        /// ARN.
        job_arn: String,
        /// Milliseconds since the epoch.
        earliest_time_at_position: i64,
    }
}
