//! JSON that travels: a state's input, a task's result, a definition's input.
//!
//! A payload is held as text, as a value, or as both. Whoever needs the other form makes it once.
//! A Batch job's description that no state reads is therefore never parsed, and a history that
//! nobody asks for is never printed.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// Immutable JSON, cheap to clone.
#[derive(Clone)]
pub struct Payload(Arc<Forms>);

struct Forms {
    text: OnceLock<Box<str>>,
    value: OnceLock<Value>,
}

impl Payload {
    /// From a value; the text, if it is ever needed, is compact.
    pub fn from_value(value: Value) -> Self {
        Self(Arc::new(Forms { text: OnceLock::new(), value: OnceLock::from(value) }))
    }

    /// From text that is kept byte for byte.
    ///
    /// # Errors
    /// The parser's error if `text` is not JSON.
    pub fn parse(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        let text = text.into();
        let value: Value = serde_json::from_str(&text)?;
        Ok(Self(Arc::new(Forms { text: OnceLock::from(text.into_boxed_str()), value: OnceLock::from(value) })))
    }

    /// From text that our own serialiser wrote: it is not looked at until a value is asked for.
    /// Text that is not JSON reads as `null`.
    pub fn from_serialized(text: String) -> Self {
        Self(Arc::new(Forms { text: OnceLock::from(text.into_boxed_str()), value: OnceLock::new() }))
    }

    /// The JSON `null`.
    pub fn null() -> Self {
        Self::from_value(Value::Null)
    }

    /// The value.
    pub fn value(&self) -> &Value {
        self.0.value.get_or_init(|| {
            let text = self.0.text.get().map_or("null", |text| text);
            serde_json::from_str(text).unwrap_or_default()
        })
    }

    /// The text: as it came, or compact.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| self.value().to_string().into_boxed_str())
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self::from_value(value)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.value() == other.value()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::Payload;

    #[test]
    fn text_is_kept_byte_for_byte() {
        let payload = Payload::parse("[1,  2]").unwrap();
        assert_eq!(payload.text(), "[1,  2]");
        assert_eq!(payload, Payload::parse("[1,2]").unwrap());
    }

    #[test]
    fn a_value_prints_compact_and_in_its_own_order() {
        let payload = Payload::from_value(serde_json::json!({"b": 1, "a": [1, 2]}));
        assert_eq!(payload.text(), r#"{"b":1,"a":[1,2]}"#);
    }
}
