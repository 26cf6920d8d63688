//! Payload templates: JSON in which some members are computed. In JSONPath those whose names end in `.$`, in JSONata the
//! strings in `{% … %}`, wherever they stand.
//!
//! A template is kept as a skeleton, cloned whole for each evaluation, and a list of the places in it that are filled in.

use serde_json::{Map, Value};

use super::{EvaluationError, Expression, Lookup, NotAnExpression, Scope};
use crate::jsonata::{Jsonata, expression_text};
use crate::language::QueryLanguage;
use crate::payload::{FEW, MOST_WEIGHT, weigh};

/// Bytes of a way down in names, for messages.
const MOST_WAY: usize = 1_024;

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
    /// As messages name it: the member with its `.$`, or the way down from the field.
    field: Box<str>,
    source: Lookup,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// The value behind a `.$` is no path and no intrinsic call.
    NotAnExpression {
        /// The member's name, with its `.$`.
        field: String,
    },
    /// Both `x` and `x.$` are there.
    Twice {
        /// The name without `.$`.
        field: String,
    },
    /// What stands in `{% … %}` is no JSONata.
    NotJsonata {
        /// The way down from the state to it.
        field: String,
        /// Why.
        reason: String,
    },
}

impl Template {
    /// Compiles the template in `field`, collecting every problem.
    pub(crate) fn compile(source: &Value, language: QueryLanguage, field: &str) -> Result<Self, Vec<TemplateError>> {
        let mut compiler = Compiler { language, way: Vec::new(), field: field.into(), slots: Vec::new(), errors: Vec::new() };
        let skeleton = compiler.skeleton(source);
        if compiler.errors.is_empty() { Ok(Self { skeleton, slots: compiler.slots }) } else { Err(compiler.errors) }
    }

    /// The template's value, or the member that has none.
    pub(crate) fn evaluate(&self, scope: &mut Scope<'_>) -> Result<Value, (String, EvaluationError)> {
        let mut value = self.skeleton.clone();
        let mut left = MOST_WEIGHT;
        fill(&mut value, 0, &self.slots, &mut |slot| {
            let blame = |error| (slot.field.to_string(), error);
            let part = slot.source.evaluate(&mut scope.again()).map_err(blame)?;
            if self.slots.len() > FEW {
                left = weigh(&part, left).ok_or_else(|| blame(EvaluationError::TooBig))?;
            }
            Ok(part.into_owned())
        })?;
        Ok(value)
    }

    /// The JSONata expressions, each with the way down to it.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = (&str, &Jsonata)> {
        self.slots.iter().filter_map(|slot| match &slot.source {
            Lookup::Jsonata(expression) => Some((&*slot.field, &**expression)),
            Lookup::Path(_) => None,
        })
    }

    /// The expression, if the whole template is one.
    pub(crate) fn root(&self) -> Option<&Lookup> {
        self.slots.iter().find(|slot| slot.way.is_empty()).map(|slot| &slot.source)
    }
}

/// Puts values into the slots below a node, which come in its own order.
fn fill<E>(node: &mut Value, depth: usize, slots: &[Slot], value: &mut dyn FnMut(&Slot) -> Result<Value, E>) -> Result<(), E> {
    if let Some(slot) = slots.first().filter(|slot| slot.way.len() == depth) {
        *node = value(slot)?;
        return Ok(());
    }
    let mut rest = slots;
    let mut below = |(position, child): (usize, &mut Value)| {
        let count = rest.iter().take_while(|slot| slot.way[depth] == position).count();
        let (slots, others) = rest.split_at(count);
        rest = others;
        if slots.is_empty() { Ok(()) } else { fill(child, depth + 1, slots, value) }
    };
    match node {
        Value::Array(items) => items.iter_mut().enumerate().try_for_each(&mut below),
        Value::Object(fields) => fields.values_mut().enumerate().try_for_each(&mut below),
        _ => Ok(()),
    }
}

struct Compiler {
    language: QueryLanguage,
    way: Vec<usize>,
    /// The way down in names.
    field: String,
    slots: Vec<Slot>,
    errors: Vec<TemplateError>,
}

impl Compiler {
    fn skeleton(&mut self, source: &Value) -> Value {
        match source {
            Value::Object(fields) => Value::Object(self.object(fields)),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let made = items.map(|(position, item)| self.below(position, &format!("[{position}]"), |this| this.skeleton(item)));
                Value::Array(made.collect())
            }
            Value::String(text) if self.language == QueryLanguage::Jsonata && may_be_jsonata(text) => self.jsonata(text),
            plain => plain.clone(),
        }
    }

    fn object(&mut self, fields: &Map<String, Value>) -> Map<String, Value> {
        let mut skeleton = Map::new();
        for (position, (key, value)) in fields.iter().enumerate() {
            let marked = if self.language == QueryLanguage::JsonPath { key.strip_suffix(".$") } else { None };
            let part = match marked {
                Some(name) if fields.contains_key(name) => {
                    self.errors.push(TemplateError::Twice { field: name.into() });
                    Value::Null
                }
                Some(_) => self.below(position, "", |this| this.path(key, value)),
                None => self.below(position, &format!("/{key}"), |this| this.skeleton(value)),
            };
            skeleton.insert(marked.unwrap_or(key).into(), part);
        }
        skeleton
    }

    fn path(&mut self, field: &str, value: &Value) -> Value {
        match value.as_str().map_or(Err(NotAnExpression), Expression::parse) {
            Ok(expression) => self.slot(field.into(), Lookup::Path(expression)),
            Err(NotAnExpression) => self.errors.push(TemplateError::NotAnExpression { field: field.into() }),
        }
        Value::Null
    }

    fn jsonata(&mut self, text: &str) -> Value {
        match parse_jsonata(text) {
            Ok(expression) => self.slot(self.field.as_str().into(), Lookup::Jsonata(Box::new(expression))),
            Err(reason) => self.errors.push(TemplateError::NotJsonata { field: self.field.clone(), reason }),
        }
        Value::Null
    }

    fn slot(&mut self, field: Box<str>, source: Lookup) {
        self.slots.push(Slot { way: self.way.as_slice().into(), field, source });
    }

    fn below(&mut self, position: usize, name: &str, work: impl FnOnce(&mut Self) -> Value) -> Value {
        let length = self.field.len();
        if length + name.len() <= MOST_WAY {
            self.field.push_str(name);
        }
        self.way.push(position);
        let made = work(self);
        self.way.pop();
        self.field.truncate(length);
        made
    }
}

/// Whether a string is meant as JSONata: it begins or ends like it.
pub(crate) fn may_be_jsonata(text: &str) -> bool {
    text.starts_with("{%") || text.ends_with("%}")
}

/// Reads a string that is meant as JSONata.
///
/// # Errors
/// Why it is none.
pub(crate) fn parse_jsonata(text: &str) -> Result<Jsonata, String> {
    let Some(inside) = expression_text(text) else {
        return Err("JSONata expressions must start with '{%' and end with '%}', with nothing around them".into());
    };
    Jsonata::parse(inside).map_err(|problem| problem.reason)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Template, TemplateError};
    use crate::language::QueryLanguage;

    #[test]
    fn every_problem_is_found() {
        let source = json!({"a": 1, "a.$": "$.a", "b": [{"c.$": "no"}], "d.$": 5});
        let errors = Template::compile(&source, QueryLanguage::JsonPath, "Parameters").unwrap_err();
        let malformed = |field: &str| TemplateError::NotAnExpression { field: field.into() };
        assert_eq!(errors, [TemplateError::Twice { field: "a".into() }, malformed("c.$"), malformed("d.$")]);
    }

    #[test]
    fn problems_of_jsonata_are_named_by_their_way() {
        let source = json!({"a": [1, {"b": "{% 1 + %}"}], "c.$": "$.x", "d": "{% 1"});
        let errors = Template::compile(&source, QueryLanguage::Jsonata, "Output").unwrap_err();
        let fields: Vec<&str> = errors
            .iter()
            .map(|error| match error {
                TemplateError::NotJsonata { field, .. } => field.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(fields, ["Output/a[1]/b", "Output/d"]);
    }
}
