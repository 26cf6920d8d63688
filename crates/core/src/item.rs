//! One item of a run list: what makes one run differ from the next.

use serde_json::Value;

/// A JSON value: a string, a number, an object with one field per variable, or anything else.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(Value);

impl Item {
    /// An item that is this value.
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// An item from a word of a list: digits without leading zeros are a number, the rest is text.
    pub fn from_word(word: &str) -> Self {
        let digits = word.strip_prefix('-').unwrap_or(word);
        let plain = digits == "0" || (!digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
        match word.parse::<i64>() {
            Ok(number) if plain && word != "-0" => Self(Value::from(number)),
            _ => Self(Value::from(word)),
        }
    }

    /// The value itself.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// What the worker reads: a string as it is, anything else as compact JSON.
    pub fn text(&self) -> String {
        text_of(&self.0)
    }

    /// The item as compact JSON.
    pub fn json(&self) -> String {
        self.0.to_string()
    }

    /// The text of one field; empty if the item has no such field.
    pub fn field(&self, name: &str) -> String {
        self.0.get(name).map(text_of).unwrap_or_default()
    }

    /// The names of the fields, if the item is an object.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.0.as_object().into_iter().flat_map(|fields| fields.keys().map(String::as_str))
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Item;
    use serde_json::json;

    #[test]
    fn words_are_numbers_only_if_nothing_is_lost() {
        assert_eq!(Item::from_word("6").value(), &json!(6));
        assert_eq!(Item::from_word("-6").value(), &json!(-6));
        assert_eq!(Item::from_word("0").value(), &json!(0));
        for text in ["006", "-0", "1.5", "1e3", "", "-", "99999999999999999999", "+1"] {
            assert_eq!(Item::from_word(text).value(), &json!(text), "{text:?}");
        }
    }

    #[test]
    fn fields_read_as_text() {
        let item = Item::new(json!({"month": "01", "n": 3, "deep": {"a": [1]}}));
        assert_eq!(item.field("month"), "01");
        assert_eq!(item.field("n"), "3");
        assert_eq!(item.field("deep"), r#"{"a":[1]}"#);
        assert_eq!(item.field("absent"), "");
    }
}
