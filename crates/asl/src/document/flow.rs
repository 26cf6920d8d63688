//! The fields that shape a state's input and output: InputPath, Parameters, ResultSelector, ResultPath, OutputPath.

use serde_json::Value;

use super::fields::Fields;
use super::problems::Problems;
use crate::expression::{Expression, NotAnExpression, Template, TemplateError};
use crate::path::ReferencePath;

/// What InputPath and OutputPath do.
#[derive(Clone, Debug, Default)]
pub(crate) enum Select {
    /// `$`.
    #[default]
    Whole,
    /// `null`: an empty object.
    Nothing,
    /// A path.
    Part(Expression),
}

/// Where a result goes.
#[derive(Clone, Debug, Default)]
pub(crate) enum ResultPath {
    /// `$`: it replaces the input.
    #[default]
    Replace,
    /// `null`: it is dropped.
    Discard,
    /// Into the input.
    Put(ReferencePath),
}

/// A state's data flow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    pub(crate) input: Select,
    pub(crate) parameters: Option<Template>,
    pub(crate) selector: Option<Template>,
    pub(crate) result: ResultPath,
    pub(crate) output: Select,
}

/// Reads what the state type allows; fields that it does not are noted elsewhere, and a Map's Parameters are its own.
pub(super) fn read(kind: &str, fields: &Fields<'_>, problems: &mut Problems) -> Flow {
    Flow {
        input: select(fields, "InputPath", problems),
        parameters: if kind == "Map" { None } else { template(fields, "Parameters", problems) },
        selector: template(fields, "ResultSelector", problems),
        result: result_path(fields, problems),
        output: select(fields, "OutputPath", problems),
    }
}

fn select(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Select {
    match fields.get(field) {
        None => Select::Whole,
        Some(Value::Null) => Select::Nothing,
        Some(_) => match fields.path(field, problems) {
            Some(path) if !path.is_input() => Select::Part(path),
            _ => Select::Whole,
        },
    }
}

/// Reads a ResultPath, of a state or of a catcher.
pub(super) fn result_path(fields: &Fields<'_>, problems: &mut Problems) -> ResultPath {
    match fields.get("ResultPath") {
        None => ResultPath::Replace,
        Some(Value::Null) => ResultPath::Discard,
        Some(_) => match fields.string("ResultPath", problems).map(ReferencePath::parse) {
            Some(Ok(path)) if path.is_root() => ResultPath::Replace,
            Some(Ok(path)) => ResultPath::Put(path),
            Some(Err(_)) => {
                problems.schema(&fields.location("ResultPath"), "Value is not a Reference Path");
                ResultPath::Replace
            }
            None => ResultPath::Replace,
        },
    }
}

/// Reads a payload template.
pub(super) fn template(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Option<Template> {
    let source = fields.get(field)?;
    let at = fields.location(field);
    if !source.is_object() {
        problems.expected(&at, "Object");
        return None;
    }
    let errors = match Template::compile(source) {
        Ok(template) => return Some(template),
        Err(errors) => errors,
    };
    for error in errors {
        match error {
            TemplateError::NotAnExpression { field, why: NotAnExpression::Malformed } => problems
                .schema(&at, format!("The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call")),
            TemplateError::NotAnExpression { why: NotAnExpression::Variable, .. } => problems.not_yet(&at, "variables"),
            TemplateError::Twice { field } => problems.exclusive(&at, &[&field, &format!("{field}.$")]),
        }
    }
    None
}
