//! What a service's answer looks like, and whether a mock looks like it.

use serde_json::{Map, Value};

/// The form of a value, as far as AWS checks it.
pub(super) enum Shape {
    /// A string of so many characters; so are times and binary data.
    Text {
        min: usize,
        max: usize,
    },
    /// A number within bounds.
    Number {
        min: f64,
        max: f64,
    },
    Boolean,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// So many of one form.
    List {
        min: usize,
        max: usize,
        of: &'static Self,
    },
    /// An object whose members are of one form, whatever their names.
    MapOf(&'static Self),
    Object(&'static [Member]),
    Anything,
}

/// A member of an object.
pub(super) struct Member {
    name: &'static str,
    required: bool,
    shape: Shape,
}

/// How closely a mock is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::test_state) enum Strictness {
    /// Required members must be there.
    Strict,
    /// Only what is there is looked at.
    Present,
}

pub(super) const TEXT: Shape = text(0, usize::MAX);
pub(super) const TIME: Shape = TEXT;
pub(super) const NUMBER: Shape = Shape::Number { min: f64::MIN, max: f64::MAX };
pub(super) const BOOLEAN: Shape = Shape::Boolean;
pub(super) const TEXTS: Shape = list(&TEXT);
pub(super) const TEXT_MAP: Shape = Shape::MapOf(&TEXT);

pub(super) const fn text(min: usize, max: usize) -> Shape {
    Shape::Text { min, max }
}

pub(super) const fn between(min: u32, max: u32) -> Shape {
    Shape::Number { min: min as f64, max: max as f64 }
}

pub(super) const fn list(of: &'static Shape) -> Shape {
    Shape::List { min: 0, max: usize::MAX, of }
}

pub(super) const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, required: true, shape }
}

pub(super) const fn may(name: &'static str, shape: Shape) -> Member {
    Member { name, required: false, shape }
}

impl Shape {
    /// Holds an answer against its form. Members that the form does not have are passed over, as AWS does.
    ///
    /// # Errors
    /// The first thing that does not fit, in AWS's words: those for missing members, types, bounds of numbers, least
    /// lengths and sets are recorded, the others are like them.
    pub(super) fn check(&self, answer: &Value, strictness: Strictness) -> Result<(), String> {
        match (self, answer) {
            (Self::Object(members), Value::Object(object)) => check_members(members, object, strictness),
            _ => Err("Mocked result must be a JSON object.".into()),
        }
    }

    fn check_field(&self, name: &str, value: &Value, strictness: Strictness) -> Result<(), String> {
        let fault = |words: &str| Err(format!("Field '{name}' {words}"));
        match (self, value) {
            (Self::Anything, _) | (Self::Boolean, Value::Bool(_)) => Ok(()),
            (Self::Text { min, max }, Value::String(text)) => within(*min, *max, text.chars().count()).or_else(fault),
            (Self::OneOf(values), Value::String(text)) if values.contains(&text.as_str()) => Ok(()),
            (Self::OneOf(_), Value::String(_)) => fault("is not an expected value"),
            (Self::Number { min, max }, Value::Number(number)) => match number.as_f64() {
                Some(number) if number < *min => fault("is less than the minimum value"),
                Some(number) if number > *max => fault("exceeds the maximum value"),
                _ => Ok(()),
            },
            (Self::List { min, max, of }, Value::Array(items)) => {
                within(*min, *max, items.len()).or_else(fault)?;
                items.iter().try_for_each(|item| of.check_field(name, item, strictness))
            }
            (Self::MapOf(of), Value::Object(object)) => object.iter().try_for_each(|(key, value)| of.check_field(key, value, strictness)),
            (Self::Object(members), Value::Object(object)) => check_members(members, object, strictness),
            (Self::Text { .. } | Self::OneOf(_), _) => fault("must be a string"),
            (Self::Number { .. }, _) => fault("must be a number"),
            (Self::Boolean, _) => fault("must be a boolean"),
            (Self::List { .. }, _) => fault("must be an array"),
            (Self::MapOf(_) | Self::Object(_), _) => fault("must be an object"),
        }
    }
}

fn check_members(members: &[Member], object: &Map<String, Value>, strictness: Strictness) -> Result<(), String> {
    members.iter().try_for_each(|member| match object.get(member.name) {
        Some(value) => member.shape.check_field(member.name, value, strictness),
        None if member.required && strictness == Strictness::Strict => Err(format!("Required field '{}' is missing", member.name)),
        None => Ok(()),
    })
}

fn within(min: usize, max: usize, length: usize) -> Result<(), &'static str> {
    match length {
        _ if length < min => Err("is smaller than the minimum length"),
        _ if length > max => Err("exceeds the maximum length"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const FORM: Shape = Shape::Object(&[
        must("Id", text(1, 3)),
        may("Size", between(1, 9)),
        may("On", BOOLEAN),
        may("Kind", Shape::OneOf(&["A", "B"])),
        may("Parts", Shape::List { min: 0, max: 2, of: &Shape::Object(&[must("Name", TEXT)]) }),
        may("Tags", TEXT_MAP),
        may("Free", Shape::Anything),
    ]);

    fn strictly(answer: Value) -> Option<String> {
        FORM.check(&answer, Strictness::Strict).err()
    }

    #[test]
    fn what_fits_passes_with_whatever_else_there_is() {
        for answer in [json!({"Id": "x"}), json!({"Id": "x", "Parts": [{"Name": "n", "More": 1}], "Free": [1], "id": 5})] {
            assert_eq!(strictly(answer), None);
        }
    }

    #[test]
    fn the_first_misfit_is_named() {
        for (answer, words) in [
            (json!({}), "Required field 'Id' is missing"),
            (json!({"Id": 1}), "Field 'Id' must be a string"),
            (json!({"Id": ""}), "Field 'Id' is smaller than the minimum length"),
            (json!({"Id": "long"}), "Field 'Id' exceeds the maximum length"),
            (json!({"Id": "x", "Size": "1"}), "Field 'Size' must be a number"),
            (json!({"Id": "x", "Size": 0}), "Field 'Size' is less than the minimum value"),
            (json!({"Id": "x", "Size": 10}), "Field 'Size' exceeds the maximum value"),
            (json!({"Id": "x", "On": null}), "Field 'On' must be a boolean"),
            (json!({"Id": "x", "Kind": "C"}), "Field 'Kind' is not an expected value"),
            (json!({"Id": "x", "Kind": 1}), "Field 'Kind' must be a string"),
            (json!({"Id": "x", "Parts": {}}), "Field 'Parts' must be an array"),
            (json!({"Id": "x", "Parts": [1]}), "Field 'Parts' must be an object"),
            (json!({"Id": "x", "Parts": [{}]}), "Required field 'Name' is missing"),
            (json!({"Id": "x", "Parts": [{}, {}, {}]}), "Field 'Parts' exceeds the maximum length"),
            (json!({"Id": "x", "Tags": {"a": 1}}), "Field 'a' must be a string"),
            (json!([]), "Mocked result must be a JSON object."),
        ] {
            assert_eq!(strictly(answer.clone()).as_deref(), Some(words), "{answer}");
        }
    }

    #[test]
    fn absent_members_matter_to_the_strict_only() {
        let answer = json!({"Parts": [{}]});
        assert_eq!(FORM.check(&answer, Strictness::Present), Ok(()));
        let words = FORM.check(&json!({"Id": 1}), Strictness::Present).unwrap_err();
        assert_eq!(words, "Field 'Id' must be a string");
    }
}
