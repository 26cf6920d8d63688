//! The Map state as it is written.

use super::StateId;
use super::distributed::{self, Distributed};
use super::fields::{Fields, Given};
use super::flow;
use super::problems::Problems;
use super::states::Reader;
use crate::expression::{Expression, Lookup, Template};
use crate::path::ReferencePath;

/// What only a Map has.
pub(super) const FIELDS: [&str; 9] = [
    "ItemProcessor",
    "ItemSelector",
    "MaxConcurrency",
    "Label",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];
/// The same in JSONPath only.
pub(super) const PATH_FIELDS: [&str; 6] =
    ["Iterator", "Parameters", "ItemsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"];

/// A Map's own part.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) items: Items,
    pub(crate) selector: Option<Template>,
    /// How many iterations may run at once; 0 means as many as the service allows.
    pub(crate) concurrency: Given<u64>,
    pub(crate) tolerated_count: Option<Given<u64>>,
    /// 0 to 100.
    pub(crate) tolerated_percentage: Option<Given<f64>>,
    /// What a distributed Map has beyond an inline one.
    pub(crate) distributed: Option<Box<Distributed>>,
    /// The processor's first state.
    pub(crate) start: StateId,
}

/// Where the items are.
#[derive(Debug)]
pub(crate) enum Items {
    /// In the effective input.
    Input(ReferencePath),
    /// In a variable or in the context object.
    Elsewhere(Lookup),
    /// JSONata's `Items`.
    Template(Template),
}

/// Reads a Map.
pub(super) fn read<'d>(fields: &Fields<'d>, reader: &mut Reader<'d>) -> Option<Map> {
    let problems = &mut reader.problems;
    let selector = fields.at_most_one(&["ItemSelector", "Parameters"], problems);
    let selector = selector.and_then(|field| flow::template(fields, field, problems));
    let whole = |fields: &Fields<'_>, name: &str, problems: &mut Problems| fields.integer(name, 0, u64::from(u32::MAX), problems);
    let concurrency = fields.given(["MaxConcurrency", "MaxConcurrencyPath"], problems, whole).unwrap_or(Given::Fixed(0));
    let tolerated_count = fields.given(["ToleratedFailureCount", "ToleratedFailureCountPath"], problems, whole);
    let tolerated_percentage = fields.given(["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"], problems, percentage);
    let items = items(fields, problems);
    let Some(processor) = fields.at_most_one(&["ItemProcessor", "Iterator"], problems) else {
        problems.required(fields.at(), &["ItemProcessor"]);
        return None;
    };
    let processor = fields.object(processor, problems)?;
    processor.allow_only(&[&["Comment", "StartAt", "States", "ProcessorConfig"]], problems);
    let distributed = distributed::read(fields, &processor, problems);
    if distributed.is_some() && reader.express {
        let at = format!("{}/ProcessorConfig/Mode", processor.at());
        reader.problems.schema(&at, "Express state machine does not support Distributed Map");
    }
    let start = reader.machine(&processor);
    Some(Map { items: items?, selector, concurrency, tolerated_count, tolerated_percentage, distributed, start: start? })
}

fn percentage(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Option<f64> {
    let number = fields.number(field, problems)?;
    let fits = (0.0..=100.0).contains(&number);
    if !fits {
        problems.schema(&fields.location(field), "Value must be between 0 and 100");
    }
    fits.then_some(number)
}

fn items(fields: &Fields<'_>, problems: &mut Problems) -> Option<Items> {
    if fields.is_jsonata() && fields.has("Items") {
        let items = fields.get("Items");
        if !items.is_some_and(|items| items.is_array() || items.is_object() || items.is_string()) {
            problems.expected(&fields.location("Items"), "Array");
            return None;
        }
        return flow::template(fields, "Items", problems).map(Items::Template);
    }
    if !fields.has("ItemsPath") {
        return ReferencePath::parse("$").ok().map(Items::Input);
    }
    let path = fields.path("ItemsPath", problems)?;
    let path = match path {
        Expression::Input(path) => ReferencePath::from_path(path).ok().map(Items::Input),
        Expression::Variable(path) if !path.is_reference() => None,
        other => Some(Items::Elsewhere(Lookup::Path(other))),
    };
    if path.is_none() {
        problems.schema(&fields.location("ItemsPath"), "Value is not a Reference Path");
    }
    path
}
