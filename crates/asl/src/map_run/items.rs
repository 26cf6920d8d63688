//! Items one after another: of the state's data, or of objects in S3.

use std::collections::VecDeque;
use std::io::Read as _;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::csv::{Dialect, Rows};
use super::order::Origin;
use super::{Effect, Listed};
use crate::Payload;
use crate::context::STATE_DATA;
use crate::document::{Format, InputType};

/// Bytes of an object that is unpacked (Developer Guide: 10 GB; here what a machine can hold).
const MOST_UNPACKED: u64 = 4 << 30;

/// An item and where it is from.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) index: u64,
    pub(super) value: Value,
    pub(super) key: Option<String>,
    pub(super) source: Arc<str>,
}

impl Taken {
    /// What a child gets without an ItemSelector.
    pub(super) fn into_input(self) -> Value {
        match self.key {
            Some(key) => json!({"Key": key, "Value": self.value}),
            None => self.value,
        }
    }
}

/// What the source has next.
pub(super) enum Step {
    Item(Taken),
    /// Something has to be read first.
    Data(Effect),
    End,
}

/// The same after selection.
pub(super) enum Found {
    Item(Value),
    Data(Effect),
    End,
}

/// A run's items.
#[derive(Debug)]
pub(super) struct Items {
    taken: u64,
    /// How many are taken at most.
    limit: u64,
    source: Arc<str>,
    rows: Part,
    /// How many of the rows are left.
    left: u64,
    /// What is to be asked for next.
    pending: VecDeque<Request>,
    asked: Option<Request>,
    format: Format,
    /// Items that were selected and wait for their batch to be full.
    pub(super) batch: Vec<Value>,
    pub(super) batch_bytes: usize,
}

/// What is asked of S3, and what its answer is.
#[derive(Clone, Debug)]
enum Request {
    /// The objects of a bucket, as items or as what holds them.
    List { bucket: String, prefix: String },
    /// An object with items.
    Items { bucket: String, key: String },
    /// An object that names others.
    Manifest { bucket: String, key: String },
}

/// Items at hand.
#[derive(Debug)]
enum Part {
    Nothing,
    Array(Payload, usize),
    Members(std::vec::IntoIter<(String, Value)>),
    Values(std::vec::IntoIter<Value>),
    Lines(Vec<u8>, usize),
    Rows(Rows),
}

impl Items {
    pub(super) fn new(origin: Origin) -> Self {
        let mut items = Self {
            taken: 0,
            limit: u64::MAX,
            source: STATE_DATA.into(),
            rows: Part::Nothing,
            left: 0,
            pending: VecDeque::new(),
            asked: None,
            format: Format::default(),
            batch: Vec::new(),
            batch_bytes: 0,
        };
        match origin {
            Origin::Items(payload) => {
                items.put(match payload.value() {
                    Value::Object(fields) => members(fields.clone()),
                    _ => Part::Array(payload, 0),
                });
            }
            Origin::Objects { arguments, lists, format, max_items } => {
                let text = |name: &str| arguments.value().get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
                let (bucket, key) = (text("Bucket"), text("Key"));
                items.pending.push_back(match format.input {
                    _ if lists => Request::List { bucket, prefix: text("Prefix") },
                    InputType::AthenaManifest | InputType::InventoryManifest => Request::Manifest { bucket, key },
                    _ => Request::Items { bucket, key },
                });
                items.limit = max_items.unwrap_or(u64::MAX);
                items.format = format;
            }
        }
        items
    }

    /// How many items there are, as far as that is known: taken, or in what has been read.
    pub(super) fn known_total(&self) -> u64 {
        (self.taken + self.left).min(self.limit)
    }

    /// Whether those are all.
    pub(super) fn is_total_known(&self) -> bool {
        (self.pending.is_empty() && self.asked.is_none()) || self.known_total() == self.limit
    }

    /// Takes in items at hand.
    fn put(&mut self, mut rows: Part) {
        self.left = rows.count();
        self.rows = rows;
    }

    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether nothing is left to take.
    pub(super) fn is_exhausted(&self) -> bool {
        matches!(self.rows, Part::Nothing) && self.pending.is_empty() && self.batch.is_empty()
    }

    /// The next item, or what has to be read for it.
    pub(super) fn next(&mut self) -> Result<Step, String> {
        if self.taken >= self.limit {
            (self.rows, self.left) = (Part::Nothing, 0);
            self.pending.clear();
        }
        if let Some((key, value)) = self.rows.next()? {
            let index = self.taken;
            self.taken += 1;
            self.left = self.left.saturating_sub(1);
            return Ok(Step::Item(Taken { index, value, key, source: Arc::clone(&self.source) }));
        }
        (self.rows, self.left) = (Part::Nothing, 0);
        let Some(request) = self.pending.pop_front() else {
            return Ok(Step::End);
        };
        let effect = match request.clone() {
            Request::List { bucket, prefix } => Effect::List { bucket, prefix },
            Request::Items { bucket, key } | Request::Manifest { bucket, key } => Effect::Read { bucket, key },
        };
        self.asked = Some(request);
        Ok(Step::Data(effect))
    }

    /// The bucket's objects.
    pub(super) fn listed(&mut self, objects: Vec<Listed>) {
        let Some(Request::List { bucket, .. }) = self.asked.take() else {
            return;
        };
        if self.format.flattens {
            let items = objects.into_iter().filter(|object| !object.key.ends_with('/'));
            self.pending.extend(items.map(|object| Request::Items { bucket: bucket.clone(), key: object.key }));
            return;
        }
        self.source = format!("S3://{bucket}").into();
        self.put(Part::Values(objects.into_iter().map(metadata).collect::<Vec<_>>().into_iter()));
    }

    /// An object that was asked for.
    pub(super) fn read(&mut self, bytes: Vec<u8>) -> Result<(), String> {
        match self.asked.take() {
            Some(Request::Items { bucket, key }) => {
                self.source = format!("S3://{bucket}/{key}").into();
                let bytes = unpacked(bytes, &key)?;
                self.put(part(bytes, &self.format)?);
                Ok(())
            }
            Some(Request::Manifest { bucket, key }) => self.manifest(&bucket, unpacked(bytes, &key)?),
            Some(Request::List { .. }) | None => Ok(()),
        }
    }

    fn manifest(&mut self, bucket: &str, bytes: Vec<u8>) -> Result<(), String> {
        if self.format.input == InputType::AthenaManifest {
            let text = String::from_utf8_lossy(&bytes);
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let place = line.trim_matches('"').strip_prefix("s3://").and_then(|place| place.split_once('/'));
                let (bucket, key) = place.ok_or_else(|| format!("The manifest holds {line:?}, which is no S3 URI"))?;
                self.pending.push_back(Request::Items { bucket: bucket.into(), key: key.into() });
            }
            self.format.input = if self.format.headers.is_some() { InputType::Csv } else { InputType::JsonLines };
            return Ok(());
        }
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|error| format!("The inventory manifest is not JSON: {error}"))?;
        let schema = manifest["fileSchema"].as_str().ok_or("The inventory manifest has no fileSchema")?;
        if manifest["fileFormat"].as_str().is_some_and(|format| format != "CSV") {
            return Err("The output format of an S3 inventory must be CSV".into());
        }
        self.format.input = InputType::Csv;
        self.format.headers = Some(schema.split(',').map(|name| name.trim().to_owned()).collect());
        let bucket = manifest["destinationBucket"].as_str().map_or(bucket, |arn| arn.rsplit(':').next().unwrap_or(arn)).to_owned();
        for file in manifest["files"].as_array().into_iter().flatten() {
            let key = file["key"].as_str().ok_or("The inventory manifest names a file without a key")?;
            self.pending.push_back(Request::Items { bucket: bucket.clone(), key: key.into() });
        }
        Ok(())
    }
}

impl Part {
    /// How many items there are.
    fn count(&mut self) -> u64 {
        let count = match self {
            Self::Nothing => 0,
            Self::Array(payload, at) => payload.value().as_array().map_or(0, |items| items.len() - *at),
            Self::Members(members) => members.len(),
            Self::Values(values) => values.len(),
            Self::Lines(bytes, at) => bytes[*at..].split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).count(),
            Self::Rows(rows) => rows.count(),
        };
        count as u64
    }

    /// The next item, with its name if it is a member of an object.
    fn next(&mut self) -> Result<Option<(Option<String>, Value)>, String> {
        let item = match self {
            Self::Nothing => None,
            Self::Array(payload, at) => {
                let item = payload.value().get(*at).cloned();
                *at += 1;
                item
            }
            Self::Members(members) => return Ok(members.next().map(|(name, value)| (Some(name), value))),
            Self::Values(values) => values.next(),
            Self::Lines(bytes, at) => line(bytes, at)?,
            Self::Rows(rows) => rows.next(),
        };
        Ok(item.map(|item| (None, item)))
    }
}

fn members(fields: Map<String, Value>) -> Part {
    Part::Members(fields.into_iter().collect::<Vec<_>>().into_iter())
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// The next line that is not blank.
fn line(bytes: &[u8], at: &mut usize) -> Result<Option<Value>, String> {
    while *at < bytes.len() {
        let rest = &bytes[*at..];
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        *at += length + 1;
        if !is_blank(&rest[..length]) {
            let value = serde_json::from_slice(&rest[..length]);
            return value.map(Some).map_err(|error| format!("A line that ends at byte {} is not JSON: {error}", *at - 1));
        }
    }
    Ok(None)
}

/// The items of an object.
fn part(bytes: Vec<u8>, format: &Format) -> Result<Part, String> {
    match format.input {
        InputType::JsonLines => Ok(Part::Lines(bytes, 0)),
        InputType::Csv => {
            let dialect = Dialect { delimiter: format.delimiter };
            Ok(Part::Rows(Rows::new(bytes, dialect, format.headers.clone())?))
        }
        InputType::Parquet => Err("This engine does not read Parquet: use CSV, JSON or JSON Lines".into()),
        InputType::Json | InputType::AthenaManifest | InputType::InventoryManifest => {
            let mut value: Value = serde_json::from_slice(&bytes)
                .map_err(|error| format!("Attempting to map over non-iterable node. The object is not JSON: {error}"))?;
            if let Some(pointer) = &format.pointer {
                let found = value.pointer_mut(pointer).map(Value::take);
                value = found.ok_or_else(|| format!("The ItemsPointer {pointer} leads nowhere in the object"))?;
            }
            match value {
                Value::Array(values) => Ok(Part::Values(values.into_iter())),
                Value::Object(fields) => Ok(members(fields)),
                _ => Err("Attempting to map over non-iterable node.".into()),
            }
        }
    }
}

/// As ListObjectsV2 items are recorded.
fn metadata(object: Listed) -> Value {
    json!({
        "Etag": object.etag,
        "Key": object.key,
        "LastModified": object.last_modified.as_second(),
        "Size": object.size,
        "StorageClass": object.storage_class,
    })
}

fn unpacked(bytes: Vec<u8>, key: &str) -> Result<Vec<u8>, String> {
    if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return Err(format!("This engine does not unpack Zstandard: {key}"));
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(&*bytes).take(MOST_UNPACKED);
    reader.read_to_end(&mut unpacked).map_err(|error| format!("{key} cannot be unpacked: {error}"))?;
    Ok(unpacked)
}
