//! The Map state as it is written.

use super::StateId;
use super::fields::Fields;
use super::flow;
use super::problems::Problems;
use super::states::Reader;
use crate::expression::{Expression, Template};
use crate::path::ReferencePath;

/// What only a Map has.
pub(super) const FIELDS: [&str; 17] = [
    "ItemProcessor",
    "Iterator",
    "ItemSelector",
    "Parameters",
    "ItemsPath",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "Items",
    "Label",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Arguments",
];

/// Fields of the distributed mode and of JSONata.
const NOT_YET: [&str; 10] = [
    "Items",
    "Label",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
    "Arguments",
];

/// A Map's own part.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) items: Items,
    pub(crate) selector: Option<Template>,
    pub(crate) concurrency: Concurrency,
    /// The processor's first state.
    pub(crate) start: StateId,
}

/// Where the items are.
#[derive(Debug)]
pub(crate) enum Items {
    /// In the effective input.
    Input(ReferencePath),
    /// In the context object.
    Context(Expression),
}

/// How many iterations may run at once; 0 means as many as the service allows.
#[derive(Debug)]
pub(crate) enum Concurrency {
    Fixed(u64),
    Path(Expression),
}

/// Reads a Map.
pub(super) fn read<'d>(fields: &Fields<'d>, reader: &mut Reader<'d>) -> Option<Map> {
    let problems = &mut reader.problems;
    for field in NOT_YET.iter().filter(|field| fields.has(field)) {
        problems.not_yet(&fields.location(field), field);
    }
    let selector = fields.at_most_one(&["ItemSelector", "Parameters"], problems);
    let selector = selector.and_then(|field| flow::template(fields, field, problems));
    let concurrency = concurrency(fields, problems);
    let items = items(fields, problems);
    let Some(processor) = fields.at_most_one(&["ItemProcessor", "Iterator"], problems) else {
        problems.required(fields.at(), &["ItemProcessor"]);
        return None;
    };
    let processor = fields.object(processor, problems)?;
    processor.allow_only(&[&["Comment", "StartAt", "States", "ProcessorConfig"]], problems);
    let config = processor.object("ProcessorConfig", problems);
    if let Some(config) = config {
        match config.string("Mode", problems) {
            Some("DISTRIBUTED") => problems.not_yet(&config.location("Mode"), "distributed Maps"),
            None | Some("INLINE") => {}
            Some(_) => {
                let words = "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]";
                problems.schema(&config.location("Mode"), words);
            }
        }
    }
    let start = reader.machine(&processor);
    Some(Map { items: items?, selector, concurrency, start: start? })
}

fn concurrency(fields: &Fields<'_>, problems: &mut Problems) -> Concurrency {
    match fields.at_most_one(&["MaxConcurrency", "MaxConcurrencyPath"], problems) {
        Some("MaxConcurrencyPath") => fields.path("MaxConcurrencyPath", problems).map(Concurrency::Path),
        Some(field) => fields.integer(field, 0, u64::from(u32::MAX), problems).map(Concurrency::Fixed),
        None => None,
    }
    .unwrap_or(Concurrency::Fixed(0))
}

fn items(fields: &Fields<'_>, problems: &mut Problems) -> Option<Items> {
    if !fields.has("ItemsPath") {
        return ReferencePath::parse("$").ok().map(Items::Input);
    }
    match fields.path("ItemsPath", problems)? {
        Expression::Input(path) => {
            let path = ReferencePath::from_path(path).ok();
            if path.is_none() {
                problems.schema(&fields.location("ItemsPath"), "Value is not a Reference Path");
            }
            path.map(Items::Input)
        }
        other => Some(Items::Context(other)),
    }
}
