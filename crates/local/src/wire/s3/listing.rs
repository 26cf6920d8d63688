//! ListObjects in both versions.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use form_urlencoded::byte_serialize;
use s3s::dto::{
    CommonPrefix, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass,
};
use s3s::{S3Error, S3ErrorCode, S3Response, S3Result};

use super::{Answer, blocking, details};
use crate::objects::{Ask, Listed, Objects, Page};

/// The most objects and prefixes in one answer.
const MOST: i32 = 1000;

pub(super) async fn list_v2(objects: &Objects, asked: ListObjectsV2Input) -> Answer<ListObjectsV2Output> {
    let max_keys = max_keys(asked.max_keys)?;
    let beginning = match (&asked.continuation_token, &asked.start_after) {
        (Some(token), _) => Beginning::At(from_token(token)?),
        (None, Some(marker)) => Beginning::After(marker.clone()),
        (None, None) => Beginning::At(String::new()),
    };
    let page = page(objects, &asked.bucket, asked.prefix.as_deref(), asked.delimiter.as_deref(), beginning, max_keys).await?;
    let code = Code::of(asked.encoding_type.as_ref());
    let count = page.objects.len() + page.prefixes.len();
    Ok(S3Response::new(ListObjectsV2Output {
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.map(|next| BASE64.encode(next)),
        contents: Some(page.objects.into_iter().map(|object| code.object(object)).collect()),
        common_prefixes: Some(page.prefixes.into_iter().map(|prefix| code.prefix(&prefix)).collect()),
        key_count: Some(count as i32),
        max_keys: Some(max_keys),
        name: Some(asked.bucket),
        prefix: Some(code.text(asked.prefix.as_deref().unwrap_or_default())),
        delimiter: asked.delimiter.map(|delimiter| code.text(&delimiter)),
        start_after: asked.start_after.map(|marker| code.text(&marker)),
        continuation_token: asked.continuation_token,
        encoding_type: asked.encoding_type,
        request_charged: None,
    }))
}

pub(super) async fn list(objects: &Objects, asked: ListObjectsInput) -> Answer<ListObjectsOutput> {
    let max_keys = max_keys(asked.max_keys)?;
    let marker = asked.marker.clone().filter(|marker| !marker.is_empty());
    let beginning = marker.map_or_else(|| Beginning::At(String::new()), Beginning::After);
    let page = page(objects, &asked.bucket, asked.prefix.as_deref(), asked.delimiter.as_deref(), beginning, max_keys).await?;
    let code = Code::of(asked.encoding_type.as_ref());
    let last = page.objects.last().map(|object| &object.key).max(page.prefixes.last());
    let next_marker = last.filter(|_| page.next.is_some() && asked.delimiter.is_some()).map(|last| code.text(last));
    Ok(S3Response::new(ListObjectsOutput {
        is_truncated: Some(page.next.is_some()),
        next_marker,
        contents: Some(page.objects.into_iter().map(|object| code.object(object)).collect()),
        common_prefixes: Some(page.prefixes.into_iter().map(|prefix| code.prefix(&prefix)).collect()),
        max_keys: Some(max_keys),
        name: Some(asked.bucket),
        prefix: Some(code.text(asked.prefix.as_deref().unwrap_or_default())),
        marker: Some(code.text(asked.marker.as_deref().unwrap_or_default())),
        delimiter: asked.delimiter.map(|delimiter| code.text(&delimiter)),
        encoding_type: asked.encoding_type,
        request_charged: None,
    }))
}

/// Where a page begins.
enum Beginning {
    At(String),
    After(String),
}

async fn page(
    objects: &Objects,
    bucket: &str,
    prefix: Option<&str>,
    delimiter: Option<&str>,
    beginning: Beginning,
    max_keys: i32,
) -> S3Result<Page> {
    let (objects, bucket) = (objects.clone(), bucket.to_owned());
    let (prefix, delimiter) = (prefix.unwrap_or_default().to_owned(), delimiter.map(str::to_owned));
    blocking(move || {
        let mut ask = Ask { prefix: &prefix, delimiter: delimiter.as_deref(), from: None, limit: max_keys as usize };
        ask.from = match beginning {
            Beginning::At(from) => Some(from),
            Beginning::After(marker) => ask.beginning_after(&marker),
        };
        objects.page(&bucket, &ask)
    })
    .await
}

fn max_keys(asked: Option<i32>) -> S3Result<i32> {
    match asked.unwrap_or(MOST) {
        negative if negative < 0 => {
            Err(S3Error::with_message(S3ErrorCode::InvalidArgument, "Argument maxKeys must be an integer between 0 and 2147483647"))
        }
        asked => Ok(asked.min(MOST)),
    }
}

/// A token is where the next page begins; as text of its own, because a key may be what XML cannot hold.
fn from_token(token: &str) -> S3Result<String> {
    let from = BASE64.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    from.ok_or_else(|| S3Error::with_message(S3ErrorCode::InvalidArgument, "The continuation token provided is incorrect"))
}

/// How keys are written in the answer.
#[derive(Clone, Copy)]
enum Code {
    Plain,
    Url,
}

impl Code {
    fn of(asked: Option<&EncodingType>) -> Self {
        if asked.is_some_and(|code| code.as_str() == EncodingType::URL) { Self::Url } else { Self::Plain }
    }

    fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Url => byte_serialize(text.as_bytes()).collect::<String>().replace("%2F", "/"),
        }
    }

    fn prefix(self, prefix: &str) -> CommonPrefix {
        CommonPrefix { prefix: Some(self.text(prefix)) }
    }

    fn object(self, Listed { key, size, last_modified, etag, storage_class }: Listed) -> Object {
        Object {
            key: Some(self.text(&key)),
            size: Some(size.cast_signed()),
            last_modified: Some(details::time(last_modified)),
            e_tag: Some(details::etag(etag.trim_matches('"'))),
            storage_class: Some(ObjectStorageClass::from_static(storage_class)),
            ..Object::default()
        }
    }
}
