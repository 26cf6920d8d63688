//! The parameters of integrations, as far as AWS checks their static part when a machine is created.

use serde_json::Value;

use super::fields::Fields;
use super::problems::Problems;
use super::task::Resource;
use crate::expression::may_be_jsonata;
use crate::services::{Pattern, missing, operation, unsupported};

/// The type of a parameter.
enum Type {
    Text,
    Integer,
    Boolean,
    TextMap,
    TextList,
    Struct(&'static [(&'static str, Self)]),
    StructList(&'static [(&'static str, Self)]),
    Anything,
}

const SUBMIT_JOB_REQUIRED: [&str; 3] = ["JobName", "JobQueue", "JobDefinition"];

const SUBMIT_JOB: &[(&str, Type)] = &[
    ("JobName", Type::Text),
    ("JobQueue", Type::Text),
    ("JobDefinition", Type::Text),
    ("ArrayProperties", Type::Struct(&[("Size", Type::Integer)])),
    ("ContainerOverrides", Type::Struct(CONTAINER_OVERRIDES)),
    ("DependsOn", Type::StructList(&[("JobId", Type::Text), ("Type", Type::Text)])),
    ("Parameters", Type::TextMap),
    ("PropagateTags", Type::Boolean),
    ("RetryStrategy", Type::Struct(&[("Attempts", Type::Integer), ("EvaluateOnExit", Type::StructList(EVALUATE_ON_EXIT))])),
    ("SchedulingPriorityOverride", Type::Integer),
    ("ShareIdentifier", Type::Text),
    ("Tags", Type::TextMap),
    ("Timeout", Type::Struct(&[("AttemptDurationSeconds", Type::Integer)])),
    ("NodeOverrides", Type::Anything),
    ("EcsPropertiesOverride", Type::Anything),
    ("EksPropertiesOverride", Type::Anything),
    ("ConsumableResourcePropertiesOverride", Type::Anything),
];

const CONTAINER_OVERRIDES: &[(&str, Type)] = &[
    ("Command", Type::TextList),
    ("Environment", Type::StructList(&[("Name", Type::Text), ("Value", Type::Text)])),
    ("InstanceType", Type::Text),
    ("Memory", Type::Integer),
    ("ResourceRequirements", Type::StructList(&[("Type", Type::Text), ("Value", Type::Text)])),
    ("Vcpus", Type::Integer),
];

const EVALUATE_ON_EXIT: &[(&str, Type)] =
    &[("Action", Type::Text), ("OnExitCode", Type::Text), ("OnReason", Type::Text), ("OnStatusReason", Type::Text)];

/// Notes static parameters of the wrong type.
pub(super) fn check(resource: &Resource, fields: &Fields<'_>, problems: &mut Problems) {
    let submits_job = &*resource.service == "batch" && matches!(&*resource.action, "submitJob" | "submitJob.sync");
    let sdk = resource.service.strip_prefix("aws-sdk:").and_then(|service| operation(service, Pattern::split(&resource.action).0));
    if !submits_job && sdk.is_none() {
        return;
    }
    let field = if fields.is_jsonata() { "Arguments" } else { "Parameters" };
    let at = fields.location(field);
    let nothing = serde_json::Map::new();
    let parameters = fields.get(field).map_or(Some(&nothing), Value::as_object);
    let Some(parameters) = parameters else {
        return;
    };
    if let Some(sdk) = sdk {
        let names = parameters.keys().map(|field| field.strip_suffix(".$").unwrap_or(field));
        return names.filter(|name| !sdk.takes(name)).for_each(|name| problems.schema(&at, unsupported(name)));
    }
    for required in SUBMIT_JOB_REQUIRED {
        if !parameters.contains_key(required) && !parameters.contains_key(&format!("{required}.$")) {
            problems.schema(&at, missing(required));
        }
    }
    for field in parameters.keys() {
        let name = field.strip_suffix(".$").unwrap_or(field);
        if !SUBMIT_JOB.iter().any(|(known, _)| *known == name) {
            problems.schema(&at, unsupported(name));
        }
    }
    members(parameters, SUBMIT_JOB, &at, problems);
}

/// Members that are not known are left to the service: nested names are not checked by AWS at this point.
fn members(object: &serde_json::Map<String, Value>, types: &[(&str, Type)], at: &str, problems: &mut Problems) {
    for (field, value) in object {
        if let Some((_, kind)) = types.iter().find(|(known, _)| known == field) {
            kind.check(field, value, at, problems);
        }
    }
}

impl Type {
    fn check(&self, field: &str, value: &Value, at: &str, problems: &mut Problems) {
        let mut must_be = |fits: bool, what: &str| {
            if !fits {
                problems.schema(at, format!("The value for the field '{field}' must be {what}"));
            }
            fits
        };
        match self {
            Self::Anything => {}
            _ if value.as_str().is_some_and(may_be_jsonata) => {}
            Self::Text => _ = must_be(value.is_string(), "a STRING"),
            Self::Integer => _ = must_be(value.is_i64() || value.is_u64(), "an INTEGER"),
            Self::Boolean => _ = must_be(value.is_boolean(), "a BOOLEAN"),
            Self::Struct(types) => match value.as_object() {
                Some(object) => members(object, types, at, problems),
                None => _ = must_be(false, "a STRUCTURE"),
            },
            Self::TextMap => match value.as_object() {
                Some(object) => texts(object.iter().map(|(key, value)| (key.as_str(), value)), at, problems),
                None => _ = must_be(false, "a MAP"),
            },
            Self::TextList => match value.as_array() {
                Some(items) => texts(items.iter().map(|item| (field, item)), at, problems),
                None => _ = must_be(false, "a LIST"),
            },
            Self::StructList(types) => match value.as_array() {
                Some(items) => items.iter().for_each(|item| Self::Struct(types).check(field, item, at, problems)),
                None => _ = must_be(false, "a LIST"),
            },
        }
    }
}

fn texts<'v>(values: impl Iterator<Item = (&'v str, &'v Value)>, at: &str, problems: &mut Problems) {
    for (field, value) in values {
        if !field.ends_with(".$") {
            Type::Text.check(field, value, at, problems);
        }
    }
}
