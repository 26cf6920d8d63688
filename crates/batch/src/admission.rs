//! What a submission has to look like, and how big the job becomes. Source: BM SubmitJob.

use serde_json::Value;

use crate::api::{ContainerOverrides, ContainerProperties, NodeOverrides, NodeProperties, SubmitJob};
use crate::checks;
use crate::definition::Definition;
use crate::fargate;
use crate::gang::Gang;
use crate::limits;
use crate::names;
use crate::refusal::Refusal;
use crate::size::{self, Size};
use crate::tags;

/// Members that ask for kinds of jobs that do not exist here.
const OTHER_KINDS: [&str; 2] = ["eksPropertiesOverride", "consumableResourcePropertiesOverride"];

/// What kind of job a submission makes.
pub(crate) struct Form {
    /// Of an array.
    pub(crate) children: Option<u32>,
    /// What an attempt needs, with all nodes.
    pub(crate) size: Size,
    pub(crate) gang: Option<Gang>,
    pub(crate) node_overrides: Option<NodeOverrides>,
    /// Of a definition in the form of `ecsProperties`.
    pub(crate) task_overrides: Option<ContainerOverrides>,
}

impl Form {
    /// What a submission makes of a definition.
    pub(crate) fn of(call: &SubmitJob, definition: &Definition) -> Result<Self, Refusal> {
        let node_overrides = NodeOverrides::read(&call.rest)?;
        let children = call.array_properties.as_ref().and_then(|array| array.size).map(|size| size as u32);
        if let Some(nodes) = &definition.nodes {
            if call.array_properties.is_some() {
                return Err(Refusal::NotForNodes("arrayProperties"));
            }
            if call.container_overrides.is_some() {
                return Err(Refusal::NotForNodes("containerOverrides"));
            }
            let gang = gang(nodes, node_overrides.as_ref())?;
            let size = gang.sizes.iter().fold(Size::default(), |sum, size| sum.plus(*size));
            return Ok(Self { children: None, size, gang: Some(gang), node_overrides, task_overrides: None });
        }
        if node_overrides.is_some() {
            return Err(Refusal::OnlyForNodes("nodeOverrides"));
        }
        let not_here = || Refusal::NotSupported(format!("A job definition of type {}", definition.registered.kind));
        let properties = definition.container().ok_or_else(not_here)?;
        let task_overrides = task_overrides(call, definition)?;
        let overrides = task_overrides.as_ref().or(call.container_overrides.as_ref());
        let size = size_of(properties, overrides, definition.may_run_on_fargate())?;
        Ok(Self { children, size, gang: None, node_overrides: None, task_overrides })
    }
}

/// Each form of a definition has its own form of overrides.
fn task_overrides(call: &SubmitJob, definition: &Definition) -> Result<Option<ContainerOverrides>, Refusal> {
    let given = |name: &str| call.rest.get(name).is_some_and(|value| !value.is_null());
    let Some(task) = &definition.task else {
        return if given("ecsPropertiesOverride") { Err(Refusal::OverridesOfOtherForm("ecsPropertiesOverride")) } else { Ok(None) };
    };
    if call.container_overrides.is_some() {
        return Err(Refusal::OverridesOfOtherForm("containerOverrides"));
    }
    let overrides = task.overrides(&call.rest)?;
    overrides.as_ref().map_or(Ok(()), check_overrides)?;
    Ok(overrides)
}

fn gang(nodes: &NodeProperties, overrides: Option<&NodeOverrides>) -> Result<Gang, Refusal> {
    let count = nodes.count(overrides)?;
    if let Some(overrides) = overrides {
        overrides.check(count)?;
        for range in overrides.node_property_overrides.iter().filter_map(|range| range.container_overrides.as_ref()) {
            check_overrides(range)?;
        }
    }
    let size_of = |node: u32| {
        let properties = nodes.container(node).ok_or(Refusal::NodeWithoutRange(node))?;
        size_of(properties, overrides.and_then(|overrides| overrides.container(node)), false)
    };
    let sizes = (0..count).map(size_of).collect::<Result<Box<[Size]>, Refusal>>()?;
    Ok(Gang { main: nodes.main_node as u32, sizes, in_flight: 0 })
}

/// What each attempt of a container needs.
fn size_of(properties: &ContainerProperties, overrides: Option<&ContainerOverrides>, on_fargate: bool) -> Result<Size, Refusal> {
    let vcpus = size::asked_vcpus(properties, overrides).ok_or(Refusal::ResourceMissing("VCPU"))?;
    let memory = size::asked_memory(properties, overrides).ok_or(Refusal::ResourceMissing("MEMORY"))?;
    if on_fargate { fargate::size(&vcpus, &memory) } else { size::on_ec2(&vcpus, &memory) }
}

/// Checks whatever does not depend on the definition.
pub(crate) fn check(call: &SubmitJob) -> Result<(), Refusal> {
    if !names::is_job_name(&call.job_name) {
        return Err(Refusal::JobName);
    }
    if call.depends_on.len() > limits::DEPENDENCIES {
        return Err(Refusal::Dependencies);
    }
    if !is_surely_small(call) {
        let kib = checks::json_len(call).div_ceil(1024);
        if kib > limits::SUBMIT_KIB {
            return Err(Refusal::JobTooBig { limit: limits::SUBMIT_KIB, got: kib });
        }
    }
    if let Some(size) = call.array_properties.as_ref().and_then(|array| array.size)
        && !limits::ARRAY_SIZES.contains(&size)
    {
        return Err(Refusal::ArraySize(size));
    }
    tags::check(&call.tags)?;
    checks::retry(call.retry_strategy.as_ref())?;
    checks::timeout(call.timeout.as_ref())?;
    if let Some(priority) = call.scheduling_priority_override {
        checks::range("schedulingPriorityOverride", &limits::SCHEDULING_PRIORITIES, priority)?;
    }
    if let Some(overrides) = &call.container_overrides {
        check_overrides(overrides)?;
    }
    match OTHER_KINDS.iter().find(|name| call.rest.get(**name).is_some_and(|value| *value != Value::Null)) {
        Some(name) => Err(Refusal::NotSupported((*name).into())),
        None => Ok(()),
    }
}

fn check_overrides(overrides: &ContainerOverrides) -> Result<(), Refusal> {
    checks::command(overrides.command.as_ref())?;
    checks::environment(&overrides.environment)
}

/// Whether the call is far from every limit on its length: then nobody has to write it out to count.
fn is_surely_small(call: &SubmitJob) -> bool {
    call.rest.is_empty()
        && call.tags.is_empty()
        && call.parameters.is_empty()
        && call.job_queue.len() + call.job_definition.len() < limits::SUBMIT_KIB * 64
        && call.share_identifier.as_ref().is_none_or(|share| share.len() < limits::SUBMIT_KIB * 64)
        && call.depends_on.iter().all(|dependency| dependency.job_id.as_ref().is_none_or(|id| id.len() < 64))
        && call.container_overrides.as_ref().is_none_or(is_surely_short)
}

/// Whether overrides are far from their limit, even if every character had to be escaped.
fn is_surely_short(overrides: &ContainerOverrides) -> bool {
    let command = overrides.command.iter().flatten().map(|element| element.len() + 3);
    let variables = overrides.environment.iter().map(|variable| variable.name.len() + variable.value.len() + 24);
    let requirements = overrides.resource_requirements.iter().map(|requirement| requirement.kind.len() + requirement.value.len() + 24);
    let rest = overrides.instance_type.as_ref().map_or(0, String::len) + 200;
    (command.chain(variables).chain(requirements).sum::<usize>() + rest) * 6 < limits::OVERRIDES_CHARS
}

/// Whether ECS would not take the overrides.
pub(crate) fn is_too_long(overrides: &ContainerOverrides) -> bool {
    !is_surely_short(overrides) && checks::json_len(overrides) > limits::OVERRIDES_CHARS
}
