//! A line of `cases.dev.jsonl`, and whether this crate can run it on its own.

use serde_json::Value;

/// One recording.
pub(crate) struct Case(pub(crate) Value);

impl Case {
    pub(crate) fn id(&self) -> &str {
        self.0["id"].as_str().unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> &str {
        self.expected("kind").as_str().unwrap_or_default()
    }

    pub(crate) fn expected(&self, what: &str) -> &Value {
        &self.0["expect"][what]
    }

    pub(crate) fn history(&self) -> Option<&Vec<Value>> {
        let reordered = ["test_parallel_state", "history_reversed"].iter().any(|test| self.id().contains(test));
        self.expected("history").as_array().filter(|history| !reordered && !history.is_empty())
    }

    pub(crate) fn tokens(&self) -> Vec<&str> {
        self.0["tokens"].as_array().into_iter().flatten().filter_map(|token| token["tok"].as_str()).collect()
    }

    pub(crate) fn definition(&self) -> String {
        self.0["definition_raw"].as_str().map_or_else(|| self.0["definition"].to_string(), str::to_owned)
    }

    pub(crate) fn input(&self) -> String {
        let absent = self.0["input_absent"].as_bool() == Some(true) || self.0.get("input").is_none();
        match self.0["input_raw"].as_str() {
            Some(raw) => raw.into(),
            None if absent => "{}".into(),
            None => spaced(&self.0["input"]),
        }
    }

    fn is_express(&self) -> bool {
        [&self.0, &self.0["create_args"], &self.0["args"]].iter().any(|arguments| arguments["type"] == "EXPRESS")
    }

    /// Needs nothing around, and is about the language rather than about an API.
    pub(crate) fn is_for_this_crate(&self) -> bool {
        let needs_nothing = self.0["needs"].as_array().is_some_and(|needs| needs.iter().all(|need| need == "none"));
        let about = match self.kind() {
            "execution" | "validate" => true,
            "create-error" => self.expected("error") == "InvalidDefinition" && !self.is_express(),
            _ => false,
        };
        let set_aside = ["exclude", "flaky"].iter().any(|flag| self.0[*flag].is_string());
        needs_nothing && about && !set_aside
    }

    /// What this crate cannot run on its own.
    pub(crate) fn not_alone(&self) -> Option<&'static str> {
        self.definition().contains("\"DISTRIBUTED\"").then_some("distributed Map")
    }
}

/// As the recorder's `json.dumps` printed inputs.
fn spaced(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", list(items.iter().map(spaced).collect())),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), spaced(value)));
            format!("{{{}}}", list(fields.collect()))
        }
        plain => plain.to_string(),
    }
}
