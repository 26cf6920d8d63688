//! A job definition that is there already.

use fanout_batch::api::{ContainerProperties, DescribeJobDefinitions, JobDefinitionDetail};
use serde_json::Value;

use super::Survey;
use crate::fan_out::Platform;
use crate::plan::JobDefinition;

/// The call that shows the revision that is meant: the one that is named, or all active ones of the name.
pub(super) fn request(name: &str, next_token: Option<String>) -> DescribeJobDefinitions {
    match revision(name) {
        Some(_) => DescribeJobDefinitions { job_definitions: vec![name.into()], next_token, ..DescribeJobDefinitions::default() },
        None => DescribeJobDefinitions {
            job_definition_name: Some(name.rsplit('/').next().unwrap_or(name).into()),
            status: Some("ACTIVE".into()),
            next_token,
            ..DescribeJobDefinitions::default()
        },
    }
}

/// The number after the name, if there is one.
fn revision(name: &str) -> Option<u32> {
    name.rsplit('/').next().unwrap_or(name).split_once(':').and_then(|(_, revision)| revision.parse().ok())
}

impl Survey<'_> {
    pub(super) fn take_definition(&mut self) {
        let JobDefinition::Existing(additions) = &self.plan.job_definition else { return };
        let name = &additions.definition;
        // Without a revision, Batch takes the highest that is active.
        let definition = std::mem::take(&mut self.definitions).into_iter().max_by_key(|definition| definition.revision);
        let Some(definition) = definition else {
            self.lack(
                format!("the job definition {name}"),
                "name one that is ACTIVE with --definition (aws batch describe-job-definitions --status ACTIVE), or an image with --image",
            );
            return;
        };
        if definition.status != "ACTIVE" {
            self.lack(
                format!("a job definition in use: {name} is {}", definition.status),
                "name an ACTIVE revision with --definition, or the name alone for the latest",
            );
        }
        let Some(container) = definition.container_properties.as_ref().filter(|_| definition.kind == "container") else {
            self.lack(
                format!(
                    "a definition of one container: {name} is of type {}, or its container is not in containerProperties",
                    definition.kind
                ),
                "name a definition that was registered with containerProperties with --definition, or an image with --image",
            );
            return;
        };
        let is_fargate = definition.platform_capabilities.iter().any(|capability| capability == "FARGATE");
        let wants = if is_fargate { Platform::Fargate } else { Platform::Ec2 };
        self.check_platform(wants, "name a definition with the platform capability FARGATE", "name a definition for EC2");
        if let Some(vcpus) = self.vcpus(&definition, container) {
            self.check_size(vcpus);
        }
        self.read_logs(container);
    }

    /// vCPUs of one run: as asked for, or as the definition says.
    fn vcpus(&self, definition: &JobDefinitionDetail, container: &ContainerProperties) -> Option<f64> {
        let asked = self.plan.job_definition.additions().map(|additions| &additions.resource_requirements[..]).unwrap_or_default();
        let by_definition =
            definition.container_properties.iter().filter_map(|container| container.resource_requirements.as_deref()).flatten();
        let mut requirements = asked.iter().chain(by_definition);
        let requirement =
            requirements.find(|requirement| requirement.kind == "VCPU").and_then(|requirement| requirement.value.parse().ok());
        requirement.or(container.vcpus.map(|vcpus| vcpus as f64))
    }

    fn read_logs(&mut self, container: &ContainerProperties) {
        let Some(logs) = container.rest.get("logConfiguration") else { return };
        match logs["logDriver"].as_str() {
            None | Some("awslogs") => self.found.log_group = logs["options"]["awslogs-group"].as_str().map(str::to_owned),
            Some(driver) => self.found.notes.push(format!("the definition writes its logs with {driver}: fanout cannot read them")),
        }
        if let Some(region) = logs["options"].get("awslogs-region").and_then(Value::as_str)
            && self.found.queue_arn.split(':').nth(3).is_some_and(|here| here != region)
        {
            self.found.notes.push(format!("the definition writes its logs in {region}: fanout does not read them there"));
        }
    }
}
