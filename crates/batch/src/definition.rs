//! Job definitions and their revisions: which there are, which is meant, how they are described.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{
    ContainerProperties, DeregisterJobDefinition, DescribeJobDefinitions, Empty, JobDefinitionDetail, JobDefinitions, NodeProperties,
    RegisterJobDefinition,
};
use crate::ecs::Task;
use crate::limits;
use crate::names::{self, Names};
use crate::page;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;

/// One revision, as registered.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) arn: String,
    pub(crate) revision: i32,
    pub(crate) registered: RegisterJobDefinition,
    /// Of a job of several nodes.
    pub(crate) nodes: Option<NodeProperties>,
    /// Of a job in the form of `ecsProperties`.
    pub(crate) task: Option<Task>,
}

impl Definition {
    pub(crate) fn name(&self) -> &str {
        &self.registered.job_definition_name
    }

    /// The container, of a job that has one.
    pub(crate) fn container(&self) -> Option<&ContainerProperties> {
        self.registered.container_properties.as_ref().or_else(|| Some(&self.task.as_ref()?.container))
    }

    /// 0–9,999, if it says.
    pub(crate) fn scheduling_priority(&self) -> Option<i32> {
        let given = self.registered.rest.get("schedulingPriority").and_then(serde_json::Value::as_i64);
        given.and_then(|priority| i32::try_from(priority).ok())
    }

    pub(crate) fn may_run_on_fargate(&self) -> bool {
        self.registered.platform_capabilities.iter().any(|capability| capability == "FARGATE")
    }
}

#[derive(Debug)]
struct Revision {
    active: bool,
    /// They change, the rest of a revision does not.
    tags: BTreeMap<String, String>,
    definition: Arc<Definition>,
}

/// All definitions of an account.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    /// Revision `n` lies at place `n - 1`.
    by_name: BTreeMap<String, Vec<Revision>>,
}

impl Definitions {
    /// Adds the next revision.
    pub(crate) fn add(
        &mut self,
        mut registered: RegisterJobDefinition,
        nodes: Option<NodeProperties>,
        task: Option<Task>,
        names: &Names,
    ) -> Arc<Definition> {
        let tags = std::mem::take(&mut registered.tags);
        let revisions = self.by_name.entry(registered.job_definition_name.clone()).or_default();
        let revision = revisions.len() as i32 + 1;
        let arn = names.definition(&registered.job_definition_name, revision);
        let definition = Arc::new(Definition { arn, revision, registered, nodes, task });
        revisions.push(Revision { active: true, tags, definition: Arc::clone(&definition) });
        definition
    }

    fn revision(&self, name: &str, revision: i32) -> Option<&Revision> {
        self.by_name.get(name)?.get(usize::try_from(revision).ok()?.checked_sub(1)?)
    }

    /// The tags of `name:revision`.
    pub(crate) fn tags(&self, bare: &str) -> Option<&BTreeMap<String, String>> {
        let (name, revision) = names::revision(bare)?;
        self.revision(name, revision).map(|revision| &revision.tags)
    }

    pub(crate) fn tags_mut(&mut self, bare: &str) -> Option<&mut BTreeMap<String, String>> {
        let (name, revision) = names::revision(bare)?;
        let place = usize::try_from(revision).ok()?.checked_sub(1)?;
        self.by_name.get_mut(name)?.get_mut(place).map(|revision| &mut revision.tags)
    }

    /// The active definition that a submission means: `name` (the highest), `name:revision`.
    pub(crate) fn active(&self, bare: &str) -> Option<&Arc<Definition>> {
        match names::revision(bare) {
            Some((name, revision)) => self.revision(name, revision).filter(|revision| revision.active),
            None => self.by_name.get(bare)?.iter().rev().find(|revision| revision.active),
        }
        .map(|revision| &revision.definition)
    }

    fn all(&self) -> impl Iterator<Item = &Revision> {
        self.by_name.values().flat_map(|revisions| revisions.iter().rev())
    }
}

impl Scheduler {
    /// The active definition that a submission means.
    pub(crate) fn find_definition(&self, given: &str) -> Result<Arc<Definition>, Refusal> {
        match self.definitions.active(self.names.bare("job-definition", given)) {
            Some(definition) => Ok(Arc::clone(definition)),
            None if given.starts_with("arn:") => Err(Refusal::DefinitionArn(given.into())),
            None => Err(Refusal::DefinitionName(given.into())),
        }
    }

    pub(crate) fn deregister_job_definition(&mut self, call: &DeregisterJobDefinition) -> Result<Empty, Refusal> {
        let bare = self.names.bare("job-definition", &call.job_definition);
        let Some((name, number)) = names::revision(bare) else {
            return Err(Refusal::Missing { field: "Job definition revision" });
        };
        let place = number as usize - 1;
        match self.definitions.by_name.get_mut(name).and_then(|revisions| revisions.get_mut(place)) {
            Some(revision) => revision.active = false,
            None => return Err(Refusal::DefinitionName(call.job_definition.clone())),
        }
        Ok(Empty {})
    }

    pub(crate) fn describe_job_definitions(&self, call: &DescribeJobDefinitions) -> Result<JobDefinitions, Refusal> {
        if call.job_definitions.len() > limits::DESCRIBED_ITEMS {
            return Err(Refusal::Quota("job definitions in one call"));
        }
        let wanted = |revision: &&Revision| {
            call.status.as_deref().is_none_or(|status| (status == "ACTIVE") == revision.active)
                && call.job_definition_name.as_deref().is_none_or(|name| revision.definition.name() == name)
        };
        let named = call.job_definitions.iter().filter_map(|given| {
            let (name, number) = names::revision(self.names.bare("job-definition", given))?;
            self.definitions.revision(name, number)
        });
        let found: Vec<&Revision> = match (call.job_definitions.is_empty(), &call.job_definition_name) {
            (false, _) => named.filter(wanted).collect(),
            (true, Some(name)) => {
                let revisions = self.definitions.by_name.get(name);
                revisions.into_iter().flat_map(|list| list.iter().rev()).filter(wanted).collect()
            }
            (true, None) => self.definitions.all().filter(wanted).collect(),
        };
        let page = page::cut(&found, call.max_results, limits::DESCRIBED_ITEMS, call.next_token.as_deref())?;
        let job_definitions = page.items.iter().copied().map(Self::definition_detail).collect();
        Ok(JobDefinitions { job_definitions, next_token: page.next_token })
    }

    fn definition_detail(revision: &Revision) -> JobDefinitionDetail {
        let definition = &revision.definition;
        let registered = definition.registered.clone();
        JobDefinitionDetail {
            job_definition_arn: definition.arn.clone(),
            job_definition_name: registered.job_definition_name,
            revision: definition.revision,
            status: if revision.active { "ACTIVE" } else { "INACTIVE" }.into(),
            kind: registered.kind,
            parameters: registered.parameters,
            container_properties: registered.container_properties,
            retry_strategy: registered.retry_strategy,
            timeout: registered.timeout,
            platform_capabilities: registered.platform_capabilities,
            propagate_tags: registered.propagate_tags,
            tags: revision.tags.clone(),
            container_orchestration_type: Some("ECS".into()),
            rest: registered.rest,
        }
    }
}
