//! Following a path through a document.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::budget::{Budget, Spent};
use super::{Missing, Path, Step};

impl Path {
    /// What the path leads to: one node if it is definite, else the list of all that it matches.
    pub(crate) fn find<'v>(&self, root: &'v Value) -> Result<Cow<'v, Value>, Missing> {
        if self.definite {
            return self.follow(root).map_err(|(node, position)| self.missing(node, position));
        }
        let found = self.matching(root, root, &Budget::default());
        found.map(Cow::Owned).map_err(|Spent| Missing { reason: format!("Too much matches the path {}", self.text) })
    }

    /// The same below a node, for a filter.
    pub(super) fn look<'v>(&self, node: &'v Value, root: &'v Value, budget: &Budget) -> Result<Option<Cow<'v, Value>>, Spent> {
        if self.definite {
            budget.visit()?;
            return Ok(self.follow(node).ok());
        }
        self.matching(node, root, budget).map(|found| Some(Cow::Owned(found)))
    }

    fn matching(&self, node: &Value, root: &Value, budget: &Budget) -> Result<Value, Spent> {
        let mut found = vec![node];
        for step in &self.steps {
            if matches!(step, Step::Length | Step::Names(_)) {
                let names = if let Step::Names(names) = step { names.len() } else { 0 };
                let make = |node| budget.copy(node).and_then(|()| budget.visits(names)).map(|()| step.make(node));
                let values: Result<Vec<_>, Spent> = found.into_iter().map(make).collect();
                return values.map(|values| values.into_iter().flatten().collect());
            }
            let mut next = Vec::new();
            for node in found {
                step.spread(node, root, &mut next, budget)?;
            }
            found = next;
        }
        found.into_iter().map(|node| budget.copy(node).map(|()| node.clone())).collect()
    }

    /// Where a definite path leads, or the node and the step at which it ends.
    fn follow<'v>(&self, root: &'v Value) -> Result<Cow<'v, Value>, (&'v Value, usize)> {
        let mut node = root;
        for (position, step) in self.steps.iter().enumerate() {
            let next = match step {
                Step::Name(name) => node.as_object().and_then(|fields| fields.get(&**name)),
                Step::Index(index) => node.as_array().and_then(|items| items.get(offset(*index, items.len())?)),
                _ => return step.make(node).map(Cow::Owned).ok_or((node, position)),
            };
            node = next.ok_or((node, position))?;
        }
        Ok(Cow::Borrowed(node))
    }

    fn missing(&self, node: &Value, position: usize) -> Missing {
        let way = |count: usize| self.steps[..count].iter().fold(String::from("$"), |way, step| way + &step.bracketed());
        let reason = match (&self.steps[position], node) {
            (Step::Name(name), other) if !other.is_object() => {
                let kind = java_class(other);
                format!(
                    "Expected to find an object with property ['{name}'] in path {} but found '{kind}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
                    way(position)
                )
            }
            _ if position + 1 == self.steps.len() => format!("No results for path: {}", way(position + 1)),
            _ => format!("Missing property in path {}", way(position + 1)),
        };
        Missing { reason }
    }
}

impl Step {
    /// The nodes one step away.
    fn spread<'v>(&self, node: &'v Value, root: &'v Value, found: &mut Vec<&'v Value>, budget: &Budget) -> Result<(), Spent> {
        let before = found.len();
        match (self, node) {
            (Self::Name(name), Value::Object(fields)) => found.extend(fields.get(&**name)),
            (Self::Index(index), Value::Array(items)) => found.extend(offset(*index, items.len()).and_then(|at| items.get(at))),
            (Self::Indices(indices), Value::Array(items)) => {
                found.extend(indices.iter().filter_map(|index| items.get(offset(*index, items.len())?)));
            }
            (Self::Slice(from, to), Value::Array(items)) => found.extend(&items[bounds(*from, *to, items.len())]),
            (Self::All, Value::Array(items)) => found.extend(items),
            (Self::All, Value::Object(fields)) => found.extend(fields.values()),
            (Self::Descend, _) => return descend(node, found, budget),
            (Self::Filter(filter), Value::Array(items)) => {
                for item in items {
                    if filter.matches(item, root, budget)? {
                        found.push(item);
                    }
                }
            }
            (Self::Filter(filter), Value::Object(_)) if filter.matches(node, root, budget)? => found.push(node),
            _ => {}
        }
        budget.visits(1 + found.len() - before)
    }

    /// The step's own value, for the steps that make one.
    fn make(&self, node: &Value) -> Option<Value> {
        match (self, node) {
            (Self::Names(names), Value::Object(fields)) => {
                let chosen: Map<_, _> = names.iter().filter_map(|name| Some(((**name).into(), fields.get(&**name)?.clone()))).collect();
                Some(Value::Object(chosen))
            }
            (Self::Length, Value::Array(items)) => Some(items.len().into()),
            (Self::Length, Value::Object(fields)) => Some(fields.len().into()),
            (Self::Length, Value::String(text)) => Some(text.chars().count().into()),
            _ => None,
        }
    }

    fn bracketed(&self) -> String {
        match self {
            Self::Name(name) => format!("['{name}']"),
            Self::Names(names) => format!("['{}']", names.join("','")),
            Self::Index(index) => format!("[{index}]"),
            Self::Length => ".length()".into(),
            Self::Indices(_) | Self::Slice(..) | Self::Filter(_) => "[]".into(),
            Self::All => "[*]".into(),
            Self::Descend => "..".into(),
        }
    }
}

fn descend<'v>(node: &'v Value, found: &mut Vec<&'v Value>, budget: &Budget) -> Result<(), Spent> {
    budget.visit()?;
    found.push(node);
    match node {
        Value::Array(items) => items.iter().try_for_each(|item| descend(item, found, budget)),
        Value::Object(fields) => fields.values().try_for_each(|item| descend(item, found, budget)),
        _ => Ok(()),
    }
}

fn offset(index: i64, length: usize) -> Option<usize> {
    usize::try_from(if index < 0 { index.checked_add_unsigned(length as u64)? } else { index }).ok()
}

fn bounds(from: Option<i64>, to: Option<i64>, length: usize) -> std::ops::Range<usize> {
    let clamp = |index: i64| offset(index, length).unwrap_or(0).min(length);
    let (from, to) = (from.map_or(0, clamp), to.map_or(length, clamp));
    from..to.max(from)
}

fn java_class(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(_) => "java.lang.Number",
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::path::Path;

    fn store() -> Value {
        json!({"book": [
            {"title": "a", "price": 8, "tags": ["x", "y"]},
            {"title": "b", "price": 12.5, "isbn": "1"},
            {"title": "c", "price": 22, "isbn": "2"},
        ], "delivery-partner": "UQS", "odd name": {"k.x": 1}, "n": null})
    }

    fn find(path: &str) -> Result<Value, String> {
        let document = store();
        Path::parse(path).unwrap().find(&document).map(std::borrow::Cow::into_owned).map_err(|missing| missing.reason)
    }

    #[test]
    fn paths_find_what_they_name() {
        for (path, expected) in [
            ("$", store()),
            ("$.delivery-partner", json!("UQS")),
            ("$['odd name']['k.x']", json!(1)),
            ("$.['odd name'].['k.x']", json!(1)),
            ("$.n", json!(null)),
            ("$.book[0].title", json!("a")),
            ("$.book[-1].title", json!("c")),
            ("$.book[0].tags.length()", json!(2)),
            ("$.book[0]['title','price']", json!({"title": "a", "price": 8})),
            ("$.book[*].title", json!(["a", "b", "c"])),
            ("$.book[0:2].title", json!(["a", "b"])),
            ("$.book[1:].title", json!(["b", "c"])),
            ("$.book[:-1].title", json!(["a", "b"])),
            ("$.book[-2:].title", json!(["b", "c"])),
            ("$.book[9:].title", json!([])),
            ("$.book[0,2].title", json!(["a", "c"])),
            ("$..title", json!(["a", "b", "c"])),
            ("$.book..isbn", json!(["1", "2"])),
            ("$.book[?(@.isbn)].title", json!(["b", "c"])),
            ("$.book[?(!@.isbn)].title", json!(["a"])),
            ("$.book[?(@.price < 10)].title", json!(["a"])),
            ("$.book[?(@.price >= 12.5 && @.title != 'c')].title", json!(["b"])),
            ("$.book[?(@.price==8||(@.isbn == \"2\"))].title", json!(["a", "c"])),
            ("$.book[?(@.price == $.book[1].price)].title", json!(["b"])),
            ("$.book[?(@['title'] == 'none')]", json!([])),
            ("$.nothing[*].x", json!([])),
            ("$.nothing.items[1:5].itemValue", json!([])),
            ("$.delivery-partner[*]", json!([])),
        ] {
            assert_eq!(find(path), Ok(expected), "{path}");
        }
    }

    #[test]
    fn definite_paths_say_where_they_end() {
        assert_eq!(find("$.nope").unwrap_err(), "No results for path: $['nope']");
        assert_eq!(find("$.nope.b").unwrap_err(), "Missing property in path $['nope']");
        assert_eq!(find("$.book[7]").unwrap_err(), "No results for path: $['book'][7]");
        assert!(find("$.delivery-partner.x").unwrap_err().starts_with("Expected to find an object with property ['x']"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "a", "$a", "$.", "$..", "$[", "$['a]", "$[a]", "$.a[?(@.b =~ /x/)]", "$.a b", "$.a[99999999999999999999]", "$.a]"]
        {
            assert!(Path::parse(text).is_err(), "{text}");
        }
        assert!(Path::parse(&format!("$.a[?({}@.b{})]", "(".repeat(10_000), ")".repeat(10_000))).is_err());
        assert!(Path::parse(&"$[?(@".repeat(10_000)).is_err());
        assert!(Path::parse("$..a..b..c").is_ok() && Path::parse("$..a..b..c..d").is_err());
    }

    #[test]
    fn the_root_of_a_filter_in_a_filter_is_the_document() {
        assert_eq!(find("$.book[?(@.tags[?(@ == $.book[0].tags[1])])].title"), Ok(json!(["a", "b", "c"])));
        assert_eq!(find("$.book[?(@.tags[?(@ == $.book[0].tags[1])] == $.nothing[*])].title"), Ok(json!(["b", "c"])));
    }

    /// Each of these once took time or memory without end.
    #[test]
    fn what_matches_too_much_is_refused() {
        let deep = (0..100).fold(json!(vec![0; 10_000]), |inner, _| json!([inner]));
        let wide = json!({"a": vec![json!([1]); 3_000], "t": "x".repeat(100_000)});
        let nested = (0..10).fold("@".to_owned(), |inner, _| format!("@..[?({inner})]"));
        for (path, document) in [
            ("$..*..*..*".to_owned(), &deep),
            (format!("$[?({nested})]"), &deep),
            (format!("$.a[?({})]", vec!["$.a[*] == $.a[*]"; 1_000].join("&&")), &wide),
            (format!("$.a[{}]", vec!["0"; 10_000].join(",")).replace("$.a", "$.a[*]"), &json!({"a": vec![vec!["x".repeat(100)]; 1_000]})),
            (format!("$.a[?({})]", vec!["$.t == $.t"; 1_000].join("&&")), &wide),
        ] {
            let missing = Path::parse(&path).unwrap().find(document).unwrap_err();
            assert!(missing.reason.starts_with("Too much matches"), "{}", missing.reason);
        }
    }

    /// Each of the names was once copied as often as it was written.
    #[test]
    fn a_name_is_taken_once() {
        let path = format!("$.book[0][{}]", vec!["'title'"; 100_000].join(","));
        assert_eq!(find(&path), Ok(json!({"title": "a"})));
    }
}
