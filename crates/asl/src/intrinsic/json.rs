//! `States.StringToJson` and `States.JsonMerge`.

use serde_json::Value;

pub(super) fn parse(text: &Value) -> Result<Value, String> {
    let text = text.as_str().ok_or("The argument must be a string.")?.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text == "-0" {
        return Ok(0.into());
    }
    serde_json::from_str(text).map_err(|_| "The argument is not valid JSON.".into())
}

pub(super) fn merge(left: &Value, right: &Value, deep: &Value) -> Result<Value, String> {
    match (left, right, deep) {
        (Value::Object(left), Value::Object(right), Value::Bool(false)) => {
            let mut merged = left.clone();
            merged.extend(right.iter().map(|(key, value)| (key.clone(), value.clone())));
            Ok(Value::Object(merged))
        }
        (Value::Object(_), Value::Object(_), _) => Err("The third argument must be false: only shallow merging is supported.".into()),
        _ => Err("The first two arguments must be JSON objects.".into()),
    }
}
