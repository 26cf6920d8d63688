//! The fields that shape a state's input and output: in JSONPath InputPath, Parameters, ResultSelector, ResultPath and
//! OutputPath, in JSONata Arguments and Output; and Assign in both.

use serde_json::Value;

use super::fields::Fields;
use super::problems::Problems;
use crate::expression::{Expression, Template, TemplateError, is_first, is_part};
use crate::jsonata::Known;
use crate::language::QueryLanguage;
use crate::path::ReferencePath;

/// Characters of a variable's name (Developer Guide, Variable name syntax).
const NAME_CHARACTERS: usize = 80;

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
    pub(crate) language: QueryLanguage,
    pub(crate) input: Select,
    /// `Parameters` or `Arguments`.
    pub(crate) parameters: Option<Template>,
    pub(crate) selector: Option<Template>,
    pub(crate) result: ResultPath,
    pub(crate) output: Select,
    pub(crate) leaving: Leaving,
}

/// What a state, a choice or a catcher gives to those that follow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaving {
    /// JSONata's `Output`.
    pub(crate) output: Option<Template>,
    /// `Assign`.
    pub(crate) assign: Option<Template>,
}

/// Reads what the state type allows; fields that it does not are noted elsewhere, and a Map's Parameters are its own.
pub(super) fn read(kind: &str, fields: &Fields<'_>, problems: &mut Problems) -> Flow {
    let known = if matches!(kind, "Task" | "Map" | "Parallel") { Known::Result } else { Known::Neither };
    let leaving = leaving(fields, known, problems);
    if fields.is_jsonata() {
        let parameters = template(fields, "Arguments", problems);
        return Flow { language: QueryLanguage::Jsonata, parameters, leaving, ..Flow::default() };
    }
    Flow {
        language: QueryLanguage::JsonPath,
        input: select(fields, "InputPath", problems),
        parameters: if kind == "Map" { None } else { template(fields, "Parameters", problems) },
        selector: template(fields, "ResultSelector", problems),
        result: result_path(fields, problems),
        output: select(fields, "OutputPath", problems),
        leaving,
    }
}

/// Reads Assign and, in JSONata, Output.
pub(super) fn leaving(fields: &Fields<'_>, known: Known, problems: &mut Problems) -> Leaving {
    let output = if fields.is_jsonata() { template_with(fields, "Output", known, problems) } else { None };
    let assign = if fields.has("Assign") { assign(fields, known, problems) } else { None };
    Leaving { output, assign }
}

fn assign(fields: &Fields<'_>, known: Known, problems: &mut Problems) -> Option<Template> {
    let variables = fields.object("Assign", problems)?;
    for name in variables.object.keys() {
        let bare = if fields.is_jsonata() { name } else { name.strip_suffix(".$").unwrap_or(name) };
        if bare == "states" {
            problems.schema(variables.at(), "The variable name 'states' is reserved");
        } else if bare.chars().count() > NAME_CHARACTERS || !bare.starts_with(is_first) || !bare.chars().all(is_part) {
            problems.schema(variables.at(), format!("The variable name '{bare}' is not a valid identifier"));
        }
    }
    template_with(fields, "Assign", known, problems)
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

/// Reads a payload template: an object, and in JSONata anything.
pub(super) fn template(fields: &Fields<'_>, field: &str, problems: &mut Problems) -> Option<Template> {
    template_with(fields, field, Known::Neither, problems)
}

fn template_with(fields: &Fields<'_>, field: &str, known: Known, problems: &mut Problems) -> Option<Template> {
    let source = fields.get(field)?;
    let at = fields.location(field);
    if !source.is_object() && !fields.is_jsonata() {
        problems.expected(&at, "Object");
        return None;
    }
    let errors = match Template::compile(source, fields.language, field) {
        Ok(template) => {
            for (way, expression) in template.expressions() {
                problems.unsupported_jsonata(&fields.location(way), expression, known);
            }
            return Some(template);
        }
        Err(errors) => errors,
    };
    for error in errors {
        match error {
            TemplateError::NotAnExpression { field } => problems
                .schema(&at, format!("The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call")),
            TemplateError::Twice { field } => problems.exclusive(&at, &[&field, &format!("{field}.$")]),
            TemplateError::NotJsonata { field, reason } => problems.jsonata(&fields.location(&field), &reason),
        }
    }
    None
}
