//! The wire: what is asked and said of scheduling policies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

shapes! {
    /// `CreateSchedulingPolicy`.
    CreateSchedulingPolicy {
        /// 1–128 of letters, digits, `-`, `_`.
        name: String,
        /// How users share a queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        fairshare_policy: Option<FairsharePolicy>,
        /// Tags.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// How users share a queue.
    FairsharePolicy {
        /// Seconds after which use is forgotten, up to a week; 0 is 600.
        #[serde(skip_serializing_if = "Option::is_none")]
        share_decay_seconds: Option<i32>,
        /// 0–99: per cent of the vCPUs that are kept for shares not yet in use, to the power of the shares in use.
        #[serde(skip_serializing_if = "Option::is_none")]
        compute_reservation: Option<i32>,
        /// Weights; shares that are not named have weight 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        share_distribution: Option<Vec<ShareAttributes>>,
    }
    /// The weight of one share, or of all that begin alike.
    ShareAttributes {
        /// Up to 255 letters and digits; a trailing `*` matches any rest.
        share_identifier: String,
        /// 0.0001–999.9999; less means more room.
        #[serde(skip_serializing_if = "Option::is_none")]
        weight_factor: Option<f64>,
    }
    /// Names a scheduling policy.
    SchedulingPolicyRef {
        /// Name.
        name: String,
        /// ARN.
        arn: String,
    }
    /// `UpdateSchedulingPolicy`.
    UpdateSchedulingPolicy {
        /// ARN.
        arn: String,
        /// In place of the policy that there is.
        #[serde(skip_serializing_if = "Option::is_none")]
        fairshare_policy: Option<FairsharePolicy>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `DeleteSchedulingPolicy`.
    DeleteSchedulingPolicy {
        /// ARN.
        arn: String,
    }
    /// `DescribeSchedulingPolicies`.
    DescribeSchedulingPolicies {
        /// At most 100 ARNs.
        arns: Vec<String>,
    }
    /// Answer of `DescribeSchedulingPolicies`.
    SchedulingPolicies {
        /// One description each.
        scheduling_policies: Vec<SchedulingPolicyDetail>,
    }
    /// A scheduling policy.
    SchedulingPolicyDetail {
        /// Name.
        name: String,
        /// ARN.
        arn: String,
        /// How users share a queue.
        #[serde(skip_serializing_if = "Option::is_none")]
        fairshare_policy: Option<FairsharePolicy>,
        /// Tags.
        tags: BTreeMap<String, String>,
    }
    /// `ListSchedulingPolicies`.
    ListSchedulingPolicies {
        /// At most 100.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_results: Option<i32>,
        /// Where the last page ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// Answer of `ListSchedulingPolicies`.
    SchedulingPolicyList {
        /// One ARN each.
        scheduling_policies: Vec<SchedulingPolicyListed>,
        /// Present if there is more.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String>,
    }
    /// One line of `ListSchedulingPolicies`.
    SchedulingPolicyListed {
        /// ARN.
        arn: String,
    }
}
