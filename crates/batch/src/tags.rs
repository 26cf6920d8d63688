//! TagResource, UntagResource, ListTagsForResource. Source: BM TagResource, BUG using-tags.

use std::collections::BTreeMap;

use crate::api::{Empty, ListTagsForResource, ResourceTags, TagResource, UntagResource};
use crate::limits;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;

/// At most 50, with keys and values of AWS's lengths; keys that begin with `aws:` are AWS's own.
pub(crate) fn check(tags: &BTreeMap<String, String>) -> Result<(), Refusal> {
    if tags.len() > limits::TAGS {
        return Err(Refusal::Tags);
    }
    for (key, value) in tags {
        let length = key.chars().count();
        if length == 0 || key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Refusal::Value { field: "tag key", value: key.clone() });
        }
        too_long("tag key", limits::TAG_KEY_CHARS, length)?;
        too_long("tag value", limits::TAG_VALUE_CHARS, value.chars().count())?;
    }
    Ok(())
}

fn too_long(field: &'static str, most: usize, got: usize) -> Result<(), Refusal> {
    if got > most { Err(Refusal::TooLong { field, most, got }) } else { Ok(()) }
}

impl Scheduler {
    pub(crate) fn tag_resource(&mut self, call: TagResource) -> Result<Empty, Refusal> {
        if call.tags.is_empty() {
            return Err(Refusal::Missing { field: "tags" });
        }
        check(&call.tags)?;
        let tags = self.tags_of_mut(&call.resource_arn)?;
        let added = call.tags.keys().filter(|key| !tags.contains_key(*key)).count();
        if tags.len() + added > limits::TAGS {
            return Err(Refusal::Tags);
        }
        tags.extend(call.tags);
        Ok(Empty {})
    }

    pub(crate) fn untag_resource(&mut self, call: &UntagResource) -> Result<Empty, Refusal> {
        match call.tag_keys.len() {
            0 => return Err(Refusal::Missing { field: "tagKeys" }),
            count if count > limits::TAGS => return Err(Refusal::Tags),
            _ => {}
        }
        let tags = self.tags_of_mut(&call.resource_arn)?;
        for key in &call.tag_keys {
            tags.remove(key);
        }
        Ok(Empty {})
    }

    pub(crate) fn list_tags(&self, call: &ListTagsForResource) -> Result<ResourceTags, Refusal> {
        let tags = self.tags_of(&call.resource_arn).ok_or_else(|| Refusal::NotFound(call.resource_arn.clone()))?;
        Ok(ResourceTags { tags: tags.clone() })
    }

    fn tags_of(&self, arn: &str) -> Option<&BTreeMap<String, String>> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        Some(match self.names.parts(arn)? {
            ("compute-environment", name) => &self.environments.all[*self.environments.by_name.get(name)?].detail.tags,
            ("job-queue", name) => &self.queues.all[*self.queues.by_name.get(name)?].detail.tags,
            ("scheduling-policy", name) => &self.policies.all[*self.policies.by_name.get(name)?].tags,
            ("job-definition", bare) => self.definitions.tags(bare)?,
            // Children have no tags of their own.
            ("job", id) => self.jobs[self.find_job(id).filter(|(_, child)| child.is_none())?.0].spec.tags().unwrap_or(&NONE),
            _ => return None,
        })
    }

    fn tags_of_mut(&mut self, arn: &str) -> Result<&mut BTreeMap<String, String>, Refusal> {
        let refusal = || Refusal::NotFound(arn.into());
        let (kind, name) = self.names.parts(arn).ok_or_else(refusal)?;
        let found = match kind {
            "compute-environment" => {
                let key = self.environments.by_name.get(name).copied();
                key.map(|key| &mut self.environments.all[key].detail.tags)
            }
            "job-queue" => {
                let key = self.queues.by_name.get(name).copied();
                key.map(|key| &mut self.queues.all[key].detail.tags)
            }
            "scheduling-policy" => {
                let key = self.policies.by_name.get(name).copied();
                key.map(|key| &mut self.policies.all[key].tags)
            }
            "job-definition" => self.definitions.tags_mut(name),
            "job" => {
                let job = self.find_job(name).filter(|(_, child)| child.is_none());
                job.map(|(job, _)| &mut self.jobs[job].spec.rare.get_or_insert_default().tags)
            }
            _ => None,
        };
        found.ok_or_else(refusal)
    }
}
