//! Reference paths: those that name exactly one place, and so can be written to.

use serde_json::{Map, Value};

use super::{NotAPath, Path, Step};

/// A path of names and indices only, such as `$.a.b[0]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReferencePath(Path);

/// A place that the document has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CannotApply {
    /// The name or index that could not be followed.
    pub(crate) step: String,
    /// The part of the document that it was applied to.
    pub(crate) input: String,
}

impl ReferencePath {
    /// Reads a reference path.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAPath> {
        Self::from_path(Path::parse(text)?)
    }

    /// Takes a path if it is a reference path.
    pub(crate) fn from_path(path: Path) -> Result<Self, NotAPath> {
        if path.is_reference() { Ok(Self(path)) } else { Err(NotAPath { at: 0 }) }
    }

    /// Whether this is the whole document.
    pub(crate) fn is_root(&self) -> bool {
        self.0.is_root()
    }

    /// The path itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// What the path leads to, or where it stops.
    pub(crate) fn find<'v>(&self, root: &'v Value) -> Result<&'v Value, CannotApply> {
        let mut node = root;
        for step in &self.0.steps {
            let next = match (step, node) {
                (Step::Name(name), Value::Object(fields)) => fields.get(&**name),
                (Step::Index(index), Value::Array(items)) => usize::try_from(*index).ok().and_then(|at| items.get(at)),
                _ => None,
            };
            node = next.ok_or_else(|| cannot_apply(step, node))?;
        }
        Ok(node)
    }

    /// Puts `value` at the path, making the objects on the way that do not exist.
    pub(crate) fn set(&self, root: &mut Value, value: Value) -> Result<(), CannotApply> {
        let mut node = root;
        for step in &self.0.steps {
            node = place(step, node)?;
        }
        *node = value;
        Ok(())
    }
}

fn place<'v>(step: &Step, node: &'v mut Value) -> Result<&'v mut Value, CannotApply> {
    let fits = match (step, &*node) {
        (Step::Name(_), Value::Object(_) | Value::Null) => true,
        (Step::Index(index), Value::Array(items)) => usize::try_from(*index).is_ok_and(|at| at < items.len()),
        _ => false,
    };
    if !fits {
        return Err(cannot_apply(step, node));
    }
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    match (step, node) {
        (Step::Name(name), Value::Object(fields)) => Ok(fields.entry(&**name).or_insert(Value::Null)),
        (Step::Index(index), Value::Array(items)) => Ok(&mut items[*index as usize]),
        (step, node) => Err(cannot_apply(step, node)),
    }
}

fn cannot_apply(step: &Step, node: &Value) -> CannotApply {
    let step = match step {
        Step::Name(name) => name.to_string(),
        Step::Index(index) => index.to_string(),
        _ => String::new(),
    };
    CannotApply { step, input: node.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ReferencePath;

    #[test]
    fn values_are_put_where_the_path_leads() {
        for (path, expected) in [
            ("$", json!(9)),
            ("$.a", json!({"a": 9, "l": [1, 2]})),
            ("$.b.c", json!({"a": {"x": 1}, "l": [1, 2], "b": {"c": 9}})),
            ("$.a.y", json!({"a": {"x": 1, "y": 9}, "l": [1, 2]})),
            ("$.l[1]", json!({"a": {"x": 1}, "l": [1, 9]})),
        ] {
            let mut document = json!({"a": {"x": 1}, "l": [1, 2]});
            ReferencePath::parse(path).unwrap().set(&mut document, json!(9)).unwrap();
            assert_eq!(document, expected, "{path}");
        }
    }

    #[test]
    fn there_must_be_room() {
        for path in ["$.l[2]", "$.l.x", "$.a.x.y", "$.a[0]"] {
            let mut document = json!({"a": {"x": 1}, "l": [1, 2]});
            ReferencePath::parse(path).unwrap().set(&mut document, json!(9)).unwrap_err();
        }
        for path in ["$.a[*]", "$..a", "$.a[-1]", "$.a[?(@.b)]", "$.a[0:1]"] {
            ReferencePath::parse(path).unwrap_err();
        }
    }
}
