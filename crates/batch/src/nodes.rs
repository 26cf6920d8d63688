//! The nodes that a definition and a submission ask for. Source: BM NodeProperties, NodeOverrides; BUG mnp-node-groups.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::api::{ContainerOverrides, ContainerProperties, NodeOverrides, NodeProperties};
use crate::limits;
use crate::refusal::Refusal;

impl NodeProperties {
    /// What a definition asks for, if it asks for nodes.
    pub(crate) fn read(rest: &Map<String, Value>) -> Result<Option<Self>, Refusal> {
        read("nodeProperties", rest)
    }

    /// The container of a node: the narrowest range decides, of two alike the later one.
    pub(crate) fn container(&self, node: u32) -> Option<&ContainerProperties> {
        let ranges = self.node_range_properties.iter().map(|range| (range.target_nodes.as_str(), range.container.as_ref()));
        narrowest(ranges, node)?
    }

    /// Checks what does not depend on the containers.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if !limits::NODES.contains(&self.num_nodes) {
            return Err(Refusal::Nodes(self.num_nodes));
        }
        if !(0..self.num_nodes).contains(&self.main_node) {
            return Err(Refusal::MainNode { main: self.main_node, nodes: self.num_nodes });
        }
        let groups = self.node_range_properties.len();
        if !(1..=limits::NODE_GROUPS).contains(&groups) {
            return Err(Refusal::Range { field: "nodeRangeProperties", least: 1, most: limits::NODE_GROUPS as i64, got: groups as i64 });
        }
        for range in &self.node_range_properties {
            let nodes = targets(&range.target_nodes).filter(|nodes| is_within(nodes, self.num_nodes as u32));
            nodes.ok_or_else(|| Refusal::TargetNodes(range.target_nodes.clone()))?;
        }
        let named = |node: u32| self.node_range_properties.iter().any(|range| covers(&range.target_nodes, node));
        match (0..self.num_nodes as u32).find(|node| !named(*node)) {
            Some(node) => Err(Refusal::NodeWithoutRange(node)),
            None => Ok(()),
        }
    }

    /// How many nodes a job has. Source: BM NodeOverrides.numNodes, with its three conditions.
    pub(crate) fn count(&self, overrides: Option<&NodeOverrides>) -> Result<u32, Refusal> {
        let Some(wanted) = overrides.and_then(|overrides| overrides.num_nodes) else { return Ok(self.num_nodes as u32) };
        if !limits::NODES.contains(&wanted) {
            return Err(Refusal::Nodes(wanted));
        }
        if self.main_node >= wanted {
            return Err(Refusal::MainNode { main: self.main_node, nodes: wanted });
        }
        let all: Vec<_> = self.node_range_properties.iter().filter_map(|range| targets(&range.target_nodes)).collect();
        let is_open = all.iter().any(|nodes| *nodes.end() == u32::MAX);
        if wanted != self.num_nodes && !is_open || all.iter().any(|nodes| *nodes.start() >= wanted as u32) {
            return Err(Refusal::NodeCount(wanted));
        }
        Ok(wanted as u32)
    }
}

impl NodeOverrides {
    /// What a submission asks for, if it asks for anything.
    pub(crate) fn read(rest: &Map<String, Value>) -> Result<Option<Self>, Refusal> {
        read("nodeOverrides", rest)
    }

    /// What a node has instead of what the definition says.
    pub(crate) fn container(&self, node: u32) -> Option<&ContainerOverrides> {
        let ranges = self.node_property_overrides.iter().map(|range| (range.target_nodes.as_str(), range.container_overrides.as_ref()));
        narrowest(ranges, node)?
    }

    /// Checks the ranges for a job of so many nodes.
    pub(crate) fn check(&self, nodes: u32) -> Result<(), Refusal> {
        for range in &self.node_property_overrides {
            let targets = targets(&range.target_nodes).filter(|targets| is_within(targets, nodes));
            targets.ok_or_else(|| Refusal::TargetNodes(range.target_nodes.clone()))?;
            if let Some(name) = range.rest.iter().find(|(_, value)| !value.is_null()).map(|(name, _)| name) {
                return Err(Refusal::NotSupported(name.clone()));
            }
        }
        Ok(())
    }
}

fn read<T: serde::de::DeserializeOwned>(field: &'static str, rest: &Map<String, Value>) -> Result<Option<T>, Refusal> {
    match rest.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::deserialize(value).map(Some).map_err(|error| Refusal::Shape { field, problem: error.to_string() }),
    }
}

/// `2:4`, `:4` (from 0) or `2:` (to the last one).
fn targets(text: &str) -> Option<RangeInclusive<u32>> {
    let (start, end) = text.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let start = if start.is_empty() { 0 } else { digits(start)? };
    let end = if end.is_empty() { u32::MAX } else { digits(end)? };
    (start <= end).then_some(start..=end)
}

fn is_within(targets: &RangeInclusive<u32>, nodes: u32) -> bool {
    *targets.start() < nodes && (*targets.end() < nodes || *targets.end() == u32::MAX)
}

fn covers(text: &str, node: u32) -> bool {
    targets(text).is_some_and(|targets| targets.contains(&node))
}

fn narrowest<'a, T>(ranges: impl DoubleEndedIterator<Item = (&'a str, T)>, node: u32) -> Option<T> {
    let covering = ranges.rev().filter_map(|(text, item)| Some((targets(text)?, item))).filter(|(targets, _)| targets.contains(&node));
    covering.min_by_key(|(targets, _)| targets.end() - targets.start()).map(|(_, item)| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_model_says() {
        // BM NodeRangeProperty.targetNodes.
        assert_eq!(targets("0:3"), Some(0..=3));
        assert_eq!(targets(":3"), Some(0..=3));
        assert_eq!(targets("4:"), Some(4..=u32::MAX));
        for bad in ["", "3", "3:2", "a:b", "-1:2", "1:2:3", "+1:2"] {
            assert_eq!(targets(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_nested_range_overrides_the_other() {
        // BM NodeRangeProperty.targetNodes: "0:10 and 4:5. In this case, the 4:5 range properties override".
        for ranges in [[("0:10", 'a'), ("4:5", 'b')], [("4:5", 'b'), ("0:10", 'a')]] {
            assert_eq!([3, 4, 5, 6].map(|node| narrowest(ranges.into_iter(), node)), ['a', 'b', 'b', 'a'].map(Some));
        }
    }
}
