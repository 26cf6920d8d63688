//! Parameters of a task's call as the library has them. The engine has checked names and types.

use jiff::Timestamp;
use s3s::dto::{self, Delete, ETag, ETagCondition, ObjectIdentifier, StreamingBlob, Tag, Tagging};
use s3s::{S3Error, S3ErrorCode, S3Result};
use serde_json::{Map, Value};

use crate::wire::s3::details;

/// The members of a structure.
pub(super) struct Parameters(pub(super) Map<String, Value>);

impl Parameters {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
    }

    /// One that must be there.
    pub(super) fn name(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    pub(super) fn integer(&self, name: &str) -> Option<i32> {
        self.0.get(name)?.as_i64().and_then(|number| i32::try_from(number).ok())
    }

    pub(super) fn time(&self, name: &str) -> Option<dto::Timestamp> {
        self.text(name)?.parse::<Timestamp>().ok().map(details::time)
    }

    /// An ETag, in quotes or without, or `*`.
    pub(super) fn condition(&self, name: &str) -> S3Result<Option<ETagCondition>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let quoted = if text == "*" || text.ends_with('"') { text } else { format!("\"{text}\"") };
        let condition = ETagCondition::parse_http_header(quoted.as_bytes());
        condition.map(Some).map_err(|_| S3Error::with_message(S3ErrorCode::InvalidArgument, format!("{name} is no ETag")))
    }

    /// Text is a body as it is; whatever else, as JSON.
    pub(super) fn body(&self, name: &str) -> Option<StreamingBlob> {
        let value = self.0.get(name)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(s3s::Body::from(text).into())
    }

    /// Names are headers' names, which have no capitals on their way back.
    pub(super) fn metadata(&self) -> Option<dto::Metadata> {
        let metadata = self.within("Metadata")?.0;
        Some(metadata.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned())).collect())
    }

    pub(super) fn within(&self, name: &str) -> Option<Self> {
        self.0.get(name)?.as_object().cloned().map(Self)
    }

    fn list(&self, name: &str) -> Vec<Self> {
        let items = self.0.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_object).cloned().map(Self).collect()
    }

    pub(super) fn deletions(&self) -> Delete {
        let Some(delete) = self.within("Delete") else { return Delete::default() };
        let object = |object: Self| ObjectIdentifier {
            key: object.name("Key"),
            e_tag: object.text("ETag").map(|etag| ETag::Strong(etag.trim_matches('"').to_owned())),
            ..Default::default()
        };
        Delete { objects: delete.list("Objects").into_iter().map(object).collect(), quiet: delete.0.get("Quiet").and_then(Value::as_bool) }
    }

    pub(super) fn tagging(&self) -> Tagging {
        let tags = self.within("Tagging").map(|tagging| tagging.list("TagSet")).unwrap_or_default();
        Tagging { tag_set: tags.into_iter().map(|tag| Tag { key: tag.text("Key"), value: tag.text("Value") }).collect() }
    }
}
