//! The wire: jobs of several nodes. These shapes travel in the `rest` of the calls that have them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ContainerOverrides, ContainerProperties};

shapes! {
    /// `nodeProperties` of a job definition.
    NodeProperties {
        /// How many.
        num_nodes: i32,
        /// The one that decides how the job ends.
        main_node: i32,
        /// At most five; together they name every node.
        node_range_properties: Vec<NodeRange>,
    }
    /// What a range of nodes runs.
    NodeRange {
        /// `0:3`, `:3` or `4:`.
        target_nodes: String,
        /// Its container.
        #[serde(skip_serializing_if = "Option::is_none")]
        container: Option<ContainerProperties>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// `nodeOverrides` of a submission.
    NodeOverrides {
        /// Instead of the definition's, if a range of it is open.
        #[serde(skip_serializing_if = "Option::is_none")]
        num_nodes: Option<i32>,
        /// What single ranges have instead of what the definition says.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        node_property_overrides: Vec<NodeOverride>,
    }
    /// What a range of nodes has instead of what the definition says.
    NodeOverride {
        /// `0:3`, `:3` or `4:`.
        target_nodes: String,
        /// Its container.
        #[serde(skip_serializing_if = "Option::is_none")]
        container_overrides: Option<ContainerOverrides>,
        /// Members carried unchanged.
        #[serde(flatten)]
        rest: Map<String, Value>,
    }
    /// Which node of its job a job is.
    NodeDetails {
        /// From 0.
        node_index: i32,
        /// Whether it decides how the job ends.
        is_main_node: bool,
    }
    /// What a line of `ListJobs` says of nodes.
    NodeSummary {
        /// Whether it decides how the job ends.
        #[serde(skip_serializing_if = "Option::is_none")]
        is_main_node: Option<bool>,
        /// How many the job has.
        num_nodes: i32,
        /// From 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        node_index: Option<i32>,
    }
}
