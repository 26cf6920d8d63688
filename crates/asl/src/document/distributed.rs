//! What a Map in DISTRIBUTED mode has beyond an inline one: child executions, ItemReader, ItemBatcher, ResultWriter.

use std::sync::Arc;

use super::fields::{Fields, Given};
use super::flow;
use super::problems::Problems;
use crate::expression::Template;

/// Characters of a label (Developer Guide, Map state in Distributed mode).
const LABEL_CHARACTERS: usize = 40;
/// Characters that a label may not hold, beside blanks and control characters.
const NOT_IN_LABELS: &str = "?*<>{}[]:;,\\|^~$#%&`\"";
/// Items of one Map Run.
const MOST_ITEMS: u64 = 100_000_000;
/// Bytes of a batch.
const MOST_BATCH_BYTES: u64 = 262_144;

/// A distributed Map's own part.
#[derive(Debug)]
pub(crate) struct Distributed {
    /// Whether children are EXPRESS executions.
    pub(crate) express: bool,
    pub(crate) label: Option<Arc<str>>,
    pub(crate) reader: Option<Reader>,
    pub(crate) batcher: Option<Batcher>,
    pub(crate) writer: Option<Writer>,
}

/// ItemReader: where the items are read from.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Whether the items are the objects of a bucket rather than what is in one of them.
    pub(crate) lists: bool,
    pub(crate) arguments: Template,
    pub(crate) format: Format,
    pub(crate) max_items: Option<Given<u64>>,
}

/// ReaderConfig: how an object holds its items.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Format {
    pub(crate) input: InputType,
    /// A byte between cells.
    pub(crate) delimiter: u8,
    /// `GIVEN`; else the first row names the columns.
    pub(crate) headers: Option<Vec<String>>,
    /// A JSON pointer to the items.
    pub(crate) pointer: Option<String>,
    /// Whether listed objects are read and their items taken together.
    pub(crate) flattens: bool,
}

/// InputType.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InputType {
    /// An array or an object.
    #[default]
    Json,
    /// A value a line.
    JsonLines,
    Csv,
    /// Names of objects that hold the items.
    AthenaManifest,
    /// `manifest.json` of an S3 inventory.
    InventoryManifest,
    /// Not read by this engine.
    Parquet,
}

/// ItemBatcher: how many items a child gets.
#[derive(Debug)]
pub(crate) struct Batcher {
    pub(crate) input: Option<Template>,
    pub(crate) max_items: Option<Given<u64>>,
    pub(crate) max_bytes: Option<Given<u64>>,
}

/// ResultWriter: where results go and how.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Bucket and Prefix; without them results stay in the state's output.
    pub(crate) arguments: Option<Template>,
    pub(crate) transformation: Option<Transformation>,
    pub(crate) lines: bool,
}

/// What is written of each child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transformation {
    /// Its description.
    None,
    /// Its output.
    Compact,
    /// Its output, or the members of it if it is an array.
    Flatten,
}

/// Reads the mode of a processor and what belongs to it; `None` for an inline Map.
pub(super) fn read(fields: &Fields<'_>, processor: &Fields<'_>, problems: &mut Problems) -> Option<Box<Distributed>> {
    let config = processor.object("ProcessorConfig", problems);
    let mode = config.as_ref().and_then(|config| one_of(config, "Mode", &["INLINE", "DISTRIBUTED"], problems));
    if mode != Some("DISTRIBUTED") {
        for field in ["Label", "ItemReader", "ItemBatcher", "ResultWriter"] {
            if fields.has(field) {
                problems.unsupported_field(fields.at(), field);
            }
        }
        return None;
    }
    let config = config?;
    config.require(&["ExecutionType"], problems);
    let kind = one_of(&config, "ExecutionType", &["STANDARD", "EXPRESS"], problems);
    Some(Box::new(Distributed {
        express: kind == Some("EXPRESS"),
        label: label(fields, problems),
        reader: fields.object("ItemReader", problems).and_then(|reader_fields| reader(&reader_fields, problems)),
        batcher: fields.object("ItemBatcher", problems).map(|batcher_fields| batcher(&batcher_fields, problems)),
        writer: fields.object("ResultWriter", problems).and_then(|writer_fields| writer(&writer_fields, problems)),
    }))
}

fn label(fields: &Fields<'_>, problems: &mut Problems) -> Option<Arc<str>> {
    let label = fields.string("Label", problems)?;
    if label.is_empty() || label.chars().count() > LABEL_CHARACTERS {
        problems.schema(&fields.location("Label"), format!("Label must be between 1 and {LABEL_CHARACTERS} characters long"));
    }
    if label.chars().any(|c| c.is_whitespace() || c.is_control() || NOT_IN_LABELS.contains(c)) {
        problems.schema(&fields.location("Label"), "Label contains characters that are not allowed");
    }
    Some(label.into())
}

fn arguments(fields: &Fields<'_>, problems: &mut Problems) -> Option<Template> {
    flow::template(fields, if fields.is_jsonata() { "Arguments" } else { "Parameters" }, problems)
}

fn reader(fields: &Fields<'_>, problems: &mut Problems) -> Option<Reader> {
    fields.allow_only(&[&["Resource", "ReaderConfig", "Parameters", "Arguments", "Comment"]], problems);
    fields.require(&["Resource"], problems);
    let resource = fields.string("Resource", problems)?;
    let lists = match resource.split_once(":states:::").map(|(_, action)| action) {
        Some("s3:getObject") => false,
        Some("s3:listObjectsV2") => true,
        _ => {
            problems.resource(&fields.location("Resource"));
            return None;
        }
    };
    let config = fields.object("ReaderConfig", problems);
    let (format, max_items) = match &config {
        Some(config) => (format(config, lists, problems), max_items(config, problems)),
        None => (Format { delimiter: b',', ..Format::default() }, None),
    };
    Some(Reader { lists, arguments: arguments(fields, problems)?, format, max_items })
}

fn max_items(config: &Fields<'_>, problems: &mut Problems) -> Option<Given<u64>> {
    let whole = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.integer(name, 1, MOST_ITEMS, problems);
    config.given(["MaxItems", "MaxItemsPath"], problems, whole)
}

fn format(config: &Fields<'_>, lists: bool, problems: &mut Problems) -> Format {
    const KNOWN: [&str; 9] = [
        "InputType",
        "ManifestType",
        "Transformation",
        "CSVDelimiter",
        "CSVHeaderLocation",
        "CSVHeaders",
        "ItemsPointer",
        "MaxItems",
        "MaxItemsPath",
    ];
    config.allow_only(&[&KNOWN], problems);
    let manifest = one_of(config, "ManifestType", &["ATHENA_DATA", "S3_INVENTORY"], problems);
    let input = match (one_of(config, "InputType", &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"], problems), manifest) {
        (_, Some("ATHENA_DATA")) => InputType::AthenaManifest,
        (_, Some(_)) | (Some("MANIFEST"), None) => InputType::InventoryManifest,
        (Some("CSV"), None) => InputType::Csv,
        (Some("JSONL"), None) => InputType::JsonLines,
        (Some("PARQUET"), None) => InputType::Parquet,
        (Some(_), None) => InputType::Json,
        (None, None) => {
            if !lists {
                config.require(&["InputType"], problems);
            }
            InputType::Json
        }
    };
    let delimiter = match one_of(config, "CSVDelimiter", &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"], problems) {
        Some("PIPE") => b'|',
        Some("SEMICOLON") => b';',
        Some("SPACE") => b' ',
        Some("TAB") => b'\t',
        _ => b',',
    };
    let given = one_of(config, "CSVHeaderLocation", &["FIRST_ROW", "GIVEN"], problems) == Some("GIVEN");
    if given {
        config.require(&["CSVHeaders"], problems);
    }
    let headers = config.array("CSVHeaders", problems).filter(|_| given);
    let headers = headers.map(|headers| headers.iter().map(|header| header.as_str().unwrap_or_default().to_owned()).collect());
    let flattens = one_of(config, "Transformation", &["NONE", "LOAD_AND_FLATTEN"], problems) == Some("LOAD_AND_FLATTEN");
    let pointer = config.string("ItemsPointer", problems).map(str::to_owned);
    Format { input, delimiter, headers, pointer, flattens }
}

fn batcher(fields: &Fields<'_>, problems: &mut Problems) -> Batcher {
    const KNOWN: [&str; 6] =
        ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "BatchInput", "Comment"];
    fields.allow_only(&[&KNOWN], problems);
    let items = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.integer(name, 1, MOST_ITEMS, problems);
    let bytes = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.integer(name, 1, MOST_BATCH_BYTES, problems);
    let max_items = fields.given(["MaxItemsPerBatch", "MaxItemsPerBatchPath"], problems, items);
    let max_bytes = fields.given(["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"], problems, bytes);
    if !KNOWN[..4].iter().any(|field| fields.has(field)) {
        problems.one_of(fields.at(), &KNOWN[..4]);
    }
    Batcher { input: flow::template(fields, "BatchInput", problems), max_items, max_bytes }
}

fn writer(fields: &Fields<'_>, problems: &mut Problems) -> Option<Writer> {
    fields.allow_only(&[&["Resource", "Parameters", "Arguments", "WriterConfig", "Comment"]], problems);
    if !fields.has("Resource") && !fields.has("WriterConfig") {
        problems.required(fields.at(), &["Resource"]);
        return None;
    }
    if let Some(resource) = fields.string("Resource", problems)
        && !resource.ends_with(":states:::s3:putObject")
    {
        problems.resource(&fields.location("Resource"));
    }
    let config = fields.object("WriterConfig", problems);
    let choice = |config: &Fields<'_>, problems: &mut Problems| {
        Some(match one_of(config, "Transformation", &["NONE", "COMPACT", "FLATTEN"], problems)? {
            "COMPACT" => Transformation::Compact,
            "FLATTEN" => Transformation::Flatten,
            _ => Transformation::None,
        })
    };
    let transformation = config.as_ref().and_then(|config| choice(config, problems));
    let output = config.as_ref().and_then(|config| one_of(config, "OutputType", &["JSON", "JSONL"], problems));
    let arguments = if fields.has("Resource") { Some(arguments(fields, problems)?) } else { None };
    Some(Writer { arguments, transformation, lines: output == Some("JSONL") })
}

fn one_of<'d>(fields: &Fields<'d>, field: &str, allowed: &[&str], problems: &mut Problems) -> Option<&'d str> {
    let value = fields.string(field, problems)?;
    if !allowed.contains(&value) {
        let words = format!("The field '{field}' should have one of these values: [{}]", allowed.join(", "));
        problems.schema(&fields.location(field), words);
        return None;
    }
    Some(value)
}
