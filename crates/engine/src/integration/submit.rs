//! From a Task's `Parameters` (Pascal case) to a `SubmitJob`.
//!
//! AWS checks the types of these members when the task starts. Numbers and booleans where strings
//! are due are taken as text: the published definition that passes the numbers 1–6 into
//! `Environment` is reported to work. With `strict` they are refused, as others report, and so is what works although
//! the Developer Guide (connect-batch) does not have it.

use std::collections::BTreeMap;

use fanout_batch::api::{
    ArraySize, ContainerOverrides, EvaluateOnExit, JobDependency, JobTimeout, KeyValue, ResourceRequirement, RetryStrategy, SubmitJob,
};
use serde_json::{Map, Value};

use super::sdk::{camel_case, first_lower};

/// Reads the parameters of one task.
///
/// # Errors
/// The first member of the wrong type, in AWS's words.
pub(super) fn from_parameters(parameters: &Value, strict: bool) -> Result<SubmitJob, String> {
    let reader = Reader { strict };
    let members = object("Parameters", parameters)?;
    let mut job = SubmitJob::default();
    for (name, value) in members {
        match name.as_str() {
            other if strict && UNDOCUMENTED.contains(&other) => return Err(unsupported(other)),
            "JobName" => job.job_name = reader.string(name, value)?,
            "JobQueue" => job.job_queue = reader.string(name, value)?,
            "JobDefinition" => job.job_definition = reader.string(name, value)?,
            "ArrayProperties" => {
                let size = object(name, value)?.get("Size").map(|size| integer("Size", size)).transpose()?;
                job.array_properties = Some(ArraySize { size });
            }
            "ContainerOverrides" => job.container_overrides = Some(reader.overrides(value)?),
            "DependsOn" => job.depends_on = list(name, value, |value| reader.dependency(value))?,
            "Parameters" => job.parameters = reader.strings(name, value)?,
            "RetryStrategy" => job.retry_strategy = Some(reader.retry_strategy(value)?),
            "Timeout" => {
                let seconds = object(name, value)?.get("AttemptDurationSeconds");
                let seconds = seconds.map(|seconds| integer("AttemptDurationSeconds", seconds)).transpose()?;
                job.timeout = Some(JobTimeout { attempt_duration_seconds: seconds });
            }
            "Tags" => job.tags = reader.strings(name, value)?,
            "PropagateTags" => job.propagate_tags = Some(boolean(name, value)?),
            "ShareIdentifier" => job.share_identifier = Some(reader.string(name, value)?),
            "SchedulingPriorityOverride" => job.scheduling_priority_override = Some(integer(name, value)?),
            "NodeOverrides" | "EcsPropertiesOverride" => drop(job.rest.insert(first_lower(name), camel_case(value))),
            other => return Err(unsupported(other)),
        }
    }
    for (name, value) in [("JobName", &job.job_name), ("JobQueue", &job.job_queue), ("JobDefinition", &job.job_definition)] {
        if value.is_empty() {
            return Err(format!("The field \"{name}\" is required but was missing"));
        }
    }
    Ok(job)
}

/// Members that the Developer Guide does not list; the first two are seen in public outputs.
const UNDOCUMENTED: [&str; 4] = ["ShareIdentifier", "SchedulingPriorityOverride", "NodeOverrides", "EcsPropertiesOverride"];

fn unsupported(name: &str) -> String {
    format!("The field \"{name}\" is not supported by Step Functions")
}

struct Reader {
    strict: bool,
}

impl Reader {
    fn overrides(&self, value: &Value) -> Result<ContainerOverrides, String> {
        let mut overrides = ContainerOverrides::default();
        for (name, value) in object("ContainerOverrides", value)? {
            match name.as_str() {
                "Command" => overrides.command = Some(list(name, value, |value| self.string("Command", value))?),
                "Environment" => {
                    overrides.environment = list(name, value, |entry| {
                        let (name, value) = self.pair("Environment", entry, "Name")?;
                        Ok(KeyValue { name, value })
                    })?;
                }
                "ResourceRequirements" => {
                    overrides.resource_requirements = list(name, value, |entry| {
                        let (kind, value) = self.pair("ResourceRequirements", entry, "Type")?;
                        Ok(ResourceRequirement { kind, value })
                    })?;
                }
                "InstanceType" => overrides.instance_type = Some(self.string(name, value)?),
                "Vcpus" => overrides.vcpus = Some(i64::from(integer(name, value)?)),
                "Memory" => overrides.memory = Some(i64::from(integer(name, value)?)),
                other => return Err(unsupported(other)),
            }
        }
        Ok(overrides)
    }

    /// An entry of a list of named values.
    fn pair(&self, what: &str, entry: &Value, name: &str) -> Result<(String, String), String> {
        let entry = object(what, entry)?;
        let text = |member: &str| entry.get(member).map(|value| self.string(member, value)).transpose();
        Ok((text(name)?.unwrap_or_default(), text("Value")?.unwrap_or_default()))
    }

    fn dependency(&self, value: &Value) -> Result<JobDependency, String> {
        let members = object("DependsOn", value)?;
        let text = |member: &str| members.get(member).map(|value| self.string(member, value)).transpose();
        Ok(JobDependency { job_id: text("JobId")?, kind: text("Type")? })
    }

    /// A published example spells the inner member `attempts`, so either case is taken unless it is strict.
    fn retry_strategy(&self, value: &Value) -> Result<RetryStrategy, String> {
        let members = object("RetryStrategy", value)?;
        if self.strict && members.contains_key("attempts") {
            return Err(unsupported("attempts"));
        }
        let attempts = members.get("Attempts").or_else(|| members.get("attempts"));
        let rule = |value: &Value| {
            let rule = object("EvaluateOnExit", value)?;
            let text = |member: &str| rule.get(member).map(|value| self.string(member, value)).transpose();
            Ok(EvaluateOnExit {
                on_status_reason: text("OnStatusReason")?,
                on_reason: text("OnReason")?,
                on_exit_code: text("OnExitCode")?,
                action: text("Action")?.unwrap_or_default(),
            })
        };
        Ok(RetryStrategy {
            attempts: attempts.map(|attempts| integer("Attempts", attempts)).transpose()?,
            evaluate_on_exit: members
                .get("EvaluateOnExit")
                .map(|rules| list("EvaluateOnExit", rules, rule))
                .transpose()?
                .unwrap_or_default(),
        })
    }

    fn strings(&self, name: &str, value: &Value) -> Result<BTreeMap<String, String>, String> {
        object(name, value)?.iter().map(|(key, value)| Ok((key.clone(), self.string(key, value)?))).collect()
    }

    fn string(&self, name: &str, value: &Value) -> Result<String, String> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(_) | Value::Bool(_) if !self.strict => Ok(value.to_string()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err(format!("The value for the field '{name}' must be a STRING"))
            }
        }
    }
}

fn object<'a>(name: &str, value: &'a Value) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("The value for the field '{name}' must be an OBJECT"))
}

fn list<T>(name: &str, value: &Value, read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    let values = value.as_array().ok_or_else(|| format!("The value for the field '{name}' must be an ARRAY"))?;
    values.iter().map(read).collect()
}

fn integer(name: &str, value: &Value) -> Result<i32, String> {
    let integer = value.as_i64().and_then(|number| i32::try_from(number).ok());
    integer.ok_or_else(|| format!("The value for the field '{name}' must be an INTEGER"))
}

fn boolean(name: &str, value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("The value for the field '{name}' must be a BOOLEAN"))
}

#[cfg(test)]
mod tests {
    use super::from_parameters;
    use serde_json::json;

    fn parameters(run_number: serde_json::Value) -> serde_json::Value {
        json!({
            "JobName": "n", "JobQueue": "q", "JobDefinition": "d",
            "ContainerOverrides": {"Environment": [{"Name": "RunNumber", "Value": run_number}]}
        })
    }

    /// Source: the article's own document passes numbers and reports six green runs.
    #[test]
    fn a_number_in_the_environment_is_taken_as_text() {
        let job = from_parameters(&parameters(json!(6)), false).unwrap();
        assert_eq!(job.container_overrides.unwrap().environment[0].value, "6");
    }

    /// Source: gh:ASFHyP3/hyp3#2585.
    #[test]
    fn strict_refuses_a_number_in_the_environment() {
        let problem = from_parameters(&parameters(json!(6)), true).unwrap_err();
        assert_eq!(problem, "The value for the field 'Value' must be a STRING");
    }

    /// Source: Developer Guide, connect-batch lists the members; another page of it has `attempts`.
    #[test]
    fn strict_refuses_members_that_are_not_documented() {
        for (name, value, told) in [
            ("ShareIdentifier", json!("s"), "ShareIdentifier"),
            ("SchedulingPriorityOverride", json!(1), "SchedulingPriorityOverride"),
            ("NodeOverrides", json!({}), "NodeOverrides"),
            ("EcsPropertiesOverride", json!({}), "EcsPropertiesOverride"),
            ("RetryStrategy", json!({"attempts": 2}), "attempts"),
        ] {
            let mut value_of = parameters(json!("1"));
            value_of[name] = value;
            assert!(from_parameters(&value_of, false).is_ok(), "{name}");
            let problem = from_parameters(&value_of, true).unwrap_err();
            assert_eq!(problem, format!("The field \"{told}\" is not supported by Step Functions"));
        }
        let mut documented = parameters(json!("1"));
        documented["RetryStrategy"] = json!({"Attempts": 2});
        assert_eq!(from_parameters(&documented, true).unwrap().retry_strategy.unwrap().attempts, Some(2));
    }

    /// Source: gh:aws/aws-cdk#12284.
    #[test]
    fn a_size_that_is_no_number_is_refused_in_awss_words() {
        let mut value = parameters(json!("1"));
        value["ArrayProperties"] = json!({"Size": "5"});
        assert_eq!(from_parameters(&value, false).unwrap_err(), "The value for the field 'Size' must be an INTEGER");
        value["ArrayProperties"] = json!({"Size": 5});
        assert_eq!(from_parameters(&value, false).unwrap().array_properties.unwrap().size, Some(5));
    }

    /// Source: BM SubmitJob; Step Functions names the same members in Pascal case.
    #[test]
    fn overrides_of_nodes_and_tasks_are_passed_on() {
        let overrides = json!({"NumNodes": 2, "NodePropertyOverrides": [{"TargetNodes": "0:", "ContainerOverrides": {"Command": ["x"]}}]});
        let parameters = json!({"JobName": "n", "JobQueue": "q", "JobDefinition": "d", "NodeOverrides": overrides});
        let job = from_parameters(&parameters, false).unwrap();
        let expected = json!({"numNodes": 2, "nodePropertyOverrides": [{"targetNodes": "0:", "containerOverrides": {"command": ["x"]}}]});
        assert_eq!(job.rest.get("nodeOverrides"), Some(&expected));
    }
}
