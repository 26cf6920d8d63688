//! Definitions in the form of `ecsProperties`, as long as their task has one container. Source: BM EcsProperties.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::{AttemptContainer, ContainerDetail, ContainerOverrides, ContainerProperties};
use crate::refusal::Refusal;

/// A task of one container.
#[derive(Debug)]
pub(crate) struct Task {
    /// As registered.
    properties: Map<String, Value>,
    name: Option<String>,
    /// The same in the older form.
    pub(crate) container: ContainerProperties,
}

/// Members of a task that belong to the container in the older form, with their names there.
const OF_TASK: [(&str, &str); 6] = [
    ("executionRoleArn", "executionRoleArn"),
    ("taskRoleArn", "jobRoleArn"),
    ("networkConfiguration", "networkConfiguration"),
    ("runtimePlatform", "runtimePlatform"),
    ("ephemeralStorage", "ephemeralStorage"),
    ("volumes", "volumes"),
];

impl Task {
    /// What a definition asks for, if it asks in this form.
    pub(crate) fn read(rest: &Map<String, Value>) -> Result<Option<Self>, Refusal> {
        let Some(properties) = only("ecsProperties", rest)? else { return Ok(None) };
        let mut container = containers("ecsProperties", &properties)?;
        if container.get("image").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(Refusal::Missing { field: "image" });
        }
        let name = container.get("name").and_then(Value::as_str).map(String::from);
        for (of_task, of_container) in OF_TASK {
            if let Some(value) = properties.get(of_task) {
                container.insert(of_container.into(), value.clone());
            }
        }
        let container = ContainerProperties::deserialize(Value::Object(container)).map_err(|error| bad("ecsProperties", &error))?;
        Ok(Some(Self { properties, name, container }))
    }

    /// What a submission has instead, if it has anything.
    pub(crate) fn overrides(&self, rest: &Map<String, Value>) -> Result<Option<ContainerOverrides>, Refusal> {
        const MEMBER: &str = "ecsPropertiesOverride";
        let Some(task) = only(MEMBER, rest)? else { return Ok(None) };
        let container = containers(MEMBER, &task)?;
        match container.get("name").and_then(Value::as_str) {
            Some(name) if self.name.as_deref() == Some(name) => {}
            name => return Err(Refusal::Value { field: "container name", value: name.unwrap_or_default().into() }),
        }
        ContainerOverrides::deserialize(Value::Object(container)).map(Some).map_err(|error| bad(MEMBER, &error))
    }

    /// As `DescribeJobs` shows it, with what the job has instead and what came of it.
    pub(crate) fn detail(&self, container: ContainerDetail) -> Value {
        let registered = self.properties.get("containers").and_then(|containers| containers.get(0)).and_then(Value::as_object);
        let mut shown = registered.cloned().unwrap_or_default();
        let ContainerDetail { command, environment, resource_requirements, exit_code, reason, log_stream_name, .. } = container;
        set(&mut shown, "command", Some(json!(command)));
        set(&mut shown, "environment", Some(json!(environment)));
        set(&mut shown, "resourceRequirements", Some(json!(resource_requirements)));
        set(&mut shown, "exitCode", exit_code.map(Value::from));
        set(&mut shown, "reason", reason.map(Value::from));
        set(&mut shown, "logStreamName", log_stream_name.map(Value::from));
        set(&mut shown, "networkInterfaces", Some(json!([])));
        let mut task = self.properties.clone();
        set(&mut task, "containers", Some(json!([shown])));
        set(&mut task, "containerInstanceArn", container.container_instance_arn.map(Value::from));
        set(&mut task, "taskArn", container.task_arn.map(Value::from));
        json!({ "taskProperties": [task] })
    }

    /// One attempt, as `DescribeJobs` shows it.
    pub(crate) fn attempt(&self, ended: &AttemptContainer) -> Value {
        let mut container = Map::new();
        set(&mut container, "exitCode", ended.exit_code.map(Value::from));
        set(&mut container, "name", self.name.clone().map(Value::from));
        set(&mut container, "reason", ended.reason.clone().map(Value::from));
        set(&mut container, "logStreamName", ended.log_stream_name.clone().map(Value::from));
        set(&mut container, "networkInterfaces", Some(json!([])));
        let mut task = Map::new();
        set(&mut task, "containerInstanceArn", ended.container_instance_arn.clone().map(Value::from));
        set(&mut task, "taskArn", ended.task_arn.clone().map(Value::from));
        set(&mut task, "containers", Some(json!([container])));
        Value::Object(task)
    }
}

fn set(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        members.insert(name.into(), value);
    }
}

/// The only task in a member of a call.
fn only(field: &'static str, rest: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Refusal> {
    let Some(value) = rest.get(field).filter(|value| !value.is_null()) else { return Ok(None) };
    let tasks = value.get("taskProperties").and_then(Value::as_array).map(Vec::as_slice);
    match tasks {
        Some([Value::Object(task)]) => Ok(Some(task.clone())),
        Some([_]) | None => Err(Refusal::Shape { field, problem: "taskProperties is not a list of structures".into() }),
        // BM EcsProperties.taskProperties: "currently limited to one task element".
        Some(tasks) => Err(Refusal::Range { field: "taskProperties", least: 1, most: 1, got: tasks.len() as i64 }),
    }
}

/// The only container of a task.
fn containers(field: &'static str, task: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    match task.get("containers").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::Object(container)]) => Ok(container.clone()),
        Some([_, _, ..]) => Err(Refusal::NotSupported(format!("{field} with more than one container"))),
        _ => Err(Refusal::Shape { field, problem: "containers is not a list of structures".into() }),
    }
}

fn bad(field: &'static str, error: &serde_json::Error) -> Refusal {
    Refusal::Shape { field, problem: error.to_string() }
}
