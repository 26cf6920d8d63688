//! JSON that travels: a state's input, a task's result, a definition's input.
//!
//! A payload is held as text, as a value, as both, or as a promise to write the text. Whoever needs
//! the other form makes it once.
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
    measure: OnceLock<Measure>,
    promise: Option<Promise>,
}

/// Text that is not written yet.
struct Promise {
    write: Box<dyn Fn() -> String + Send + Sync>,
    /// The text is not longer than this.
    most_bytes: usize,
}

/// How big a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Bytes of its compact text.
    pub(crate) bytes: usize,
    /// Containers within containers.
    pub(crate) depth: usize,
}

/// What can be written can be read again: the parser's own limit.
pub(crate) const MAX_DEPTH: usize = 127;

/// What a node of a value weighs, whatever it holds; text weighs its bytes on top of that.
pub(crate) const NODE_WEIGHT: usize = 64;
/// What may be made at a time out of parts that are copied again and again: far more than any payload that AWS lets pass.
pub(crate) const MOST_WEIGHT: usize = 256 << 20;

/// So many copies are made without weighing them.
pub(crate) const FEW: usize = 64;

/// What is left of `budget` after a copy of `value`; `None` if it does not suffice. Looks no further than that takes.
pub(crate) fn weigh(value: &Value, budget: usize) -> Option<usize> {
    let left = budget.checked_sub(NODE_WEIGHT)?;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(left),
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(items) => items.iter().try_fold(left, |left, item| weigh(item, left)),
        Value::Object(fields) => fields.iter().try_fold(left, |left, (key, item)| weigh(item, left.checked_sub(key.len())?)),
    }
}

impl Payload {
    /// From a value; the text, if it is ever needed, is compact.
    pub fn from_value(value: Value) -> Self {
        Self::from_forms(OnceLock::new(), OnceLock::from(value))
    }

    /// From text that is kept byte for byte.
    ///
    /// # Errors
    /// The parser's error if `text` is not JSON.
    pub fn parse(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        let text = text.into();
        let value: Value = serde_json::from_str(&text)?;
        Ok(Self::from_forms(OnceLock::from(text.into_boxed_str()), OnceLock::from(value)))
    }

    /// From text that our own serialiser wrote: it is not looked at until a value is asked for.
    /// Text that is not JSON reads as `null`.
    pub fn from_serialized(text: String) -> Self {
        Self::from_forms(OnceLock::from(text.into_boxed_str()), OnceLock::new())
    }

    /// From text that is written when it is first needed: JSON of at most `most_bytes` bytes.
    pub fn promised(most_bytes: usize, write: impl Fn() -> String + Send + Sync + 'static) -> Self {
        let promise = Some(Promise { write: Box::new(write), most_bytes });
        Self(Arc::new(Forms { text: OnceLock::new(), value: OnceLock::new(), measure: OnceLock::new(), promise }))
    }

    /// The JSON `null`.
    pub fn null() -> Self {
        Self::from_value(Value::Null)
    }

    fn from_forms(text: OnceLock<Box<str>>, value: OnceLock<Value>) -> Self {
        Self(Arc::new(Forms { text, value, measure: OnceLock::new(), promise: None }))
    }

    /// The value.
    pub fn value(&self) -> &Value {
        self.0.value.get_or_init(|| {
            let text = if self.0.promise.is_some() { self.text() } else { self.0.text.get().map_or("null", |text| text) };
            serde_json::from_str(text).unwrap_or_default()
        })
    }

    /// The text: as it came, or compact.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| match &self.0.promise {
            Some(promise) => (promise.write)().into_boxed_str(),
            None => self.value().to_string().into_boxed_str(),
        })
    }

    /// Whether the text has more bytes than this; nothing is written to find out, if that can be helped.
    pub(crate) fn exceeds(&self, most: usize) -> bool {
        match (&self.0.promise, self.0.text.get()) {
            (_, Some(text)) => text.len() > most,
            (Some(promise), None) => promise.most_bytes > most && self.text().len() > most,
            (None, None) => self.measure().bytes > most,
        }
    }

    /// Bytes of the text.
    pub(crate) fn bytes(&self) -> usize {
        match (self.0.text.get(), &self.0.promise) {
            (Some(text), _) => text.len(),
            (None, Some(_)) => self.text().len(),
            (None, None) => self.measure().bytes,
        }
    }

    /// Whether the two are one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How deep containers nest; text that came from outside was checked by its parser.
    pub(crate) fn depth(&self) -> usize {
        let ours = self.0.promise.is_some() || self.0.text.get().is_some();
        if ours { 0 } else { self.measure().depth }
    }

    fn measure(&self) -> Measure {
        *self.0.measure.get_or_init(|| measure(self.value(), 0))
    }

    /// The value itself: taken out if nobody else holds it, else cloned.
    pub(crate) fn into_value(self) -> Value {
        if self.0.promise.is_some() {
            return self.value().clone();
        }
        match Arc::try_unwrap(self.0) {
            Ok(forms) => match forms.value.into_inner() {
                Some(value) => value,
                None => forms.text.get().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
            },
            Err(shared) => Self(shared).value().clone(),
        }
    }
}

fn measure(value: &Value, level: usize) -> Measure {
    if level > MAX_DEPTH {
        return Measure { bytes: 0, depth: 1 };
    }
    match value {
        Value::Null | Value::Bool(true) => Measure { bytes: 4, depth: 0 },
        Value::Bool(false) => Measure { bytes: 5, depth: 0 },
        Value::Number(number) => Measure { bytes: number_bytes(number), depth: 0 },
        Value::String(text) => Measure { bytes: string_bytes(text), depth: 0 },
        Value::Array(items) => {
            let start = Measure { bytes: 1 + items.len().max(1), depth: 0 };
            nested(items.iter().fold(start, |sum, item| add(sum, measure(item, level + 1), 0)))
        }
        Value::Object(fields) => {
            let start = Measure { bytes: 1 + fields.len().max(1), depth: 0 };
            nested(fields.iter().fold(start, |sum, (key, item)| add(sum, measure(item, level + 1), string_bytes(key) + 1)))
        }
    }
}

fn add(sum: Measure, part: Measure, key: usize) -> Measure {
    Measure { bytes: sum.bytes + part.bytes + key, depth: sum.depth.max(part.depth) }
}

fn nested(inner: Measure) -> Measure {
    Measure { bytes: inner.bytes, depth: inner.depth + 1 }
}

fn number_bytes(number: &serde_json::Number) -> usize {
    if let Some(natural) = number.as_u64() {
        return natural.checked_ilog10().map_or(1, |digits| digits as usize + 1);
    }
    if let Some(integer) = number.as_i64() {
        return integer.unsigned_abs().checked_ilog10().map_or(1, |digits| digits as usize + 2);
    }
    number.to_string().len()
}

fn string_bytes(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..32 => 5,
        _ => 0,
    });
    text.len() + 2 + escapes.sum::<usize>()
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self::from_value(value)
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || self.value() == other.value()
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

    #[test]
    fn a_promise_is_kept_only_when_asked() {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicUsize, Ordering};
        let written = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&written);
        let payload = Payload::promised(100, move || {
            count.fetch_add(1, Ordering::Relaxed);
            r#"{"a":1}"#.into()
        });
        assert!(!payload.exceeds(100));
        assert_eq!(written.load(Ordering::Relaxed), 0);
        assert!(payload.exceeds(5));
        assert_eq!(payload.value()["a"], 1);
        assert_eq!(payload.clone().text(), r#"{"a":1}"#);
        assert_eq!(written.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn the_measure_is_the_length_of_the_text() {
        for value in [
            serde_json::json!(null),
            serde_json::json!([]),
            serde_json::json!({}),
            serde_json::json!([0, -1, 10, 99, 1.5, -0.25, 1e300, u64::MAX, i64::MIN]),
            serde_json::json!({"a\"b": "x\n\u{1}\u{8}é/\u{7f}\\", "b": [true, false, {"c": [[]]}]}),
        ] {
            let (payload, text) = (Payload::from_value(value.clone()), value.to_string());
            assert!(!payload.exceeds(text.len()), "{text}");
            assert!(payload.exceeds(text.len() - 1), "{text}");
        }
        assert_eq!(Payload::from_value(serde_json::json!({"a": [[1]]})).depth(), 3);
    }
}
