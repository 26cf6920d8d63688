//! RegisterJobDefinition: what a definition has to look like.

use serde_json::{Map, Value};

use crate::api::{ContainerProperties, JobDefinitionRef, NodeProperties, RegisterJobDefinition};
use crate::checks;
use crate::ecs::Task;
use crate::fargate;
use crate::limits;
use crate::names;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::size;
use crate::tags;

/// Members that ask for kinds of jobs that do not exist here.
const OTHER_KINDS: [&str; 2] = ["eksProperties", "consumableResourceProperties"];

impl Scheduler {
    pub(crate) fn register_job_definition(&mut self, call: RegisterJobDefinition) -> Result<JobDefinitionRef, Refusal> {
        let nodes = NodeProperties::read(&call.rest)?;
        let task = Task::read(&call.rest)?;
        check(&call, nodes.as_ref(), task.as_ref())?;
        let definition = self.definitions.add(call, nodes, task, &self.names);
        Ok(JobDefinitionRef {
            job_definition_name: definition.name().into(),
            job_definition_arn: definition.arn.clone(),
            revision: definition.revision,
        })
    }
}

fn check(call: &RegisterJobDefinition, nodes: Option<&NodeProperties>, task: Option<&Task>) -> Result<(), Refusal> {
    if !names::is_name(&call.job_definition_name) {
        return Err(Refusal::Name(call.job_definition_name.clone()));
    }
    let kib = checks::json_len(call).div_ceil(1024);
    if kib > limits::DEFINITION_KIB {
        return Err(Refusal::DefinitionTooBig { limit: limits::DEFINITION_KIB, got: kib });
    }
    if !["container", "multinode"].contains(&call.kind.as_str()) {
        return Err(Refusal::Value { field: "type", value: call.kind.clone() });
    }
    for capability in &call.platform_capabilities {
        if !["EC2", "FARGATE", "MANAGED_INSTANCES"].contains(&capability.as_str()) {
            return Err(Refusal::Value { field: "platformCapabilities", value: capability.clone() });
        }
    }
    if let Some(name) = OTHER_KINDS.into_iter().find(|name| given(&call.rest, name)) {
        return Err(Refusal::NotSupported(name.into()));
    }
    if call.platform_capabilities.iter().any(|capability| capability == "MANAGED_INSTANCES") {
        return Err(Refusal::NotSupported("MANAGED_INSTANCES".into()));
    }
    tags::check(&call.tags)?;
    if let Some(priority) = call.rest.get("schedulingPriority").filter(|value| !value.is_null()) {
        let priority = priority.as_i64().and_then(|priority| i32::try_from(priority).ok()).unwrap_or(-1);
        checks::range("schedulingPriority", &limits::SCHEDULING_PRIORITIES, priority)?;
    }
    checks::retry(call.retry_strategy.as_ref())?;
    checks::timeout(call.timeout.as_ref())?;
    let on_fargate = call.platform_capabilities.iter().any(|capability| capability == "FARGATE");
    if call.kind == "multinode" {
        return check_nodes(call, nodes, on_fargate);
    }
    if nodes.is_some() {
        return Err(Refusal::OnlyForNodes("nodeProperties"));
    }
    let container = match (&call.container_properties, task) {
        (Some(_), Some(_)) => return Err(Refusal::TwoForms),
        (Some(properties), None) => properties,
        (None, Some(task)) => &task.container,
        (None, None) => return Err(Refusal::Missing { field: "containerProperties" }),
    };
    check_container(container, on_fargate)
}

fn given(rest: &Map<String, Value>, name: &str) -> bool {
    rest.get(name).is_some_and(|value| !value.is_null())
}

/// Source: BM RegisterJobDefinition.type, NodeProperties.
fn check_nodes(call: &RegisterJobDefinition, nodes: Option<&NodeProperties>, on_fargate: bool) -> Result<(), Refusal> {
    if on_fargate {
        return Err(Refusal::NotForFargate("multinode"));
    }
    if call.container_properties.is_some() {
        return Err(Refusal::NotForNodes("containerProperties"));
    }
    if given(&call.rest, "ecsProperties") {
        return Err(Refusal::NotForNodes("ecsProperties"));
    }
    let nodes = nodes.ok_or(Refusal::Missing { field: "nodeProperties" })?;
    nodes.check()?;
    for range in &nodes.node_range_properties {
        if let Some(name) = ["ecsProperties", "eksProperties", "consumableResourceProperties"].iter().find(|name| given(&range.rest, name))
        {
            return Err(Refusal::NotSupported((*name).into()));
        }
        check_container(range.container.as_ref().ok_or(Refusal::Missing { field: "container" })?, false)?;
    }
    Ok(())
}

fn check_container(properties: &ContainerProperties, on_fargate: bool) -> Result<(), Refusal> {
    let has_any = |value: Option<&Value>| value.and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if has_any(properties.rest.get("secrets")) {
        return Err(Refusal::NotSupported("secrets".into()));
    }
    if has_any(properties.rest.get("logConfiguration").and_then(|logs| logs.get("secretOptions"))) {
        return Err(Refusal::NotSupported("secretOptions".into()));
    }
    checks::command(properties.command.as_ref())?;
    checks::environment(properties.environment.as_deref().unwrap_or_default())?;
    let (vcpus, memory) = (size::asked_vcpus(properties, None), size::asked_memory(properties, None));
    if on_fargate {
        fargate::properties(properties)?;
        let vcpus = vcpus.ok_or(Refusal::ResourceMissing("VCPU"))?;
        let memory = memory.ok_or(Refusal::ResourceMissing("MEMORY"))?;
        return fargate::size(&vcpus, &memory).map(drop);
    }
    if properties.rest.contains_key("networkConfiguration") {
        return Err(Refusal::NetworkOnEc2);
    }
    // What is missing here may come with the submission.
    size::on_ec2(vcpus.as_deref().unwrap_or("1"), memory.as_deref().unwrap_or("4"))?;
    for gpu in properties.resource_requirements.iter().flatten().filter(|requirement| requirement.kind == "GPU") {
        size::whole("GPU", &gpu.value, 1)?;
    }
    Ok(())
}
