//! The container of a job, a child or a node: the definition with what the submission puts in its place.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::api::{ContainerDetail, ContainerOverrides, ContainerProperties, KeyValue, ResourceRequirement};
use crate::job::{Job, Spec};
use crate::keyed::UnitKey;

/// Where to look up what a container is run with.
pub(crate) struct Container<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) properties: Cow<'a, ContainerProperties>,
    pub(crate) overrides: Option<&'a ContainerOverrides>,
}

impl Job {
    /// The container of a unit; of a job of several nodes, that of the node or else of the main node.
    pub(crate) fn container(&self, unit: Option<UnitKey>) -> Container<'_> {
        let spec = &*self.spec;
        let (properties, overrides) = match (&self.gang, &spec.definition.nodes) {
            (Some(gang), Some(nodes)) => {
                let node = unit.and_then(|unit| self.node(unit)).unwrap_or(gang.main);
                let overrides = spec.rare.as_ref().and_then(|rare| rare.node_overrides.as_deref());
                (nodes.container(node), overrides.and_then(|overrides| overrides.container(node)))
            }
            _ => (spec.definition.container(), spec.overrides.as_deref()),
        };
        Container { spec, properties: properties.map_or_else(|| Cow::Owned(ContainerProperties::default()), Cow::Borrowed), overrides }
    }
}

impl Container<'_> {
    /// The arguments, with the submission's parameters or else the definition's filled in.
    pub(crate) fn command(&self) -> Vec<String> {
        let overriding = self.overrides.and_then(|overrides| overrides.command.as_ref());
        let command = overriding.or(self.properties.command.as_ref()).map(Vec::as_slice).unwrap_or_default();
        command.iter().map(|element| self.filled_in(element).to_owned()).collect()
    }

    /// Only a whole element `Ref::name` is replaced; an unknown one stays. Source: BUG job_definition_parameters.
    fn filled_in<'b>(&'b self, element: &'b str) -> &'b str {
        element.strip_prefix("Ref::").and_then(|name| self.spec.parameter(name)).unwrap_or(element)
    }

    /// The definition's variables, replaced or followed by the submission's.
    pub(crate) fn environment(&self) -> Vec<&KeyValue> {
        let mut variables: Vec<&KeyValue> = self.properties.environment.iter().flatten().collect();
        for variable in self.overrides.iter().flat_map(|overrides| &overrides.environment) {
            match variables.iter_mut().find(|known| known.name == variable.name) {
                Some(known) => *known = variable,
                None => variables.push(variable),
            }
        }
        variables
    }

    /// As `DescribeJobs` shows it, without what an attempt adds.
    pub(crate) fn detail(&self) -> ContainerDetail {
        let (properties, overrides) = (&self.properties, self.overrides);
        let mut rest: Map<String, Value> = properties.rest.clone();
        if let Some(instance_type) = overrides.and_then(|overrides| overrides.instance_type.clone()) {
            rest.insert("instanceType".into(), Value::String(instance_type));
        }
        let mut list = |name: &str| match rest.shift_remove(name) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let (mount_points, secrets, ulimits, volumes) = (list("mountPoints"), list("secrets"), list("ulimits"), list("volumes"));
        let requirements = self.requirements();
        let asked = |kind: &str| requirements.iter().any(|requirement| requirement.kind == kind);
        let vcpus = overrides.and_then(|overrides| overrides.vcpus).or(properties.vcpus).filter(|_| !asked("VCPU"));
        let memory = overrides.and_then(|overrides| overrides.memory).or(properties.memory).filter(|_| !asked("MEMORY"));
        ContainerDetail {
            command: self.command(),
            environment: self.environment().into_iter().cloned().collect(),
            image: properties.image.clone(),
            memory,
            mount_points,
            resource_requirements: requirements,
            secrets,
            ulimits,
            vcpus,
            volumes,
            rest,
            ..ContainerDetail::default()
        }
    }

    fn requirements(&self) -> Vec<ResourceRequirement> {
        let mut requirements: Vec<ResourceRequirement> = self.properties.resource_requirements.clone().unwrap_or_default();
        for wanted in self.overrides.iter().flat_map(|overrides| &overrides.resource_requirements) {
            match requirements.iter_mut().find(|known| known.kind == wanted.kind) {
                Some(known) => known.value.clone_from(&wanted.value),
                None => requirements.push(wanted.clone()),
            }
        }
        requirements
    }
}
