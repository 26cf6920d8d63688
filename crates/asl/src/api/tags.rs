//! Tags of state machines and activities.

use super::shapes::shapes;

shapes! {
    /// One tag of a Step Functions resource.
    Tag {
        /// At most 128 characters.
        key: String,
        /// At most 256 characters.
        #[serde(default)]
        value: String,
    }
    /// `TagResource`.
    TagResource {
        /// Of a state machine or an activity.
        resource_arn: String,
        /// To add; a tag of the same key is replaced.
        tags: Vec<Tag>,
    }
    /// `UntagResource`.
    UntagResource {
        /// Of a state machine or an activity.
        resource_arn: String,
        /// The keys of the tags to take away.
        tag_keys: Vec<String>,
    }
    /// `ListTagsForResource`.
    ListTagsForResource {
        /// Of a state machine or an activity.
        resource_arn: String,
    }
    /// Answer of `ListTagsForResource`.
    ResourceTags {
        /// All of them.
        tags: Vec<Tag>,
    }
}
