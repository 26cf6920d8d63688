//! Activities: create, describe, delete, list.

use fanout_asl::api::{
    ActivityCreated, ActivityDescription, ActivityList, ActivityListItem, ApiError, CreateActivity, DeleteActivity, DescribeActivity,
    EncryptionConfiguration, ListActivities, Reply,
};
use jiff::Timestamp;

use super::tags::Tags;
use super::{Service, arn, configuration, list, names};

/// One activity.
#[derive(Debug)]
pub(super) struct Activity {
    name: String,
    created: Timestamp,
    encryption: EncryptionConfiguration,
    pub(super) tags: Tags,
}

impl Service {
    /// Creating the same activity twice is one creation; other tags are ignored then (service model, CreateActivity).
    pub(super) fn create_activity(&mut self, call: CreateActivity, now: Timestamp) -> Result<Reply, ApiError> {
        let CreateActivity { name, tags, encryption_configuration } = call;
        names::check(&name)?;
        let encryption = configuration::encryption(encryption_configuration)?;
        let tags = Tags::new(tags)?;
        let activity_arn = self.activity_arn(&name);
        if let Some(activity) = self.activities.get(&activity_arn) {
            if activity.encryption != encryption {
                let words = "Activity already exists. EncryptionConfiguration may not be updated.";
                return Err(ApiError::new("ActivityAlreadyExists", words));
            }
            return Ok(Reply::ActivityCreated(ActivityCreated { activity_arn, creation_date: activity.created }));
        }
        self.activities.insert(activity_arn.clone(), Activity { name, created: now, encryption, tags });
        Ok(Reply::ActivityCreated(ActivityCreated { activity_arn, creation_date: now }))
    }

    pub(super) fn activity(&self, activity_arn: &str) -> Result<&Activity, ApiError> {
        arn::check(activity_arn, "activity")?;
        let missing = || ApiError::new("ActivityDoesNotExist", format!("Activity Does Not Exist: '{activity_arn}'"));
        self.activities.get(activity_arn).ok_or_else(missing)
    }

    pub(super) fn describe_activity(&self, call: DescribeActivity) -> Result<Reply, ApiError> {
        let activity = self.activity(&call.activity_arn)?;
        Ok(Reply::ActivityDescription(ActivityDescription {
            name: activity.name.clone(),
            creation_date: activity.created,
            encryption_configuration: Some(activity.encryption.clone()),
            activity_arn: call.activity_arn,
        }))
    }

    /// Recorded: deleting what is not there is not an error.
    pub(super) fn delete_activity(&mut self, call: &DeleteActivity) -> Result<Reply, ApiError> {
        arn::check(&call.activity_arn, "activity")?;
        if self.activities.remove(&call.activity_arn).is_some() {
            let gone = self.activity(&call.activity_arn).err();
            if let Some(error) = gone {
                self.dismiss_workers(&call.activity_arn, &error);
            }
        }
        Ok(Reply::Done)
    }

    pub(super) fn list_activities(&self, call: &ListActivities) -> Result<Reply, ApiError> {
        let lines = self.activities.iter().map(|(arn, activity)| ActivityListItem {
            activity_arn: arn.clone(),
            name: activity.name.clone(),
            creation_date: activity.created,
        });
        let (activities, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::ActivityList(ActivityList { activities, next_token }))
    }
}
