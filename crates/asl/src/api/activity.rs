//! Activities: tasks that workers ask for.

use super::shapes::shapes;
use super::{EncryptionConfiguration, Tag};

shapes! {
    /// `CreateActivity`.
    CreateActivity {
        /// 1–80 characters.
        name: String,
        /// Tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<Tag>,
        /// How data is encrypted.
        encryption_configuration: opt EncryptionConfiguration,
    }
    /// Answer of `CreateActivity`.
    ActivityCreated {
        /// The new activity.
        activity_arn: String,
        /// When it was made.
        creation_date: Timestamp,
    }
    /// `DeleteActivity`.
    DeleteActivity {
        /// Which activity.
        activity_arn: String,
    }
    /// `DescribeActivity`.
    DescribeActivity {
        /// Which activity.
        activity_arn: String,
    }
    /// Answer of `DescribeActivity`.
    ActivityDescription {
        /// Which activity.
        activity_arn: String,
        /// Its name.
        name: String,
        /// When it was made.
        creation_date: Timestamp,
        /// How data is encrypted.
        encryption_configuration: opt EncryptionConfiguration,
    }
    /// `ListActivities`.
    ListActivities {
        /// 0 (meaning 100) to 1,000.
        max_results: opt i32,
        /// Where the last page ended.
        next_token: opt String,
    }
    /// Answer of `ListActivities`.
    ActivityList {
        /// In order of name.
        activities: Vec<ActivityListItem>,
        /// Present if there is more.
        next_token: opt String,
    }
    /// One line of `ListActivities`.
    ActivityListItem {
        /// Which activity.
        activity_arn: String,
        /// Its name.
        name: String,
        /// When it was made.
        creation_date: Timestamp,
    }
    /// `GetActivityTask`.
    GetActivityTask {
        /// Which activity.
        activity_arn: String,
        /// Shown in histories.
        worker_name: opt String,
    }
    /// Answer of `GetActivityTask`; empty if there was no task for 60 seconds.
    ActivityTask {
        /// Names the task in the calls that end it.
        task_token: opt String,
        /// JSON as text.
        input: opt String,
    }
}
