//! Tags of state machines and activities.

use fanout_asl::api::{ApiError, ListTagsForResource, Reply, ResourceTags, Tag, TagResource, UntagResource};

use super::Service;
use super::arn::{self, MachineArn};
use super::machine::not_found;

/// Tags of one resource (Step Functions quotas).
const MOST: usize = 50;

/// In the order in which their keys came.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags(Vec<Tag>);

impl Tags {
    /// # Errors
    /// `TooManyTags`.
    pub(super) fn new(given: Vec<Tag>) -> Result<Self, ApiError> {
        let mut tags = Self::default();
        tags.add(given)?;
        Ok(tags)
    }

    /// A tag of the same key is replaced.
    fn add(&mut self, given: Vec<Tag>) -> Result<(), ApiError> {
        let mut tags = self.0.clone();
        for tag in given {
            match tags.iter_mut().find(|old| old.key == tag.key) {
                Some(old) => *old = tag,
                None => tags.push(tag),
            }
        }
        if tags.len() > MOST {
            let message = format!("You have exceeded the number of tags allowed for a resource: {MOST}");
            return Err(ApiError::new("TooManyTags", message));
        }
        self.0 = tags;
        Ok(())
    }
}

impl Service {
    pub(super) fn tag(&mut self, call: TagResource) -> Result<Reply, ApiError> {
        self.tags_mut(&call.resource_arn)?.add(call.tags)?;
        Ok(Reply::Done)
    }

    pub(super) fn untag(&mut self, call: &UntagResource) -> Result<Reply, ApiError> {
        self.tags_mut(&call.resource_arn)?.0.retain(|tag| !call.tag_keys.contains(&tag.key));
        Ok(Reply::Done)
    }

    pub(super) fn list_tags(&self, call: &ListTagsForResource) -> Result<Reply, ApiError> {
        let arn = call.resource_arn.as_str();
        let tags = match owner(arn)? {
            Owner::Activity => self.activities.get(arn).map(|activity| &activity.tags),
            Owner::Machine => self.machines.get(arn).map(|machine| &machine.tags),
        };
        Ok(Reply::ResourceTags(ResourceTags { tags: tags.ok_or_else(not_found)?.0.clone() }))
    }

    fn tags_mut(&mut self, arn: &str) -> Result<&mut Tags, ApiError> {
        let tags = match owner(arn)? {
            Owner::Activity => self.activities.get_mut(arn).map(|activity| &mut activity.tags),
            Owner::Machine => self.machines.get_mut(arn).map(|machine| &mut machine.tags),
        };
        tags.ok_or_else(not_found)
    }
}

enum Owner {
    Activity,
    Machine,
}

fn owner(arn: &str) -> Result<Owner, ApiError> {
    if arn::check(arn, "activity").is_ok() {
        return Ok(Owner::Activity);
    }
    MachineArn::parse(arn).map(|_| Owner::Machine)
}
