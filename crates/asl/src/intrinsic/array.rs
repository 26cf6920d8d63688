//! `States.Array…`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::math::integer;

/// Elements that `States.ArrayRange` may make.
const MAX_RANGE: i64 = 1000;

fn items(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "The first argument must be an array.".into())
}

pub(super) fn contains(array: &Value, wanted: &Value) -> Result<Value, String> {
    Ok(items(array)?.contains(wanted).into())
}

pub(super) fn get_item(array: &Value, index: &Value) -> Result<Value, String> {
    let (items, index) = (items(array)?, integer(index)?);
    let found = usize::try_from(index).ok().and_then(|at| items.get(at));
    found.cloned().ok_or_else(|| format!("The index {index} is out of the bounds of an array of length {}.", items.len()))
}

pub(super) fn length(array: &Value) -> Result<Value, String> {
    Ok(items(array)?.len().into())
}

pub(super) fn partition(array: &Value, size: &Value) -> Result<Value, String> {
    let (items, size) = (items(array)?, integer(size)?);
    match usize::try_from(size) {
        Ok(size) if size > 0 => Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect()),
        _ => Err("The chunk size must be a positive integer.".into()),
    }
}

pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Result<Value, String> {
    let [first, last, step] = [integer(first)?, integer(last)?, integer(step)?].map(i128::from);
    if step == 0 {
        return Err("The step must not be zero.".into());
    }
    let way = if step < 0 { first - last } else { last - first };
    let count = way.div_euclid(step.abs()) + 1;
    if count > i128::from(MAX_RANGE) {
        return Err(format!("The range contains more than {MAX_RANGE} elements."));
    }
    Ok((0..count.max(0)).map(|position| Value::from((first + position * step) as i64)).collect())
}

pub(super) fn unique(array: &Value) -> Result<Value, String> {
    let mut seen = BTreeSet::new();
    Ok(items(array)?.iter().filter(|item| seen.insert(item.to_string())).cloned().collect())
}
