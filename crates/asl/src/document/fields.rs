//! One JSON object of the document, and reading its fields with every problem noted.

use serde_json::{Map, Value};

use super::problems::Problems;
use crate::expression::{Expression, Lookup, NotAnExpression, may_be_jsonata, parse_jsonata};
use crate::jsonata::Known;
use crate::language::QueryLanguage;

/// Characters of a name in a location. The longest name that a state may have is shorter, and everything in it repeats it.
const MOST_OF_A_NAME: usize = 128;

/// An object and where it is.
#[derive(Clone, Debug)]
pub(super) struct Fields<'d> {
    pub(super) object: &'d Map<String, Value>,
    /// Its location; empty for the document itself.
    path: String,
    /// In which its expressions are written.
    pub(super) language: QueryLanguage,
}

/// A value that is written down, or where it is found.
#[derive(Clone, Debug)]
pub(crate) enum Given<T> {
    Fixed(T),
    Looked(Lookup),
}

impl<'d> Fields<'d> {
    /// The document itself.
    pub(super) fn root(object: &'d Map<String, Value>) -> Self {
        Self { object, path: String::new(), language: QueryLanguage::JsonPath }
    }

    /// The same in another language.
    pub(super) fn in_language(self, language: QueryLanguage) -> Self {
        Self { language, ..self }
    }

    /// Whether expressions are JSONata.
    pub(super) fn is_jsonata(&self) -> bool {
        self.language == QueryLanguage::Jsonata
    }

    /// The location of this object.
    pub(super) fn at(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }

    /// The location of a field.
    pub(super) fn location(&self, field: &str) -> String {
        let end = field.char_indices().nth(MOST_OF_A_NAME).map_or(field.len(), |(end, _)| end);
        format!("{}/{}", self.path, &field[..end])
    }

    /// Whether the field is there, null or not.
    pub(super) fn has(&self, field: &str) -> bool {
        self.object.contains_key(field)
    }

    /// The field as it is.
    pub(super) fn get(&self, field: &str) -> Option<&'d Value> {
        self.object.get(field)
    }

    /// An object inside a list inside a field, by its location.
    pub(super) fn element(&self, field: &str, position: usize, value: &'d Value, problems: &mut Problems) -> Option<Self> {
        let path = format!("{}/{field}[{position}]", self.path);
        let object = value.as_object();
        if object.is_none() {
            problems.expected(&path, "Object");
        }
        object.map(|object| Self { object, path, language: self.language })
    }

    /// A member of this object that is an object.
    pub(super) fn object(&self, field: &str, problems: &mut Problems) -> Option<Self> {
        let object = self.typed(field, "Object", Value::as_object, problems)?;
        Some(Self { object, path: self.location(field), language: self.language })
    }

    /// A list.
    pub(super) fn array(&self, field: &str, problems: &mut Problems) -> Option<&'d Vec<Value>> {
        self.typed(field, "Array", Value::as_array, problems)
    }

    /// A string.
    pub(super) fn string(&self, field: &str, problems: &mut Problems) -> Option<&'d str> {
        self.typed(field, "String", Value::as_str, problems)
    }

    /// A boolean.
    pub(super) fn boolean(&self, field: &str, problems: &mut Problems) -> Option<bool> {
        self.typed(field, "Boolean", Value::as_bool, problems)
    }

    /// A number.
    pub(super) fn number(&self, field: &str, problems: &mut Problems) -> Option<f64> {
        self.typed(field, "Number", Value::as_f64, problems)
    }

    /// A whole number between two bounds.
    pub(super) fn integer(&self, field: &str, least: u64, most: u64, problems: &mut Problems) -> Option<u64> {
        let number = self.typed(field, "Integer", whole, problems)?;
        let natural = u64::try_from(number).ok().filter(|number| (least..=most).contains(number));
        if natural.is_none() {
            problems.schema(&self.location(field), format!("Value must be between {least} and {most}"));
        }
        natural
    }

    /// A path (not a call) into the input, a variable or the context.
    pub(super) fn path(&self, field: &str, problems: &mut Problems) -> Option<Expression> {
        let text = self.string(field, problems)?;
        self.expression(field, Expression::parse_path(text), "Value is not a valid JSONPath", problems)
    }

    /// A path or a call.
    pub(super) fn path_or_call(&self, field: &str, problems: &mut Problems) -> Option<Expression> {
        let text = self.string(field, problems)?;
        let words = "Value is not a valid JSONPath or intrinsic function call";
        self.expression(field, Expression::parse(text), words, problems)
    }

    fn expression(
        &self,
        field: &str,
        parsed: Result<Expression, NotAnExpression>,
        words: &str,
        problems: &mut Problems,
    ) -> Option<Expression> {
        if parsed.is_err() {
            problems.schema(&self.location(field), words);
        }
        parsed.ok()
    }

    /// A value that may be looked up: in JSONPath by the second name, in JSONata by an expression under the first.
    pub(super) fn given<T>(
        &self,
        names: [&'static str; 2],
        problems: &mut Problems,
        read: impl FnOnce(&Self, &str, &mut Problems) -> Option<T>,
    ) -> Option<Given<T>> {
        if self.is_jsonata() {
            return match self.jsonata(names[0], problems) {
                Some(expression) => expression.map(Given::Looked),
                None if self.has(names[0]) => read(self, names[0], problems).map(Given::Fixed),
                None => None,
            };
        }
        match self.at_most_one(&names, problems) {
            Some(name) if name == names[0] => read(self, name, problems).map(Given::Fixed),
            Some(name) => self.path(name, problems).map(|path| Given::Looked(Lookup::Path(path))),
            None => None,
        }
    }

    /// The field as JSONata: `None` if it is not meant as such, `Some(None)` if it is and is wrong.
    #[expect(clippy::option_option, reason = "three answers")]
    pub(super) fn jsonata(&self, field: &str, problems: &mut Problems) -> Option<Option<Lookup>> {
        let text = self.get(field)?.as_str().filter(|text| self.is_jsonata() && may_be_jsonata(text))?;
        Some(match parse_jsonata(text) {
            Ok(expression) => {
                problems.unsupported_jsonata(&self.location(field), &expression, Known::Neither);
                Some(Lookup::Jsonata(Box::new(expression)))
            }
            Err(reason) => {
                problems.jsonata(&self.location(field), &reason);
                None
            }
        })
    }

    fn typed<T>(&self, field: &str, what: &str, read: fn(&'d Value) -> Option<T>, problems: &mut Problems) -> Option<T> {
        let value = self.get(field)?;
        let read = read(value);
        if read.is_none() {
            problems.expected(&self.location(field), what);
        }
        read
    }

    /// Notes the fields of `required` that are absent; whether none is.
    pub(super) fn require(&self, required: &[&str], problems: &mut Problems) -> bool {
        let absent: Vec<&str> = required.iter().copied().filter(|field| !self.has(field)).collect();
        if !absent.is_empty() {
            problems.required(self.at(), &absent);
        }
        absent.is_empty()
    }

    /// Notes every field that is not in any of `known`.
    pub(super) fn allow_only(&self, known: &[&[&str]], problems: &mut Problems) {
        for field in self.object.keys() {
            if !known.iter().any(|known| known.contains(&field.as_str())) {
                problems.unsupported_field(self.at(), field);
            }
        }
    }

    /// Notes if more than one of `fields` is there; the first that is.
    pub(super) fn at_most_one(&self, fields: &[&'static str], problems: &mut Problems) -> Option<&'static str> {
        let mut present = fields.iter().copied().filter(|field| self.has(field));
        let first = present.next();
        if present.next().is_some() {
            problems.exclusive(self.at(), fields);
        }
        first
    }
}

/// A whole number, written with or without a fraction of zero.
fn whole(value: &Value) -> Option<i64> {
    let fraction = || value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15).map(|number| number as i64);
    value.as_i64().or_else(fraction)
}
