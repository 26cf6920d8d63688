//! Payload templates: JSON in which the members whose names end in `.$` are computed.
//!
//! A template is kept as a skeleton, cloned whole for each evaluation, and a list of the places in it that are filled in.

use serde_json::{Map, Value};

use super::{EvaluationError, Expression, NotAnExpression, Scope};

/// A compiled template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    skeleton: Value,
    slots: Vec<Slot>,
}

#[derive(Clone, Debug)]
struct Slot {
    /// Positions from the skeleton's root down.
    way: Box<[usize]>,
    /// With its `.$`, as messages name it.
    field: Box<str>,
    expression: Expression,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// The value behind a `.$` is no path and no intrinsic call.
    NotAnExpression {
        /// The member's name, with its `.$`.
        field: String,
        /// What it is instead.
        why: NotAnExpression,
    },
    /// Both `x` and `x.$` are there.
    Twice {
        /// The name without `.$`.
        field: String,
    },
}

impl Template {
    /// Compiles a template, collecting every problem.
    pub(crate) fn compile(source: &Value) -> Result<Self, Vec<TemplateError>> {
        let mut compiler = Compiler { way: Vec::new(), slots: Vec::new(), errors: Vec::new() };
        let skeleton = compiler.skeleton(source);
        if compiler.errors.is_empty() { Ok(Self { skeleton, slots: compiler.slots }) } else { Err(compiler.errors) }
    }

    /// The template's value, or the member that has none.
    pub(crate) fn evaluate(&self, scope: &mut Scope<'_>) -> Result<Value, (String, EvaluationError)> {
        let mut value = self.skeleton.clone();
        for slot in &self.slots {
            let mut inner = Scope { input: scope.input, context: scope.context, random: scope.random };
            let part = slot.expression.evaluate(&mut inner).map_err(|error| (slot.field.to_string(), error))?.into_owned();
            if let Some(place) = slot.way.iter().try_fold(&mut value, |node, position| member(node, *position)) {
                *place = part;
            }
        }
        Ok(value)
    }
}

fn member(node: &mut Value, position: usize) -> Option<&mut Value> {
    match node {
        Value::Array(items) => items.get_mut(position),
        Value::Object(fields) => fields.values_mut().nth(position),
        _ => None,
    }
}

struct Compiler {
    way: Vec<usize>,
    slots: Vec<Slot>,
    errors: Vec<TemplateError>,
}

impl Compiler {
    fn skeleton(&mut self, source: &Value) -> Value {
        match source {
            Value::Object(fields) => Value::Object(self.object(fields)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                Value::Array(items.map(|(position, item)| self.below(position, |this| this.skeleton(item))).collect())
            }
            plain => plain.clone(),
        }
    }

    fn object(&mut self, fields: &Map<String, Value>) -> Map<String, Value> {
        let mut skeleton = Map::new();
        for (position, (key, value)) in fields.iter().enumerate() {
            let part = match key.strip_suffix(".$") {
                Some(name) if fields.contains_key(name) => {
                    self.errors.push(TemplateError::Twice { field: name.into() });
                    Value::Null
                }
                Some(_) => self.below(position, |this| this.slot(key, value)),
                None => self.below(position, |this| this.skeleton(value)),
            };
            skeleton.insert(key.strip_suffix(".$").unwrap_or(key).into(), part);
        }
        skeleton
    }

    fn slot(&mut self, field: &str, value: &Value) -> Value {
        match value.as_str().map_or(Err(NotAnExpression::Malformed), Expression::parse) {
            Ok(expression) => self.slots.push(Slot { way: self.way.as_slice().into(), field: field.into(), expression }),
            Err(why) => self.errors.push(TemplateError::NotAnExpression { field: field.into(), why }),
        }
        Value::Null
    }

    fn below(&mut self, position: usize, work: impl FnOnce(&mut Self) -> Value) -> Value {
        self.way.push(position);
        let made = work(self);
        self.way.pop();
        made
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Template, TemplateError};
    use crate::expression::NotAnExpression;

    #[test]
    fn every_problem_is_found() {
        let errors = Template::compile(&json!({"a": 1, "a.$": "$.a", "b": [{"c.$": "no"}], "d.$": 5})).unwrap_err();
        let malformed = |field: &str| TemplateError::NotAnExpression { field: field.into(), why: NotAnExpression::Malformed };
        assert_eq!(errors, [TemplateError::Twice { field: "a".into() }, malformed("c.$"), malformed("d.$")]);
    }
}
