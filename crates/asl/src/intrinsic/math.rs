//! `States.MathAdd`, `States.MathRandom`, and the rounding that all functions share.

use serde_json::Value;

use crate::random::Random;

/// A whole number; halves are rounded up, as AWS recorded it (-1.5 becomes -1).
pub(super) fn integer(value: &Value) -> Result<i64, String> {
    let Value::Number(number) = value else {
        return Err("The argument must be a number.".into());
    };
    if let Some(whole) = number.as_i64() {
        return Ok(whole);
    }
    let rounded = (number.as_f64().unwrap_or(f64::NAN) + 0.5).floor();
    // Beyond 2^53 a double no longer tells neighbours apart.
    if rounded.abs() <= 9_007_199_254_740_992.0 { Ok(rounded as i64) } else { Err("The argument is out of range.".into()) }
}

pub(super) fn add(left: &Value, right: &Value) -> Result<Value, String> {
    let small = |value: &Value| i32::try_from(integer(value)?).map_err(|_| String::from("The argument is out of the range of integers."));
    let sum = small(left)?.checked_add(small(right)?);
    sum.map(Value::from).ok_or_else(|| "The sum is out of the range of integers.".into())
}

pub(super) fn random(from: &Value, to: &Value, seed: Option<&Value>, random: &mut Random) -> Result<Value, String> {
    let (from, to) = (integer(from)?, integer(to)?);
    if from >= to {
        return Err("The start must be less than the end.".into());
    }
    let drawn = match seed {
        Some(seed) => Random::new(integer(seed)? as u64).between(from, to),
        None => random.between(from, to),
    };
    Ok(drawn.into())
}
