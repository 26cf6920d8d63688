//! The wire: how resources are tagged. These calls are the only ones that AWS does not send to
//! `POST /v1/<operation>`: they are GET, POST and DELETE of `/v1/tags/<ARN>`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

shapes! {
    /// `TagResource`.
    TagResource {
        /// Of a compute environment, queue, definition, job or scheduling policy.
        resource_arn: String,
        /// 1–50, added to or replacing what is there.
        tags: BTreeMap<String, String>,
    }
    /// `UntagResource`.
    UntagResource {
        /// Of a compute environment, queue, definition, job or scheduling policy.
        resource_arn: String,
        /// 1–50.
        tag_keys: Vec<String>,
    }
    /// `ListTagsForResource`.
    ListTagsForResource {
        /// Of a compute environment, queue, definition, job or scheduling policy.
        resource_arn: String,
    }
    /// Answer of `ListTagsForResource`.
    ResourceTags {
        /// All of them.
        tags: BTreeMap<String, String>,
    }
}
