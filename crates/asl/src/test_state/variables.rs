//! The variables that a state is tested with.

use serde_json::Value;

use crate::Payload;
use crate::api::ApiError;
use crate::expression::{is_first, is_part};
use crate::variables::Variables;

/// Reads a JSON object of variables.
///
/// # Errors
/// Text that is none, and names that no variable can have. The words are not AWS's: none are recorded.
pub(super) fn given(text: Option<&str>) -> Result<Variables, ApiError> {
    let mut variables = Variables::default();
    let Some(text) = text else {
        return Ok(variables);
    };
    let refused = |words: &str| ApiError::new("ValidationException", format!("Invalid variables provided: {words}"));
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return Err(refused("Variables must be a valid JSON object"));
    };
    for (name, value) in members {
        if name == "states" || !name.starts_with(is_first) || !name.chars().all(is_part) {
            return Err(refused(&format!("'{name}' is not a valid variable name")));
        }
        variables.assign([(name.into(), Payload::from_value(value))]);
    }
    Ok(variables)
}
